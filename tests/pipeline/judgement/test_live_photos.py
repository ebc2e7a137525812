"""A Live Photo's still and film are one entry, by the identifier that both state, and nothing else is put together."""

from __future__ import annotations

import struct
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from pipeline.judgement.live_photos import films_of_stills, without
from validators.declared import Declared
from validators.evidence import Evidence, ImageFacts, Measurements, VideoFacts
from validators.measures.metadata.apple_notes import content_identifier

ONE = "0FD24349-014A-423D-AE8D-35FCE43A24E7"
AT = datetime(2026, 3, 9, tzinfo=UTC)
OTHER = "1745E022-9712-43C7-B024-F308EC6413CB"


def item(name: str, ending: str, **declared: object) -> Evidence:
    parent = declared.pop("parent", None)
    return Evidence(
        name,
        "D-1",
        f"{name}.{ending}",
        name,
        9,
        AT,
        declared=Declared(**{"party": "buyer", **declared}),
        parent=parent,
    )


def still(name, identifier=ONE, **about):
    facts = {
        "kind": "photo",
        "image": ImageFacts(40, 30, "HEIF"),
        "metadata": {"ContentIdentifier": identifier},
    }
    return item(name, "heic", **about), Measurements("1", "image/heic", **facts)


def film(name, identifier=ONE, seconds=2.8, **about):
    facts = VideoFacts(seconds, 40, 30, 0, 30.0, "hevc", "aac")
    measured = Measurements(
        "1", "video/quicktime", kind="video", video=facts, metadata={"ContentIdentifier": identifier}
    )
    return item(name, "mov", **about), measured


def paired(*pairs):
    known = {item.content_key: SimpleNamespace(measurements=measured) for item, measured in pairs}
    records = SimpleNamespace(examinations=lambda tenant, keys, version: {k: known[k] for k in keys})
    items = [item for item, _ in pairs]
    films = films_of_stills(items, "default", records)
    return {still: found.id for still, (found, _) in films.items()}, [one.id for one in without(items, films)]


def test_the_film_joins_its_still():
    assert paired(still("a"), film("b", ONE.lower()), still("c", OTHER)) == ({"a": "b"}, ["a", "c"])


@pytest.mark.parametrize(
    "second",
    [
        film("b", OTHER),
        film("b", party="seller"),
        film("b", seconds=60.0),
        film("b", roles=("video_of_defect",)),
        film("b", parent="z"),
        still("b"),
    ],
    ids=["other", "other party", "long", "own role", "other archive", "second still"],
)
def test_anything_else_keeps_its_entry(second):
    assert paired(still("a"), second) == ({}, ["a", "b"])


def test_two_films_of_one_still_are_not_told_apart():
    assert paired(still("a"), film("b"), film("c")) == ({}, ["a", "b", "c"])


def test_files_without_an_identifier_stay_apart():
    assert paired(still("a", ""), film("b", "")) == ({}, ["a", "b"])


def test_the_identifier_is_read_from_apples_note():
    note = (
        b"Apple iOS\0\0\1MM" + struct.pack(">HHHII", 2, 1, 9, 1, 15) + struct.pack(">HHII", 0x11, 2, 37, 44)
    )
    note += bytes(44 - len(note)) + ONE.encode() + b"\0"
    assert content_identifier(b"MM\0*" + bytes(60) + note) == ONE
    assert content_identifier(b"MM\0*" + bytes(60) + note[:60]) == ""
    assert content_identifier(b"") == ""
