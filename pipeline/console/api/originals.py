"""Originals: sent only as an attachment, and only to those who may decide. Pages show pictures that we made of them."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from starlette.responses import Response, StreamingResponse

from pipeline.console.api.media import MEDIA_HEADERS, byte_range
from pipeline.console.core.cases import find_item
from pipeline.console.core.console_context import ConsoleRequest, not_found
from pipeline.setup.object_keys import original_key
from storage.errors import ObjectMissingError
from storage.interfaces.objects import Objects

_TYPE = "application/octet-stream"
_PIECE = 256 * 1024


def original(request: ConsoleRequest) -> Response:
    """The original of an item, whole or one range of it; 404 where the store keeps no originals."""
    with request.console.context.database.reading() as records:
        item = find_item(request.principal, request.path("evidence"), records)
    if not item.sha256:
        raise not_found()
    context = request.console.context
    try:
        file = fetched(original_key(item.sha256), context.objects, context.incoming)
    except ObjectMissingError:
        raise not_found() from None
    return _sent(file, request.http.headers.get("range"), item.sha256)


def fetched(key: str, objects: Objects, folder: Path) -> BinaryIO:
    """The object under ``key`` as a file without a name, gone when it is closed. Raises ObjectMissingError.

    The store returns whole objects only, and browsers request ranges.
    """
    path = folder / f"original-{uuid.uuid4().hex}"
    try:
        objects.fetch(key, path)
        return path.open("rb")
    finally:
        path.unlink(missing_ok=True)


def _sent(file: BinaryIO, asked_range: str | None, name: str) -> Response:
    size = os.fstat(file.fileno()).st_size
    bounds = (0, size - 1) if asked_range is None else byte_range(asked_range, size)
    if bounds is None:
        file.close()
        return Response("", 416, MEDIA_HEADERS | {"content-range": f"bytes */{size}"}, "text/plain")
    first, last = bounds
    # Under the name of its sum: what the sender called it may be made to be opened.
    headers = MEDIA_HEADERS | {
        "content-length": str(last - first + 1),
        "content-disposition": f'attachment; filename="{name}"',
    }
    if asked_range is not None:
        headers["content-range"] = f"bytes {first}-{last}/{size}"

    def pieces() -> Iterator[bytes]:
        with file:
            file.seek(first)
            left = last - first + 1
            while left > 0 and (piece := file.read(min(_PIECE, left))):
                left -= len(piece)
                yield piece

    return StreamingResponse(pieces(), 200 if asked_range is None else 206, headers, _TYPE)
