"""Numbers on pages and labels: how many are read, and whether any is called different that is the same.

    ./dev text && ./dev bench numbers_read [--contents 3]

Rendered pages and labels, split by template: rules were chosen on TUNING, figures to be believed are REPORTING's. Each
picture is opened once by the product's own opener; its readings are then judged against disputes: with the page's own
numbers, with them altered in one digit, in two, with two swapped, and, for pages whose number is another kind's, with a
stranger's number of the same shape.
"""

from __future__ import annotations

import argparse
import random as plain
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from number_labels import VARIANTS, label, varied
from PIL import Image
from reuse_screens import facts, render

from pipeline.opening.host.jail import Jail
from pipeline.opening.host.opener import Opener
from pipeline.opening.host.tools import find_tools
from pipeline.opening.limits import limits_of
from pipeline.opening.reader_names import MODULES
from pipeline.setup.policies import load_policy
from pipeline.wiring.assembly import content_thresholds
from validators.case import Case
from validators.checks.order_numbers import number_checks
from validators.dispute import Dispute, Order
from validators.evidence import Evidence, Measurements

TUNING = ("order", "chat", "delivery", "post")
REPORTING = ("tracking", "email", "courier")
STRANGERS = ("bank", "invoice", "product", "account", "customs", "label")
"""Pages that show no order number, but another of the same shape: an invoice's, a member's."""

AT = datetime(2026, 3, 1, tzinfo=UTC)
POLICY = load_policy(None)


def picture(template: str, content: int) -> tuple[Image.Image, dict[str, str]]:
    """One page or label, and what its order and tracking numbers are."""
    if template in ("post", "courier"):
        return label(template, content)
    said = facts(template, content)
    known = {
        "order": {"order": said.number, "tracking": said.digits[1]},
        "tracking": {"tracking": said.number},
        "delivery": {"tracking": said.number},
    }
    return render(template, content, content % 2 == 1), known.get(template, {"order": said.number})


def answer(measured: Measurements, kind: str, number: str) -> str:
    """What is said of the picture in a dispute with this number."""
    dispute = Dispute("D-1", order=Order(**{"id" if kind == "order" else "tracking": number}))
    item = Evidence("E-1", "D-1", "page", "0" * 64, 1, AT)
    (check,) = number_checks(Case(item, measured, dispute, AT), POLICY)
    return check.answer


def altered(number: str, digits: int, rng: plain.Random) -> str:
    """The number with so many of its last four digits changed; 0 swaps two that differ."""
    places = [i for i, c in enumerate(number) if c.isdigit()][-6:]
    made = list(number)
    if digits == 0:
        pairs = [(a, b) for a in places for b in places if a < b and number[a] != number[b]]
        one, other = rng.choice(pairs)
        made[one], made[other] = made[other], made[one]
    for place in rng.sample(places, digits):
        made[place] = str((int(made[place]) + rng.randrange(1, 10)) % 10)
    return "".join(made)


def opened(
    contents: int, templates: tuple[str, ...]
) -> Iterator[tuple[str, str, dict[str, str], Measurements]]:
    """Every variant of every content, through the jail."""
    with Jail(tuple(MODULES)) as jail, tempfile.TemporaryDirectory() as scratch:
        opener = Opener(jail, find_tools(), limits_of(POLICY), content_thresholds(POLICY))
        path = Path(scratch) / "upload"
        for template in templates:
            for content in range(contents):
                image, known = picture(template, content)
                for number, variant in enumerate(VARIANTS):
                    path.write_bytes(varied(image, variant, np.random.default_rng((content, number))))
                    yield template, variant, known, opener.open(path).measurements


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--contents", type=int, default=3)
    contents = parser.parse_args().contents
    table: dict[tuple[str, str], Counter[str]] = {}
    rng, began, pictures = plain.Random(1), time.perf_counter(), 0
    for template, variant, known, measured in opened(contents, TUNING + REPORTING + STRANGERS):
        pictures += 1
        half = next(
            n
            for n, t in (("tuning", TUNING), ("reporting", REPORTING), ("stranger", STRANGERS))
            if template in t
        )
        if not measured.readers:
            table.setdefault((half, "reading failed"), Counter())[template] += 1
        for kind, number in known.items():
            if half == "stranger":
                tries = {"a stranger's number": altered(number, 3, rng)}
            else:
                tries = {"its own": number, "two swapped": altered(number, 0, rng)}
                tries |= {"one digit off": altered(number, 1, rng), "two digits off": altered(number, 2, rng)}
            if variant == "poor":
                tries = {f"{name}, poor": dispute for name, dispute in tries.items()}
            for name, dispute in tries.items():
                said = answer(measured, kind, dispute)
                table.setdefault((half, name), Counter())[said] += 1
                if name == "its own":
                    table.setdefault((half, f"its own, {variant}"), Counter())[said] += 1
                    table.setdefault((half, f"its own, {template}"), Counter())[said] += 1
                if said == "differs" and name.startswith(("its own", "a stranger")):
                    print("FALSE", template, variant, number, [(r.kind, r.value) for r in measured.readings])
    print(f"{pictures} pictures, {(time.perf_counter() - began) / pictures:.1f} s each")
    print(
        "| half | the dispute's number is | n | agrees | differs | cannot read |\n|---|---|---|---|---|---|"
    )
    for (half, name), said in sorted(table.items()):
        cells = " | ".join(str(said[key]) for key in ("agrees", "differs", "cannot_read"))
        print(f"| {half} | {name} | {said.total()} | {cells} |")


if __name__ == "__main__":
    main()
