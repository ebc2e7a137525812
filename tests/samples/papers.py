"""Documents: PDF confirmations (one encrypted), chat logs as text, letters as .eml."""

from __future__ import annotations

import io
from email.message import EmailMessage
from email.policy import SMTP

from prints import FONTS
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

pdfmetrics.registerFont(TTFont("Sans", str(FONTS / "DejaVuSans.ttf")))
pdfmetrics.registerFont(TTFont("SansBold", str(FONTS / "DejaVuSans-Bold.ttf")))


def confirmation(
    title: str,
    head: list[tuple[str, str]],
    lines: list[tuple[str, str, str]],
    total: str,
    notes: list[str],
    password: str | None = None,
) -> bytes:
    """One A4 page: heading, particulars, a table of (item, quantity, price), total, notes."""
    out = io.BytesIO()
    lock = StandardEncryption(password, canPrint=0, strength=128) if password else None
    page = Canvas(out, pagesize=A4, invariant=1, encrypt=lock)
    page.setTitle(title)
    wide, tall = A4
    page.setFillColorRGB(0.84, 0.29, 0.15)
    page.rect(0, tall - 26 * mm, wide, 26 * mm, stroke=0, fill=1)
    page.setFillColorRGB(1, 1, 1)
    page.setFont("SansBold", 20)
    page.drawString(20 * mm, tall - 17 * mm, "TORVIK")
    page.setFont("Sans", 12)
    page.drawRightString(wide - 20 * mm, tall - 16 * mm, title)
    page.setFillColorRGB(0.1, 0.1, 0.12)
    y = tall - 42 * mm
    for name, value in head:
        page.setFont("SansBold", 10)
        page.drawString(20 * mm, y, name)
        page.setFont("Sans", 10)
        page.drawString(68 * mm, y, value)
        y -= 6.5 * mm
    y = _table(page, y - 6 * mm, wide, lines, total)
    page.setFont("Sans", 9)
    for note in notes:
        y -= 5.5 * mm
        page.drawString(20 * mm, y, note)
    page.setFont("Sans", 8)
    page.drawCentredString(
        wide / 2, 14 * mm, "Torvik Marketplace · this page was issued automatically · page 1 of 1"
    )
    page.save()
    return out.getvalue()


def _table(page: Canvas, y: float, wide: float, lines: list[tuple[str, str, str]], total: str) -> float:
    page.setFont("SansBold", 10)
    for x, word in ((20, "Item"), (135, "Quantity")):
        page.drawString(x * mm, y, word)
    page.drawRightString(wide - 20 * mm, y, "Price")
    page.line(20 * mm, y - 2 * mm, wide - 20 * mm, y - 2 * mm)
    page.setFont("Sans", 10)
    for item, quantity, price in lines:
        y -= 8 * mm
        page.drawString(20 * mm, y, item)
        page.drawString(140 * mm, y, quantity)
        page.drawRightString(wide - 20 * mm, y, price)
    y -= 4 * mm
    page.line(20 * mm, y, wide - 20 * mm, y)
    y -= 7 * mm
    page.setFont("SansBold", 11)
    page.drawString(20 * mm, y, "Total")
    page.drawRightString(wide - 20 * mm, y, total)
    return y - 8 * mm


def letter(
    sender: str, receiver: str, subject: str, date: str, body: str, reply_to: str | None = None
) -> bytes:
    """A mail as a mail program saves it, with the answered text quoted below."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Date"] = sender, receiver, subject, date
    mail["Message-ID"] = f"<{abs(sum(map(ord, subject + date)))}.torvik@mail.example>"
    if reply_to:
        mail["In-Reply-To"] = reply_to
    mail.set_content(body, cte="quoted-printable")
    return mail.as_bytes(policy=SMTP)


def chat_log(heading: str, lines: list[tuple[str, str, str]]) -> bytes:
    """A conversation exported as text: (stamp, who, words)."""
    rows = [heading, "=" * len(heading), ""]
    rows += [f"[{stamp}] {who}: {words}" for stamp, who, words in lines]
    return ("\n".join(rows) + "\n").encode()
