"""PDFs as every viewer shows them: fields are drawn, odd tags stop nothing, and what is not drawn is not called blank."""

from __future__ import annotations

import mmap

import pytest
from small_limits import LIMITS

from pipeline.opening.child.document import open_document, warm_up
from validators.exhibit import Exhibit

warm_up()


def pdf(*objects: str, info: str | None = None) -> bytes:
    """A document of the given objects, numbered from 1, the first its catalog; ``info`` is the last object's number."""
    body = b"%PDF-1.7\n"
    offsets = []
    for number, text in enumerate(objects, 1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n{text}\nendobj\n".encode("latin-1")
    start = len(body)
    body += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode()
    body += b"".join(f"{at:010} 00000 n \n".encode() for at in offsets)
    extra = f"/Info {info} 0 R" if info else ""
    return (
        body
        + f"trailer\n<</Size {len(objects) + 1}/Root 1 0 R{extra}>>\nstartxref\n{start}\n%%EOF\n".encode()
    )


def opened(data: bytes) -> Exhibit:
    held = mmap.mmap(-1, len(data))
    held.write(data)
    exhibit = Exhibit("application/pdf")
    open_document(held, exhibit, LIMITS)
    return exhibit


PAGES = "<</Type/Pages/Kids[3 0 R]/Count 1>>"
BLACK = "0 0 0 rg 10 10 120 30 re f"
STREAM = f"<</Type/XObject/Subtype/Form/BBox[0 0 150 50]/Length {len(BLACK)}>>\nstream\n{BLACK}\nendstream"


def form(flags: int = 4) -> bytes:
    """A page with nothing but a filled field, whose look is in its appearance stream."""
    return pdf(
        "<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[4 0 R]>>>>",
        PAGES,
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Annots[4 0 R]>>",
        f"<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/V(8100)/F {flags}/Rect[20 100 170 150]/P 3 0 R/AP<</N 5 0 R>>>>",
        STREAM,
    )


def test_a_filled_field_is_drawn():
    exhibit = opened(form())
    assert exhibit.views[0].pixels.min() < 50
    assert exhibit.problems == []


def test_half_a_surrogate_in_the_title_stops_nothing():
    title = "FEFF" + "Refund ".encode("utf-16-be").hex() + "D83D"
    data = pdf("<</Type/Catalog/Pages 2 0 R>>", PAGES, "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]>>",
               f"<</Title<{title}>>>", info="4")  # fmt: skip
    exhibit = opened(data)
    assert exhibit.metadata["pdf:Title"] == "Refund \ufffd"
    assert exhibit.page_count == 1


@pytest.mark.parametrize("content", ["", "1 1 1 rg 0 0 200 200 re f"])
def test_what_a_page_holds_and_is_not_drawn_is_not_called_blank(content):
    stream = f"<</Length {len(content)}>>\nstream\n{content}\nendstream"
    data = pdf("<</Type/Catalog/Pages 2 0 R>>", PAGES,
               "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R>>", stream)  # fmt: skip
    exhibit = opened(data)
    marked = bool(content)
    assert [problem.code for problem in exhibit.problems] == (["unchecked"] if marked else [])
    assert len(exhibit.views) == (0 if marked else 1)


def placed(picture: str, *, side: int, marks: str = "") -> bytes:
    """A page of 200 points with a grey picture of ``side`` px where ``picture`` puts it, under ``marks``."""
    drawn = f"q {picture} cm /P Do Q {marks}"
    return pdf(
        "<</Type/Catalog/Pages 2 0 R>>",
        PAGES,
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Rotate 90/Resources<</XObject<</P 4 0 R>>>>/Contents 5 0 R>>",
        f"<</Type/XObject/Subtype/Image/Width {side}/Height {side}/ColorSpace/DeviceGray/BitsPerComponent 1"
        f"/Filter/ASCIIHexDecode/Length {side * side // 4 + 1}>>\nstream\n{'55' * (side * side // 8)}>\nendstream",
        f"<</Length {len(drawn)}>>\nstream\n{drawn}\nendstream",
    )


@pytest.mark.parametrize(
    ("data", "share"),
    [
        (placed("200 0 0 200 0 0", side=400), 1.0),
        (placed("300 0 0 300 -50 -50", side=400), 1.0),
        (placed("100 0 0 50 0 150", side=400), 0.125),
        (placed("200 0 0 200 0 0", side=80), 0.0),  # a shade or an icon, drawn large
        (placed("200 0 0 200 0 0", side=400, marks="0 0 1 1 re f " * 400), 0.0),
        (form(), 0.0),
    ],
)
def test_a_page_knows_how_much_of_it_is_a_scan(data: bytes, share: float):
    assert opened(data).views[0].pictured == pytest.approx(share)
