"""Faults planted in what is recorded, for the table of trust: times, places, what was sent before, what never came."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import numpy as np
from PIL import ExifTags, Image
from reuse_edits import EDITS
from reuse_painted import crack, sent, stain
from trust_cases import DELIVERED, OPENED, PLACED, SENT, Item, MadeDispute, saved

Pixels = np.ndarray
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
Case = Callable[[Pixels, np.random.Generator, int], MadeDispute]


def dated(
    rgb: Pixels, taken: datetime, saved_at: datetime | None = None, xmp: datetime | None = None
) -> bytes:
    """A JPEG that says when it was taken, in UTC."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = "Torvik", "T-12"
    if saved_at is not None:
        exif[ExifTags.Base.DateTime] = f"{saved_at:%Y:%m:%d %H:%M:%S}"
    inside = exif.get_ifd(ExifTags.IFD.Exif)
    inside[ExifTags.Base.DateTimeOriginal] = f"{taken:%Y:%m:%d %H:%M:%S}"
    inside[ExifTags.Base.OffsetTimeOriginal] = inside[ExifTags.Base.OffsetTime] = "+00:00"
    if xmp is None:
        return saved(rgb, exif=exif)
    packet = (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:exif="http://ns.adobe.com/exif/1.0/" '
        f'exif:DateTimeOriginal="{xmp:%Y-%m-%dT%H:%M:%S}Z"/></rdf:RDF></x:xmpmeta>'
    )
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, "JPEG", quality=88, exif=exif, xmp=packet.encode())
    return buffer.getvalue()


def _one(code: str, number: int, item: Item, **facts: object) -> MadeDispute:
    return MadeDispute(f"{code}-{number}", (item,), **facts)  # type: ignore[arg-type]


def _photo(code: str, data: bytes, number: int, **more: object) -> MadeDispute:
    return _one(code, number, Item("photo.jpg", data, code, **more))  # type: ignore[arg-type]


def before_order(rgb: Pixels, random: np.random.Generator, number: int) -> MadeDispute:
    return _photo("TIM_BEFORE_ORDER", dated(rgb, PLACED - random.uniform(1, 400) * DAY), number)


def before_delivery(rgb: Pixels, random: np.random.Generator, number: int) -> MadeDispute:
    return _photo("TIM_BEFORE_DELIVERY", dated(rgb, PLACED + random.uniform(0.5, 6) * DAY), number)


def in_future(rgb: Pixels, random: np.random.Generator, number: int) -> MadeDispute:
    return _photo("TIM_FUTURE", dated(rgb, SENT + random.uniform(2.5, 300) * DAY), number)


def inconsistent(rgb: Pixels, random: np.random.Generator, number: int) -> MadeDispute:
    """EXIF and XMP say different days, or the file was saved before it was taken."""
    taken, apart = DELIVERED + 3 * HOUR, random.uniform(3, 90) * DAY
    data = dated(rgb, taken, saved_at=taken - apart) if number % 2 else dated(rgb, taken, xmp=taken - apart)
    return _photo("TIM_INCONSISTENT", data, number)


def edited_after(rgb: Pixels, random: np.random.Generator, number: int) -> MadeDispute:
    taken = DELIVERED + HOUR
    return _photo("TIM_EDITED_AFTER_CAPTURE", dated(rgb, taken, taken + random.uniform(2, 20) * HOUR), number)


def undated(rgb: Pixels, random: np.random.Generator, number: int) -> MadeDispute:
    return _photo("TIM_NO_CAPTURE_TIME", saved(rgb), number)


def sent_late(rgb: Pixels, random: np.random.Generator, number: int) -> MadeDispute:
    return _photo("TIM_AFTER_DEADLINE", saved(rgb), number, sent=OPENED + random.uniform(8.5, 20) * DAY)


def located(rgb: Pixels, random: np.random.Generator, number: int) -> MadeDispute:
    exif = Image.Exif()
    at = (float(random.integers(1, 60)), float(random.integers(60)), float(random.integers(60)))
    exif.get_ifd(ExifTags.IFD.GPSInfo).update({1: "N", 2: at, 3: "E", 4: at})
    return _photo("PII_GPS", saved(rgb, exif=exif), number)


def undescribed(rgb: Pixels, random: np.random.Generator, number: int) -> MadeDispute:
    return _photo("DESC_MISSING", saved(rgb), number, description=None)


def never_came(rgb: Pixels, random: np.random.Generator, number: int) -> MadeDispute:
    return _photo("FMT_MISSING", None, number)  # type: ignore[arg-type]


def other_kind(rgb: Pixels, random: np.random.Generator, number: int) -> MadeDispute:
    """A photo of goods, or of a thing, as the tracking page or the video of the defect."""
    role, facts = (
        ("tracking_page", {"reason": "NOT_RECEIVED", "sub_reason": "stalled"}),
        ("video_of_defect", {"reason": "NOT_AS_DESCRIBED", "sub_reason": "defective"}),
    )[number % 2]
    item = Item("photo.jpg", saved(rgb), role=role)
    return MadeDispute(f"SLOT_MISMATCH-{number}", (item,), "SLOT_MISMATCH", facts=facts)


def required_missing(rgb: Pixels, random: np.random.Generator, number: int) -> MadeDispute:
    """The photo of the item alone, where the packaging is required too."""
    facts = {"reason": "NOT_AS_DESCRIBED", "sub_reason": "damaged"}
    return MadeDispute(f"CMP_MISSING-{number}", (Item("photo.jpg", saved(rgb)),), "CMP_MISSING", facts=facts)


RECORDS: tuple[Case, ...] = (
    before_order, before_delivery, in_future, inconsistent, edited_after, undated, sent_late, located, undescribed,
    never_came, other_kind, required_missing,
)  # fmt: skip


def reused(photos: Iterator[Pixels], random: np.random.Generator, each: int) -> Iterator[MadeDispute]:
    """Photos of one buyer that another buyer sends again: the same file, each edit of reuse_edits.py, painted, and those of
    the listing."""
    for number in range(each):
        data = saved(next(photos))
        yield from _again("DUP_SAME_FILE", f"{number}", data, data)
    for number in range(max(1, each // len(EDITS))):
        for edit, make in EDITS.items():
            rgb = next(photos)
            data = make(rgb, random, [next(photos) for _ in range(3)]).data
            yield from _again("DUP_SAME_PHOTO", f"{edit}-{number}", saved(rgb), data)
    for number in range(each):
        rgb, paint = next(photos), (crack, stain)[number % 2]
        data, _ = sent(*paint(rgb, random), random, edited=bool(number // 2 % 2))
        yield from _again("DUP_SAME_PHOTO painted", f"{number}", saved(rgb), data)
    for number in range(each):
        rgb = next(photos)
        item = Item(
            "photo.jpg", list(EDITS.values())[number % 5](rgb, random, []).data, "LST_MATCHES_LISTING"
        )
        yield _one("LST", number, item, listing=saved(rgb))


def _again(group: str, name: str, first: bytes, second: bytes) -> Iterator[MadeDispute]:
    name = f"{group.replace(' ', '-')}-{name}"
    yield MadeDispute(f"{name}-a", (Item("photo.jpg", first, sent=OPENED + HOUR),))
    yield MadeDispute(f"{name}-b", (Item("picture.jpg", second, group, sent=SENT),))


def common(photos: Iterator[Pixels], pictures: int, disputes: int) -> Iterator[MadeDispute]:
    """Pictures that many disputes share, as they do a shop's logo; the last one counts."""
    for number in range(pictures):
        data = saved(next(photos))
        for one in range(disputes):
            group = "DUP_COMMON" if one == disputes - 1 else ""
            yield MadeDispute(
                f"common-{number}-{one}", (Item("photo.jpg", data, group, sent=SENT + one * HOUR),)
            )


def planted_records(
    photos: Iterator[Pixels], random: np.random.Generator, each: int
) -> Iterator[MadeDispute]:
    """Every case of a fault in the record."""
    for make in RECORDS:
        for number in range(each):
            yield make(next(photos), random, number)
    yield from reused(photos, random, each)
    yield from common(photos, 1, 52)
