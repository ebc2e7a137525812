"""Bytes for the pages: pictures that we made, by the item's id and the picture's SHA-256, both looked up on the record."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files

from starlette.responses import Response

from pipeline.console.access.guard import MEDIA_POLICY
from pipeline.console.core.cases import find_item, open_case
from pipeline.console.core.console_context import ConsoleRequest, not_found
from pipeline.reports.comparison import LAYERS
from pipeline.reports.comparison_picture import Drawn, Plan, draw_layer, draw_picture, plan_picture
from pipeline.reports.comparison_sources import NoComparisonError
from pipeline.reports.html import shared_style
from pipeline.setup.object_keys import FOR_COMPARING
from storage.errors import ObjectMissingError
from storage.interfaces.objects import Objects
from validators.disputes.attention import needs_someone

_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})\Z")
MEDIA_HEADERS = {
    "content-security-policy": MEDIA_POLICY,
    "content-disposition": "inline",
    "accept-ranges": "bytes",
    "cache-control": "private, max-age=600",
}
_TYPES = {"clip": "video/mp4", "sprite_map": "text/vtt; charset=utf-8"}
"""By kind, what is not a picture."""
_COVERS = 20
"""Items among which the picture of a case is looked for."""
_NO_PICTURE = b'<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"/>'
_STATIC = {
    "console.css": "text/css; charset=utf-8",
    "console.js": "text/javascript; charset=utf-8",
    "viewer.js": "text/javascript; charset=utf-8",
    "laid.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}


def picture(request: ConsoleRequest) -> Response:
    """A picture of an item, or a video's clip. Kinds that are kept only for comparing are not shown."""
    with request.console.context.database.reading() as records:
        item = find_item(request.principal, request.path("evidence"), records)
        known = records.newest_examinations(item.tenant, [item.content_key]).get(item.content_key)
    kept = known.derivatives if known else ()
    wanted = request.path("sha256")
    found = next((one for one in kept if one.sha256 == wanted and one.kind not in FOR_COMPARING), None)
    if found is None:
        raise not_found()
    try:
        data = request.console.context.objects.get(found.key)
    except ObjectMissingError:
        raise not_found() from None
    return in_sandbox(request, data, _TYPES.get(found.kind, "image/jpeg"))


def cover(request: ConsoleRequest) -> Response:
    """The small picture of a case in the queue: of the first item to review that has one, else of any."""
    with request.console.context.database.reading() as records:
        case = open_case(request.principal, request.path("dispute"), records)
        chosen = sorted(case.report.evidence, key=lambda item: not needs_someone(item))[:_COVERS]
        items = {
            item.id: item for item in records.evidence(request.principal.tenant, [one.id for one in chosen])
        }
        keys = {item.content_key for item in items.values()}
        known = records.newest_examinations(request.principal.tenant, keys)
    for one in chosen:
        examination = known.get(items[one.id].content_key) if one.id in items else None
        kept = examination.derivatives if examination else ()
        small = next((made for made in kept if made.kind == "thumbnail"), None)
        if small is not None:
            try:
                return in_sandbox(request, request.console.context.objects.get(small.key), "image/jpeg")
            except ObjectMissingError:
                continue
    return in_sandbox(request, _NO_PICTURE, "image/svg+xml")


def comparison(request: ConsoleRequest) -> Response:
    """The comparison picture of a stored match, drawn on request."""
    return _drawn(request, lambda plan, objects: draw_picture(plan, objects, request.console.language))


def layer(request: ConsoleRequest) -> Response:
    """One layer of a stored match: this item, the other aligned to it, or what differs."""
    wanted = request.path("layer")
    if wanted not in LAYERS:
        raise not_found()
    return _drawn(request, lambda plan, objects: draw_layer(plan, wanted, objects))


def _drawn(request: ConsoleRequest, draw: Callable[[Plan, Objects], Drawn]) -> Response:
    with request.console.context.database.reading() as records:
        first = find_item(request.principal, request.path("first"), records)
        second = find_item(request.principal, request.path("second"), records)
        try:
            plan = plan_picture(first.tenant, first.id, second.id, records)
        except NoComparisonError:
            raise not_found() from None
    try:
        drawn = draw(plan, request.console.context.objects)
    except NoComparisonError:
        raise not_found() from None
    return in_sandbox(request, drawn.data, "image/jpeg")


def in_sandbox(request: ConsoleRequest, data: bytes, content_type: str) -> Response:
    """The bytes, or the requested range of them; 416 for several ranges or one outside."""
    asked_range = request.http.headers.get("range")
    headers = dict(MEDIA_HEADERS)
    if asked_range is None:
        return Response(data, 200, headers, content_type)
    bounds = byte_range(asked_range, len(data))
    if bounds is None:
        return Response("", 416, headers | {"content-range": f"bytes */{len(data)}"}, "text/plain")
    first, last = bounds
    headers["content-range"] = f"bytes {first}-{last}/{len(data)}"
    return Response(data[first : last + 1], 206, headers, content_type)


def byte_range(text: str, size: int) -> tuple[int, int] | None:
    """First and last byte of the range that ``text`` requests of ``size`` bytes; None where it cannot be satisfied."""
    found = _RANGE.match(text.strip())
    if found is None or size == 0 or found.groups() == ("", ""):
        return None
    first, last = found.groups()
    if not first:
        length = int(last)
        return (max(size - length, 0), size - 1) if length else None
    start, end = int(first), min(int(last), size - 1) if last else size - 1
    return (start, end) if start <= end else None


def static(request: ConsoleRequest) -> Response:
    """Style and scripts: our own files, by a list of names."""
    return static_file(request.path("name"))


def static_file(name: str) -> Response:
    """One of our own files; 404 for any other name."""
    headers = {"cache-control": "no-cache"}
    if name == "report.css":
        return Response(shared_style(), 200, headers, "text/css; charset=utf-8")
    if name not in _STATIC:
        raise not_found()
    return Response(_read(name), 200, headers, _STATIC[name])


@lru_cache
def _read(name: str) -> bytes:
    return files("pipeline.console").joinpath("static", name).read_bytes()
