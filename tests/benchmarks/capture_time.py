"""How often the times read agree with ExifTool, field by field.

    python tests/benchmarks/capture_time.py CORPUS

CORPUS holds ``exiftool.json`` (``-G1 -json``) and the files it names. A field is right when the candidate of its source
covers the same interval; where the listing leaves out a companion tag (sub-seconds and offsets of the digitised and
modified times, IPTC's clock), when it lies within that interval. A void date (unparsable, before 1995, the epochs) is
right when there is no candidate. A position of 0, 0 is none. No percentage is given under 30 files. Then all files of
CORPUS, malformed ones too, are read for crashes, and base rates of disagreements are printed (capture_base_rates.py).
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from capture_base_rates import is_ordinary, show

from pipeline.opening.child.metadata import read_metadata
from validators.evidence import TimeCandidate
from validators.measures.containers.file_type import sniff

FIELDS = {
    "ExifIFD:DateTimeOriginal": "exif:DateTimeOriginal",
    "ExifIFD:CreateDate": "exif:DateTimeDigitized",
    "IFD0:ModifyDate": "exif:DateTime",
    "Composite:GPSDateTime": "gps:DateTime",
    "XMP-exif:DateTimeOriginal": "xmp:DateTimeOriginal",
    "XMP-exif:GPSDateTime": "xmp:GPSDateTime",
    "XMP-xmp:CreateDate": "xmp:CreateDate",
    "IPTC:DateCreated": "iptc:DateCreated",
    "PNG:ModifyDate": "png:tIME",
    "PNG:CreationTime": "png:CreationTime",
    "QuickTime:CreateDate": "quicktime:CreateDate",
    "Keys:CreationDate": "quicktime:CreationDate",
}
OFFSETS = {"ExifIFD:DateTimeOriginal": "ExifIFD:OffsetTimeOriginal", "IFD0:ModifyDate": "ExifIFD:OffsetTime"}
SUB_SECONDS = {"ExifIFD:DateTimeOriginal": "ExifIFD:SubSecTimeOriginal"}
COARSE = frozenset({"ExifIFD:CreateDate", "IFD0:ModifyDate", "IPTC:DateCreated"})
UTC_FIELDS = frozenset({"PNG:ModifyDate", "Composite:GPSDateTime", "XMP-exif:GPSDateTime"})
PATTERN = re.compile(
    r"(\d{4}):(\d\d):(\d\d)(?: (\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?)?(Z|[+-]\d\d:\d\d)?"
)  # fmt: skip


def expected(text: str, *, utc: bool, offset: str, sub: str) -> tuple[datetime, datetime] | None:
    """The interval ExifTool's text stands for, or None for a void date. Written apart from the product's
    parser.
    """
    found = PATTERN.fullmatch(text.strip())
    if found is None:
        return None
    try:
        start = datetime(*(int(part or 0) for part in found.group(1, 2, 3, 4, 5, 6)), tzinfo=UTC)
    except ValueError:
        return None
    if not 1995 <= start.year <= 2099:
        return None
    fraction = (found[7] or sub).ljust(6, "0")[:6]
    start += timedelta(microseconds=int(fraction))
    span = timedelta(0) if found[6] else timedelta(seconds=59) if found[4] else timedelta(days=1, seconds=-1)
    zone = found[8] or offset or ("Z" if utc else "")
    if not zone:
        return start - timedelta(hours=14), start + span + timedelta(hours=12)
    shift = timedelta(0)
    if zone != "Z":
        shift = timedelta(hours=int(zone[1:3]), minutes=int(zone[4:6])) * (-1 if zone[0] == "-" else 1)
    return start - shift, start + span - shift


def agrees(name: str, ours: list[TimeCandidate], want: tuple[datetime, datetime] | None) -> bool:
    if want is None or not ours:
        return want is None and not ours
    if name == "QuickTime:CreateDate" and ours[0].zone_known:  # settled as UTC by another tag
        return ours[0].earliest == want[0] + timedelta(hours=14)
    if name in COARSE:
        second = timedelta(seconds=1)
        return all(want[0] <= t.earliest and t.latest < want[1] + second for t in ours)
    return {(t.earliest, t.latest) for t in ours} == {want}


def has_position(row: dict[str, object]) -> bool:
    """A latitude that is not zero; ExifTool's composite ends in a letter."""
    values = [
        str(row.get(key, "0")) for key in ("GPS:GPSLatitude", "XMP-exif:GPSLatitude", "Composite:GPSLatitude")
    ]
    return any(float(value.split()[0]) != 0 for value in values)


def companions(row: dict[str, object], times: dict[str, TimeCandidate]) -> Iterator[tuple[str, bool]]:
    """Whether sub-seconds and offsets of the listing are those read, by their tag."""
    for field, tag in SUB_SECONDS.items():
        sub, ours = str(row.get(tag, "")).strip(), times.get(FIELDS[field])
        if sub.isdecimal() and ours is not None:
            yield tag, ours.earliest.microsecond == int(sub.ljust(6, "0")[:6])
    for field, tag in OFFSETS.items():
        zone, ours = str(row.get(tag, "")), times.get(FIELDS[field])
        if zone and ours is not None:
            want = expected(
                str(row[field]), utc=False, offset=zone, sub=str(row.get(SUB_SECONDS.get(field, ""), ""))
            )
            near = want is not None and timedelta(0) <= ours.earliest - want[0] < timedelta(seconds=1)
            yield tag, ours.zone_known and near


def crashes(folder: Path) -> None:
    """Read every file below ``folder``; whatever is raised is a crash and is named."""
    read, raised = 0, []
    for path in sorted(
        p for p in folder.rglob("*") if p.is_file() and p.suffix not in (".json", ".md", ".csv")
    ):
        data = path.read_bytes()
        read += 1
        try:
            read_metadata(None, data, sniff(data[: 1 << 16], len(data)), path.name, None)
        except Exception as error:  # noqa: BLE001 - what is counted here
            raised.append(f"{path.name}: {error!r}")
    print(f"crashes: {len(raised)} of {read} files read")
    for line in raised:
        print(f"  {line}")


def main(folder: Path) -> None:
    counts: dict[str, Counter[bool]] = {
        name: Counter() for name in (*FIELDS, *SUB_SECONDS.values(), *OFFSETS.values(), "position")
    }
    cpu, read, invented, void = 0.0, 0, Counter[str](), Counter[bool]()
    ordinary: list[tuple[str, dict[str, TimeCandidate]]] = []
    for row in json.loads((folder / "exiftool.json").read_text(encoding="utf-8")):
        path = folder / row["SourceFile"]
        data = path.read_bytes()
        mime = sniff(data[: 1 << 16], len(data))
        start = time.process_time()
        found = read_metadata(None, data, mime, path.name, None)
        cpu, read = cpu + time.process_time() - start, read + 1
        by_source = {t.source: t for t in found.times}
        if is_ordinary(path.name) and mime.startswith("image/"):
            ordinary.append((path.name, by_source))
        for tag, right in companions(row, by_source):
            counts[tag][right] += 1
        for name, source in FIELDS.items():
            ours = [t for t in found.times if t.source == source]
            if name not in row:
                invented.update(t.source for t in ours)
                continue
            offset, sub = str(row.get(OFFSETS.get(name), "")), str(row.get(SUB_SECONDS.get(name), ""))
            want = expected(str(row[name]), utc=name in UTC_FIELDS, offset=offset, sub=sub)
            right = agrees(name, ours, want)
            counts[name][right] += 1
            if want is None:
                void[not ours] += 1
            if not right:
                print(f"{path.name[:60]}: {name} {row[name]!r} ours {[(t.value, t.earliest) for t in ours]}")
        position = has_position(row)
        counts["position"][position == found.has_gps] += 1
        if position != found.has_gps:
            print(f"{path.name[:60]}: position {position}, ours {found.has_gps}")
    print()
    for name, count in counts.items():
        n = count.total()
        share = f" ({count[True] / n:.1%})" if n >= 30 else ""
        print(f"{name:28} {count[True]:4} of {n:4}{share}")
    dates = Counter[bool]()
    for name in FIELDS:
        dates.update(counts[name])
    print(f"{'all dates':28} {dates[True]:4} of {dates.total():4} ({dates[True] / dates.total():.2%})")
    print(f"{'void ones, left out':28} {void[True]:4} of {void.total():4}")
    print(f"candidates ExifTool does not list: {dict(invented)}")
    print(f"CPU {cpu / read * 1000:.2f} ms a file, {read} files")
    crashes(folder)
    print()
    show(ordinary)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
