"""Optional readers of barcodes and text, in the jail. Nothing is imported unless the zygote is asked to."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from validators.evidence import Reading, Region
from validators.exhibit import Exhibit
from validators.measures.numbers.numbers import BARCODE, MOST, TEXT, Barcode, TextLine, readings_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

_PAGES = 8
"""Pages of a document that are read. The one with the number is among the first."""

_TEXT_SIDE = 1600
"""Long side in pixels at which text is read. Printed pages and screens are legible, in half the time of 2,000."""

_MODELS = {
    "Det": "PP-OCRv6_det_small.onnx",
    "Rec": "PP-OCRv6_rec_small.onnx",
    "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
}

_loaded: dict[str, Callable[[Pixels], list[Any]]] = {}


def load(names: Sequence[str]) -> None:
    """Load the named readers before any fork, and let each read once, so that it has loaded everything it needs."""
    page = np.full((96, 640, 3), 255, np.uint8)
    cv2.putText(page, "Order number 8120455", (20, 60), cv2.FONT_HERSHEY_SIMPLEX, 1.5, (0, 0, 0), 3)
    for name in names:
        _loaded[name] = _LOADERS[name]()
        _loaded[name](page)


def loaded() -> tuple[str, ...]:
    """The readers that are ready."""
    return tuple(_loaded)


def read_numbers(exhibit: Exhibit, seconds: float) -> tuple[Reading, ...]:
    """The numbers on the views of an exhibit; no page is begun after ``seconds``."""
    until, found = time.monotonic() + seconds, list[Reading]()
    for page, pixels in islice(_pictures(exhibit), _PAGES):
        if time.monotonic() > until:
            break
        seen: dict[str, list[Any]] = {name: look(pixels) for name, look in _loaded.items()}
        codes = [Barcode(text, _region(corners, pixels, page)) for text, corners in seen.get(BARCODE, [])]
        lines = [
            TextLine(text, sure, _region(corners, pixels, page)) for text, sure, corners in seen.get(TEXT, [])
        ]
        found += readings_of(lines, codes)
    return tuple(found[:MOST])


def _pictures(exhibit: Exhibit) -> Iterator[tuple[int | None, Pixels]]:
    """What is read, by page: the pieces of a very long picture, else each view, a still in full."""
    if exhibit.pieces:
        yield from enumerate(exhibit.pieces, 1)
        return
    for view in exhibit.views:
        yield view.page, exhibit.in_full() if exhibit.in_full is not None else view.pixels


def _region(corners: Sequence[tuple[float, float]], pixels: Pixels, page: int | None) -> Region:
    """The bounding rectangle of some corners in pixels, in 0..1 of the view."""
    high, wide = pixels.shape[:2]
    left, right = (min(max(pick(x for x, _ in corners) / wide, 0.0), 1.0) for pick in (min, max))
    top, bottom = (min(max(pick(y for _, y in corners) / high, 0.0), 1.0) for pick in (min, max))
    return Region(round(left, 4), round(top, 4), round(right - left, 4), round(bottom - top, 4), page)


def _load_barcodes() -> Callable[[Pixels], list[Any]]:
    import zxingcpp  # noqa: PLC0415 - an optional extra

    def look(pixels: Pixels) -> list[Any]:
        grey = np.ascontiguousarray(pixels.mean(axis=2), dtype=np.uint8)
        codes = zxingcpp.read_barcodes(grey, text_mode=zxingcpp.TextMode.Plain)
        return [(code.text, _corners(code.position)) for code in codes]

    return look


def _corners(position: Any) -> list[tuple[float, float]]:
    points = position.top_left, position.top_right, position.bottom_right, position.bottom_left
    return [(point.x, point.y) for point in points]


def _load_text() -> Callable[[Pixels], list[Any]]:
    """Uses the models inside the wheel, so nothing is downloaded. Runs in the caller's thread."""
    import rapidocr  # noqa: PLC0415 - an optional extra

    models = Path(rapidocr.__file__).parent / "models"
    engine: Any = rapidocr.RapidOCR(
        params={
            "EngineConfig.onnxruntime.intra_op_num_threads": 1,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            "Global.log_level": "error",
            "Global.use_cls": False,
            "Global.max_side_len": _TEXT_SIDE,
            **{f"{part}.model_path": str(models / name) for part, name in _MODELS.items()},
        }
    )

    def look(pixels: Pixels) -> list[Any]:
        seen = engine(np.ascontiguousarray(pixels[:, :, ::-1]))
        if seen.boxes is None or seen.txts is None:
            return []
        boxes = [[(float(x), float(y)) for x, y in box] for box in seen.boxes]
        return [(t, float(s), b) for t, s, b in zip(seen.txts, seen.scores, boxes, strict=True)]

    return look


_LOADERS: dict[str, Callable[[], Callable[[Pixels], list[Any]]]] = {
    BARCODE: _load_barcodes,
    TEXT: _load_text,
}
