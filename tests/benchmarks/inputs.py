"""What people really send, kind by kind: how many were tried, came out right, wrong, and silently wrong.

./dev bench inputs

Every input is made here, so that its right answer is known. It is opened as in the jail's child and judged. *Silent* is what is
called usable although it cannot be read, or shows something else than what was sent.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import mmap
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path

import numpy as np
import pypdfium2 as pdfium
from chat_exports import LOCALES, Said, conversation, copied, log, telegram_json, telegram_page, whatsapp
from long_chats import EDITS, drawn, encoded
from PIL import Image
from reuse_engine import LIMITS, POLICY, Engine, opened_in_process
from text_chats import PHRASES, chats

from pipeline.opening.child import child
from pipeline.opening.child.inside.member_formats import READERS
from pipeline.opening.child.inside.members import FoundMember
from validators.case import Case
from validators.declared import Declared
from validators.dispute import Dispute, Order
from validators.disputes.judge import judge_item
from validators.evidence import Evidence, Measurements
from validators.measures.containers.file_type import sniff
from validators.report import EvidenceReport

sys.path.append(str(Path(__file__).resolve().parents[1] / "validators" / "measures"))
from reuse_pictures import jpeg, scene

NOW = datetime(2026, 3, 9, tzinfo=UTC)
AHEAD = timedelta(hours=3)
USABLE = ("USABLE", "USABLE_WITH_WARNINGS")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One input: whether it came out right, and whether it is called usable."""

    right: bool
    usable: bool


def judged(data: bytes, name: str, order: Order | None = None) -> tuple[EvidenceReport, Measurements]:
    """The report of one file."""
    measured = opened_in_process(data).measurements
    sha256 = hashlib.sha256(data).hexdigest()
    item = Evidence("E", "D", name, sha256, len(data), NOW, declared=Declared("buyer", description="see"))
    dispute = Dispute("D", declared=True, order=order or Order())
    return judge_item(Case(item, measured, dispute, NOW, ()), POLICY), measured


def outcome(data: bytes, name: str, right: str | tuple[str, ...]) -> Outcome:
    """Right where the report has a finding of the code, or is in the state; or shows all of the texts."""
    report, _ = judged(data, name)
    told = {finding.code for finding in report.findings} | {report.state}
    if isinstance(right, str):
        return Outcome(right in told, report.state in USABLE)
    return Outcome(all(one in (report.text or "") for one in right), report.state in USABLE)


def encodings() -> Iterator[Outcome]:
    for one in chats(seed=23, lengths=(3, 8, 30), each=2):
        report, measured = judged(one.data, "chat.txt")
        reported = any(finding.code == "TXT_ENCODING" for finding in report.findings)
        yield Outcome(measured.text == one.text or reported, report.state in USABLE and not reported)


def whatsapp_exports() -> Iterator[Outcome]:
    for seed in range(3):
        said = conversation(seed + 50)
        for locale in LOCALES:
            for ios in (False, True):
                yield _as_messages(whatsapp(said, locale, ios), "chat.txt", said)


def other_chats() -> Iterator[Outcome]:
    for seed in range(8):
        said = conversation(seed + 80)
        yield _as_messages(telegram_page(said), "messages.html", said)
        yield _as_messages(telegram_json(said), "result.json", said)
        yield _as_messages(copied(said), "chat.txt", said)
        yield _as_messages(log(said), "chat.txt", said, timed=False)


def _as_messages(text: str, name: str, said: list[Said], *, timed: bool = True) -> Outcome:
    """Right with every sender, every word, and every time: a chat's own clock is three hours ahead of UTC here."""
    report, _ = judged(text.encode(), name)
    written = [one for one in (report.chat.messages if report.chat else ()) if one.sender]
    same = [(one.sender, "".join(one.text.split())) for one in written] == [
        (one.sender, "".join(one.text.split())) for one in said
    ]
    on_time = not timed or all(
        one.earliest and one.latest and one.earliest <= true.at.replace(tzinfo=UTC) - AHEAD <= one.latest
        for one, true in zip(written, said, strict=False)
    )
    return Outcome(same and on_time, report.state in USABLE and not report.text)


def mails() -> Iterator[Outcome]:
    for phrases in PHRASES.values():
        words = phrases[0]
        for how in ("html", "blank", "table"):
            mail = EmailMessage()
            mail["From"], mail["To"], mail["Subject"] = "a@mail.example", "b@mail.example", words
            if how == "blank":
                mail.set_content("\n \n")
                mail.add_alternative(f"<p>{words}</p>", subtype="html")
            else:
                body = (
                    f"<table><tr><td>{words}</td><td>{phrases[1]}</td></tr></table>"
                    if how == "table"
                    else words
                )
                mail.set_content(f"<html><body>{body}</body></html>", subtype="html")
            yield outcome(mail.as_bytes(), "mail.eml", (words,))


def empty_messages() -> Iterator[Outcome]:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"], mail["Date"] = (
        "a@mail.example",
        "b@mail.example",
        "x",
        "Mon, 9 Mar 2026 10:00:00 +0000",
    )
    mail.set_content("\n\n")
    yield outcome(mail.as_bytes(), "mail.eml", "TXT_EMPTY")
    for blank in (b"   \n\n  ", "\ufeff \n".encode(), b"<html><body><script>1</script></body></html>"):
        yield outcome(blank, "page.html" if b"<" in blank else "note.txt", "TXT_EMPTY")


def failed_uploads() -> Iterator[Outcome]:
    page = b"<!DOCTYPE html><html><head><title>413</title></head><body>Request Entity Too Large</body></html>"
    pointer = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + b"4" * 64 + b"\nsize 12345\n"
    bodies = (json.dumps({"error": "expired"}).encode(), page, pointer, bytes(4096), bytes(300_000))
    for body in bodies:
        for name in ("photo.jpg", "IMG_1.HEIC", "pic.png"):
            yield outcome(body, name, "FMT_UPLOAD_FAILED")


def unchecked_kinds() -> Iterator[Outcome]:
    photoshop = b"8BPS\0\1" + bytes(6) + b"\0\3\0\0\0\x10\0\0\0\x10\0\x08\0\3" + bytes(2000)
    kinds = {
        "picture.psd": photoshop,
        "photo.rar": b"Rar!\x1a\x07\x01\0" + bytes(range(256)) * 8,
        "photo.cr2": b"II*\0\x10\0\0\0CR\2\0" + bytes(4000),
    }
    for name, data in kinds.items():
        yield outcome(data, name, "NOT_CHECKED")


def wrapped_bytes() -> Iterator[Outcome]:
    for seed in range(4):
        photo = jpeg(scene(seed))
        for data in (gzip.compress(photo), b"data:image/jpeg;base64," + base64.b64encode(photo)):
            report, _ = judged(data, "photo.jpg")
            yield Outcome(report.kind == "photo" and report.width is not None, report.state in USABLE)


def photos_inside() -> Iterator[Outcome]:
    for seed in range(4):
        photo = jpeg(scene(seed))
        for data in (
            _zip(photo, "IMG-1.jpg"),
            _mail(photo),
            _zip(photo, "word/media/image1.jpeg", word=True),
        ):
            with mmap.mmap(-1, len(data)) as held:
                held.write(data)
                read = READERS[sniff(data[:65536], len(data))]
                limits = replace(LIMITS, members=10)
                found = [b"".join(one.chunks) for one in read(held, limits) if isinstance(one, FoundMember)]
            yield Outcome(photo in found, usable=True)


def _zip(photo: bytes, name: str, *, word: bool = False) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        if word:
            kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
            archive.writestr(
                "[Content_Types].xml",
                f'<Types><Override PartName="/word/document.xml" ContentType="{kind}"/></Types>',
            )
            archive.writestr("word/document.xml", "<document/>")
        archive.writestr(name, photo)
    return out.getvalue()


def _mail(photo: bytes) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@mail.example", "b@mail.example", "photo"
    mail["Date"] = "Mon, 9 Mar 2026 10:00:00 +0000"
    mail.set_content("see the photo")
    mail.add_attachment(photo, maintype="image", subtype="jpeg", filename="IMG-1.jpg")
    return mail.as_bytes()


def photos_in_pdf() -> Iterator[Outcome]:
    engine = Engine()
    photos = {f"photo {seed}": jpeg(scene(seed)) for seed in range(8)}
    for name, data in photos.items():
        engine.add(name, data)
    for name, data in photos.items():
        for filling in (False, True):
            found = {other for other, link in engine.look(f"{name} {filling}", in_pdf(data, filling=filling))
                     if link.class_ == "SAME_PHOTO"}  # fmt: skip
            yield Outcome(found == {name}, usable=True)


def in_pdf(photo: bytes, *, filling: bool) -> bytes:
    """A page with a photo: as large as it goes, or with margins as in a letter."""
    wide, high = Image.open(io.BytesIO(photo)).size
    document = pdfium.PdfDocument.new()
    page, picture = document.new_page(595, 842), pdfium.PdfImage.new(document)
    picture.load_jpeg(io.BytesIO(photo))
    margin = 0 if filling else 90
    scale = min((595 - 2 * margin) / wide, (842 - 2 * margin) / high)
    left, low = (595 - wide * scale) / 2, (842 - high * scale) / 2
    picture.set_matrix(pdfium.PdfMatrix().scale(wide * scale, high * scale).translate(left, low))
    page.insert_obj(picture)
    page.gen_content()
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def long_screens() -> Iterator[Outcome]:
    for seed in range(3):
        for edit in ("JPEG 75", "half size"):
            pixels, _, as_jpeg = EDITS[edit](np.asarray(drawn(seed, 5000, 9000)))
            opened = opened_in_process(encoded(pixels, as_jpeg))
            shown = [one.width for one in opened.derivatives if one.kind == "preview"]
            whole = len(shown) > 1 and min(shown) == pixels.shape[1]
            yield Outcome(whole and opened.measurements.kind == "screenshot", usable=True)


def numbers_in_text() -> Iterator[Outcome]:
    for label in (
        "Order number:",
        "订单号：",
        "Номер заказа:",
        "Numéro de commande :",
        "Bestellnummer",
        "注文番号",
        "Sipariş no:",
    ):
        for written, answer in (("8120455123", "agrees"), ("8120455188", "differs")):
            report, _ = judged(
                f"Hello!\n{label} {written}\nThank you\n".encode(), "chat.txt", Order(id="8120455123")
            )
            yield Outcome([one.answer for one in report.numbers] == [answer], usable=True)


KINDS = {
    "chats in 13 languages and their encodings": encodings,
    "WhatsApp exports, 20 locales, iOS and Android": whatsapp_exports,
    "Telegram, copied chats, logs": other_chats,
    "mails of HTML alone, or with a blank plain part": mails,
    "messages without a readable word": empty_messages,
    "failed uploads under a picture's name": failed_uploads,
    "valid kinds that are not read": unchecked_kinds,
    "photos in gzip or in a data URL": wrapped_bytes,
    "photos inside ZIP, mail and Word files": photos_inside,
    "photos on PDF pages, found again": photos_in_pdf,
    "long screenshots, in readable pieces": long_screens,
    "order numbers in text": numbers_in_text,
}


def main() -> None:
    """Run and print."""
    child.warm_up()
    print("| kind | tried | right | wrong | silent |\n|---|---|---|---|---|")
    for name, kind in KINDS.items():
        counts: Counter[str] = Counter()
        for one in kind():
            counts["right" if one.right else "silent" if one.usable else "wrong"] += 1
        tried = counts.total()
        print(
            f"| {name} | {tried} | {counts['right']} | {counts['wrong']} | {counts['silent']} |", flush=True
        )


if __name__ == "__main__":
    main()
