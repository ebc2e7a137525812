"""A second try at stills that the first decoder refuses: a file that every browser shows is not broken.

Early encoders wrote AVIF pictures with alpha with two tables of the same kind that say which item has which property. Browsers
take that, libavif does not, so here the two become one. OpenCV reads what Pillow still refuses: its libavif is lenient as that
of browsers is, about alpha without "pixi" or "ispe" and about odd clean apertures, and its other decoders are not Pillow's.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from PIL import Image

from validators.measures.containers.buffers import Searchable
from validators.measures.containers.isobmff import boxes, find_box
from validators.measures.containers.item_properties import associations

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

AVIF = "image/avif"
DECODE_FAULTS = (
    OSError,
    ValueError,
    SyntaxError,
    EOFError,
    IndexError,
    KeyError,
    TypeError,
    RuntimeError,
    OverflowError,
)
"""What Pillow's plug-ins raise on malformed files, as measured on a corpus of them."""


def open_again(data: Searchable, mime: str) -> Image.Image | None:
    """The picture from a second decoder, None if that cannot read it either."""
    whole = bytes(data)
    if mime == AVIF:
        whole = one_property_table(data) or whole
        try:
            mended = Image.open(io.BytesIO(whole), formats=["AVIF"])
            mended.load()
        except DECODE_FAULTS:
            pass
        else:
            return mended
    pixels = _decode(whole)
    if pixels is None:
        return None
    image = Image.fromarray(pixels)
    image.format = mime.removeprefix("image/").upper()
    return image


def _decode(data: bytes) -> Pixels | None:
    """HxWx3 RGB on white, upright as the file says."""
    try:
        found = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    except cv2.error:
        return None
    return None if found is None else _on_white(found)


def one_property_table(data: Searchable) -> bytes | None:
    """The file with all property associations (ISO/IEC 23008-12, "ipma") of a kind in one box; None if they are already.

    What that saves is filled by a "free" box, so that offsets into the file still hold.
    """
    table = find_box(data, (b"meta", b"iprp"))
    if table is None or table.start - table.at != 8 or table.end > len(data):
        return None
    kept, entries = [], dict[bytes, dict[int, bytes]]()
    number = 0
    for box in boxes(data, table.start, table.end):
        if box.type != b"ipma":
            kept.append(bytes(data[box.at : box.end]))
            continue
        number += 1
        entries.setdefault(bytes(data[box.start : box.start + 4]), {}).update(
            associations(data, box.start, box.end)
        )
    if number == len(entries):
        return None
    inner = b"".join(kept) + b"".join(_table(kind, found) for kind, found in entries.items())
    free = table.end - table.start - len(inner)
    if free < 8:
        return None
    filling = _box(b"free", bytes(free - 8))
    return bytes(data[: table.at]) + _box(b"iprp", inner) + filling + bytes(data[table.end :])


def _table(kind: bytes, found: dict[int, bytes]) -> bytes:
    body = b"".join(found[item] for item in sorted(found))
    return _box(b"ipma", kind + len(found).to_bytes(4, "big") + body)


def _box(kind: bytes, body: bytes) -> bytes:
    return (8 + len(body)).to_bytes(4, "big") + kind + body


def _on_white(found: NDArray[Any]) -> Pixels:
    """OpenCV's grey, BGR or BGRA of 8 to 16 bits as RGB of 8."""
    if found.dtype == np.uint16:  # of 10 and 12 bits the largest value tells
        bits = max(8, int(found.max()).bit_length())
        found = np.right_shift(found, bits - 8)
    pixels = np.asarray(found, np.uint8)
    if pixels.ndim == 2:
        return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_GRAY2RGB), np.uint8)
    if pixels.shape[2] == 3:
        return np.asarray(cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), np.uint8)
    alpha = pixels[:, :, 3:].astype(np.uint16)
    mixed = (pixels[:, :, 2::-1] * alpha + 255 * (255 - alpha)) // 255
    return mixed.astype(np.uint8)
