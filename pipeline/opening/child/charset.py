"""Bytes to text: which encoding a chat, a mail part or a page was written in, and how sure that is.

UTF-8 goes first, also with a few broken bytes; then what the sender's program declared, then detection by chardet, whose
confidence says whether the answer is certain.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

import chardet
from chardet import DetectionDict

from validators.measures.containers.text_type import text_encoding

_SUPERSETS = {
    "gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "cp936": "gb18030", "euc-cn": "gb18030",
    "iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252", "us-ascii": "cp1252", "ascii": "cp1252",
    "iso-8859-9": "cp1254", "iso-8859-8-i": "cp1255", "iso-8859-8": "cp1255", "iso-8859-11": "cp874", "tis-620": "cp874",
    "shift_jis": "cp932", "shift-jis": "cp932", "sjis": "cp932", "x-sjis": "cp932", "ms_kanji": "cp932",
    "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "euc-kr": "cp949", "big5": "big5hkscs", "big5-hkscs": "big5hkscs",
    "unicode-1-1-utf-7": "utf-7",
}  # fmt: skip
"""What programs write under the label of a smaller set (the labels of the WHATWG Encoding Standard)."""
_ESCAPES = re.compile(rb"\x1b(?:\$[@AB]|\$\(D|\([BIJ])")
"""ISO-2022-JP's shifts: plain ASCII to every other test."""
_WRITTEN = (
    "utf-8", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "cp874", "tis-620",
    "cp866", "cp852", "cp437", "cp850", "koi8-r", "koi8-u", "iso8859-1", "iso8859-2", "iso8859-5", "iso8859-6", "iso8859-7",
    "iso8859-8", "iso8859-9", "iso8859-13", "iso8859-15", "gb18030", "big5", "big5hkscs", "cp932", "shift_jis_2004", "euc-jp",
    "cp949", "euc-kr", "johab",
)  # fmt: skip
"""What phones and desktops write; the rest (EBCDIC, old Macs, DOS in small languages) would only compete with it."""
_FEW = 0.02
"""Share of a text's characters beyond ASCII that may be broken for it still to be UTF-8."""
_MARGIN = 1.05
"""How much more confidence than the next that reads otherwise: of 686 chats all wrong answers tied (text_chats.py)."""
_EXAMINED = 64 * 1024
_ALTERNATIVES = 3


@dataclass(frozen=True, slots=True)
class Decoded:
    """``certain`` is False where other encodings (``alternatives``) would do as well; ``broken`` counts U+FFFD put in."""

    text: str
    encoding: str
    certain: bool = True
    alternatives: tuple[str, ...] = ()
    broken: int = 0


def warm_up() -> None:
    """Load the detector's models: in a child no file can be opened."""
    chardet.detect("Привет".encode("cp1251"))


def decode_text(raw: bytes, *, whole: bool, declared: str | None = None) -> Decoded:
    """The text of ``raw``; ``whole`` says that it is the entire text, else a character cut at the end is forgiven."""
    stated = text_encoding(raw, whole=whole)
    if stated is not None and stated not in ("utf-8", "latin-1"):
        return _decoded(raw, stated)
    if _ESCAPES.search(raw):
        return _decoded(raw, "iso2022_jp")
    if stated == "utf-8":
        return _decoded(raw, "utf-8", whole=whole)
    if _is_broken_utf8(raw):
        return _decoded(raw, "utf-8", whole=whole)
    known = _known(declared)
    if known is not None and _fits(raw, known):
        return _decoded(raw, known, whole=whole)
    return _detected(raw, whole=whole)


def _known(declared: str | None) -> str | None:
    """The codec for a declared label, widened to what is written under it; None for a label that means nothing."""
    if not declared:
        return None
    label = declared.strip().strip("\"'").lower()
    label = _SUPERSETS.get(label, label)
    try:
        return codecs.lookup(label).name
    except (LookupError, ValueError):
        return None


def _fits(raw: bytes, encoding: str) -> bool:
    """Whether nearly all of it decodes: a mail's label is right far more often than not."""
    text = raw.decode(encoding, "replace")
    return text.count("\ufffd") <= max(1, _FEW * sum(one > "\x7f" for one in text))


def _is_broken_utf8(raw: bytes) -> bool:
    """Whether it is UTF-8 but for a few bytes: by chance hardly two bytes beyond ASCII are a character of UTF-8."""
    text = raw.decode("utf-8", "replace")
    beyond = sum(one > "\x7f" and one != "\ufffd" for one in text)
    broken = text.count("\ufffd")
    return broken > 0 and beyond >= 8 and broken <= max(1, _FEW * beyond)


def _detected(raw: bytes, *, whole: bool) -> Decoded:
    found = chardet.detect_all(
        raw[:_EXAMINED], compat_names=False, include_encodings=_WRITTEN, ignore_threshold=True
    )
    best = [one for one in found if one["encoding"] is not None]
    if not best:
        return _decoded(raw, "cp1252", certain=False, whole=whole)
    first = _name(best[0])
    others = [one for one in best[1:] if _reads_otherwise(raw, first, _name(one))]
    rival = float(others[0]["confidence"]) if others else 0.0
    certain = float(best[0]["confidence"]) >= _MARGIN * rival
    alternatives = () if certain else tuple(_name(one) for one in others[:_ALTERNATIVES])
    return _decoded(raw, first, certain=certain, alternatives=alternatives, whole=whole)


def _name(found: DetectionDict) -> str:
    label = str(found["encoding"]).lower()
    return codecs.lookup(_SUPERSETS.get(label, label)).name


def _reads_otherwise(raw: bytes, first: str, second: str) -> bool:
    return raw.decode(first, "replace") != raw.decode(second, "replace")


def _decoded(
    raw: bytes, encoding: str, *, certain: bool = True, alternatives: tuple[str, ...] = (), whole: bool = True
) -> Decoded:
    text = raw.decode(encoding, "replace").replace("\0", "\ufffd")
    if not whole:
        text = text.removesuffix("\ufffd")
    return Decoded(text, encoding, certain, alternatives, text.count("\ufffd"))
