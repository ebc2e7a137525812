"""What kind of still it is: a photo, a capture of a screen, or a page of text.

Screens and rendered pages are drawn: whole areas have exactly one tone, few colours fill most of the picture, and
text stands in rows. Scanned pages have paper grain, but are white throughout and hold rows of text. Everything
else is a photo, product cut-outs on white among them: they have no rows of text.
"""

from __future__ import annotations

import cv2
import numpy as np

from validators.before_judging import ContentThresholds
from validators.evidence import DOCUMENT, PHOTO, SCREENSHOT, ContentMeasures
from validators.measures.image.printed import printed_fraction
from validators.measures.image.scales import Scales, scales_of
from validators.measures.image.tiles import Pixels, above, grey, tile_share, up_to

_TILE = 16  # px of the view: about one line of text
_EQUAL_SHARE = 0.98  # a flat tile's pixels equal their neighbours, a stray one excepted
_QUIET_STEP = 3  # luma levels between neighbours: paper, or a plain area after JPEG
_QUIET_SHARE = 0.5  # of a text tile is its background
_STRONG_STEP = 48  # luma levels between neighbours: the rim of a letter
_STRONG_SHARE = (0.06, 0.6)  # of a text tile
_ROW = np.ones((1, 3), np.uint8)  # text runs on: three tiles side by side
_SAMPLE = 8  # every eighth pixel both ways shows the palette
_WHITE = 190  # least of R, G and B of paper, scanned paper too
_OFF_GROUND = 12  # luma levels off the commonest tone: blurred text, too
_COLOURLESS = 24  # most that R, G and B of paper differ


def measure_content(view: Pixels, scales: Scales | None = None) -> ContentMeasures:
    """Shares 0..1 from an HxWx3 uint8 RGB view (or HxW grey), long side about 1,024 px.

    ``flat_fraction``: tiles of exactly one tone. ``palette_share``: pixels of the four commonest colours at 5 bits
    a channel. ``text_fraction``: tiles with letters in rows, of those not flat. ``white_fraction``: white pixels.
    ``scales`` are those of the same picture, made from the view where there are none.
    """
    scales = scales or scales_of(view)
    luma = grey(view)
    flat, text = _tiles(luma)
    busy = flat.size - int(flat.sum())
    palette, white = _colours(view)
    return ContentMeasures(
        flat_fraction=float(flat.mean()) if flat.size else 0.0,
        palette_share=palette,
        text_fraction=float(text.sum()) / busy if busy else 0.0,
        white_fraction=white,
        printed_fraction=printed_fraction(scales),
        largest_patch=_largest_patch(scales.thumbnail),
    )


def classify_still(
    content: ContentMeasures,
    has_camera_metadata: bool,
    mime: str,
    size: tuple[int, int],
    thresholds: ContentThresholds | None = None,
) -> str:
    """PHOTO, SCREENSHOT or DOCUMENT.

    ``size`` is (width, height) of the whole picture in px. A camera's own metadata settles it; no other kind is
    claimed without proof. ``mime`` matters only for TIFF, which screens are never captured to.
    """
    limits = thresholds or ContentThresholds()
    if has_camera_metadata:
        return PHOTO
    aspect = max(size) / max(1, min(size))
    tall = aspect >= limits.tall_aspect
    drawn = content.flat_fraction >= (limits.tall_flat if tall else limits.screen_flat)
    screen_text = limits.tall_text if tall else limits.screen_text
    text = content.text_fraction >= (screen_text if drawn else limits.paper_text)
    paper = content.white_fraction >= limits.paper_white and content.palette_share >= limits.paper_palette
    sheet = limits.page_aspect_min <= aspect <= limits.page_aspect_max
    if text and paper and (sheet or not drawn or mime == "image/tiff"):
        return DOCUMENT
    if text and drawn and content.palette_share >= limits.screen_palette:
        return SCREENSHOT
    return PHOTO


def _tiles(luma: Pixels) -> tuple[Pixels, Pixels]:
    """Two grids of 0 and 1, of the flat tiles and of those with letters in rows."""
    if min(luma.shape) <= _TILE:
        none = np.zeros((0, 0), np.uint8)
        return none, none
    across = cv2.absdiff(luma[:-1, 1:], luma[:-1, :-1])
    step = np.asarray(cv2.max(across, cv2.absdiff(luma[1:, :-1], luma[:-1, :-1])), dtype=np.uint8)
    flat = tile_share(up_to(step, 0), _TILE) >= _EQUAL_SHARE
    quiet = tile_share(up_to(step, _QUIET_STEP), _TILE) >= _QUIET_SHARE
    strong = tile_share(above(step, _STRONG_STEP - 1), _TILE)
    text = quiet & (strong >= _STRONG_SHARE[0]) & (strong <= _STRONG_SHARE[1])
    rows = cv2.morphologyEx(
        text.astype(np.uint8), cv2.MORPH_OPEN, _ROW, borderType=cv2.BORDER_CONSTANT, borderValue=0
    )
    return flat.astype(np.uint8), np.asarray(rows, dtype=np.uint8)


def _colours(view: Pixels) -> tuple[float, float]:
    """(share of the four commonest colours, share of white)."""
    size = max(1, view.shape[1] // _SAMPLE), max(1, view.shape[0] // _SAMPLE)
    sample = np.asarray(cv2.resize(view, size, interpolation=cv2.INTER_NEAREST), dtype=np.uint8)
    if sample.ndim == 2:
        sample = np.repeat(sample[..., None], 3, axis=2)
    red, green, blue = (sample[..., channel] for channel in range(3))
    coarse = ((red >> 3).astype(np.uint16) << 10) | ((green >> 3).astype(np.uint16) << 5) | (blue >> 3)
    counts = np.bincount(coarse.ravel())
    commonest = int(np.sort(counts[counts > 0])[-4:].sum())
    least, most = np.minimum(np.minimum(red, green), blue), np.maximum(np.maximum(red, green), blue)
    white = (least >= _WHITE) & ((most - least) <= _COLOURLESS)
    return commonest / red.size, float(white.mean())


def _largest_patch(thumbnail: Pixels) -> float:
    """Share 0..1 that the largest connected patch has of what differs from the ground; 1 where nothing does."""
    ground = np.full_like(thumbnail, round(float(np.median(thumbnail))))
    off = np.asarray(cv2.absdiff(thumbnail, ground), dtype=np.uint8)
    patches = cv2.connectedComponentsWithStats(above(off, _OFF_GROUND), connectivity=8)[2][
        1:, cv2.CC_STAT_AREA
    ]
    return float(patches.max() / patches.sum()) if patches.size else 1.0
