"""The pictures that we made of an item, as the pages show them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from validators.clip_time import clock
from validators.disputes.attention import weakest_regions
from validators.evidence import Region
from validators.report import DerivativeRecord, EvidenceReport
from validators.sentences.labels import Labels

_LARGE = ("preview", "poster")


@dataclass(frozen=True, slots=True)
class Picture:
    """A derivative on the page. ``url`` is relative; ``regions`` are outlined, in percent of the picture."""

    url: str
    width: int
    height: int
    alt: str
    caption: str = ""
    regions: tuple[tuple[float, float, float, float], ...] = ()


Address = Callable[[EvidenceReport, DerivativeRecord], str | None]
"""Where a page finds a picture of an item; None where it is not to be shown."""


def report_address(item: EvidenceReport, derivative: DerivativeRecord) -> str | None:
    """Below the report, where it was written."""
    return media_url(derivative.path)


def media_url(path: str) -> str | None:
    """``path`` as a relative address below the report; None where it would lead elsewhere."""
    if not path or path.startswith("/") or ".." in path.split("/"):
        return None
    return quote(path, safe="/", errors="surrogateescape")


def pictures_of(item: EvidenceReport, address: Address, labels: Labels) -> list[Picture]:
    """The upright view, then further pages; a thumbnail only where nothing larger exists."""
    for kinds in (_LARGE, ("thumbnail",)):
        chosen = sorted((d for d in item.derivatives if d.kind in kinds), key=lambda d: d.page or 0)
        if chosen:
            regions = weakest_regions(item)
            made = [_picture(item, derivative, regions, address, labels) for derivative in chosen]
            return [picture for picture in made if picture is not None]
    return []


def thumbnail_or_view(item: EvidenceReport, address: Address, labels: Labels) -> Picture | None:
    """The smallest view of the item's first page, for a grid; None without any."""
    for kinds in (("thumbnail",), _LARGE):
        chosen = sorted((d for d in item.derivatives if d.kind in kinds), key=lambda d: d.page or 0)
        if chosen:
            return _picture(item, chosen[0], [], address, labels)
    return None


def sheets_of(item: EvidenceReport, address: Address, labels: Labels) -> list[Picture]:
    """The contact sheets of a video."""
    sheets = [d for d in item.derivatives if d.kind == "contact_sheet"]
    made = [_picture(item, sheet, [], address, labels) for sheet in sheets]
    return [picture for picture in made if picture is not None]


def _picture(
    item: EvidenceReport,
    derivative: DerivativeRecord,
    regions: list[Region],
    address: Address,
    labels: Labels,
) -> Picture | None:
    url = address(item, derivative)
    if url is None:
        return None
    own = [r for r in regions if r.page is None or r.page == (derivative.page or 1)]
    parts = [_caption(item, derivative, labels)]
    if own:
        parts.append(labels.text("pages.picture.outlined"))
    caption = ". ".join(filter(None, parts))
    boxes = tuple((r.x * 100, r.y * 100, r.w * 100, r.h * 100) for r in own)
    return Picture(url, derivative.width, derivative.height, _alt(item, derivative, labels), caption, boxes)


def _alt(item: EvidenceReport, derivative: DerivativeRecord, labels: Labels) -> str:
    if derivative.kind == "contact_sheet":
        return labels.text("pages.picture.sheet", file=item.file)
    if derivative.page is not None:
        name = "page" if item.pages is not None else "piece"
        return labels.text(f"pages.picture.{name}", page=derivative.page, file=item.file)
    if derivative.kind == "poster":
        return labels.text("pages.picture.poster", file=item.file)
    return labels.text("pages.picture.of_item", kind=item.kind, file=item.file)


def _caption(item: EvidenceReport, derivative: DerivativeRecord, labels: Labels) -> str:
    if derivative.kind == "contact_sheet":
        return _sheet_caption(item, labels)
    if derivative.page is not None and item.pages is None:
        pieces = sum(one.kind == "preview" and one.page is not None for one in item.derivatives)
        return labels.text("pages.picture.piece_caption", page=derivative.page, pieces=pieces)
    if derivative.page is not None:
        pages = item.pages or "?"
        return labels.text("pages.picture.page_caption", page=derivative.page, pages=pages)
    if derivative.kind == "poster" and derivative.time_s is not None:
        return labels.text("pages.picture.frame_at", time_s=derivative.time_s)
    return ""


def _sheet_caption(item: EvidenceReport, labels: Labels) -> str:
    times = item.video.moments if item.video else ()
    if not times:
        return labels.text("pages.picture.sheet_caption_plain")
    first, last = clock(times[0]), clock(times[-1])
    return labels.text("pages.picture.sheet_caption", count=len(times), first=first, last=last)
