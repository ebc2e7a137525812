import io
import random
import struct

import pytest
from PIL import Image, PngImagePlugin

from pipeline.opening.child.exif import read_with_exifread, read_with_pillow
from pipeline.opening.child.metadata import MAX_ENTRIES, MAX_VALUE, read_metadata
from pipeline.opening.child.xmp import MAX_XMP, read_xmp
from validators.measures.metadata.metadata_blocks import metadata_blocks

TAKEN, EDITED = "2026:03:09 10:15:22", "2026:03:10 08:00:00"
EXIF_IFD, GPS_IFD = 0x8769, 0x8825


def exif_block(*, gps: bool = True, **texts: str) -> bytes:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0131] = texts.get("make", "ACME"), "Phone 7", "Camera 1.2"
    exif[0x0132] = EDITED
    exif[0x0112] = 6
    inner = exif.get_ifd(EXIF_IFD)
    inner[0x9003], inner[0x9004], inner[0x9291], inner[0x9011] = TAKEN, TAKEN, "25", "+03:00"
    inner[0x829A], inner[0x829D], inner[0x8827] = 0.004, 1.8, 200
    inner[0x9286] = b"ASCII\0\0\0Screenshot"
    if gps:
        place = exif.get_ifd(GPS_IFD)
        place[1], place[2], place[3], place[4] = "N", (54.0, 59.0, 22.8), "W", (1.0, 54.0, 51.0)
        place[29], place[7] = "2026:03:09", (7.0, 15.0, 20.5)
    return exif.tobytes()


NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "exif": "http://ns.adobe.com/exif/1.0/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
}


def packet(**properties: str) -> bytes:
    spaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    attributes = " ".join(f'{name.replace("__", ":")}="{value}"' for name, value in properties.items())
    return (
        '<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        f'<rdf:RDF {spaces}><rdf:Description rdf:about="" {attributes}>'
        "<photoshop:DateCreated>2026-03-09</photoshop:DateCreated></rdf:Description></rdf:RDF></x:xmpmeta>"
        + " " * 200
        + '<?xpacket end="w"?>'
    ).encode()


def still(kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").save(out, kind, **options)
    return out.getvalue()


def by_source(reading):
    return {time.source: time for time in reading.times}


@pytest.mark.parametrize(
    ("kind", "mime"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")]
)
def test_exif_of_every_container(kind, mime):
    reading = read_metadata(None, still(kind, exif=exif_block()), mime, "IMG_0123.JPG")
    times = by_source(reading)
    assert set(times) == {"exif:DateTimeOriginal", "exif:DateTimeDigitized", "exif:DateTime", "gps:DateTime"}
    taken = times["exif:DateTimeOriginal"]
    assert taken.zone_known
    assert taken.earliest.isoformat() == "2026-03-09T07:15:22.250000+00:00"
    assert taken.value == "2026:03:09 10:15:22.25+03:00"
    assert {t.meaning for t in reading.times} == {"captured", "digitized", "modified", "gps"}
    assert not times["exif:DateTime"].zone_known


def test_metadata_entries_never_hold_the_position():
    reading = read_metadata(None, still("JPEG", exif=exif_block()), "image/jpeg", "")
    assert reading.has_gps
    assert reading.metadata == {
        "Make": "ACME",
        "Model": "Phone 7",
        "Software": "Camera 1.2",
        "Orientation": "6",
        "ExposureTime": "1/250",
        "FNumber": "1.8",
        "ISO": "200",
        "UserComment": "Screenshot",
        "GPS": "present",
    }
    without = read_metadata(None, still("JPEG", exif=exif_block(gps=False)), "image/jpeg", "")
    assert not without.has_gps
    assert "GPS" not in without.metadata


def test_both_readers_agree_on_an_ordinary_block():
    block = exif_block().removeprefix(b"Exif\0\0")
    pillow, second = read_with_pillow(block), read_with_exifread(block)
    for name in ("Make", "Model", "DateTimeOriginal", "DateTime", "OffsetTimeOriginal"):
        assert pillow.text(name) == second.text(name) != ""
    assert pillow.position()
    assert second.position()


def test_a_block_that_pillow_refuses_is_read_by_exifread():
    """Pillow refuses this byte order mark's neighbour; ExifRead only looks at the mark."""
    block = exif_block().removeprefix(b"Exif\0\0")
    odd = block[:2] + b"\xd2\x00"[:: -1 if block[:2] == b"II" else 1] + block[4:]
    assert read_with_pillow(odd).failed == "SyntaxError"
    whole = still("JPEG", exif=b"Exif\0\0" + block).replace(block, odd)
    times = read_metadata(None, whole, "image/jpeg", "").times
    assert [t.source for t in times if t.meaning == "captured"] == ["exif:DateTimeOriginal"]


def test_where_the_readers_disagree_both_are_recorded(monkeypatch):
    monkeypatch.setattr(
        "pipeline.opening.child.metadata.read_with_exifread",
        lambda block: read_with_pillow(block.replace(TAKEN.encode(), b"2026:03:01 10:15:22")),
    )
    times = by_source(read_metadata(None, still("JPEG", exif=exif_block()), "image/jpeg", ""))
    assert times["exif:DateTimeOriginal"].earliest.day == 9
    assert times["exifread:DateTimeOriginal"].earliest.day == 1
    assert "exifread:DateTime" not in times


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_remnants_behind_a_packet_edited_in_place_cost_no_date(kind):
    """The tail of the longer packet that was there before."""
    before, after = packet(xmp__CreatorTool="Editor " * 60), packet(xmp__CreateDate="2026-03-09T10:15:00Z")
    edited = after + before[len(after) :]
    assert edited.count(b"</x:xmpmeta>") == 2
    saved = io.BytesIO()
    Image.radial_gradient("L").convert("RGB").save(saved, kind, xmp=edited)
    times = by_source(read_metadata(Image.open(saved), saved.getvalue(), f"image/{kind.lower()}", ""))
    assert {"xmp:CreateDate", "xmp:DateCreated"} <= set(times)


def test_xmp_times_and_position():
    xmp = packet(
        xmp__CreateDate="2026-03-09T10:15+02:00",
        xmp__ModifyDate="2026-03-10",
        xmp__CreatorTool="Editor 9",
        exif__GPSLatitude="1,2N",
        exif__GPSLongitude="3,4E",
        exif__GPSTimeStamp="2026-03-09T08:15:00Z",
    )
    reading = read_metadata(None, still("JPEG", xmp=xmp), "image/jpeg", "")
    times = by_source(reading)
    assert set(times) == {"xmp:CreateDate", "xmp:ModifyDate", "xmp:DateCreated", "xmp:GPSDateTime"}
    assert times["xmp:CreateDate"].earliest.isoformat() == "2026-03-09T08:15:00+00:00"
    assert not times["xmp:DateCreated"].zone_known
    assert reading.has_gps
    assert reading.metadata["Software"] == "Editor 9"
    assert "1,2N" not in reading.metadata.values()


@pytest.mark.parametrize(
    "hostile",
    [
        b'<!DOCTYPE a [<!ENTITY b "c">]><rdf>&b;</rdf>',
        b"<x:xmpmeta><unclosed></x:xmpmeta>",
        b"<?xml version='1.0' encoding='no-such-code'?><a/>",
        b"\xff\xfe\0\0",
        b"<rdf:RDF>" + b"a" * MAX_XMP + b"</rdf:RDF>",
    ],
)
def test_hostile_or_malformed_xmp_counts_as_absent(hostile):
    assert read_xmp(hostile) == {}


def iptc(*sets: tuple[int, str]) -> bytes:
    block = b"".join(
        struct.pack(">BBBH", 0x1C, 2, number, len(text)) + text.encode() for number, text in sets
    )
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(block)) + block
    payload = b"Photoshop 3.0\0" + b"8BIM\x03\xed\0\0" + struct.pack(">I", 2) + b"\0\1" + resource
    return b"\xff\xed" + struct.pack(">H", len(payload) + 2) + payload


def test_iptc_date():
    data = still("JPEG")
    reading = read_metadata(
        None, data[:2] + iptc((55, "20260309"), (60, "101522+0300")) + data[2:], "image/jpeg", ""
    )
    assert by_source(reading)["iptc:DateCreated"].earliest.isoformat() == "2026-03-09T07:15:22+00:00"
    day = read_metadata(None, data[:2] + iptc((55, "20260309")) + data[2:], "image/jpeg", "")
    assert not by_source(day)["iptc:DateCreated"].zone_known


def png_with(**texts: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    for name, value in texts.items():
        info.add_text(name.replace("_", " "), value, zip=len(value) > 100)
    info.add(b"tIME", bytes([7, 234, 3, 9, 10, 15, 22]))
    return still("PNG", pnginfo=info)


def test_png_times_and_texts():
    reading = read_metadata(
        None, png_with(Creation_Time="2026-03-08T09:00:00+01:00", Software="Drawer"), "image/png", ""
    )
    times = by_source(reading)
    assert times["png:tIME"].earliest.isoformat() == "2026-03-09T10:15:22+00:00"
    assert times["png:tIME"].meaning == "modified"
    assert times["png:CreationTime"].earliest.isoformat() == "2026-03-08T08:00:00+00:00"
    assert reading.metadata["Software"] == "Drawer"


def test_png_profiles_written_as_hexadecimal_text():
    block = exif_block()
    text = f"\nexif\n{len(block):8}\n{block.hex()}\n"
    times = by_source(read_metadata(None, png_with(Raw_profile_type_exif=text), "image/png", ""))
    assert times["exif:DateTimeOriginal"].zone_known


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", 8 + len(body)) + kind + body


def movie(created: int, keys: dict[str, str]) -> bytes:
    names = b"".join(box(b"mdta", name.encode()) for name in keys)
    values = b"".join(
        box(struct.pack(">I", number), box(b"data", struct.pack(">II", 1, 0) + value.encode()))
        for number, value in enumerate(keys.values(), 1)
    )
    meta = (
        box(b"hdlr", bytes(24))
        + box(b"keys", struct.pack(">II", 0, len(keys)) + names)
        + box(b"ilst", values)
    )
    header = box(b"mvhd", struct.pack(">III", 0, created, created) + bytes(88))
    return box(b"ftyp", b"qt  \0\0\0\0qt  ") + box(b"moov", header + box(b"meta", meta))


def test_movie_times_without_any_tool():
    keys = {
        "com.apple.quicktime.creationdate": "2026-03-09T11:25:40+0300",
        "com.apple.quicktime.make": "Apple",
        "com.apple.quicktime.location.ISO6709": "+52.36+006.67/",
    }
    seconds = 2_082_844_800 + 1_773_044_757  # 2026-03-09 08:25:57
    reading = read_metadata(None, movie(seconds, keys), "video/quicktime", "IMG_1.MOV")
    times = by_source(reading)
    assert times["quicktime:CreationDate"].earliest.isoformat() == "2026-03-09T08:25:40+00:00"
    assert times["quicktime:CreateDate"].zone_known
    assert reading.has_gps
    assert reading.metadata == {"Make": "Apple", "GPS": "present"}


def test_a_movie_header_alone_has_no_zone():
    times = by_source(read_metadata(None, movie(2_082_844_800 + 1_773_044_757, {}), "video/mp4", ""))
    assert not times["quicktime:CreateDate"].zone_known
    assert read_metadata(None, movie(0, {}), "video/mp4", "").times == ()


def test_tags_of_other_containers_come_from_ffprobe():
    tags = {"creation_time": "2026-03-09T10:15:22.000000Z", "ENCODER": "Lavf", "location": "+1+2/"}
    reading = read_metadata(None, b"\x1aE\xdf\xa3", "video/webm", "", tags)
    assert [t.source for t in reading.times] == ["container:creation_time"]
    assert reading.metadata == {"Encoder": "Lavf", "GPS": "present"}


def test_the_decoders_blocks_serve_where_the_walk_finds_none():
    image = Image.new("RGB", (8, 8))
    image.info["exif"] = exif_block()
    image.info["xmp"] = packet(xmp__CreateDate="2026-03-09T10:15:00Z")
    sources = set(by_source(read_metadata(image, b"", "image/avif", "")))
    assert {"exif:DateTimeOriginal", "xmp:CreateDate"} <= sources


def test_tiff_is_its_own_block():
    data = still("TIFF", tiffinfo={0x0132: EDITED, 0x010F: "ACME"})
    reading = read_metadata(None, data, "image/tiff", "")
    assert set(by_source(reading)) == {"exif:DateTime"}
    assert reading.metadata["Make"] == "ACME"


def test_file_name_is_one_more_source():
    reading = read_metadata(None, b"hello", "text/plain", "WhatsApp Image 2026-03-09 at 10.15.22.jpeg")
    assert [(t.source, t.meaning) for t in reading.times] == [("file_name", "named")]
    assert reading.metadata == {}


def test_entries_are_short_and_printable():
    data = still("JPEG", exif=exif_block(make="A\x1b[31m\u202eB" + "x" * 900))
    value = read_metadata(None, data, "image/jpeg", "").metadata["Make"]
    assert len(value) == MAX_VALUE
    assert value.isprintable()
    many = read_metadata(None, png_with(Software="a", Title="b", Comment="c"), "image/png", "")
    assert len(many.metadata) <= MAX_ENTRIES


def test_mutated_metadata_never_raises():
    rng = random.Random(4)
    seeds = [
        ("image/jpeg", still("JPEG", exif=exif_block(), xmp=packet(xmp__CreateDate="2026-03-09"))),
        ("image/png", still("PNG", exif=exif_block())),
        ("image/tiff", still("TIFF", tiffinfo={0x0132: EDITED})),
        ("video/mp4", movie(3_855_889_557, {"com.apple.quicktime.creationdate": "2026-03-09T11:25:40+0300"})),
    ]
    for mime, whole in seeds:
        for _ in range(40):
            data = bytearray(whole[: rng.choice([len(whole), rng.randrange(len(whole))])])
            for _ in range(rng.choice([1, 4, 30])):
                if data:
                    data[rng.randrange(min(len(data), 1200))] = rng.choice([0, 255, rng.randrange(256)])
            reading = read_metadata(None, bytes(data), mime, "")
            assert all(t.earliest <= t.latest for t in reading.times)


def test_any_type_count_and_value_in_an_entry_is_contained():
    block = exif_block().removeprefix(b"Exif\0\0")
    order = "<" if block[:2] == b"II" else ">"
    start = struct.unpack(order + "I", block[4:8])[0]
    entries = struct.unpack(order + "H", block[start : start + 2])[0]
    failed = set()
    for at in range(start + 2, start + 2 + 12 * entries, 12):
        tag = block[at : at + 2]
        for kind in (0, 2, 3, 5, 12, 14):
            for count, value in ((0, 0), (1, 0xFFFFFFFF), (2, 8), (0xFFFFFFFF, 8)):
                entry = tag + struct.pack(order + "HII", kind, count, value)
                odd = block[:at] + entry + block[at + 12 :]
                failed |= {read_with_pillow(odd).failed, read_with_exifread(odd).failed}
    assert failed > {""}


def test_blocks_of_types_without_metadata_are_empty():
    assert metadata_blocks("image/bmp", b"BM") == metadata_blocks("image/jpeg", b"")
