"""A case whose every file, name and word tries to act where it is shown."""

from __future__ import annotations

import json
from email.message import EmailMessage
from pathlib import Path

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

TAKEN = "document.title='taken'"
SCRIPT = f"<script>{TAKEN}</script>"
ATTEMPTS = (
    SCRIPT,
    f'"><img src=x onerror="{TAKEN}">',
    f"'><svg/onload={TAKEN}>",
    f'<a href="javascript:{TAKEN}" autofocus onfocus={TAKEN}>x</a>',
    f"</textarea></style></title>{SCRIPT}",
    "<iframe src=https://evil.example/></iframe><meta http-equiv=refresh content=0;url=https://evil.example/>",
    "{{7*7}}{% include '/etc/passwd' %}",
    "\u202e\u2066gpj.exe\x07",
)


def make_case(folder: Path) -> None:
    """Write the case below ``folder``, which is its dispute's id."""
    buyer = folder / "buyer"
    buyer.mkdir(parents=True)
    evidence = []
    for number, attempt in enumerate(ATTEMPTS):
        name = f"{number} {attempt}".replace("/", "∕").replace("\x07", "") + (
            ".png" if number % 2 else ".jpg"
        )
        _picture(buyer / name, attempt, number)
        evidence.append(_declared(f"buyer/{name}", attempt))
    made = {
        "page.pdf": _pdf(),
        "mail.eml": _mail(),
        "chat.txt": "\n".join(ATTEMPTS).encode(),
        "drawing.svg": _svg(),
    }
    made |= {"page.html.jpg": f"<html><body>{SCRIPT}</body></html>".encode(), "chat.html": SCRIPT.encode()}
    for name, data in made.items():
        (buyer / name).write_bytes(data)
        evidence.append(_declared(f"buyer/{name}", SCRIPT))
    dispute = {
        "id": folder.name, "reason": "NOT_AS_DESCRIBED", "sub_reason": SCRIPT, "stage": SCRIPT, "status": SCRIPT,
        "parties": {"buyer": {"id": SCRIPT}, "seller": {"id": ATTEMPTS[1]}}, "listing_id": ATTEMPTS[2],
        "order": {"id": SCRIPT, "tracking": ATTEMPTS[1], "events": [
            {"type": SCRIPT, "at": "2026-03-01T08:00:00Z", "source": ATTEMPTS[1]}]},
        "opened_at": "2026-03-09T10:00:00Z", "evidence": evidence,
    }  # fmt: skip
    (folder / "dispute.json").write_text(json.dumps(dispute))


def _declared(file: str, attempt: str) -> dict[str, object]:
    return {
        "file": file,
        "party": "buyer",
        "roles": [attempt, "item"],
        "evidence_type": attempt,
        "description": attempt,
    }


def _picture(path: Path, attempt: str, number: int) -> None:
    random = np.random.default_rng(number)
    image = Image.fromarray(random.integers(0, 255, (300, 400, 3), np.uint8))
    told = attempt.encode("ascii", "ignore").decode()
    if path.suffix == ".png":
        info = PngInfo()
        info.add_text("Title", told)
        info.add_itxt("Comment", attempt)
        image.save(path, pnginfo=info)
        return
    exif = Image.Exif()
    for tag in (0x010E, 0x010F, 0x0110, 0x0131, 0x013B, 0x8298):
        exif[tag] = told
    image.save(path, exif=exif, comment=attempt.encode())


def _pdf() -> bytes:
    """Two words of text that look like a script, and an action that would open an address."""
    text = f"BT /F1 12 Tf 20 100 Td ({SCRIPT.replace('(', '').replace(')', '')}) Tj ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 200] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length " + str(len(text)).encode() + b" >>\nstream\n" + text + b"\nendstream",
    ]
    made, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(made))
        made += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    start = len(made)
    made += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode()
    return made + f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()


def _mail() -> bytes:
    mail = EmailMessage()
    mail["Subject"] = SCRIPT
    mail["From"] = f'"{SCRIPT}" <a@example.org>'
    mail.set_content(f"{SCRIPT}\nplain")
    mail.add_alternative(f"<html><body>{''.join(ATTEMPTS[:6])}</body></html>", subtype="html")
    return mail.as_bytes()


def _svg() -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" onload="{TAKEN}">{SCRIPT}</svg>'.encode()
