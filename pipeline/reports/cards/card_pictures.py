"""What a card of something to review shows: two aligned pictures, the weak region at full size, or the whole picture."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pipeline.reports.item_pictures import Address, Picture, pictures_of
from validators.report import DerivativeRecord, EvidenceReport, Match
from validators.sentences.labels import Labels

_WHOLE = 0.8
"""A region that covers more than this share of the picture needs no closer look."""
_CLOSE_PX = (360, 240)
"""At least what a card shows of the picture, so that a small region has its surroundings."""


@dataclass(frozen=True, slots=True)
class Layer:
    """One of two aligned pictures. The size is 0 × 0 where the picture is only drawn when a browser asks for it."""

    url: str
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class AlignedPair:
    """An item and its match, aligned and of one size."""

    match: Match
    this: Layer
    other: Layer


PairOf = Callable[[EvidenceReport, Match], AlignedPair | None]
"""Where a page finds the two aligned pictures of a match; None where there are none, or not for this reader."""


@dataclass(frozen=True, slots=True)
class CloseUp:
    """A part of a picture, pixel by pixel: its place in the picture, in pixels of it."""

    picture: Picture
    x: int
    y: int
    width: int
    height: int


def pair_in_report(item: EvidenceReport, match: Match, address: Address) -> AlignedPair | None:
    """The two aligned pictures that were written beside the report."""
    if match.comparison is None:
        return None
    layers = [_layer(item, layer_path(match.comparison, name), address) for name in ("this", "other")]
    this, other = layers
    return AlignedPair(match, this, other) if this and other else None


def layer_path(comparison: str, name: str) -> str:
    """Where one aligned picture of a comparison lies: beside it."""
    return f"{comparison.removesuffix('.jpg')}-{name}.jpg"


def _layer(item: EvidenceReport, path: str, address: Address) -> Layer | None:
    record: DerivativeRecord | None = next((one for one in item.derivatives if one.path == path), None)
    url = address(item, record) if record is not None else None
    return Layer(url, record.width, record.height) if record is not None and url is not None else None


def close_up(item: EvidenceReport, address: Address, labels: Labels) -> CloseUp | None:
    """The first weak region of the item's picture, where that is a part of it."""
    for picture in pictures_of(item, address, labels):
        for x, y, width, height in picture.regions:
            if width * height < _WHOLE * 100 * 100:
                return _cut(picture, (x, y, width, height))
    return None


def _cut(picture: Picture, region: tuple[float, float, float, float]) -> CloseUp:
    """The region with what is about it, inside the picture."""
    x, y, width, height = region
    left, wide = _along(x, width, picture.width, _CLOSE_PX[0])
    top, high = _along(y, height, picture.height, _CLOSE_PX[1])
    return CloseUp(picture, left, top, wide, high)


def _along(start: float, length: float, whole: int, least: int) -> tuple[int, int]:
    size = min(max(round(length / 100 * whole), least), whole)
    middle = (start + length / 2) / 100 * whole
    return min(max(round(middle - size / 2), 0), whole - size), size
