"""PDF: pages rendered by PDFium, bounded in number and size; scripts, forms and attachments are never run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pypdfium2 as pdfium

from pipeline.opening.limits import VIEW_SIDE, Limits
from validators.evidence import DOCUMENT, Problem
from validators.exhibit import Exhibit, View

if TYPE_CHECKING:
    import mmap

_DATES = {"CreationDate": "pdf:CreationDate", "ModDate": "pdf:ModDate"}
_SHOWN = ("Title", "Author", "Subject", "Creator", "Producer")
_PASSWORD = 4  # FPDF_ERR_PASSWORD
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
    exhibit.page_count = len(pdf)
    _describe(pdf, exhibit)
    read = min(len(pdf), limits.pages)
    if read < len(pdf):
        detail = f"Only the first {read} of {len(pdf)} pages were read."
        exhibit.problems.append(Problem("limited", detail, float(len(pdf)), float(limits.pages), "pages"))
    for number in range(read):
        _render(pdf, number, exhibit)
    if read == 0:
        exhibit.problems.append(Problem("corrupt", "the document has no page"))


def _render(pdf: pdfium.PdfDocument, number: int, exhibit: Exhibit) -> None:
    try:
        page = pdf[number]
        width, height = page.get_size()
        if not (0 < width <= _POINTS_MAX and 0 < height <= _POINTS_MAX):
            problem = Problem("too_large", f"page {number + 1}", max(width, height), _POINTS_MAX, "points")
            exhibit.problems.append(problem)
            return
        bitmap = page.render(scale=VIEW_SIDE / max(width, height), rev_byteorder=True, may_draw_forms=False)
        pixels = np.array(bitmap.to_numpy()[:VIEW_SIDE, :VIEW_SIDE, :3], dtype=np.uint8)
        characters = page.get_textpage().count_chars()
    except pdfium.PdfiumError as error:
        exhibit.problems.append(Problem("damaged", f"page {number + 1}: {error}"[:200]))
        return
    exhibit.views.append(View(pixels, round(width), round(height), page=number + 1, characters=characters))


def _describe(pdf: pdfium.PdfDocument, exhibit: Exhibit) -> None:
    from validators.measures.metadata.timestamps import pdf_date  # noqa: PLC0415 - keeps this module's import light

    tags = pdf.get_metadata_dict(skip_empty=True)
    for name in _SHOWN:
        if name in tags:
            exhibit.metadata[f"pdf:{name}"] = tags[name][:200]
    for name, source in _DATES.items():
        candidate = pdf_date(source, tags.get(name, ""))
        if candidate is not None:
            exhibit.times.append(candidate)
