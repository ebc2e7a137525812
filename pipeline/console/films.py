"""Videos as they were sent, where the store keeps originals: fetched once, then read by ranges."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from starlette.responses import Response, StreamingResponse

from pipeline.console.cases import find_item
from pipeline.console.media import MEDIA_HEADERS, byte_range
from pipeline.console.state import Asked, not_found
from pipeline.keeping import original_key
from storage.errors import ObjectMissingError
from storage.interfaces import Examination
from validators.evidence import VIDEO

PLAYED = ("video/mp4", "video/webm", "video/quicktime")
"""Types that browsers play; QuickTime's are told as MP4, since they are of one family."""
_TOLD = {"video/quicktime": "video/mp4"}
_PIECE = 256 * 1024


def is_played(known: Examination | None) -> bool:
    """Whether a browser is likely to play what was sent."""
    return (
        known is not None and known.measurements.kind == VIDEO and known.measurements.detected_type in PLAYED
    )


def film(asked: Asked) -> Response:
    """The video of an item, whole or one range of it; 404 where the store keeps no originals."""
    with asked.console.desk.database.reading() as records:
        item = find_item(asked.visitor, asked.path("evidence"), records)
        known = records.newest_examinations(item.tenant, [item.content_key]).get(item.content_key)
    if known is None or not is_played(known):
        raise not_found()
    try:
        path = asked.console.shelf.take(original_key(item.sha256), asked.console.desk.objects)
    except ObjectMissingError:
        raise not_found() from None
    told = known.measurements.detected_type
    return _sent(path, asked.request.headers.get("range"), _TOLD.get(told, told))


def _sent(path: Path, asked_range: str | None, content_type: str) -> Response:
    # Opened here: the file stays readable however long it is watched, though the shelf lets go of it.
    file = path.open("rb")
    size = path.stat().st_size
    bounds = (0, size - 1) if asked_range is None else byte_range(asked_range, size)
    if bounds is None:
        file.close()
        return Response("", 416, MEDIA_HEADERS | {"content-range": f"bytes */{size}"}, "text/plain")
    first, last = bounds
    headers = MEDIA_HEADERS | {"content-length": str(last - first + 1)}
    if asked_range is not None:
        headers["content-range"] = f"bytes {first}-{last}/{size}"

    def pieces() -> Iterator[bytes]:
        with file:
            file.seek(first)
            left = last - first + 1
            while left > 0 and (piece := file.read(min(_PIECE, left))):
                left -= len(piece)
                yield piece

    return StreamingResponse(pieces(), 200 if asked_range is None else 206, headers, content_type)
