"""The few XMP properties that are used, read by defusedxml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

MAX_XMP = 256 * 1024
"""Bytes: larger packets (edit histories, embedded depth maps) are not parsed."""

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_PREFIXES = {
    "http://ns.adobe.com/xap/1.0/": "xmp",
    "http://ns.adobe.com/exif/1.0/": "exif",
    "http://ns.adobe.com/tiff/1.0/": "tiff",
    "http://ns.adobe.com/photoshop/1.0/": "photoshop",
    "http://iptc.org/std/Iptc4xmpExt/2008-02-29/": "iptcExt",
    "http://www.tc260.org.cn/ns/AIGC/1.0/": "tc260",
}
_ENDS = ((b"<x:xmpmeta", b"</x:xmpmeta>"), (b"<xmp:xmpmeta", b"</xmp:xmpmeta>"), (b"<rdf:RDF", b"</rdf:RDF>"))
_NAMES_THAT_MATTER = (b"DigitalSourceType", b"AIGC", b"CreatorTool", b"Credit", b"Date")
_MAX_VALUE = 500
_MAX_LABEL = 16 * 1024
_LABEL = "tc260:AIGC"
"""JSON with signatures of any length."""


def read_xmp(packet: bytes) -> Mapping[str, str]:
    """Simple properties of the file by prefix and name ("xmp:CreateDate"); {} for a packet that is malformed or too
    large. Those of its ingredients, which editors nest inside, are left out.
    """
    document = _document(packet)
    if not document or len(document) > MAX_XMP:
        return {}
    try:
        root = fromstring(document, forbid_dtd=True)
    except (
        ParseError,
        DefusedXmlException,
        ValueError,
        LookupError,
    ):  # malformed, hostile, or an unknown encoding
        return {}
    found: dict[str, str] = {}
    for name, value in _properties(root):
        namespace, _, local = name[1:].partition("}") if name.startswith("{") else ("", "", name)
        prefix = _PREFIXES.get(namespace)
        if prefix and value.strip():
            shown = f"{prefix}:{local}"
            found.setdefault(shown, value.strip()[: _MAX_LABEL if shown == _LABEL else _MAX_VALUE])
    return found


def read_more_xmp(packet: bytes) -> Mapping[str, str]:
    """The same of the packet that a JPEG's first one is continued in: mostly pictures, so it is read only if it can matter."""
    return read_xmp(packet) if any(name in packet for name in _NAMES_THAT_MATTER) else {}


def _document(packet: bytes) -> bytes:
    """The XML without the packet's wrapper and padding; as it is for encodings other than UTF-8.

    It ends at the first closing tag: an editor that rewrites a packet in place with a shorter one may leave the tail of the
    old one behind it.
    """
    for opening, closing in _ENDS:
        start = packet.find(opening)
        end = packet.find(closing, start)
        if 0 <= start < end:
            return packet[start : end + len(closing)]
    return packet.strip(b"\0 \r\n\t")


def _properties(root: Element) -> Iterator[tuple[str, str]]:
    rdf = root if root.tag == f"{_RDF}RDF" else next(root.iter(f"{_RDF}RDF"), None)
    for description in rdf.findall(f"{_RDF}Description") if rdf is not None else ():
        yield from description.attrib.items()
        for child in description:
            value = child.text if not len(child) else child.findtext(f"*/{_RDF}li")
            yield child.tag, (value or "").strip() or child.get(f"{_RDF}resource", "")
