"""Files that state how they were made, by the documented conventions of their writers, and the same words in wrong places."""

from __future__ import annotations

import io
import json
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape

from heic_picture import heic
from PIL import Image, PngImagePlugin

FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "HEIC", "MP4")
MIME = {
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "WEBP": "image/webp",
    "AVIF": "image/avif",
    "HEIC": "image/heic",
    "MP4": "video/mp4",
}
_NAMESPACES = {
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmpMM": "http://ns.adobe.com/xap/1.0/mm/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "TC260": "http://www.tc260.org.cn/ns/AIGC/1.0/",
}
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
VOCABULARY = "http://cv.iptc.org/newscodes/digitalsourcetype/"
LABEL = json.dumps({"Label": "1", "ContentProducer": "001191110102MACQD9K64010000", "ProduceID": "7f3a"})
SETTINGS = "a cup on a table\nNegative prompt: blurry\nSteps: 30, Sampler: DPM++ 2M, CFG scale: 7, Seed: 42, Size: 64x64"
GRAPH = json.dumps({"3": {"class_type": "KSampler", "inputs": {"seed": 42}}})


@dataclass(frozen=True, slots=True)
class Writer:
    """A program with what it writes. ``says``: the right answer, with the place that states it."""

    name: str
    source: str
    says: str
    xmp: Mapping[str, str] = field(default_factory=dict)
    exif: Mapping[int, object] = field(default_factory=dict)
    comment: bytes = b""
    texts: Mapping[str, str] = field(default_factory=dict)
    keys: Mapping[str, str] = field(default_factory=dict)
    credit: str = ""


def _type(term: str) -> dict[str, str]:
    return {"Iptc4xmpExt:DigitalSourceType": VOCABULARY + term}


_TYPE, _SOFTWARE = "xmp:DigitalSourceType", 0x0131
WRITERS = (
    Writer(
        "Google Gemini",
        _TYPE,
        "generated",
        {**_type("trainedAlgorithmicMedia"), "photoshop:Credit": "Made with Google AI"},
    ),
    Writer(
        "Google Photos editor",
        _TYPE,
        "composed",
        {**_type("compositeWithTrainedAlgorithmicMedia"), "photoshop:Credit": "Edited with Google AI"},
    ),
    Writer("Pixel camera", _TYPE, "captured", _type("computationalCapture")),
    Writer("Midjourney", _TYPE, "generated", _type("trainedAlgorithmicMedia")),
    Writer(
        "Meta AI",
        _TYPE,
        "generated",
        {**_type("trainedAlgorithmicMedia"), "photoshop:Credit": "Imagined with AI"},
    ),
    Writer("Apple Clean Up", "xmp:Credit", "composed", {"photoshop:Credit": "Apple Photos Clean Up"}),
    Writer(
        "Apple Image Playground", "xmp:Credit", "generated", {"photoshop:Credit": "Apple Image Playground"}
    ),
    Writer("Doubao", "xmp:AIGC", "generated", {"TC260:AIGC": LABEL}),
    Writer("Draw Things", "xmp:CreatorTool", "generated", {"xmp:CreatorTool": "Draw Things"}),
    Writer("Reve", "xmp:CreatorTool", "generated", {"xmp:CreatorTool": "reve.com"}),
    Writer("Adobe Firefly", "exif:Software", "generated", exif={_SOFTWARE: "Adobe Firefly"}),
    Writer("Microsoft Designer", "exif:Software", "generated", exif={_SOFTWARE: "Microsoft Designer"}),
    Writer("DALL-E", "exif:Software", "generated", exif={_SOFTWARE: "DALL·E 3".encode()}),
    Writer("Imagen", "exif:Software", "generated", exif={_SOFTWARE: "Imagen 3"}),
    Writer("Stable Diffusion", "exif:Software", "generated", exif={_SOFTWARE: "stable-diffusion-webui v1.9"}),
    Writer("Ideogram", "exif:Make", "generated", exif={0x010F: "Ideogram AI"}),
    Writer(
        "AUTOMATIC1111 in EXIF",
        "exif:UserComment",
        "generated",
        comment=b"UNICODE\0" + SETTINGS.encode("utf-16-be"),
    ),
    Writer(
        "Kling in EXIF",
        "exif:UserComment",
        "generated",
        comment=b"ASCII\0\0\0" + json.dumps({"AIGC": json.loads(LABEL)}).encode(),
    ),
    Writer("ComfyUI in EXIF", "exif:Model", "generated", exif={0x0110: "prompt:" + GRAPH}),
    Writer("AUTOMATIC1111", "png:parameters", "generated", texts={"parameters": SETTINGS}),
    Writer("ComfyUI", "png:prompt", "generated", texts={"prompt": GRAPH}),
    Writer(
        "InvokeAI",
        "png:invokeai_metadata",
        "generated",
        texts={"invokeai_metadata": json.dumps({"generation_mode": "txt2img", "positive_prompt": "a cup"})},
    ),
    Writer("NovelAI", "png:Title", "generated", texts={"Title": "AI generated image", "Software": "NovelAI"}),
    Writer(
        "SwarmUI",
        "png:parameters",
        "generated",
        texts={"parameters": json.dumps({"sui_image_params": {"prompt": "a cup"}})},
    ),
    Writer(
        "Fooocus",
        "png:parameters",
        "generated",
        texts={"parameters": json.dumps({"base_model": "juggernautXL", "seed": "42"})},
    ),
    Writer(
        "Midjourney PNG",
        "png:Description",
        "generated",
        texts={
            "Description": "a cup --v 6 Job ID: 0b6b4e5d-9a5a-4f0f-8f4f-2f9d1f0a7c11",
            "Author": "someone",
        },
    ),
    Writer("Doubao PNG", "png:AIGC", "generated", texts={"AIGC": LABEL}),
    Writer("Jimeng video", "container:AIGC", "generated", keys={"AIGC": LABEL}),
    Writer("Stock agency", "iptc:Credit", "generated", credit="Made with Google AI"),
)


def fits(writer: Writer, kind: str) -> bool:
    """Whether the writer's convention exists in that format."""
    if writer.texts:
        return kind == "PNG"
    if writer.credit:
        return kind == "JPEG"
    if writer.keys:
        return kind == "MP4"
    return bool(writer.xmp) or kind != "MP4"


def planted() -> Iterator[tuple[Writer, str, bytes]]:
    """Every writer in every format that has its convention."""
    for writer in WRITERS:
        for kind in FORMATS:
            if fits(writer, kind):
                yield writer, kind, written(writer, kind)


def written(writer: Writer, kind: str) -> bytes:
    """A small file that the writer could have made."""
    xmp = packet(writer.xmp) if writer.xmp else b""
    if kind == "MP4":
        return movie(xmp, writer.keys)
    exif = _exif(writer) if writer.exif or writer.comment else b""
    return still(kind, xmp=xmp, exif=exif, texts=writer.texts, credit=writer.credit)


def packet(properties: Mapping[str, str], *, inner: str = "", extended: str = "") -> bytes:
    """An XMP packet with these properties as elements; ``inner`` stands inside its description."""
    names = {**_NAMESPACES, "xmpNote": "http://ns.adobe.com/xmp/note/"}
    spaces = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in names.items())
    body = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in properties.items())
    note = f' xmpNote:HasExtendedXMP="{extended}"' if extended else ""
    return (
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{_RDF}"><rdf:Description rdf:about="" {spaces}{note}>'
        f"{body}{inner}</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


def _exif(writer: Writer) -> bytes:
    exif = Image.Exif()
    for tag, value in writer.exif.items():
        exif[tag] = value
    if writer.comment:
        exif.get_ifd(0x8769)[0x9286] = writer.comment
    return exif.tobytes()


def still(
    kind: str,
    *,
    xmp: bytes = b"",
    exif: bytes = b"",
    texts: Mapping[str, str] | None = None,
    credit: str = "",
) -> bytes:
    """A gradient in the format, with these blocks of metadata."""
    picture = Image.radial_gradient("L").resize((64, 64)).convert("RGB")
    out = io.BytesIO()
    if kind == "HEIC":
        return heic(1, exif.removeprefix(b"Exif\0\0"), xmp)
    options: dict[str, object] = {}
    if kind == "PNG":
        info = PngImagePlugin.PngInfo()
        for name, value in (texts or {}).items():
            info.add_text(name, value)
        if xmp:
            info.add_itxt("XML:com.adobe.xmp", xmp.decode())
        options["pnginfo"] = info
    elif xmp:
        options["xmp"] = xmp
    if exif:
        options["exif"] = exif
    picture.save(out, kind, **options)
    data = out.getvalue()
    return _with_credit(data, credit) if credit else data


def _with_credit(jpeg: bytes, credit: str) -> bytes:
    record = b"\x1c\x02\x6e" + struct.pack(">H", len(credit)) + credit.encode()
    resource = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(record)) + record + b"\0" * (len(record) & 1)
    return with_segment(jpeg, 0xED, b"Photoshop 3.0\0" + resource)


def with_segment(jpeg: bytes, marker: int, payload: bytes) -> bytes:
    """The JPEG with one more segment after its SOI marker."""
    return jpeg[:2] + bytes((0xFF, marker)) + struct.pack(">H", len(payload) + 2) + payload + jpeg[2:]


def box(kind: bytes, body: bytes) -> bytes:
    """A box of ISO/IEC 14496-12."""
    return struct.pack(">I", len(body) + 8) + kind + body


def movie(xmp: bytes = b"", keys: Mapping[str, str] | None = None, free: bytes = b"") -> bytes:
    """The boxes of a movie without any track: what reading its metadata needs."""
    names, items = b"", b""
    for number, (name, value) in enumerate((keys or {}).items(), 1):
        names += struct.pack(">I", len(name) + 8) + b"mdta" + name.encode()
        items += box(struct.pack(">I", number), box(b"data", struct.pack(">II", 1, 0) + value.encode()))
    listed = box(b"keys", bytes(4) + struct.pack(">I", len(keys or {})) + names) + box(b"ilst", items)
    meta = box(b"meta", box(b"hdlr", bytes(8) + b"mdta" + bytes(12)) + listed)
    header = box(b"mvhd", bytes(100))
    data = (
        box(b"ftyp", b"isom\0\0\2\0isommp41") + box(b"moov", header + meta) + box(b"mdat", free + bytes(64))
    )
    return data + (box(b"uuid", bytes.fromhex("be7acfcb97a942e89c71999491e3afac") + xmp) if xmp else b"")


def misplaced() -> dict[str, tuple[str, bytes]]:
    """The same words where they state nothing, by what was done: the format and the file."""
    stated = packet(_type("trainedAlgorithmicMedia"))
    plain = still("JPEG")
    captions = packet(
        {"dc:description": "Made with Google AI trainedAlgorithmicMedia", "dc:source": "Midjourney"}
    )
    told = (
        f"<Iptc4xmpExt:DigitalSourceType>{VOCABULARY}trainedAlgorithmicMedia</Iptc4xmpExt:DigitalSourceType>"
    )
    ingredient = f"<rdf:Description>{told}</rdf:Description>"
    pantry = f"<xmpMM:Pantry><rdf:Bag><rdf:li>{ingredient}</rdf:li></rdf:Bag></xmpMM:Pantry>"
    described = Image.Exif()
    described[0x010E], described[0x013B] = "Adobe Firefly", "Midjourney"
    lab = _exif(Writer("", "", "", exif={_SOFTWARE: "Leonardo Photo Lab"}))
    elsewhere = packet({"Iptc4xmpExt:DigitalSourceType": "see http://example.com/trainedAlgorithmicMedia"})
    raw = Image.new("L", (512, 16))
    raw.putdata((stated * 9)[: 512 * 16])
    kept = io.BytesIO()
    raw.save(kept, "GIF")
    bmp = io.BytesIO()
    raw.save(bmp, "PNG", compress_level=0)
    return {
        "after the end of a JPEG": ("JPEG", plain + b"http://ns.adobe.com/xap/1.0/\0" + stated),
        "after the end of a PNG": ("PNG", still("PNG") + still("PNG", texts={"parameters": SETTINGS})),
        "after the end of a GIF": (
            "GIF",
            kept.getvalue() + b"\x21\xff\x0bXMP DataXMP" + stated + b'<?xpacket end="w"?>',
        ),
        "after the end of a WebP": (
            "WEBP",
            still("WEBP") + b"XMP " + struct.pack("<I", len(stated)) + stated,
        ),
        "another video after the end of one": ("MP4", movie() + movie(stated, {"AIGC": LABEL})),
        "pixels": ("PNG", bmp.getvalue()),
        "media data of a video": ("MP4", movie(free=stated + LABEL.encode())),
        "comment segment of a JPEG": ("JPEG", with_segment(plain, 0xFE, stated + SETTINGS.encode())),
        "another application segment": (
            "JPEG",
            with_segment(plain, 0xE5, b"http://ns.adobe.com/xap/1.0/\0" + stated),
        ),
        "caption in XMP": ("JPEG", still("JPEG", xmp=captions)),
        "ingredient in XMP": ("JPEG", still("JPEG", xmp=packet({}, inner=pantry))),
        "description and artist in EXIF": ("JPEG", still("JPEG", exif=described.tobytes())),
        "comment in PNG text": ("PNG", still("PNG", texts={"Comment": SETTINGS, "Author": "Midjourney"})),
        "parameters of another program": (
            "PNG",
            still("PNG", texts={"parameters": "Steps: press, fold, glue"}),
        ),
        "a name inside another": ("JPEG", still("JPEG", exif=lab)),
        "a credit to a person": (
            "JPEG",
            still("JPEG", xmp=packet({"photoshop:Credit": "Midjourney Mike Photography"})),
        ),
        "a label that says nothing": (
            "PNG",
            still("PNG", texts={"AIGC": '{"Label": "0", "ContentProducer": "x"}'}),
        ),
        "another vocabulary": ("JPEG", still("JPEG", xmp=elsewhere)),
    }


MIME_OF_MISPLACED = {**MIME, "GIF": "image/gif"}
