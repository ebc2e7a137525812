"""PDF: PDFium renders the pages, bounded in number and size, with form fields and annotations. Nothing is executed."""

from __future__ import annotations

import ctypes
import hashlib
import itertools
from typing import TYPE_CHECKING

import numpy as np
import pypdfium2 as pdfium

from pipeline.opening.limits import VIEW_SIDE, Limits
from validators.evidence import DOCUMENT, Problem
from validators.exhibit import Exhibit, View
from validators.measures.numbers.text_layers import readings_in_text

if TYPE_CHECKING:
    import mmap
    from collections.abc import Iterator

_DATES = {"CreationDate": "pdf:CreationDate", "ModDate": "pdf:ModDate"}
_SHOWN = ("Title", "Author", "Subject", "Creator", "Producer")
_BLANK_STD = 0.5  # luma levels: not a stroke is left of what the page holds
_TAG_BYTES = 64 * 1024
_PAGE_CHARACTERS = 20_000
_TELLING = 12  # characters: fewer may be a page's number or a stamp
_PASSWORD = 4  # FPDF_ERR_PASSWORD
_SCAN_OBJECTS = 300  # a page of more is drawn; some scanners cut a page into strips
_SCAN_SIDE = 400  # px: smaller pictures are logos and shades, however large they are drawn
_POINTS_MAX = 14_400.0  # the largest page side the PDF standard allows (200 inches)


def warm_up() -> None:
    """Start PDFium before any fork."""
    pdfium.PdfDocument.new().close()


def open_document(data: mmap.mmap, exhibit: Exhibit, limits: Limits) -> None:
    """Render the first pages into views of at most 1,024 px."""
    exhibit.kind = DOCUMENT
    try:
        pdf = pdfium.PdfDocument(bytes(data))
    except pdfium.PdfiumError as error:
        code = (
            "encrypted"
            if getattr(error, "err_code", None) == _PASSWORD or "assword" in str(error)
            else "corrupt"
        )
        exhibit.problems.append(Problem(code, str(error)[:200]))
        return
    xfa = _load_forms(pdf)
    exhibit.page_count = len(pdf)
    _describe(pdf, exhibit)
    read = min(len(pdf), limits.pages)
    if read < len(pdf):
        detail = f"Only the first {read} of {len(pdf)} pages were read."
        exhibit.problems.append(Problem("limited", detail, float(len(pdf)), float(limits.pages), "pages"))
    exhibit.readings = readings_in_text(_texts(pdf, read))
    undrawn = [number for number in range(read) if not _render(pdf, number, exhibit)]
    if undrawn and not exhibit.views:
        exhibit.problems.append(Problem("unchecked", "its pages hold what is not drawn here"))
    elif undrawn:
        pages = ", ".join(str(number + 1) for number in undrawn[:10])
        exhibit.problems.append(Problem("limited", f"Pages that are not drawn here: {pages}."))
    if xfa and _asks_to_wait(pdf):
        exhibit.problems.append(Problem("unchecked", "an XFA form, whose pages only Adobe's programs draw"))
    if read == 0:
        exhibit.problems.append(Problem("corrupt", "the document has no page"))


def _render(pdf: pdfium.PdfDocument, number: int, exhibit: Exhibit) -> bool:
    """Draw a page; False where it holds text, lines or annotations and comes out blank: no claim is made of it then."""
    try:
        page = pdf[number]
        width, height = page.get_size()
        if not (0 < width <= _POINTS_MAX and 0 < height <= _POINTS_MAX):
            problem = Problem("too_large", f"page {number + 1}", max(width, height), _POINTS_MAX, "points")
            exhibit.problems.append(problem)
            return True
        bitmap = page.render(scale=VIEW_SIDE / max(width, height), rev_byteorder=True)
        pixels = np.array(bitmap.to_numpy()[:VIEW_SIDE, :VIEW_SIDE, :3], dtype=np.uint8)
        held = page.get_textpage()
        characters = held.count_chars()
        if pixels.std() < _BLANK_STD and (characters or _has_marks(page)):
            return False
    except pdfium.PdfiumError as error:
        exhibit.problems.append(Problem("damaged", f"page {number + 1}: {error}"[:200]))
        return True
    size = round(width), round(height)
    exhibit.views.append(
        View(
            pixels,
            *size,
            page=number + 1,
            characters=characters,
            pictured=_pictured(page),
            text_sha256=_digest(_text(held, _PAGE_CHARACTERS)),
        )
    )
    return True


def _pictured(page: pdfium.PdfPage) -> float:
    """Share of the page that its pictures cover; 0 where it holds more objects than a scan does, or cannot be told."""
    objects = list(itertools.islice(page.get_objects(max_depth=3), _SCAN_OBJECTS))
    pictures = [one for one in objects if isinstance(one, pdfium.PdfImage)]
    if len(objects) == _SCAN_OBJECTS:
        return 0.0
    try:
        box = page.get_bbox()
        covered = sum(
            _within(box, one.get_bounds()) for one in pictures if max(one.get_px_size()) >= _SCAN_SIDE
        )
    except pdfium.PdfiumError:
        return 0.0
    whole = _within(box, box)
    return min(covered / whole, 1.0) if whole > 0 else 0.0


def _within(box: tuple[float, ...], place: tuple[float, ...]) -> float:
    """Area of the part of ``place`` that lies in ``box``; both are left, bottom, right and top."""
    across = min(place[2], box[2]) - max(place[0], box[0])
    up = min(place[3], box[3]) - max(place[1], box[1])
    return max(across, 0.0) * max(up, 0.0)


def _digest(text: str) -> str | None:
    """By which two pages of one template are told apart, whatever they look like."""
    written = "".join(text.split())
    return (
        hashlib.sha256(written.encode("utf-8", "replace")).hexdigest() if len(written) >= _TELLING else None
    )


def _texts(pdf: pdfium.PdfDocument, pages: int) -> Iterator[str]:
    """The text layer of each page. A page without one, or with a broken one, gives none."""
    for number in range(pages):
        try:
            yield _text(pdf[number].get_textpage(), _PAGE_CHARACTERS)
        except pdfium.PdfiumError:
            continue


def _text(page: pdfium.PdfTextPage, most: int) -> str:
    """The first characters of a page. pypdfium2's own getter calls itself once for each character that is not drawn."""
    count = min(page.count_chars(), most)
    if count <= 0:
        return ""
    held = (ctypes.c_ushort * (count + 1))()
    written = pdfium.raw.FPDFText_GetText(page, 0, count, held)
    return bytes(held)[: 2 * max(0, written - 1)].decode("utf-16-le", "replace")


def _has_marks(page: pdfium.PdfPage) -> bool:
    """Whether the page holds lines or annotations. A picture does not count: a white one is a blank page scanned."""
    kinds = {pdfium.raw.FPDFPageObj_GetType(one) for one in page.get_objects(max_depth=3)}
    return pdfium.raw.FPDF_PAGEOBJ_PATH in kinds or pdfium.raw.FPDFPage_GetAnnotCount(page) > 0


def _load_forms(pdf: pdfium.PdfDocument) -> bool:
    """Have form fields drawn; returns whether the form is one of Adobe's XFA, whose own pages PDFium does not draw.

    PDFium is built without JavaScript: nothing that a form brings along is run.
    """
    try:
        kind = pdf.get_formtype()
        pdf.init_forms()
    except pdfium.PdfiumError:
        return False  # the pages are drawn without their fields
    return bool(kind == pdfium.raw.FORMTYPE_XFA_FULL)


def _asks_to_wait(pdf: pdfium.PdfDocument) -> bool:
    """Whether the page that other viewers show in an XFA form's stead is all there is."""
    try:
        text = _text(pdf[0].get_textpage(), 2000)
    except pdfium.PdfiumError:
        return False
    return any(words in text for words in ("Please wait", "Adobe Reader"))


def _describe(pdf: pdfium.PdfDocument, exhibit: Exhibit) -> None:
    from validators.measures.metadata.timestamps import pdf_date  # noqa: PLC0415 - keeps this module's import light

    tags = {name: text for name in (*_SHOWN, *_DATES) if (text := _tag(pdf, name))}
    for name in _SHOWN:
        if name in tags:
            exhibit.metadata[f"pdf:{name}"] = tags[name][:200]
    for name, source in _DATES.items():
        candidate = pdf_date(source, tags.get(name, ""))
        if candidate is not None:
            exhibit.times.append(candidate)


def _tag(pdf: pdfium.PdfDocument, name: str) -> str:
    """A tag of the document, with U+FFFD for half a surrogate: pypdfium2's own getter raises on one."""
    key = f"{name}\0".encode("ascii")
    size = pdfium.raw.FPDF_GetMetaText(pdf, key, None, 0)
    if not 2 < size <= _TAG_BYTES:
        return ""
    held = ctypes.create_string_buffer(size)
    pdfium.raw.FPDF_GetMetaText(pdf, key, held, size)
    return held.raw[: size - 2].decode("utf-16-le", "replace")
