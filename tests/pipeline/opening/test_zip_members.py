"""ZIP: what lies inside comes out whole and bounded, and what cannot come out is told of the archive."""

from __future__ import annotations

import io
import mmap
import struct
import zipfile
from dataclasses import replace

import pytest
from small_limits import LIMITS

from pipeline.opening.child.inside.members import FoundMember, MemberError
from pipeline.opening.child.inside.zip_members import read_office, read_zip
from pipeline.opening.host.jail import Jail
from pipeline.opening.host.opener import Opener
from pipeline.opening.host.tools import find_tools
from pipeline.opening.limits import limits_of
from pipeline.setup.policies import load_policy
from pipeline.wiring.assembly import content_thresholds

BOUNDED = replace(LIMITS, members=10, member_bytes=1 << 26, member_ratio=200)


def packed(files, method=zipfile.ZIP_DEFLATED):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return made.getvalue()


def read(data, limits=BOUNDED, reader=read_zip):
    """The files that came out whole, and the problems as (code, detail)."""
    with mmap.mmap(-1, len(data)) as mapped:
        mapped.write(data)
        whole, told = [], []
        for found in reader(mapped, limits):
            if not isinstance(found, FoundMember):
                told.append((found.code, found.detail))
                continue
            try:
                whole.append((found.path, b"".join(found.chunks)))
            except MemberError as error:
                told.append((error.problem.code, error.problem.detail))
    return whole, told


def with_flag(data, name, flag):
    """The same archive with a flag set for one file, in its directory and before its bytes."""
    changed = bytearray(data)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entry = archive.getinfo(name)
    changed[entry.header_offset + 6] |= flag
    at = data.index(b"PK\1\2")
    while data[at + 46 : at + 46 + len(name)] != name.encode():
        at = data.index(b"PK\1\2", at + 4)
    changed[at + 8] |= flag
    return bytes(changed)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_files_come_out_as_they_went_in(method):
    files = [("Chat.txt", b"12.03.24, 09:41 - Anna: it broke\n"), ("media/a.jpg", bytes(range(256)) * 900)]
    assert read(packed(files, method)) == (files, [])


def test_what_programs_leave_beside_the_evidence_is_left_out():
    litter = [
        "folder/", ".hidden", "a/.git/x", "__MACOSX/._a.jpg", "Thumbs.db", "b/desktop.ini", "IMG_1.AAE", "IMG_1.jpg.xmp",
        "IMG_1.jpg.json", "IMG_1.jpg.supplemental-metadata.json", "@eaDir/a.jpg",
    ]  # fmt: skip
    names = ["IMG_1.jpg", "result.json", "../up.jpg"]
    whole, told = read(packed([(name, b"x") for name in [*litter, *names]]))
    assert ([name for name, _ in whole], told) == (names, [])


@pytest.mark.parametrize("files", [[], [(".DS_Store", b"x"), ("folder/", b"")]])
def test_an_archive_without_evidence_is_empty(files):
    assert read(packed(files)) == ([], [("empty", "no file of it is evidence")])


def test_a_password_on_all_of_it_is_told_apart_from_one_on_a_file():
    data = packed([("a.jpg", b"one")])
    assert [code for code, _ in read(with_flag(data, "a.jpg", 1))[1]] == ["encrypted"]
    data = packed([("a.jpg", b"one"), ("b.jpg", b"two")])
    whole, told = read(with_flag(data, "a.jpg", 1))
    assert whole == [("b.jpg", b"two")]
    assert told == [("limited", "1 files inside it were not opened: encrypted.")]


def test_a_file_that_unpacks_to_a_thousand_times_its_size_is_left():
    bomb = ("bomb.bin", bytes(8 << 20))
    assert [code for code, _ in read(packed([bomb]))[1]] == ["corrupt"]
    whole, told = read(packed([bomb, ("a.txt", b"words")]))
    assert (whole, [code for code, _ in told]) == ([("a.txt", b"words")], ["limited"])


def test_a_file_larger_than_any_that_is_opened_is_left():
    small = replace(BOUNDED, video_bytes=1000)
    assert [code for code, _ in read(packed([("a.bin", bytes(2000))]), small)[1]] == ["too_large"]


def test_broken_bytes_cost_the_file_alone():
    data = packed([("a.txt", b"first words"), ("b.txt", b"second words")], zipfile.ZIP_STORED)
    whole, told = read(data.replace(b"first", b"fir\0t"))
    assert (whole, {code for code, _ in told}) == ([("b.txt", b"second words")], {"limited"})
    whole, told = read(packed([("a.txt", b"first words")], zipfile.ZIP_STORED).replace(b"first", b"fir\0t"))
    assert (whole, told[-1][0]) == ([], "corrupt")


@pytest.mark.parametrize("claimed", [1, 1 << 20])
def test_a_size_that_is_not_that_of_the_bytes_is_not_believed(claimed):
    data = bytearray(packed([("a.txt", b"words of a chat")], zipfile.ZIP_STORED))
    at = data.index(b"PK\1\2")
    data[at + 24 : at + 28] = struct.pack("<I", claimed)
    whole, told = read(bytes(data))
    assert (whole, told[-1][0]) == ([], "corrupt")


def test_a_method_that_may_take_any_memory_is_not_unpacked():
    whole, told = read(packed([("a.txt", b"words" * 99)], zipfile.ZIP_LZMA))
    assert (whole, [code for code, _ in told]) == ([], ["corrupt"])


def test_every_cut_and_every_changed_byte_ends_in_a_problem_or_in_files():
    data = packed([("a.txt", b"words"), ("b/c.jpg", bytes(range(200)))])
    for at in range(4, len(data), 3):
        read(data[:at])
        read(data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :])
    assert [code for code, _ in read(data[:60])[1]] == ["corrupt"]


def test_of_an_office_file_the_pictures_come_out_and_nothing_of_its_workings():
    workings = [
        ("[Content_Types].xml", b"<x/>"),
        ("word/document.xml", b"<x/>"),
        ("word/media/image2.emf", b"x"),
    ]
    pictures = [
        ("word/media/image1.jpeg", b"1"),
        ("Pictures/10000001.PNG", b"2"),
        ("xl/media/image3.png", b"3"),
    ]
    assert read(packed(workings + pictures), reader=read_office) == (pictures, [])
    assert read(packed(workings), reader=read_office) == ([], [])
    assert [code for code, _ in read(b"PK\3\4" + bytes(99), reader=read_office)[1]] == ["corrupt"]


@pytest.fixture(scope="module")
def opener():
    policy = load_policy()
    with Jail() as jail:
        yield Opener(jail, find_tools(), limits_of(policy), content_thresholds(policy))


def test_the_jail_opens_an_archive(opener, tmp_path):
    files = [
        ("Chat.txt", "слова\n".encode()),
        ("фото.jpg", b"\xff\xd8" * 40_000),
        ("twice", b"1"),
        ("twice", b"2"),
    ]
    path = tmp_path / "upload"
    with pytest.warns(UserWarning, match="Duplicate"):
        path.write_bytes(packed(files))
    found = opener.open(path, members=10)
    assert [(one.path, one.file.read_bytes()) for one in found.members] == [
        *files[:3],
        ("twice (2)", b"2"),
    ]
    assert found.measurements.problems == ()
    found.discard()


def test_the_jail_takes_the_pictures_of_a_text_and_says_that_it_was_not_read(opener, tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(
        packed([("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<x/>"), ("word/media/a.png", b"1")])
    )
    found = opener.open(path, members=10)
    assert [(one.path, one.file.read_bytes()) for one in found.members] == [("word/media/a.png", b"1")]
    assert [one.code for one in found.measurements.problems] == ["unchecked"]
    found.discard()


def test_the_jail_survives_a_directory_of_very_many_names(opener, tmp_path):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for number in range(3000):
            archive.writestr(zipfile.ZipInfo(f"{number}.txt"), b"x")
    path = tmp_path / "upload"
    path.write_bytes(made.getvalue())
    found = opener.open(path, members=1000)
    assert len(found.members) == 500
    assert found.measurements.problem("limited").limit == 500
    found.discard()
