"""Are facts the same after uploads were measured again at a new version, and after they were sent again by thin messages?

    ./dev bench remeasured [--uploads 2000] [--stack embedded|servers] [--stand-in]

Photos that differ, and copies of every tenth in another dispute, are announced by messages of our own that state party,
type, roles, description and time. A worker examines them. Then, each at a version of its own: ``evidence remeasure``, killed
once on its way and started again; and a worker that gets the key of every upload by an event of the bucket, later than all.
Each time the facts of every item, and who was first in every match, are compared with the first ones. With ``--stand-in``
files are not opened: measurements follow from their bytes, everything else is real.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "end_to_end"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "pipeline" / "worker"))

from chaos.pictures import copy_of, photo
from servers import running_ministack, running_postgres, running_s3
from worker_stacks import Stack, served
from working_kit import picture

from pipeline.commands.shared.stores import opened_database
from pipeline.intake.messages.notice import CREATED, UploadNotice
from pipeline.intake.messages.own import own_message
from pipeline.intake.origin import open_origin
from pipeline.intake.worker_settings import read_worker_settings
from pipeline.judgement.report_json import from_json
from pipeline.setup.opened import MEASURES_VERSION
from pipeline.wiring.worker_assembly import open_queues

FIRST = datetime(2026, 3, 1, tzinfo=UTC)
AT_VERSION = "import sys, pipeline.setup.opened as opened; opened.MEASURES_VERSION = sys.argv.pop(1);"
UNOPENED = (
    "from pipeline.opening.host.opener import Opener; from working_kit import photo;"
    "Opener.open = lambda self, path, deadline=0.0, *, members=0: photo(path.read_bytes());"
)
RUN = "from pipeline.commands.app import main; main()"
TYPES = ("photo", "screenshot", "label")


def main() -> None:
    """Announce, examine, measure again, send again, compare."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--uploads", type=int, default=2000)
    parser.add_argument("--stack", choices=["embedded", "servers"], default="embedded")
    parser.add_argument("--stand-in", action="store_true")
    options = parser.parse_args()
    if options.stand_in:
        os.environ["STAND_IN"] = "1"
        os.environ["PYTHONPATH"] = sys.path[0]
    with ExitStack() as context:
        folder = Path(context.enter_context(tempfile.TemporaryDirectory()))
        stack = Stack(folder)
        if options.stack == "servers":
            servers = [
                context.enter_context(start()) for start in (running_postgres, running_s3, running_ministack)
            ]
            stack = served(folder, *servers)
        os.environ.update(stack.settings)
        compare(folder / "store", options.uploads)


def compare(store: Path, uploads: int) -> None:
    """Print how many facts differ after each way."""
    notices = announce(store, uploads)
    timed("examined", uploads, lambda: run(store, MEASURES_VERSION, "worker", "--once", "--jobs", "2"))
    first = facts(store)
    print(f"{len(first)} items, {sum(len(one['matches']) for one in first.values())} matches")
    again = str(int(MEASURES_VERSION) + 1)

    def remeasured() -> None:
        kill_on_the_way(store, again, uploads)
        print(run(store, again, "remeasure", "--jobs", "2").strip())

    timed("measured again, killed once on the way", uploads, remeasured)
    report(first, facts(store))
    send_thin(store, notices)
    newest = str(int(again) + 1)
    timed("sent again by events", uploads, lambda: run(store, newest, "worker", "--once", "--jobs", "2"))
    report(first, facts(store))
    print(run(store, newest, "queue").strip().splitlines()[-1])


def announce(store: Path, uploads: int) -> list[UploadNotice]:
    """Put every object, and send what its sender states of it."""
    settings = read_worker_settings(store)
    store.mkdir(parents=True, exist_ok=True)
    origin = open_origin(settings.uploads_url, settings.layout)
    notices = []
    for number in range(uploads):
        is_copy = number % 10 == 9
        data = made(number - 9, copy=True) if is_copy else made(number)
        # The key says seller; the sender says buyer of every other one.
        key = f"D-{number // 10 + (1_000_000 if is_copy else 0)}/seller/{number}.jpg"
        origin.objects.put(key, data)
        notices.append(
            UploadNotice(
                CREATED, None, key, etag=str(number), size=len(data), event_at=FIRST + timedelta(minutes=number),
                party=("buyer", "seller")[number % 2], evidence_type=TYPES[number % 3], roles=("item",),
                description=f"what number {number} shows", declared_type="image/jpeg",
                # Copies were submitted before the photo that they show, though they came later.
                submitted_at=FIRST - timedelta(days=number),
            )
        )  # fmt: skip
    send(store, [own_message(notice) for notice in notices])
    return notices


def made(number: int, *, copy: bool = False) -> bytes:
    """A photo, or a copy of one."""
    if "STAND_IN" in os.environ:
        return picture(number, copy=2 if copy else 1)
    whole = photo(str(number))
    return copy_of(whole) if copy else whole


def send_thin(store: Path, notices: list[UploadNotice]) -> None:
    """What a bucket says of the same objects: a key and a later time."""
    settings = read_worker_settings(store)
    origin = open_origin(settings.uploads_url, settings.layout)
    send(
        store,
        [
            json.dumps({"Records": [{
                "eventSource": "aws:s3", "eventName": "ObjectCreated:Copy",
                "eventTime": (FIRST + timedelta(days=300)).isoformat(),
                "s3": {
                    "bucket": {"name": origin.bucket},
                    "object": {"key": f"{origin.prefix}{notice.key}", "size": notice.size},
                },
            }]})
            for notice in notices
        ],
    )  # fmt: skip


def send(store: Path, bodies: list[str]) -> None:
    """Send messages to the queue, a hundred at a time."""
    intake = open_queues(read_worker_settings(store))
    try:
        for start in range(0, len(bodies), 100):
            intake.uploads.send(bodies[start : start + 100])
    finally:
        intake.close()


def facts(store: Path) -> dict[tuple[str, str], dict[str, object]]:
    """What is said of every item, and in every match, who was first."""
    found = {}
    with opened_database(store) as database, database.reading() as records:
        for tenant, dispute_id in records.dispute_ids():
            attached = records.report(tenant, dispute_id)
            assert attached is not None, dispute_id
            for item in from_json(attached.body).evidence:
                said = asdict(item.declared) | {"received": item.received_at, "id": item.id}
                matches = sorted((match.evidence_id, match.direction) for match in item.matches)
                found[dispute_id, item.file] = {**said, "matches": matches}
    return found


def report(first: dict, now: dict) -> None:
    """Print how many items differ, and in what."""
    names = {name for one in first.values() for name in one}
    different = {
        name: sum(first[key][name] != now[key][name] for key in first.keys() & now.keys())
        for name in sorted(names)
    }
    print(f"items lost or added: {len(first.keys() ^ now.keys())}; different: "
          + (", ".join(f"{name} {count}" for name, count in different.items() if count) or "none of "
             + ", ".join(sorted(names))))  # fmt: skip


def kill_on_the_way(store: Path, version: str, uploads: int) -> None:
    """Start measuring again, and kill it once a third is done."""
    process = subprocess.Popen(command(store, version, "remeasure", "--jobs", "2"), stdout=subprocess.DEVNULL)
    with opened_database(store) as database:
        while process.poll() is None:
            with database.reading() as records:
                found = records.measured_files(version)
            if found.measured >= uploads // 3:
                process.send_signal(signal.SIGKILL)
                print(f"killed at {found.measured} of {found.files}")
            time.sleep(0.2)


def command(store: Path, version: str, *words: str) -> list[str]:
    """The real command at a version of the measures."""
    code = AT_VERSION + (UNOPENED if "STAND_IN" in os.environ else "") + RUN
    return [sys.executable, "-c", code, version, *words, "--store", str(store)]


def run(store: Path, version: str, *words: str) -> str:
    """Run a command to its end; what it printed."""
    done = subprocess.run(command(store, version, *words), capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.returncode, done.stderr[-3000:])
    return done.stdout


def timed(what: str, uploads: int, step) -> None:
    """Do it, and print how quick it was."""
    started = time.monotonic()
    step()
    took = time.monotonic() - started
    print(f"{what}: {took:.0f} s, {uploads / took:.1f} uploads a second")


if __name__ == "__main__":
    main()
