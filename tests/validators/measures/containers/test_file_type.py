import struct

import pytest

from validators.measures.containers.file_type import KIND_OF, OTHER, SUPPORTED, kind_of, sniff


def ftyp(major: str, *compatible: str) -> bytes:
    body = major.encode() + b"\0\0\0\0" + "".join(compatible).encode()
    return struct.pack(">I", 8 + len(body)) + b"ftyp" + body + b"\0\0\0\x08free"


def tiff(*entries: tuple[int, int, int, int], tail: bytes = b"") -> bytes:
    body = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + body + b"\0\0\0\0" + tail


NIKON_RAW = tiff((0x010F, 2, 6, 38), (0x014A, 4, 1, 99), tail=b"NIKON\0")
TS_PACKET = b"\x47\x40\x00\x10" + bytes(184)
PE = b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0"
MAIL = b"Received: from a\r\n by b\r\nFrom: a@example.org\r\nTo: b@example.org\r\nSubject: hi\r\n\r\nbody\r\n"


@pytest.mark.parametrize(
    ("head", "mime"),
    [
        (b"\xff\xd8\xff\xe0\0\x10JFIF", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
        (b"GIF89a\1\0\1\0", "image/gif"),
        (b"RIFF\x24\0\0\0WEBPVP8 ", "image/webp"),
        (b"RIFF\x24\0\0\0AVI LIST", "video/x-msvideo"),
        (b"RIFF\x24\0\0\0WAVEfmt ", "audio/wav"),
        (b"BM" + struct.pack("<IHHII", 70, 0, 0, 54, 40), "image/bmp"),
        (tiff(), "image/tiff"),
        (b"MM\0*\0\0\0\x08\0\0", "image/tiff"),
        (NIKON_RAW, "image/x-nikon-nef"),
        (tiff((0xC612, 1, 4, 1)), "image/x-adobe-dng"),
        (b"II*\0\x10\0\0\0CR\2\0", "image/x-canon-cr2"),
        (ftyp("heic", "mif1", "heic"), "image/heic"),
        (ftyp("mif1", "mif1", "heic"), "image/heif"),
        (ftyp("mif1", "mif1", "avif"), "image/avif"),
        (ftyp("avif", "mif1"), "image/avif"),
        (ftyp("isom", "iso2", "mp41"), "video/mp4"),
        (ftyp("mp42"), "video/mp4"),
        (ftyp("zzzz", "qt  "), "video/quicktime"),
        (ftyp("zzzz"), "video/mp4"),
        (ftyp("qt  "), "video/quicktime"),
        (ftyp("3gp5", "isom"), "video/3gpp"),
        (ftyp("3g2a"), "video/3gpp2"),
        (ftyp("M4A ", "isom"), "audio/mp4"),
        (ftyp("crx "), "image/x-canon-cr3"),
        (b"\0\0\0\x08wide\0\0\x10\0mdat", "video/quicktime"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\1B\x82\x84webmB", "video/webm"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\1B\x82\x88matroska", "video/x-matroska"),
        (TS_PACKET * 5, "video/mp2t"),
        (TS_PACKET.replace(b"\0\x10", b"\x11\x10") + TS_PACKET * 4, "video/mp2t"),
        (b"%PDF-1.7\n", "application/pdf"),
        (b"\n\nscanner\n%PDF-1.4\n1 0 obj\n", "application/pdf"),
        (b"PK\3\4\x14\0" + bytes(24) + b"photo.jpg", "application/zip"),
        (
            b"PK\3\4\x14\0" + bytes(24) + b"word/document.xml",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        ),
        (b"PK\3\4\x14\0" + bytes(24) + b"photo.jpg\xff\xd8 xl/ ppt/ word/", "application/zip"),
        (b"Rar!\x1a\x07\1\0", "application/x-rar"),
        (b"7z\xbc\xaf\x27\x1c\0\4", "application/x-7z-compressed"),
        (b"\x1f\x8b\x08\0", "application/gzip"),
        (b"\x7fELF\2\1\1", "application/x-executable"),
        (PE, "application/x-executable"),
        (b"8BPS\0\1", "image/vnd.adobe.photoshop"),
        (b"ID3\4\0", "audio/mpeg"),
        (b"\xff\xfb\x90\x64\0", "audio/mpeg"),
        (b"\xff\xf1\x50\x80\0", "audio/aac"),
        (b"OggS\0\2" + bytes(20) + b"OpusHead", "audio/ogg"),
        (b"OggS\0\2" + bytes(20) + b"\x80theora", "video/ogg"),
        (b"<!DOCTYPE html><html><body>", "text/html"),
        (b"<?xml version='1.0'?>\n<!-- a -->\n<svg xmlns='x'>", "image/svg+xml"),
        (b"<?xml version='1.0'?>\n<note/>", "application/xml"),
        (MAIL, "message/rfc822"),
        (b"", "application/octet-stream"),
        (bytes(range(256)), "application/octet-stream"),
        (bytes(64), "application/octet-stream"),
    ],
)
def test_type_of_first_bytes(head, mime):
    assert sniff(head, len(head)) == mime


CHAT = "[09/03/2026, 10:15:22] {}: {}\n"
CHATS = {
    "english": CHAT.format("Bob", "BMW parts: order %PDF-1 no 8123456789012345"),
    "chinese": CHAT.format("小王", "包裹坏了，请退款。谢谢！"),
    "russian": CHAT.format("Иван", "Крышка треснула, посмотрите фото пожалуйста"),
    "arabic": CHAT.format("سارة", "وصل الطرد مكسورا"),
    "japanese": CHAT.format("田中", "箱が壊れていました。返金をお願いします"),
    "korean": CHAT.format("김", "상자가 부서졌어요"),
    "german": CHAT.format("Jörg", "Die Schüssel ist zerbrochen – größer als erwartet"),
    "emoji": CHAT.format("Ana", "roto 😡👍"),
}
ENCODINGS = {
    "english": ("utf-8", "utf-16", "utf-16-le", "cp1252"),
    "chinese": ("utf-8", "utf-16", "gb18030", "big5hkscs", "utf-16-le"),
    "russian": ("utf-8", "cp1251", "koi8-r", "utf-16-be"),
    "arabic": ("utf-8", "cp1256", "utf-16"),
    "japanese": ("utf-8", "shift_jis", "euc-jp"),
    "korean": ("utf-8", "cp949"),
    "german": ("utf-8", "cp1252", "utf-8-sig"),
    "emoji": ("utf-8", "utf-16", "utf-32"),
}


@pytest.mark.parametrize(("language", "encoding"), [(k, e) for k, es in ENCODINGS.items() for e in es])
def test_chat_log_is_text_in_any_language(language, encoding):
    data = (CHATS[language] * 4).encode(encoding, errors="replace")
    assert sniff(data, len(data)) == "text/plain"


def test_text_cut_inside_a_character_stays_text():
    data = "包裹坏了".encode() * 400
    assert sniff(data[:1000], len(data)) == "text/plain"
    assert sniff(data[:1000], 1000) != sniff(data[:1002], 1002) or data[:1000].decode(errors="ignore")


@pytest.mark.parametrize(
    "data",
    [
        b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n",
        b"ffconcat version 1.0\nfile other.mp4\n",
        b"[playlist]\nFile1=a.mp4\n",
    ],
)
def test_playlist_is_never_a_video(data):
    mime = sniff(data, len(data))
    assert kind_of(mime) == OTHER
    assert not mime.startswith("video/")


@pytest.mark.parametrize(
    "text",
    [
        "From: me to you\nhello there\nnothing else\n",
        "Note: this\n\nSubject: that\n",
        "Dear seller,\nFrom: a@b\nTo: c@d\nSubject: x\n",
    ],
)
def test_headers_alone_in_prose_are_not_mail(text):
    assert sniff(text.encode(), len(text)) == "text/plain"


def test_words_that_begin_like_a_signature_stay_text():
    for text in ("BM is my name and I bought a mug", "MZ said it broke on the way here, as the photos show"):
        assert sniff(text.encode(), len(text)) == "text/plain"
    assert sniff(b"G" * 1000, 1000) == "text/plain"


def test_every_supported_type_has_a_kind():
    assert set(KIND_OF) == SUPPORTED
    assert {kind_of(mime) for mime in SUPPORTED} == {
        "still",
        "document",
        "text",
        "mail",
        "html",
        "video",
        "audio",
    }
    assert kind_of("application/zip") == OTHER
