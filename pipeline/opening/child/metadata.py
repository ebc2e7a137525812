"""Times and descriptive metadata of one file, from every place that states them.

Runs in the jail, because it reads untrusted bytes. Of a position only its presence is reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from PIL import Image

from pipeline.opening.child.exif import ExifReading, as_numbers, as_text, read_with_exifread, read_with_pillow
from pipeline.opening.child.xmp import read_more_xmp, read_xmp
from validators.evidence import TimeCandidate
from validators.measures.containers.buffers import Buffer
from validators.measures.metadata.apple_notes import content_identifier
from validators.measures.metadata.file_name_dates import file_name_times
from validators.measures.metadata.iptc import (
    CREDIT,
    DATE_CREATED,
    DIGITAL_DATE,
    DIGITAL_TIME,
    ORIGINATING_PROGRAM,
    TIME_CREATED,
    iptc_datasets,
)
from validators.measures.metadata.metadata_blocks import MetadataBlocks, metadata_blocks
from validators.measures.metadata.origin_statements import MetadataTexts, origin_statements
from validators.measures.metadata.quicktime_tags import movie_created, movie_tags, movie_xmp
from validators.measures.metadata.timestamps import (
    candidate,
    parse_creation_text,
    parse_exif,
    parse_gps,
    parse_iptc,
    parse_iso,
    parse_png_time,
    quicktime_tags,
)
from validators.measures.metadata.video_labels import video_label
from validators.stated_origin import OriginStatement

MAX_ENTRIES = 40
MAX_VALUE = 200
_MAX_COMMENT = 32 * 1024  # a prompt with its settings, in two bytes a character
_MAX_INFO_BLOCK = 1 << 20
_ROUNDING = timedelta(milliseconds=1)  # the readers divide rationals differently

_MOVIES = frozenset({"video/mp4", "video/quicktime", "video/3gpp", "video/3gpp2"})
_EXIF_TIMES = (
    ("DateTimeOriginal", "SubsecTimeOriginal", "OffsetTimeOriginal", "captured"),
    ("DateTimeDigitized", "SubsecTimeDigitized", "OffsetTimeDigitized", "digitized"),
    ("DateTime", "SubsecTime", "OffsetTime", "modified"),
)
_XMP_TIMES = (
    ("exif:DateTimeOriginal", "xmp:DateTimeOriginal", "captured"),
    ("photoshop:DateCreated", "xmp:DateCreated", "captured"),
    ("exif:DateTimeDigitized", "xmp:DateTimeDigitized", "digitized"),
    ("xmp:CreateDate", "xmp:CreateDate", "digitized"),
    ("xmp:ModifyDate", "xmp:ModifyDate", "modified"),
    ("tiff:DateTime", "xmp:DateTime", "modified"),
    ("exif:GPSTimeStamp", "xmp:GPSDateTime", "gps"),
)
_EXIF_TEXTS = ("Make", "Model", "Software", "LensMake", "LensModel", "ImageDescription", "HostComputer")
_EXIF_NUMBERS = (
    ("Orientation", "Orientation"),
    ("ExposureTime", "ExposureTime"),
    ("FNumber", "FNumber"),
    ("ISOSpeedRatings", "ISO"),
    ("FocalLength", "FocalLength"),
    ("Flash", "Flash"),
    ("ExifImageWidth", "ExifImageWidth"),
    ("ExifImageHeight", "ExifImageHeight"),
)
_CONTAINER_TEXTS = {
    "com.apple.quicktime.make": "Make",
    "com.apple.quicktime.model": "Model",
    "com.apple.quicktime.software": "Software",
    "com.android.version": "AndroidVersion",
    "com.android.manufacturer": "Make",
    "com.android.model": "Model",
    "com.apple.quicktime.content.identifier": "ContentIdentifier",
    "encoder": "Encoder",
    "major_brand": "MajorBrand",
    "©mak": "Make",
    "©mod": "Model",
    "©swr": "Software",
    "©too": "Encoder",
}
_LOCATIONS = ("location", "location-eng", "com.apple.quicktime.location.iso6709", "©xyz", "loci")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufffe\uffff]+")


@dataclass(frozen=True, slots=True)
class MetadataReading:
    """The metadata of a file: times, at most 40 short entries, whether it has a position, and what states how it was made."""

    times: tuple[TimeCandidate, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)
    has_gps: bool = False
    statements: tuple[OriginStatement, ...] = ()


def read_metadata(
    image: Image.Image | None,
    data: Buffer,
    mime: str,
    file_name: str,
    container_tags: Mapping[str, str] | None = None,
) -> MetadataReading:
    """Read all metadata of one file of type ``mime`` (as ``sniff`` says).

    ``image`` is the opened still, decoded or not. Its ``info`` is used if the container has no such block.
    ``container_tags`` are ffprobe's format tags of a video. Malformed metadata counts as absent. A fault of ours is raised.
    """
    blocks = _with_info(metadata_blocks(mime, data), image)
    pillow = read_with_pillow(blocks.exif) if blocks.exif else ExifReading()
    second = read_with_exifread(blocks.exif) if blocks.exif else ExifReading()
    movie = movie_tags(data) if mime in _MOVIES else {}
    tags = {
        **{k.lower(): v for k, v in (container_tags or {}).items()},
        **{k.lower(): v for k, v in movie.items()},
    }
    packet = blocks.xmp or (movie_xmp(data) if mime in _MOVIES else as_bytes(pillow.tags.get("XMLPacket")))
    xmp = read_xmp(packet) if packet else {}
    if blocks.more_xmp:
        xmp = {**read_more_xmp(blocks.more_xmp), **xmp}
    times = [
        *_exif_times(pillow, second),
        *_xmp_times(xmp),
        *_iptc_times(blocks.photoshop),
        *_png_times(blocks),
        *quicktime_tags(tags, movie_created(data) if mime in _MOVIES else None),
    ]
    has_gps = (
        pillow.position()
        or second.position()
        or {"exif:GPSLatitude", "exif:GPSLongitude"} <= set(xmp)
        or any(tags.get(name) for name in _LOCATIONS)
    )
    entries = dict(_entries(pillow, second, xmp, blocks, tags))
    identifier = content_identifier(blocks.exif)
    if identifier:
        entries["ContentIdentifier"] = identifier
    if has_gps:
        entries["GPS"] = "present"
    kept = dict(list(entries.items())[-MAX_ENTRIES:])
    label = video_label(mime, data)
    if label:
        tags["aigc"] = label
    stated = origin_statements(_texts(pillow, second, xmp, blocks, tags))
    return MetadataReading((*times, *file_name_times(file_name)), kept, has_gps, stated)


def _texts(
    pillow: ExifReading,
    second: ExifReading,
    xmp: Mapping[str, str],
    blocks: MetadataBlocks,
    tags: Mapping[str, str],
) -> MetadataTexts:
    sets = iptc_datasets(blocks.photoshop) if blocks.photoshop else {}
    exif = {name: _as_utf8(pillow.text(name) or second.text(name)) for name in ("Make", "Model", "Software")}
    exif["UserComment"] = _comment(pillow.tags.get("UserComment"), _MAX_COMMENT)
    iptc = {
        "Credit": as_text(sets.get(CREDIT, b"")),
        "OriginatingProgram": as_text(sets.get(ORIGINATING_PROGRAM, b"")),
    }
    return MetadataTexts(xmp, exif, blocks.texts, iptc, tags)


def _as_utf8(text: str) -> str:
    """EXIF's texts are ASCII by the standard and UTF-8 in practice. The readers take them for Latin-1."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except ValueError:  # they are no UTF-8, or no Latin-1
        return text


def as_bytes(value: object) -> bytes:
    """``value`` if it is bytes, else b""."""
    return value if isinstance(value, bytes) else b""


def _with_info(blocks: MetadataBlocks, image: Image.Image | None) -> MetadataBlocks:
    """Add the decoder's blocks where the container has none."""
    if image is None or (blocks.exif and blocks.xmp):
        return blocks
    exif, xmp = image.info.get("exif"), image.info.get("xmp")
    found_exif = as_bytes(exif)[:_MAX_INFO_BLOCK]
    return MetadataBlocks(
        exif=blocks.exif or found_exif.removeprefix(b"Exif\0\0"),
        xmp=blocks.xmp or as_bytes(xmp)[:_MAX_INFO_BLOCK],
        photoshop=blocks.photoshop,
        texts=blocks.texts,
        png_time=blocks.png_time,
        more_xmp=blocks.more_xmp,
    )


def _exif_times(pillow: ExifReading, second: ExifReading) -> Iterator[TimeCandidate]:
    """Pillow's times, and ExifRead's ("exifread:…") where Pillow has none or another one."""
    first = {found.source: found for found in _times_of(pillow)}
    yield from first.values()
    for found in _times_of(second):
        known = first.get(found.source)
        if known is None:
            yield found
        elif abs(known.earliest - found.earliest) > _ROUNDING or known.zone_known != found.zone_known:
            name = "GPSDateTime" if found.meaning == "gps" else found.source.partition(":")[2]
            yield replace(found, source=f"exifread:{name}")


def _times_of(exif: ExifReading) -> Iterator[TimeCandidate]:
    for name, sub_name, offset_name, meaning in _EXIF_TIMES:
        value = exif.text(name)
        # the standard's spelling in Pillow is "Subsec", in ExifRead "SubSec"
        sub = exif.text(sub_name) or exif.text(sub_name.replace("Subsec", "SubSec"))
        offset = exif.text(offset_name)
        shown = value + (f".{sub}" if sub.isdecimal() else "") + offset
        found = candidate(f"exif:{name}", shown, parse_exif(value, sub, offset), meaning)
        if found is not None:
            yield found
    stamp, clock = as_text(exif.gps.get("GPSDateStamp")), as_numbers(exif.gps.get("GPSTimeStamp"))
    if stamp and len(clock) == 3:
        shown = f"{stamp} {clock[0]:02.0f}:{clock[1]:02.0f}:{clock[2]:05.2f}Z"
        found = candidate("gps:DateTime", shown, parse_gps(stamp, clock), "gps")
        if found is not None:
            yield found


def _xmp_times(xmp: Mapping[str, str]) -> Iterator[TimeCandidate]:
    for name, source, meaning in _XMP_TIMES:
        value = xmp.get(name, "")
        reading = parse_iso(value)
        if meaning == "gps" and reading is not None and reading.offset is None:
            continue  # a GPS clock without its date's zone adds nothing
        found = candidate(source, value, reading, meaning)
        if found is not None:
            yield found


def _iptc_times(photoshop: bytes) -> Iterator[TimeCandidate]:
    sets = iptc_datasets(photoshop) if photoshop else {}
    for source, day, clock, meaning in (
        ("iptc:DateCreated", DATE_CREATED, TIME_CREATED, "captured"),
        ("iptc:DigitalCreationDate", DIGITAL_DATE, DIGITAL_TIME, "digitized"),
    ):
        day_text, clock_text = as_text(sets.get(day, b"")), as_text(sets.get(clock, b""))
        found = candidate(
            source, f"{day_text} {clock_text}".strip(), parse_iptc(day_text, clock_text), meaning
        )
        if found is not None:
            yield found


def _png_times(blocks: MetadataBlocks) -> Iterator[TimeCandidate]:
    reading = parse_png_time(blocks.png_time)
    if reading is not None:
        found = candidate("png:tIME", f"{reading.local:%Y-%m-%d %H:%M:%S}Z", reading, "modified")
        if found is not None:
            yield found
    for keyword in ("Creation Time", "CreationTime", "create-date"):
        text = blocks.texts.get(keyword, "")
        found = candidate("png:CreationTime", text, parse_creation_text(text), "digitized")
        if found is not None:
            yield found
            return


def _entries(
    pillow: ExifReading,
    second: ExifReading,
    xmp: Mapping[str, str],
    blocks: MetadataBlocks,
    tags: Mapping[str, str],
) -> Iterator[tuple[str, str]]:
    """(name, printable value) pairs. A later pair of one name wins, so the best source comes last."""
    raw: list[tuple[str, str]] = [("Software", xmp.get("xmp:CreatorTool", ""))]
    raw += [(name, blocks.texts.get(name, "")) for name in ("Software", "Description", "Title", "Comment")]
    raw += [(shown, tags.get(name, "")) for name, shown in _CONTAINER_TEXTS.items()]
    for reading in (second, pillow):
        raw += [(name, reading.text(name)) for name in _EXIF_TEXTS]
        raw += [(shown, _number_text(shown, reading.tags.get(name))) for name, shown in _EXIF_NUMBERS]
    raw.append(("UserComment", _comment(pillow.tags.get("UserComment"))))
    for name, value in raw:
        clean = _UNPRINTABLE.sub(" ", value).strip()[:MAX_VALUE]
        if clean:
            yield name, clean


def _number_text(name: str, value: object) -> str:
    numbers = as_numbers(value)
    if not numbers:
        return ""
    first = numbers[0]
    if name == "ExposureTime" and 0 < first < 0.3:
        return f"1/{round(1 / first)}"
    return f"{first:g}"


def _comment(value: object, most: int = 4 * MAX_VALUE) -> str:
    """EXIF's UserComment: eight bytes name the character code. iOS marks screenshots here, generators keep prompts."""
    raw = as_bytes(value)
    if not raw:
        return as_text(value)
    code, text = raw[:8], raw[8:][:most]
    if code.startswith(b"UNICODE"):
        big = text[:1] == b"\0"
        return text.decode("utf-16-be" if big else "utf-16-le", errors="replace").partition("\0")[0].strip()
    plain = text.decode("utf-8", errors="replace").partition("\0")[0].strip()
    return plain if code.startswith((b"ASCII", b"\0\0\0\0")) else ""
