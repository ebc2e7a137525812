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
}
_ENDS = ((b"<x:xmpmeta", b"</x:xmpmeta>"), (b"<xmp:xmpmeta", b"</xmp:xmpmeta>"), (b"<rdf:RDF", b"</rdf:RDF>"))
_MAX_VALUE = 500


def read_xmp(packet: bytes) -> Mapping[str, str]:
    """Simple properties by prefix and name ("xmp:CreateDate"); {} for a packet that is malformed or too
    large.
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
            found.setdefault(f"{prefix}:{local}", value.strip()[:_MAX_VALUE])
    return found


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
    for description in root.iter(f"{_RDF}Description"):
        yield from description.attrib.items()
        for child in description:
            if child.text:
                yield child.tag, child.text
