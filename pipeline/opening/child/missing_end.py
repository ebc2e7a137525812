"""Detects a still that lacks only its end marker: the whole picture is there, so nobody needs to send it again."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import simplejpeg
from PIL import Image

from validators.measures.containers.container import structure_problems
from validators.measures.containers.jpeg_structure import scan_jpeg

if TYPE_CHECKING:
    import mmap
    from collections.abc import Callable

_FAULTS = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError)


def lacks_only_its_end(data: mmap.mmap | bytes, mime: str) -> bool:
    """Whether the file is complete once its end marker is put back: its structure is sound, and it decodes without an error.

    A truncated picture does not pass, because its decoder reaches the marker before the picture ends.
    """
    end, decodes = _ENDS.get(mime, (b"", None))
    if decodes is None:
        return False
    whole = bytes(data) + end
    return not structure_problems(mime, whole) and decodes(whole)


def _decodes_jpeg(whole: bytes) -> bool:
    try:
        simplejpeg.decode_jpeg(whole, "GRAY", fastdct=True, min_height=1, min_width=1, strict=True)
    except ValueError:
        return False
    # A progressive picture cut off between two scans decodes too, coarser than it was.
    return scan_jpeg(whole).all_scanned


def _decodes_picture(form: str) -> Callable[[bytes], bool]:
    def decodes(whole: bytes) -> bool:
        try:
            with Image.open(io.BytesIO(whole), formats=[form]) as image:
                for frame in range(getattr(image, "n_frames", 1)):
                    image.seek(frame)
                    image.load()
        except _FAULTS:
            return False
        return True

    return decodes


_ENDS: dict[str, tuple[bytes, Callable[[bytes], bool]]] = {
    "image/jpeg": (b"\xff\xd9", _decodes_jpeg),
    "image/png": (b"\0\0\0\0IEND\xaeB`\x82", _decodes_picture("PNG")),
    "image/gif": (b";", _decodes_picture("GIF")),
}
