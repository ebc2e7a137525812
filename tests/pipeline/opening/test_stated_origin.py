"""What files state about how they were made is read where its convention puts it, and nowhere else."""

import struct

import pytest
from origin_files import (
    LABEL,
    MIME,
    MIME_OF_MISPLACED,
    VOCABULARY,
    WRITERS,
    misplaced,
    packet,
    planted,
    still,
    with_segment,
)

from pipeline.opening.child.metadata import read_metadata
from pipeline.opening.child.xmp import read_xmp
from pipeline.setup.policies import load_policy
from validators.checks.origin import judged

MISPLACED = misplaced()
POLICY = load_policy()


def said(data: bytes, kind: str) -> list[tuple[str, str]]:
    """(source, what it says) of every statement that the report would list."""
    found = read_metadata(None, data, MIME_OF_MISPLACED[kind], "").statements
    return [(one.source, one.says) for one in judged(found, POLICY)]


def test_every_writer_is_read_in_every_format_of_its_convention():
    wrong = []
    for writer, kind, data in planted():
        found = said(data, kind)
        if (writer.source, writer.says) not in found:
            wrong.append((writer.name, kind, found))
    assert not wrong
    assert len(WRITERS) >= 20
    assert {kind for _, kind, _ in planted()} == set(MIME)


@pytest.mark.parametrize("name", MISPLACED)
def test_words_in_a_wrong_place_state_nothing(name):
    kind, data = MISPLACED[name]
    assert said(data, kind) == []


def test_a_statement_in_extended_xmp_is_read_only_if_the_packet_names_it():
    more = packet({"Iptc4xmpExt:DigitalSourceType": VOCABULARY + "trainedAlgorithmicMedia"})
    guid = "0123456789ABCDEF0123456789ABCDEF"
    for named, expected in ((guid, [("xmp:DigitalSourceType", "generated")]), ("F" * 32, [])):
        data = still("JPEG", xmp=packet({}, extended=named))
        half = len(more) // 2
        for start, part in ((half, more[half:]), (0, more[:half])):  # in any order
            head = (
                b"http://ns.adobe.com/xmp/extension/\0" + guid.encode() + struct.pack(">II", len(more), start)
            )
            data = with_segment(data, 0xE1, head + part)
        assert said(data, "JPEG") == expected


def element(name: str, body: bytes) -> bytes:
    """An element of EBML with a size of four bytes."""
    return bytes.fromhex(name) + (0x10000000 | len(body)).to_bytes(4, "big") + body


def chunk(name: bytes, body: bytes) -> bytes:
    """A chunk of RIFF."""
    return name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) & 1)


def test_the_label_is_read_in_matroska_and_avi_and_only_in_its_place():
    label = LABEL.encode()
    simple = element("67c8", element("45a3", b"AIGC") + element("4487", label))
    tags = element("1254c367", element("7373", simple))
    head = element("1a45dfa3", element("4282", b"webm"))
    cluster = element("1f43b675", element("a3", b"\x81\0\0\0" + simple))
    avi = chunk(b"LIST", b"INFO" + chunk(b"AIGC", label))
    movi = chunk(b"LIST", b"movi" + chunk(b"AIGC", label))
    for mime, data, expected in (
        ("video/webm", head + element("18538067", cluster + tags), True),
        ("video/webm", head + element("18538067", cluster) + tags, False),
        ("video/x-msvideo", chunk(b"RIFF", b"AVI " + avi), True),
        ("video/x-msvideo", chunk(b"RIFF", b"AVI " + movi) + avi, False),
    ):
        found = read_metadata(None, data, mime, "").statements
        assert [one.source for one in found] == (["container:AIGC"] if expected else []), mime


def test_properties_are_read_as_attributes_resources_and_arrays_too():
    space = 'xmlns:i="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    for body in (
        '<rdf:Description i:DigitalSourceType="t"/>',
        '<rdf:Description><i:DigitalSourceType rdf:resource="t"/></rdf:Description>',
        "<rdf:Description><i:DigitalSourceType><rdf:Bag><rdf:li>t</rdf:li></rdf:Bag></i:DigitalSourceType></rdf:Description>",
    ):
        found = read_xmp(f"<rdf:RDF {space}>{body}</rdf:RDF>".encode())
        assert found["iptcExt:DigitalSourceType"] == "t"
