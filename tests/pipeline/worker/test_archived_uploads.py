"""One upload that holds other files becomes several items: under redelivery, a newer version and a known archive alike."""

from __future__ import annotations

import hashlib
from dataclasses import replace

from working_kit import failing, later, picture

from pipeline.setup.opened import MEASURES_VERSION, Member, Opened
from pipeline.worker.disposition import ACKNOWLEDGE
from validators.evidence import Measurements, MemberFacts

KEY = "D-1/buyer/chat.zip"


def holding(bench, *files):
    """What opening an archive gives that holds ``files``, each (name, bytes)."""

    def step(_deadline):
        spool = bench.context.incoming / f"spool-{len(bench.opener.opened)}"
        spool.mkdir()
        members = []
        for number, (name, data) in enumerate(files):
            (spool / str(number)).write_bytes(data)
            members.append(Member(name, spool / str(number), hashlib.sha256(data).hexdigest(), len(data)))
        facts = tuple(MemberFacts(one.path, one.sha256, one.bytes) for one in members)
        measured = Measurements(MEASURES_VERSION, "application/zip", members=facts)
        return Opened(measured, members=tuple(members), spool=spool)

    return step


def parents(bench):
    items = bench.items()
    files = {item.id: file for file, item in items.items()}
    return {file: files.get(item.parent) for file, item in items.items()}


def test_an_upload_is_one_item_and_one_for_each_file_inside(bench):
    bench.opener.script = [holding(bench, ("a.jpg", picture(1)), ("b.jpg", picture(2)))]
    assert bench.process(KEY, b"archive").action == ACKNOWLEDGE
    assert parents(bench) == {
        "buyer/chat.zip": None,
        "buyer/chat.zip › a.jpg": "buyer/chat.zip",
        "buyer/chat.zip › b.jpg": "buyer/chat.zip",
    }
    assert list(bench.context.incoming.iterdir()) == []


def test_a_file_inside_is_compared_within_its_dispute(bench):
    bench.process("D-1/buyer/lid.jpg", picture(1))
    bench.process("D-2/buyer/lid.jpg", picture(1))
    bench.opener.script = [holding(bench, ("a.jpg", picture(1)))]
    bench.process(KEY, b"archive")
    bench.maintenance.do()
    inside = bench.items()["buyer/chat.zip › a.jpg"]
    assert [(match.dispute_id, match.file) for match in inside.matches] == [("D-1", "buyer/lid.jpg")]
    assert [match.file for match in bench.items("D-2")["buyer/lid.jpg"].matches] == ["buyer/lid.jpg"]


def test_a_redelivery_and_the_same_bytes_elsewhere_open_nothing_again(bench):
    bench.opener.script = [holding(bench, ("a.jpg", picture(1)))]
    notice = bench.upload(KEY, b"archive")
    bench.deliver()
    first = bench.items()
    bench.upload(KEY, b"archive", sequencer=notice.sequencer)
    bench.deliver()
    assert bench.items() == first
    bench.process("D-2/seller/again.zip", b"archive")
    assert set(bench.items("D-2")) == {"seller/again.zip", "seller/again.zip › a.jpg"}
    assert bench.items("D-2")["seller/again.zip › a.jpg"].declared.party == "seller"
    assert len(bench.opener.opened) == 2


def test_a_newer_version_retires_the_files_inside_the_older(bench):
    bench.opener.script = [holding(bench, ("a.jpg", picture(1)))]
    bench.process(KEY, b"archive", event_at=later(0), sequencer="01")
    bench.opener.script = [holding(bench, ("b.jpg", picture(2)))]
    bench.process(KEY, b"another archive", event_at=later(60), sequencer="02")
    assert set(bench.items()) == {"buyer/chat.zip", "buyer/chat.zip › b.jpg"}


def test_the_same_file_twice_inside_is_measured_once(bench):
    bench.opener.script = [holding(bench, ("a.jpg", picture(1)), ("b.jpg", picture(1)))]
    bench.process(KEY, b"archive")
    assert set(bench.items()) == {"buyer/chat.zip", "buyer/chat.zip › a.jpg", "buyer/chat.zip › b.jpg"}
    assert len(bench.opener.opened) == 2


def test_an_archive_with_a_fault_of_ours_inside_is_opened_again(bench):
    archive = holding(bench, ("a.jpg", picture(1)))
    bench.opener.script = [archive, failing("internal", "a fault")]
    bench.process(KEY, b"archive")
    bench.opener.script = [archive]
    bench.process("D-2/buyer/again.zip", b"archive")
    assert bench.items("D-2")["buyer/again.zip › a.jpg"].kind == "photo"
    assert bench.items("D-2")["buyer/again.zip"].sha256 == hashlib.sha256(b"archive").hexdigest()


def test_files_beyond_the_depth_of_the_policy_are_not_asked_for(bench, monkeypatch):
    asked = []
    opening = bench.opener.open

    def noting(path, deadline, *, members):
        asked.append(members)
        return opening(path, deadline, members=members)

    monkeypatch.setattr(bench.opener, "open", noting)
    bench.opener.script = [
        holding(bench, ("1.zip", b"first")),
        holding(bench, ("2.zip", b"second")),
        replace(failing("limited"), members=()),
    ]
    bench.process(KEY, b"archive")
    assert [number > 0 for number in asked] == [True, True, False]
    assert asked[1] == asked[0] - 1
