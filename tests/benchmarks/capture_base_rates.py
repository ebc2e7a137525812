"""How often the times within ordinary photos differ from one another: what a disagreement is worth as a sign.

Called by capture_time.py. "As read" compares the clocks as written, whatever their zones; "in any zone" is the product's
rule: the whole intervals lie apart by more than ``capture_time.inconsistent_margin_hours``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from harness import table

from pipeline.setup.policies import load_policy
from validators.evidence import TimeCandidate

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
BROKEN_ON_PURPOSE = ("ImageTestSuite", "PngSuite", "Exception.")
LOCAL = re.compile(r"(\d{4})\D?(\d\d)\D?(\d\d)(?:\D+(\d\d)\D?(\d\d)(?:\D?(\d\d))?)?")
MARGIN = timedelta(hours=load_policy().rules["capture_time.inconsistent_margin_hours"].value)

Times = Mapping[str, TimeCandidate]


def is_ordinary(name: str) -> bool:
    """Not one of the files that a test suite broke."""
    return not any(word in name for word in BROKEN_ON_PURPOSE)


def local(time: TimeCandidate) -> datetime:
    """The clock as written."""
    found = LOCAL.search(time.value)
    if found is None:
        raise ValueError(time.value)
    return datetime(*(int(part or 0) for part in found.groups()))


def apart(one: TimeCandidate, other: TimeCandidate) -> bool:
    """The two lie apart in any zone, by the product's margin."""
    gap = max(one.earliest, other.earliest) - min(one.latest, other.latest)
    return gap > MARGIN


def fits_a_zone(captured: TimeCandidate, gps: TimeCandidate) -> bool:
    """The camera's clock less the satellites' is an offset in use, to 10 minutes."""
    offset = local(captured) - local(gps)
    quarter = timedelta(minutes=15)
    odd = abs(offset - round(offset / quarter) * quarter)
    # quarters of an hour are in use at half hours and three quarters; everything within 7.5 minutes would fit them
    whole = abs(offset - round(offset / HOUR) * HOUR)
    return -12 * HOUR - 10 * MINUTE <= offset <= 14 * HOUR + 10 * MINUTE and min(odd, whole) <= 5 * MINUTE


def comparisons(times: Times) -> Iterator[tuple[str, bool]]:
    """(what, whether it is so), for each comparison that a file's times allow."""
    captured = times.get("exif:DateTimeOriginal")
    yield "states when it was taken (EXIF)", captured is not None
    if captured is None:
        return
    yield "… with a zone", captured.zone_known
    yield "… in the first hour of a 1 January", local(captured).strftime("%m%d%H") == "010100"
    edited = times.get("exif:DateTime") or times.get("xmp:ModifyDate")
    if edited is not None:
        yield "last saved over an hour after it was taken, as read", local(edited) - local(captured) > HOUR
        yield (
            "last saved over a minute before it was taken, as read",
            local(captured) - local(edited) > MINUTE,
        )
        yield "last saved before it was taken, in any zone", captured.earliest - edited.latest > MARGIN
    digitized = times.get("exif:DateTimeDigitized")
    if digitized is not None:
        yield (
            "digitised over a minute from capture, as read",
            abs(local(digitized) - local(captured)) > MINUTE,
        )
        yield "digitised apart from capture, in any zone", apart(digitized, captured)
    gps = times.get("gps:DateTime")
    if gps is not None:
        yield "GPS time fits no zone", not fits_a_zone(captured, gps)
        yield "GPS time apart from capture, in any zone", apart(gps, captured)
    xmp = times.get("xmp:DateTimeOriginal")
    if xmp is not None:
        yield "XMP's capture over a minute from EXIF's, as read", abs(local(xmp) - local(captured)) > MINUTE
        yield "XMP's capture apart from EXIF's, in any zone", apart(xmp, captured)
    for source in ("iptc:DateCreated", "xmp:DateCreated"):
        created = times.get(source)
        if created is not None:
            yield f"{source} of another day than capture", local(created).date() != local(captured).date()
            yield f"{source} apart from capture, in any zone", apart(created, captured)


def show(files: list[tuple[str, Times]]) -> None:
    """Print the base rates, and the files behind every one that is rare."""
    counts: dict[str, Counter[bool]] = {}
    behind: dict[str, list[str]] = {}
    for name, times in files:
        for what, so in comparisons(times):
            counts.setdefault(what, Counter())[so] += 1
            if so:
                behind.setdefault(what, []).append(name)
    rows: list[tuple[str, ...]] = [("ordinary photos", "so", "of", "share")]
    for what, count in counts.items():
        n = count.total()
        rows.append((what, str(count[True]), str(n), f"{count[True] / n:.0%}" if n >= 30 else "–"))
    table(rows)
    for what, names in behind.items():
        if len(names) <= 8:
            print(f"{what}: {', '.join(name[:40] for name in names)}")
