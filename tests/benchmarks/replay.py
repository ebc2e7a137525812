"""How long a replay takes: a store of synthetic measurements and their reports, judged again under another policy.

./dev bench replay --disputes 2500 --items 4
"""

from __future__ import annotations

import argparse
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from pipeline.judgement.judge import bytes_before, judge_items
from pipeline.judgement.report_json import to_json
from pipeline.replay.output import totals
from pipeline.replay.replay import replay_all
from pipeline.setup.opened import MEASURES_VERSION
from pipeline.setup.policies import load_policy
from storage.database.database import open_database
from storage.interfaces.examinations import Examination
from storage.interfaces.matches import Pair
from storage.interfaces.record import Record
from validators.declared import Declared
from validators.dispute import Dispute, Order, OrderEvent, Party
from validators.disputes.judge import judge_dispute
from validators.evidence import ClarityMeasures, Evidence, ImageFacts, Measurements, TimeCandidate
from validators.report import ToolStamp

OPENED = datetime(2026, 3, 9, 10, tzinfo=UTC)
AS_OF = OPENED + timedelta(days=11)


def main() -> None:
    """Make the store, replay, print the times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--disputes", type=int, default=2500)
    parser.add_argument("--items", type=int, default=4)
    parser.add_argument("--policy", default="paypal")
    request = parser.parse_args()
    with TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'evidence.sqlite'}")
        database.migrate()
        began = time.perf_counter()
        fill(database, request.disputes, request.items)
        made = time.perf_counter() - began
        began, cpu = time.perf_counter(), time.process_time()
        replayed = list(replay_all(database, load_policy(request.policy), None))
        wall, cpu = time.perf_counter() - began, time.process_time() - cpu
        database.close()
    sums = totals(replayed)
    print(f"{sums['items']:,} reports on items in {sums['disputes']:,} disputes, made in {made:.1f} s")
    print(f"replayed in {wall:.1f} s ({cpu:.1f} s of CPU); {sums['items_changed']:,} items would change")


def fill(database: object, disputes: int, items: int) -> None:
    """So many disputes with so many items each; every tenth item is laid over one of the dispute before."""
    chance = np.random.default_rng(5)
    policy, tool = load_policy(), ToolStamp("0", {}, "none")
    for start in range(0, disputes, 100):
        with database.transaction() as records:  # type: ignore[attr-defined]
            for number in range(start, min(start + 100, disputes)):
                put(records, number, items, chance)
        with database.transaction() as records:  # type: ignore[attr-defined]
            for number in range(start, min(start + 100, disputes)):
                id_ = f"D-{number}"
                dispute, own = records.dispute("default", id_), records.evidence_of("default", id_)
                reports = judge_items(own, bytes_before(own), dispute, policy, records, AS_OF)
                whole = judge_dispute(
                    dispute, reports, policy, tool, as_of=AS_OF, created_at=AS_OF, revision=1
                )
                records.attach_report("default", id_, to_json(whole), id_, policy.sha256, AS_OF)


def put(records: Record, number: int, items: int, chance: np.random.Generator) -> None:
    """One dispute with its items, their measurements and pairs."""
    events = (
        OrderEvent("placed", OPENED - timedelta(days=20)),
        OrderEvent("delivered", OPENED - timedelta(days=2), "carrier"),
    )
    about = Dispute(
        f"D-{number}", reason="NOT_AS_DESCRIBED", sub_reason="damaged", opened_at=OPENED,
        buyer=Party(f"b-{number}"), seller=Party("s"), order=Order("O", events=events),
    )  # fmt: skip
    records.put_dispute(about)
    for place in range(items):
        name = f"{number:06}-{place:02}"
        item = Evidence(
            name, about.id, f"{place}.jpg", f"{number * items + place:064x}", int(chance.integers(2e5, 2e7)), AS_OF,
            declared=Declared(
                party="buyer", roles=("item",), submitted_at=OPENED + timedelta(hours=place + number % 300)
            ),
        )  # fmt: skip
        taken = OPENED - timedelta(days=int(chance.integers(0, 40)))
        clarity = ClarityMeasures(float(chance.uniform(0, 1)), 9000, 2.0, 120, 30, 220, 50, 0.1, 0.1, 0.1)
        seen = Measurements(
            MEASURES_VERSION, "image/jpeg", kind="photo", image=ImageFacts(3000, 2000, "JPEG"), clarity=clarity,
            times=(TimeCandidate("exif:DateTimeOriginal", "", taken, taken, True, "captured"),),
        )  # fmt: skip
        records.put_evidence([item])
        records.put_examinations(
            "default", [Examination(item.sha256, item.bytes, MEASURES_VERSION, "none", seen)]
        )
        if number and (number * items + place) % 10 == 0:
            records.put_pairs(
                "default",
                [
                    Pair(
                        f"{number - 1:06}-{place:02}",
                        name,
                        "phash256",
                        int(chance.integers(0, 31)),
                        1,
                        "phash256",
                        "1",
                    )
                ],
            )


if __name__ == "__main__":
    main()
