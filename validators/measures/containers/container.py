"""Finds what is wrong with a file's structure, in every format, without decoding it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from validators.evidence import Problem
from validators.measures.containers.buffers import Buffer, Searchable, searchable
from validators.measures.containers.isobmff import scan_isobmff
from validators.measures.containers.jpeg_structure import scan_jpeg
from validators.measures.containers.matroska import matroska_extent
from validators.measures.containers.png_structure import scan_png
from validators.measures.containers.riff_structure import scan_riff
from validators.measures.containers.simple_structures import (
    Extent,
    bmp_extent,
    gif_extent,
    pdf_extent,
    tiff_extent,
)
from validators.measures.containers.trailing_data import TOLD, classify_trailing, is_cut_short
from validators.measures.containers.zeroed_data import (
    IMPOSSIBLE_ZERO_RUN,
    ZeroRun,
    zeroed_heif,
    zeroed_tiff,
    zeroed_webp,
)

OR_FLAT = "zero bytes, or a flat area"
"""The unit of a problem that holds only if the decoded picture has no such area: see ``lost_rows.flat_pixels``."""


def structure_problems(mime: str, data: Buffer) -> tuple[Problem, ...]:
    """Problems of the container: "truncated", "damaged", "trailing_data". Empty for types without a walker.

    ``mime`` is what ``file_type.sniff`` says. Pure, never raises on any bytes; a large video may be a
    read-only map.
    """
    walker = _WALKERS.get(mime)
    return tuple(walker(searchable(data))) if walker else ()


def _truncated(detail: str) -> Problem:
    return Problem("truncated", detail)


def _damaged(detail: str) -> Problem:
    return Problem("damaged", detail)


def _trailing(data: Searchable, end: int) -> Iterator[Problem]:
    kind = classify_trailing(data, end)
    if kind in TOLD:
        yield Problem("trailing_data", kind, actual=float(len(data) - end), unit="bytes")


def _jpeg(data: Searchable) -> Iterator[Problem]:
    found = scan_jpeg(data)
    if not found.has_end_marker:
        yield _truncated("no end-of-image marker")
    if not found.has_frame:
        yield _damaged("no frame header")
    elif found.longest_zero_run_in_scan >= IMPOSSIBLE_ZERO_RUN:
        yield _damaged(f"{found.longest_zero_run_in_scan} zero bytes in a row in the picture data")
    elif found.stray_markers:
        yield _damaged("markers that cannot stand in the picture data")
    elif found.restart_errors:
        yield _damaged("restart markers out of order")
    if found.has_end_marker:
        yield from _trailing(data, found.end_offset)
        if is_cut_short(data, found.end_offset):
            yield _damaged("what the camera stored after the picture ends early")


def _png(data: Searchable) -> Iterator[Problem]:
    found = scan_png(data)
    if found.cut:
        yield _truncated("no end chunk")
    if found.bad_critical:
        yield _damaged(f"{found.bad_critical} of {found.chunks} chunks have a wrong checksum")
    elif found.broken:
        yield _damaged(f"no chunk at byte {found.end_offset}")
    if found.has_end:
        yield from _trailing(data, found.end_offset)


def _riff(data: Searchable) -> Iterator[Problem]:
    found = scan_riff(data)
    if found.cut:
        yield _truncated(f"{found.declared_end - len(data)} bytes are missing")
    if found.broken:
        yield _damaged(found.broken)
    elif not found.cut and not found.has_content:
        yield _damaged("no picture data")
    elif not found.cut and found.form == b"WEBP":
        yield from _zeroed(zeroed_webp(data))
    # AVI longer than 1 GB goes on in further RIFF parts
    if not found.cut and not found.broken and data[found.end_offset : found.end_offset + 4] != b"RIFF":
        yield from _trailing(data, found.end_offset)


def _isobmff(data: Searchable) -> Iterator[Problem]:
    found = scan_isobmff(data)
    if found.cut:
        yield _truncated(f"{found.missing_bytes} bytes are missing")
    elif found.lost_items:
        yield _truncated("the picture data ends early")
    elif not found.has_index:
        yield _truncated("the index is missing: the recording was not finished")
    elif "meta" in found.boxes and "moov" not in found.boxes:
        yield from _zeroed(zeroed_heif(data))
    if not found.cut:
        yield from _trailing(data, found.end_offset)


def _zeroed(run: ZeroRun | None) -> Iterator[Problem]:
    if run is not None:
        code = "truncated" if run.to_the_end else "damaged"
        unit = OR_FLAT if run.or_flat else "zero bytes"
        yield Problem(
            code, f"{run.bytes} zero bytes in a row in the picture data", float(run.bytes), unit=unit
        )


def _tiff(data: Searchable) -> Iterator[Problem]:
    found = tuple(_plain(tiff_extent)(data))
    yield from found or _zeroed(zeroed_tiff(data))


def _plain(extent: Callable[[Searchable], Extent]) -> Callable[[Searchable], Iterator[Problem]]:
    def walk(data: Searchable) -> Iterator[Problem]:
        found = extent(data)
        if found.cut:
            yield _truncated("the end is missing")
        elif found.broken:
            yield _damaged(f"no block at byte {found.end_offset}")
        else:
            yield from _trailing(data, found.end_offset)

    return walk


_WALKERS: dict[str, Callable[[Searchable], Iterator[Problem]]] = {
    "image/jpeg": _jpeg,
    "image/png": _png,
    "image/webp": _riff,
    "video/x-msvideo": _riff,
    **dict.fromkeys(
        (
            "image/heic",
            "image/heif",
            "image/avif",
            "video/mp4",
            "video/quicktime",
            "video/3gpp",
            "video/3gpp2",
            "audio/mp4",
        ),
        _isobmff,
    ),
    "image/gif": _plain(gif_extent),
    "image/bmp": _plain(bmp_extent),
    "image/tiff": _tiff,
    "application/pdf": _plain(pdf_extent),
    "video/webm": _plain(matroska_extent),
    "video/x-matroska": _plain(matroska_extent),
}
