"""One picture for a mediator: two items side by side, aligned, the shared area outlined and the differences marked.

It has to be readable in grey, on paper and in a narrow card: so lines are double, marks are hatched and letters large.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from pipeline.opening.host.drawn_text import height_of, lines_of, one_line, write
from pipeline.reports.comparison_differences import differing
from pipeline.reports.comparison_frames import (
    Box,
    Window,
    back_from,
    bounds_of,
    box_of,
    covered,
    outline,
    seen,
    whole_of,
)
from validators.sentences.catalogue import ENGLISH
from validators.sentences.labels import Labels
from validators.sentences.sentences import sentences_in

if TYPE_CHECKING:
    from pipeline.reports.comparison_frames import Mask, Matrix, Pixels
    from validators.evidence import Region

_ENGLISH = Labels(sentences_in(ENGLISH))
_CELL, _NARROWEST = 620, 470  # px: what a panel may take at most, and has to itself at least
LAYER_PX = 1200  # px of the long side of one of several layers
_MARGIN = 24
_LETTERS, _NAMES = 30, 24
_ZOOM_BELOW = 0.5  # share of this item: where less is shared, the panels show that part
_AROUND = 0.08
_TINT = np.array([255, 140, 0], np.float32)
_DIMMED = 0.75


LAYERS = ("this", "other", "differences")
"""One picture of a comparison on its own: this item, the other aligned to it, and this in grey with what differs marked."""


@dataclass(frozen=True, slots=True)
class _Panel:
    picture: Pixels
    caption: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class _Aligned:
    """Two pictures, the areas that count in each, and what they share of this one (None: nothing)."""

    this: Pixels
    other: Pixels
    matrix: Matrix
    mine: Box
    theirs: Box
    shared: Box | None

    @staticmethod
    def of(
        this: Pixels, other: Pixels, matrix: Matrix, areas: tuple[Region | None, Region | None]
    ) -> _Aligned:
        mine, theirs = box_of(areas[0], this), box_of(areas[1], other)
        whole = Window.fitting(whole_of(this), float(max(this.shape)), _CELL, _CELL)
        shared = bounds_of(covered(whole, mine, theirs, matrix), whole)
        return _Aligned(this, other, matrix, mine, theirs, shared)

    def close(self) -> Box:
        """What the panels show of this one: all of it, or only the shared area where that is the smaller part."""
        whole = whole_of(self.this)
        if self.shared is None or self.shared.w * self.shared.h >= _ZOOM_BELOW * whole.w * whole.h:
            return whole
        return self.shared.about(_AROUND, whole)

    def covers(self, window: Window) -> Mask:
        """Which px of a window of this one are shared."""
        return covered(window, self.mine, self.theirs, self.matrix)


def draw_comparison(
    this: Pixels,
    other: Pixels,
    matrix: Matrix,
    captions: tuple[str, str] = ("", ""),
    areas: tuple[Region | None, Region | None] = (None, None),
    labels: Labels = _ENGLISH,
) -> Pixels:
    """``this`` and ``other`` (HxWx3 RGB, uint8) in one picture, at most 1,600 px wide.

    ``matrix`` takes points of ``this`` to ``other``, each in units of its own long side. ``captions`` name the two;
    ``areas`` are what was found to be shared, where that is known to be less than the overlap. ``labels`` give its lettering.
    """
    pair = _Aligned.of(this, other, matrix, areas)
    window = Window.fitting(pair.close(), float(max(this.shape)), _CELL, _CELL)
    zoomed = pair.close() != whole_of(this)
    mask = pair.covers(window)
    mine, theirs = seen(this, window), seen(other, window, matrix)
    marked, many = _differences(pair, window, mine, mask)
    for picture in (mine, theirs):
        outline(picture, mask)
    part = labels.text("pages.comparison.this_part" if zoomed else "pages.comparison.this")
    pale = "" if mask.all() else labels.text("pages.comparison.pale")
    width = max(_NARROWEST, window.width)
    cells = [
        [_Panel(mine, part, captions[0])],
        [_Panel(theirs, labels.text("pages.comparison.other"), captions[1])],
        [_Panel(marked, _verdict(pair, many, labels), pale)],
        _as_uploaded(pair, zoomed, width, labels),
    ]
    top = [_cell(cell, width) for cell in cells[:2]]
    return _stacked([_beside(top), _beside([_cell(cell, width) for cell in cells[2:]])])


def draw_layer(
    layer: str,
    this: Pixels,
    other: Pixels,
    matrix: Matrix,
    areas: tuple[Region | None, Region | None] = (None, None),
    most: int = LAYER_PX,
) -> Pixels:
    """One of LAYERS, all of one size and seen through one window, for an overlay: the other arguments as of
    ``draw_comparison``, at most ``most`` px."""
    pair = _Aligned.of(this, other, matrix, areas)
    window = Window.fitting(pair.close(), float(max(this.shape)), most, most)
    if layer == "other":
        return seen(other, window, matrix)
    mine = seen(this, window)
    return mine if layer == "this" else _differences(pair, window, mine, pair.covers(window))[0]


def _verdict(pair: _Aligned, many: int, labels: Labels) -> str:
    if pair.shared is None:
        return labels.text("pages.comparison.nothing_shared")
    return labels.text("pages.comparison.differences" if many else "pages.comparison.no_differences")


def _differences(pair: _Aligned, window: Window, mine: Pixels, mask: Mask) -> tuple[Pixels, int]:
    """This one in grey, tinted, hatched and outlined where they differ, dimmed where the other has nothing; how many."""
    grey = cv2.cvtColor(cv2.cvtColor(mine, cv2.COLOR_RGB2GRAY), cv2.COLOR_GRAY2RGB).astype(np.float32)
    grey[~mask] = grey[~mask] * (1 - _DIMMED) + 255 * _DIMMED
    tiles = [] if pair.shared is None else differing(
        pair.this, pair.other, pair.matrix, pair.mine, pair.theirs, pair.shared
    )  # fmt: skip
    differs = _painted(tiles, window)
    grey[differs] = grey[differs] * 0.6 + _TINT * 0.4
    rows, columns = np.indices(differs.shape)
    grey[differs & ((rows + columns) % 14 < 2)] = 0.0
    picture = np.clip(grey, 0, 255).astype(np.uint8)
    outline(picture, differs, 2)
    return picture, len(tiles)


def _painted(tiles: list[Box], window: Window) -> Mask:
    """The tiles as px of the window."""
    mask = np.zeros((window.height, window.width), bool)
    across, down = window.width / window.box.w, window.height / window.box.h
    for tile in tiles:
        left, top = (tile.x - window.box.x) * across, (tile.y - window.box.y) * down
        right, low = left + tile.w * across, top + tile.h * down
        mask[max(0, round(top)) : max(0, round(low)), max(0, round(left)) : max(0, round(right))] = True
    return mask


def _as_uploaded(pair: _Aligned, zoomed: bool, width: int, labels: Labels) -> list[_Panel]:
    """All of the other, and of this one too where the panels show only a part; the shared area is outlined in each."""
    back = back_from(pair.matrix, pair.shared or pair.mine)
    wide = (width - _MARGIN) // 2 if zoomed else width
    theirs = Window.fitting(whole_of(pair.other), float(max(pair.other.shape)), wide, _CELL)
    other = seen(pair.other, theirs)
    outline(other, covered(theirs, pair.theirs, pair.mine, back))
    panels = [_Panel(other, labels.text("pages.comparison.other_uploaded"))]
    if zoomed:
        mine = Window.fitting(whole_of(pair.this), float(max(pair.this.shape)), wide, _CELL)
        this = seen(pair.this, mine)
        outline(this, pair.covers(mine))
        panels.insert(0, _Panel(this, labels.text("pages.comparison.this_uploaded")))
    return panels


def _cell(panels: list[_Panel], width: int) -> Pixels:
    """Panels next to each other, captions below, at least ``width`` px wide in all."""
    each = (width - _MARGIN * (len(panels) - 1)) // len(panels)
    return _beside([_lettered(panel, each) for panel in panels])


def _lettered(panel: _Panel, width: int) -> Pixels:
    width = max(width, panel.picture.shape[1])
    caption = lines_of(panel.caption, _LETTERS, width)
    names = [one_line(panel.name, _NAMES, width)] if panel.name else []
    height = panel.picture.shape[0] + 8 + height_of(caption, _LETTERS) + height_of(names, _NAMES) + 8
    sheet = _white(height, width)
    sheet[: panel.picture.shape[0], : panel.picture.shape[1]] = panel.picture
    _frame(sheet, panel.picture)
    top = panel.picture.shape[0] + 8
    write(sheet, caption, 0, top, _LETTERS)
    write(sheet, names, 0, top + height_of(caption, _LETTERS), _NAMES, 80)
    return sheet


def _frame(sheet: Pixels, picture: Pixels) -> None:
    """A thin line where the picture ends, for those that are white themselves."""
    cv2.rectangle(sheet, (0, 0), (picture.shape[1] - 1, picture.shape[0] - 1), (150, 150, 150), 1)


def _beside(cells: list[Pixels]) -> Pixels:
    height = max(cell.shape[0] for cell in cells)
    sheet = _white(height, sum(cell.shape[1] for cell in cells) + _MARGIN * (len(cells) - 1))
    left = 0
    for cell in cells:
        sheet[: cell.shape[0], left : left + cell.shape[1]] = cell
        left += cell.shape[1] + _MARGIN
    return sheet


def _stacked(rows: list[Pixels]) -> Pixels:
    width = max(row.shape[1] for row in rows) + 2 * _MARGIN
    sheet = _white(sum(row.shape[0] + _MARGIN for row in rows) + _MARGIN, width)
    top = _MARGIN
    for row in rows:
        sheet[top : top + row.shape[0], _MARGIN : _MARGIN + row.shape[1]] = row
        top += row.shape[0] + _MARGIN
    return sheet


def _white(height: int, width: int) -> Pixels:
    return np.full((height, width, 3), 255, np.uint8)
