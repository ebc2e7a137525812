"""``evidence verify`` finds what was edited, swapped or cut off: entries, reports, decisions, files."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from sqlalchemy import create_engine, text

from pipeline.commands.verify import VerifyOptions, run_verify
from pipeline.judgement.report_content import content_sha256
from pipeline.judgement.report_json import to_json
from storage.database.database import open_database
from storage.database.decisions import decision_sha256
from storage.interfaces.decisions import Decision
from validators.declared import NOTHING_DECLARED
from validators.dispute import Dispute
from validators.disputes.judge import judge_dispute
from validators.policy import Policy
from validators.report import DerivativeRecord, EvidenceReport, Match, ToolStamp, Transform

NOW = datetime(2026, 3, 12, tzinfo=UTC)


def report(policy: Policy, dispute_id: str, revision: int, *, published: bool = False) -> str:
    picture = DerivativeRecord("comparison", "media/c.jpg", 1, 2, "c" * 64)
    match = Match(
        "SAME_PHOTO", "other_dispute", "other_account", "earlier", "D-9", "o", "o.jpg", "b" * 64, None, None,
        3, 0.5, transform=Transform(), comparison="media/c.jpg" if published else None,
    )  # fmt: skip
    kept = DerivativeRecord("preview", "media/p.jpg", 3, 4, "d" * 64)
    item = EvidenceReport(
        "e\udcff", "buyer/a.jpg", "a" * 64, 5, NOTHING_DECLARED, "image/jpeg", "photo", "USABLE", matches=(match,),
        derivatives=(kept, picture) if published else (kept,),
    )  # fmt: skip
    made = judge_dispute(
        Dispute(dispute_id),
        [item],
        policy,
        ToolStamp("1", {}, "full"),
        as_of=NOW,
        created_at=NOW,
        revision=revision,
    )
    return to_json(made)


@pytest.fixture
def store(tmp_path):
    """Two disputes with two revisions and two decisions each."""
    from pipeline.setup.policies import load_policy

    policy = load_policy()
    database = open_database(tmp_path / "evidence.sqlite")
    database.migrate()
    with database.transaction() as records:
        for id_ in ("D-1", "D-2"):
            records.put_dispute(Dispute(id_))
            for revision in (1, 2):
                body = report(policy, id_, revision)
                plain = json.loads(body) | {"skipped": [str(revision)]}
                body = json.dumps(plain)
                records.attach_report("default", id_, body, content_sha256(plain), "p", NOW)
            for note in ("one", "two"):
                records.append_decision(
                    "default", Decision(id_, "seen", "ann", NOW, "e", None, None, note, 2)
                )
    database.close()
    return tmp_path


def change(store, statement):
    engine = create_engine(f"sqlite:///{store / 'evidence.sqlite'}")
    with engine.begin() as connection:
        assert connection.execute(text(statement)).rowcount > 0
    engine.dispose()


def verify(store, capsys, **options):
    status = run_verify(VerifyOptions(store, **options))
    done = capsys.readouterr()
    return status, done.out + done.err


def test_a_sound_record_holds(store, capsys):
    status, told = verify(store, capsys)
    assert (status, told) == (0, "8 audit entries checked, 0 faults found.\n")


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE audit SET detail = replace(detail, 'ann', 'bob') WHERE dispute_id = 'D-1' AND sequence = 3", "entry 3"),
        ("DELETE FROM audit WHERE dispute_id = 'D-1' AND sequence = 2", "entry 3"),
        ("UPDATE audit SET sequence = 9 - sequence WHERE dispute_id = 'D-1' AND sequence IN (3, 4)", "entry 5"),
        ("UPDATE decisions SET note = 'edited' WHERE dispute_id = 'D-1' AND number = 2", "decision 2 is not the one"),
        ("UPDATE decisions SET \"by\" = 'bob' WHERE dispute_id = 'D-1' AND number = 1", "decision 1 is not the one"),
        ("DELETE FROM decisions WHERE dispute_id = 'D-1' AND number = 1", "decision 1 is missing"),
        (
            "UPDATE dispute_reports SET body = replace(body, 'USABLE', 'UNREADABLE') WHERE dispute_id = 'D-1'",
            "revision 2 is not the one",
        ),
        ("DELETE FROM dispute_reports WHERE dispute_id = 'D-1' AND revision = 2", "revision 2 is missing"),
        ("DELETE FROM dispute_reports WHERE dispute_id = 'D-1' AND revision = 1", "revision 1 is missing"),
        (
            "UPDATE dispute_reports SET content_sha256 = 'f' WHERE dispute_id = 'D-1' AND revision = 1",
            "revision 1 is not the one",
        ),
        ("UPDATE dispute_reports SET body = '' WHERE dispute_id = 'D-1'", "revision 2 is missing"),
        (
            "UPDATE dispute_reports SET body = replace(body, '2026-03-12', '2020-01-01') WHERE dispute_id = 'D-1'",
            "revision 2 is not the one",
        ),
        (
            "UPDATE dispute_reports SET attached_at = '2020-01-01T00:00:00.000000+00:00' WHERE dispute_id = 'D-1'",
            "revision 2 is not the one",
        ),
        ("UPDATE dispute_reports SET body = 'x' WHERE dispute_id = 'D-1'", "revision 2 is not the one"),
        ("UPDATE dispute_reports SET body = '{}' WHERE dispute_id = 'D-1'", "revision 2 is not the one"),
        ("UPDATE audit SET at = 'garbage' WHERE dispute_id = 'D-1'", "cannot be read"),
        ("UPDATE decisions SET at = 'garbage' WHERE dispute_id = 'D-1'", "a row cannot be read"),
        (
            "UPDATE audit SET dispute_id = 'sealed-00' WHERE dispute_id = 'D-1'",
            "sealed-00: it no longer names its dispute",
        ),
        ("DELETE FROM dispute_reports WHERE dispute_id = 'D-1'", "revision 2 is missing"),
    ],
)  # fmt: skip
def test_what_was_edited_swapped_or_removed_is_named(store, capsys, statement, told):
    change(store, statement)
    status, said = verify(store, capsys)
    assert status == 1
    assert told in said
    assert said.count("D-1: ") >= 1 or "sealed-00" in said
    assert "D-2" not in said


def again(store, sequence, **other):
    """Append the entry of that number anew, with other details: a chain that fits."""
    database = open_database(store / "evidence.sqlite")
    with database.transaction() as records:
        entry = records.audit("default", "D-1")[sequence - 1]
        records.append_audit("default", "D-1", entry.action, json.loads(entry.detail) | other, NOW)
    database.close()


def test_a_second_entry_for_a_decision_does_not_take_the_place_of_the_first(store, capsys):
    change(store, "UPDATE decisions SET note = 'edited' WHERE dispute_id = 'D-1' AND number = 1")
    database = open_database(store / "evidence.sqlite")
    with database.reading() as records:
        forged = decision_sha256(records.decisions("default", "D-1")[0])
    database.close()
    again(store, 3, sha256=forged)
    status, told = verify(store, capsys)
    assert status == 1
    assert "D-1: decision 1 is recorded twice" in told
    assert "D-1: decision 1 is not the one that was made" in told


def test_a_second_entry_for_a_report_does_not_take_the_place_of_the_first(store, capsys):
    change(
        store, "UPDATE dispute_reports SET body = replace(body, 'USABLE', 'BROKEN') WHERE dispute_id = 'D-1'"
    )
    again(store, 2)
    status, told = verify(store, capsys)
    assert (status, "D-1: report revision 2 is recorded twice" in told) == (1, True)


def test_a_decision_goes_only_with_an_item_that_it_was_made_on(store, capsys):
    change(store, "DELETE FROM decisions WHERE dispute_id = 'D-1' AND number = 1")
    database = open_database(store / "evidence.sqlite")
    with database.transaction() as records:
        records.append_audit("default", "D-1", "evidence_forgotten", {"items": "", "decisions": "1"}, NOW)
    database.close()
    status, told = verify(store, capsys)
    assert (status, "D-1: decision 1 is missing" in told) == (1, True)


def test_what_was_erased_is_no_fault(store, capsys, tmp_path):
    heads = tmp_path / "heads.json"
    verify(store, capsys, export_heads=heads)
    database = open_database(store / "evidence.sqlite")
    with database.transaction() as records:
        name = records.audit_name("default", "e")
        gone = records.erase_decisions("default", "D-1", ["e"])
        told = {"items": name, "decisions": " ".join(map(str, gone))}
        records.append_audit("default", "D-1", "evidence_forgotten", told, NOW)
        records.erase_revisions("default", "D-1", 2)
        records.append_audit("default", "D-1", "revisions_erased", {"before": "2"}, NOW)
        records.append_audit("default", "D-2", "dispute_forgotten", {}, NOW)
        records.erase_dispute("default", "D-2")
        records.seal_audit("default", "D-2")
    database.close()
    assert verify(store, capsys)[0] == 0
    assert verify(store, capsys, head=heads)[0] == 0


def test_the_trails_alone(store, capsys):
    change(store, "UPDATE decisions SET note = 'edited'")
    assert verify(store, capsys, chains_only=True)[0] == 0


def test_a_tail_cut_off_shows_against_an_exported_head(store, capsys, tmp_path):
    heads = tmp_path / "heads.json"
    assert verify(store, capsys, export_heads=heads)[0] == 0
    assert verify(store, capsys, head=heads)[0] == 0
    change(store, "DELETE FROM audit WHERE dispute_id = 'D-1' AND sequence = 4")
    change(store, "DELETE FROM decisions WHERE dispute_id = 'D-1' AND number = 2")
    assert verify(store, capsys)[0] == 0, "the chain itself keeps no trace of its end"
    status, told = verify(store, capsys, head=heads)
    assert status == 1
    assert "D-1: the chain ends at entry 3, but the exported head is entry 4" in told


def test_a_chain_made_anew_shows_against_an_exported_head(store, capsys, tmp_path):
    heads = tmp_path / "heads.json"
    verify(store, capsys, export_heads=heads)
    plain = json.loads(heads.read_text())
    plain["heads"][0]["hash"] = "0" * 64
    heads.write_text(json.dumps(plain))
    status, told = verify(store, capsys, head=heads)
    assert (status, "D-1: entry 4 is not the exported head" in told) == (1, True)


def test_heads_of_a_broken_record_are_not_exported(store, capsys, tmp_path):
    change(store, "UPDATE audit SET detail = '{}' WHERE dispute_id = 'D-1' AND sequence = 1")
    assert verify(store, capsys, export_heads=tmp_path / "heads.json")[0] == 1
    assert not (tmp_path / "heads.json").exists()


@pytest.mark.parametrize("published", [False, True])
def test_a_report_file_is_held_against_the_record(store, capsys, tmp_path, policy, published):
    path = tmp_path / "report.json"
    plain = json.loads(report(policy, "D-1", 2, published=published)) | {"skipped": ["2"]}
    path.write_text(json.dumps(plain | {"created_at": "2027-01-01T00:00:00Z"}))
    assert verify(store, capsys, report=path)[0] == 0, "when it was written is no part of it"
    for edited in (
        {"skipped": []},
        {"revision": 1},
        {"revision": 3},
        {"dispute": plain["dispute"] | {"id": "D-3"}},
    ):
        path.write_text(json.dumps(plain | edited))
        assert verify(store, capsys, report=path)[0] == 1, edited
    plain["evidence"][0]["state"] = "UNREADABLE"
    path.write_text(json.dumps(plain))
    assert "it differs from revision 2" in verify(store, capsys, report=path)[1]


@pytest.mark.parametrize("content", ["", "[]", "{}", "1", '{"dispute": 1}'])
def test_what_is_no_report_is_refused(store, capsys, tmp_path, content):
    path = tmp_path / "report.json"
    path.write_text(content)
    assert verify(store, capsys, report=path)[0] == 2
    assert verify(store, capsys, head=path)[0] == 2
    assert verify(store, capsys, report=tmp_path / "none.json")[0] == 2


@pytest.fixture
def policy():
    from pipeline.setup.policies import load_policy

    return load_policy()
