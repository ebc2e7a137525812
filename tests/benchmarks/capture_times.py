"""How often the times read agree with ExifTool, field by field.

    python tests/benchmarks/capture_times.py FOLDER

FOLDER holds ``exiftool.json`` (``-G1 -json``) and the files it names. A field is right when the candidate of
its source covers the same interval; where the listing leaves out a companion tag (sub-seconds and offsets of
the digitised and modified times, IPTC's clock), when it lies within that interval. A void date (unparsable,
before 1995, the epochs) is right when there is no candidate. A position of 0, 0 is none. No percentage is
given under 30 files.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.opening.metadata import read_metadata
from validators.evidence import TimeCandidate
from validators.measures.file_type import sniff

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


def main(folder: Path) -> None:
    counts: dict[str, Counter[bool]] = {name: Counter() for name in (*FIELDS, "position")}
    cpu, read, invented = 0.0, 0, Counter[str]()
    for row in json.loads((folder / "exiftool.json").read_text(encoding="utf-8")):
        path = folder / row["SourceFile"]
        data = path.read_bytes()
        mime = sniff(data[: 1 << 16], len(data))
        start = time.process_time()
        found = read_metadata(None, data, mime, path.name, None)
        cpu, read = cpu + time.process_time() - start, read + 1
        for name, source in FIELDS.items():
            ours = [t for t in found.times if t.source == source]
            if name not in row:
                invented.update(t.source for t in ours)
                continue
            offset, sub = str(row.get(OFFSETS.get(name), "")), str(row.get(SUB_SECONDS.get(name), ""))
            want = expected(str(row[name]), utc=name in UTC_FIELDS, offset=offset, sub=sub)
            right = agrees(name, ours, want)
            counts[name][right] += 1
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
    print(f"candidates ExifTool does not list: {dict(invented)}")
    print(f"CPU {cpu / read * 1000:.2f} ms a file, {read} files")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
