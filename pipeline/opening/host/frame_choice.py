"""Chooses what is shown of a video: a poster, a contact sheet with times, and the frames that are compared."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from pipeline.opening.host.answer_stream import Plane
from validators.evidence import CutMeasure, Fingerprint, PageMeasures, VideoMeasures

COLUMNS = 4
GUTTER = 4
_LETTERS = 15  # px high, on tiles of 320 px
_NEARLY = 0.85  # of the sharpest view's sharpness counts as good
_FADE_S, _CUT_S = 0.7, 0.15


def planes_to_keep(
    planes: tuple[Plane, ...], pages: tuple[PageMeasures, ...], decoded: VideoMeasures | None
) -> Iterator[Plane]:
    """The planes to keep, made from a child's. ``pages`` are the measurements of the tiles, in their order."""
    tiles = [plane for plane in planes if plane.kind == "tile"]
    thumbnails = [plane for plane in planes if plane.kind == "thumbnail"]
    if tiles and len(thumbnails) == len(tiles) == len(pages):
        best = poster(pages, decoded)
        yield replace(tiles[best], kind="poster")
        yield thumbnails[best]
        yield contact_sheet(thumbnails)
        yield from (replace(tile, kind="frame") for tile in tiles)
    yield from (plane for plane in planes if plane.kind in ("sprite", "features"))


def poster(pages: tuple[PageMeasures, ...], decoded: VideoMeasures | None = None) -> int:
    """The index of the view that represents the clip: of those about as sharp as the sharpest, the one most like the rest.

    Black and flat views, and those in a fade or beside a cut, are chosen only if there is no other.
    """
    cuts = decoded.cuts if decoded else ()
    lit = [
        i
        for i, page in enumerate(pages)
        if page.clarity and page.clarity.luma_p95 > 40 and page.clarity.luma_std > 8
    ]
    steady = [i for i in lit if not any(_beside(pages[i].time_s, cut) for cut in cuts)]
    choice = steady or lit
    if not choice:
        return len(pages) // 2
    sharpest = max(_sharpness(pages[i]) for i in choice)
    good = [i for i in choice if _sharpness(pages[i]) >= _NEARLY * sharpest]
    return min(good, key=lambda i: (_distance_to_others(pages, i, choice), abs(i - len(pages) / 2)))


def _sharpness(page: PageMeasures) -> float:
    return (page.clarity.sharpness if page.clarity else None) or 0.0


def _beside(time_s: float | None, cut: CutMeasure) -> bool:
    near = _CUT_S if cut.kind == "cut" else _FADE_S
    return time_s is not None and abs(time_s - cut.time_s) < near


def _distance_to_others(pages: tuple[PageMeasures, ...], at: int, others: list[int]) -> int:
    """The median number of bits in which the view differs from the others, or 0 if it has no fingerprint."""
    found = sorted(_bits(pages[at].fingerprint, pages[i].fingerprint) for i in others if i != at)
    return found[len(found) // 2] if found else 0


def _bits(first: Fingerprint | None, second: Fingerprint | None) -> int:
    if first is None or second is None or not first.orientations or not second.orientations:
        return 256
    return (int(first.orientations[0], 16) ^ int(second.orientations[0], 16)).bit_count()


def contact_sheet(tiles: list[Plane], columns: int = COLUMNS) -> Plane:
    """Paste thumbnails of one size into a sheet, row by row, with white gutters and each time in its corner."""
    import numpy as np  # noqa: PLC0415 - heavy, only where a video is opened

    width, height = tiles[0].width, tiles[0].height
    rows = -(-len(tiles) // columns)
    across = min(columns, len(tiles))
    sheet = np.full((rows * (height + GUTTER) + GUTTER, across * (width + GUTTER) + GUTTER, 3), 255, np.uint8)
    for i, tile in enumerate(tiles):
        y = GUTTER + (i // columns) * (height + GUTTER)
        x = GUTTER + (i % columns) * (width + GUTTER)
        picture = np.frombuffer(tile.pixels, np.uint8).reshape(height, width, 3).copy()
        _stamp(picture, tile.time_s, exactly=_are_close(tiles))
        sheet[y : y + height, x : x + width] = picture
    return Plane("contact_sheet", sheet.shape[1], sheet.shape[0], sheet.tobytes())


def _are_close(tiles: list[Plane]) -> bool:
    """Whether several tiles would have the same time in whole seconds."""
    times = [tile.time_s or 0.0 for tile in tiles]
    return len(times) > 1 and (times[-1] - times[0]) / (len(times) - 1) < 1.0


def _stamp(picture: object, time_s: float | None, *, exactly: bool) -> None:
    """Draw the time in white on black in the lower left corner, unless the tile is too small."""
    import numpy as np  # noqa: PLC0415

    from pipeline.opening.host.drawn_text import width_of, write  # noqa: PLC0415 - OpenCV, only where a video is opened
    from validators.clip_time import clock  # noqa: PLC0415

    pixels = np.asarray(picture)
    text = clock(time_s or 0.0)
    if exactly:
        text += f".{int((time_s or 0.0) * 10) % 10}"
    wide, high = width_of(text, _LETTERS) + 10, _LETTERS + 8
    if time_s is None or pixels.shape[0] < 3 * high or pixels.shape[1] < 2 * wide:
        return
    label = np.zeros((high, wide, 3), np.uint8)
    write(label, [text], 5, 2, _LETTERS, 255)
    pixels[-high:, :wide] = label
