"""ZIP archives and mails among the evidence: each file inside is an item, and none asks anybody for anything by itself."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

import pytest
from kit import declare

sys.path.append(str(Path(__file__).resolve().parents[1] / "seams"))

from toy_archives import archive, picture

from pipeline.batch import check
from pipeline.intake.folders import read_paths
from pipeline.setup.policies import load_policy
from pipeline.setup.settings import read_settings
from pipeline.wiring.assembly import open_context
from validators.disputes.attention import asks_for_look, unusable
from validators.finding import REVIEW

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


@pytest.fixture
def context(tmp_path):
    with open_context(read_settings(tmp_path / "store"), load_policy()) as made:
        yield made


def checked(context, folder, **uploads):
    declare(folder, "buyer 1")
    for name, data in uploads.items():
        path = folder / name.replace("__", "/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.with_suffix(".zip" if data[:2] == b"PK" else ".jpg").write_bytes(data)
    result = check(read_paths([folder], frozenset()), context, NOW, 2, lambda *_: None)
    (report,) = result.reports
    return {item.file: item for item in report.evidence}


def codes(item):
    return {one.code for one in item.findings}


def test_an_export_of_a_chat_is_usable_and_its_files_are_items(context, tmp_path):
    unreadable = b"\x00\x01\x02\x03" * 99
    sent = archive([("_chat.txt", b"words\n"), ("IMG-0001.jpg", picture(1)), ("odd.bin", unreadable)])
    found = checked(context, tmp_path / "D-1", buyer__chat=sent)
    assert list(found) == [
        "buyer/chat.zip",
        "buyer/chat.zip › IMG-0001.jpg",
        "buyer/chat.zip › _chat.txt",
        "buyer/chat.zip › odd.bin",
    ]
    whole = found["buyer/chat.zip"]
    assert (whole.state, whole.kind, codes(whole)) == ("USABLE", "unknown", {"FMT_MEMBERS", "DESC_MISSING"})
    assert found["buyer/chat.zip › odd.bin"].state == "UNREADABLE"
    assert [item.file for item in found.values() if unusable(item) or asks_for_look(item)] == []


def test_the_other_partys_photo_inside_an_archive_is_a_note(context, tmp_path):
    found = checked(
        context,
        tmp_path / "D-1",
        buyer__lid=picture(1),
        seller__chat=archive([("lid.jpg", picture(1, quality=70))]),
    )
    inside = found["seller/chat.zip › lid.jpg"]
    assert [match.file for match in inside.matches] == ["buyer/lid.jpg"]
    assert "DUP_SAME_PHOTO" in codes(inside)
    assert [one for item in found.values() for one in item.findings if one.kind == REVIEW] == []


def test_nothing_extracted_is_never_success(context, tmp_path):
    broken = archive([("a.txt", b"words of a chat")]).replace(b"words", b"wo\0ds")
    found = checked(context, tmp_path / "D-1", buyer__none=archive([]), buyer__broken=broken)
    assert {
        file: (item.state, codes(item) & {"FMT_EMPTY", "FMT_CORRUPT"}) for file, item in found.items()
    } == {
        "buyer/broken.zip": ("UNREADABLE", {"FMT_CORRUPT"}),
        "buyer/none.zip": ("UNREADABLE", {"FMT_EMPTY"}),
    }


def test_an_archive_that_lies_too_deep_is_not_checked_and_asks_nobody(context, tmp_path):
    deep = archive([("a.txt", b"words\n")])
    for name in ("3.zip", "2.zip"):
        deep = archive([(name, deep)])
    found = checked(context, tmp_path / "D-1", buyer__1=deep)
    assert {file: item.state for file, item in found.items()} == {
        "buyer/1.zip": "USABLE",
        "buyer/1.zip › 2.zip": "USABLE",
        "buyer/1.zip › 2.zip › 3.zip": "NOT_CHECKED",
    }
    assert not asks_for_look(found["buyer/1.zip › 2.zip › 3.zip"])


def test_a_mail_stays_its_text_and_its_photo_lies_beside_it(context, tmp_path):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.com", "b@example.com", "My order"
    message.set_content("\n")
    message.add_attachment(picture(1), "image", "jpeg", filename="lid.jpg")
    message.add_attachment(archive([("a.jpg", picture(1))]), "application", "zip", filename="more.zip")
    folder = tmp_path / "D-1"
    declare(folder, "buyer 1")
    (folder / "buyer").mkdir(exist_ok=True)
    (folder / "buyer" / "order.eml").write_bytes(message.as_bytes())
    (report,) = check(read_paths([folder], frozenset()), context, NOW, 2, lambda *_: None).reports
    assert {item.file: (item.kind, item.state) for item in report.evidence} == {
        "buyer/order.eml": ("text", "USABLE"),
        "buyer/order.eml › lid.jpg": ("photo", "USABLE"),
        "buyer/order.eml › more.zip": ("unknown", "USABLE"),
        "buyer/order.eml › more.zip › a.jpg": ("photo", "USABLE"),
    }


def test_the_same_archive_again_gives_the_same_items(context, tmp_path):
    sent = archive([("a.jpg", picture(1)), ("b.jpg", picture(2))])
    first = checked(context, tmp_path / "D-1", buyer__chat=sent)
    assert checked(context, tmp_path / "D-1", buyer__chat=sent) == first
