"""Files that ask for other files or hosts, named as innocent media: what each would fetch is a canary."""

from __future__ import annotations

import struct
import subprocess
from pathlib import Path

WORDS = "CANARY-7f3a-not-for-reports"
_CONTAINERS = {b"moov", b"trak", b"mdia", b"minf", b"dinf"}


def texts(canary: Path, port: int) -> dict[str, bytes]:
    """By name. ``canary``: a picture and words; ``port``: where a socket of ours listens."""
    url, file = f"http://127.0.0.1:{port}/canary.png", f"file://{canary}"
    both = [
        ("file", file),
        ("path", str(canary)),
        ("host", url),
        ("slice", f"subfile,,start,0,end,0,,:{canary}"),
        ("chained", f"concat:{canary}|{canary}"),
        ("encrypted", f"crypto:{file}"),
    ]
    made = {}
    for name, target in both:
        made[f"hls {name}.mp4"] = f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n{target}\n#EXT-X-ENDLIST\n"
        made[f"hls key {name}.mp4"] = (
            f'#EXTM3U\n#EXT-X-KEY:METHOD=AES-128,URI="{target}"\n#EXTINF:1,\n{target}\n#EXT-X-ENDLIST\n'
        )
        made[f"concat {name}.mp4"] = f"ffconcat version 1.0\nfile '{target}'\n"
        made[f"concat {name}.jpg"] = f"ffconcat version 1.0\nfile '{target}'\n"
        made[f"dash {name}.webm"] = (
            '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" '
            'mediaPresentationDuration="PT1S"><Period><AdaptationSet mimeType="video/mp4"><Representation id="1" '
            f'bandwidth="1"><BaseURL>{target}</BaseURL></Representation></AdaptationSet></Period></MPD>'
        )
        made[f"drawing {name}.svg"] = _SVG.format(target=target)
        made[f"drawing {name}.png"] = _SVG.format(target=target)
        made[f"letter {name}.eml"] = (
            f"From: a@b\nTo: c@d\nMIME-Version: 1.0\nContent-Type: message/external-body; access-type=local-file; "
            f'name="{canary}"\n\n<img src="{target}">\n'
        )
        made[f"page {name}.html"] = f'<html><img src="{target}"><iframe src="{target}"></iframe></html>'
    found = {name: body.encode() for name, body in made.items()}
    found["letter.pdf"] = _pdf(file, url)
    return found


_SVG = (
    '<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY secret SYSTEM "{target}">]><svg xmlns="http://www.w3.org/2000/svg" '
    'xmlns:xlink="http://www.w3.org/1999/xlink" width="400" height="300"><image xlink:href="{target}" width="400" '
    'height="300"/><text>&secret;</text></svg>'
)


def xmp_with_entities(jpeg: bytes, canary: Path) -> bytes:
    """A JPEG whose XMP has an external entity where the date stands."""
    packet = (
        f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY secret SYSTEM "file://{canary}">]>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description xmlns:xmp="http://ns.adobe.com/xap/1.0/"><xmp:CreatorTool>&secret;</xmp:CreatorTool>'
        "<xmp:CreateDate>&secret;</xmp:CreateDate></rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    body = b"http://ns.adobe.com/xap/1.0/\0" + packet.encode()
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + jpeg[2:]


def _pdf(file: str, url: str) -> bytes:
    """A page with an image of external data, an embedded file's name, and actions of several kinds when it is opened."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.launchURL\\('"
        + url
        + "'\\);) >> "
        "/AA << /WC << /S /URI /URI (" + url + ") >> >> >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 300] /Contents 4 0 R /Resources << /XObject << /I 5 0 R >> >> "
        f"/AA << /O << /S /Launch /F ({file}) >> >> >>",
        "<< /Length 34 >>\nstream\nq 300 0 0 300 0 0 cm /I Do Q      \nendstream",
        "<< /Type /XObject /Subtype /Image /Width 8 /Height 8 /ColorSpace /DeviceRGB /BitsPerComponent 8 /Length 0 "
        f"/F << /Type /Filespec /FS /URL /F ({url}) >> /FFilter /DCTDecode >>\nstream\n\nendstream",
    ]
    out, places = "%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n" + "".join(
        f"{p:010d} 00000 n \n" for p in places
    )
    out += f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n"
    return out.encode()


def movie_elsewhere(ffmpeg: str, folder: Path, canary: Path) -> bytes:
    """A QuickTime film whose samples are said to lie in another file."""
    plain = _decoded(ffmpeg, folder / "plain.mov")
    location = f"file://{canary}".encode() + b"\0"
    entry = struct.pack(">I4sI", 12 + len(location), b"url ", 0) + location
    reference = struct.pack(">I4sII", 16 + len(entry), b"dref", 0, 1) + entry
    return _with_box(plain, b"dref", reference)


def film_with_attachment(ffmpeg: str, folder: Path, canary: Path) -> bytes:
    """A Matroska film that carries a file whose name leads out of any folder."""
    made = folder / "attached.mkv"
    _decoded(
        ffmpeg, made, "-attach", str(canary), "-metadata:s:t", "mimetype=text/plain",
        "-metadata:s:t", "filename=../../../../tmp/attached-canary",
    )  # fmt: skip
    return made.read_bytes()


def _decoded(ffmpeg: str, path: Path, *more: str) -> bytes:
    source = ("-f", "lavfi", "-i", "mandelbrot=size=320x240:rate=10", "-t", "1")
    subprocess.run([ffmpeg, "-v", "error", "-y", *source, *more, str(path)], check=True)
    return path.read_bytes()


def _with_box(data: bytes, wanted: bytes, replacement: bytes) -> bytes:
    """``data`` with every box of a kind replaced and the boxes about it grown: samples must lie before them."""
    out, at = b"", 0
    while at < len(data):
        size, kind = struct.unpack(">I4s", data[at : at + 8])
        body = data[at + 8 : at + size]
        if kind == wanted:
            out += replacement
        elif kind in _CONTAINERS:
            inner = _with_box(body, wanted, replacement)
            out += struct.pack(">I4s", len(inner) + 8, kind) + inner
        else:
            out += data[at : at + size]
        at += size
    return out
