"""What the record promises about examinations, pairs, reports and the audit trail, in every database."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from storage_samples import NOON, ODD_TEXT, full_measurements, sha256_of, some_examination, some_pair

from storage.database.audit import verify_chain
from storage.database.database import SqlDatabase
from storage.interfaces.reports import AttachedReport
from validators.evidence import Measurements

MANY = 5_500


def test_an_examination_comes_back_as_it_was_put(database: SqlDatabase, tenant: str) -> None:
    one = some_examination("a")
    with database.transaction() as records:
        records.put_examinations(tenant, [one])
    with database.reading() as records:
        assert records.examination(tenant, one.sha256, "m1") == one
        assert records.examination(tenant, one.sha256, "m2") is None
        assert records.examination(tenant, sha256_of("b"), "m1") is None
        assert records.examination(f"{tenant}-other", one.sha256, "m1") is None


def test_putting_an_examination_again_replaces_it_under_its_version(
    database: SqlDatabase, tenant: str
) -> None:
    one, newer = some_examination("a"), some_examination("a", "m2")
    bare = replace(one, measurements=Measurements("m1", ""), derivatives=(), jail="none")
    with database.transaction() as records:
        records.put_examinations(tenant, [one])
        records.put_examinations(tenant, [newer])
        records.put_examinations(tenant, [bare])
        assert records.examination(tenant, one.sha256, "m1") == bare
        assert records.examination(tenant, one.sha256, "m2") == newer


def test_many_examinations_at_once(database: SqlDatabase, tenant: str) -> None:
    measurements = Measurements("m1", "image/jpeg", pixels_sha256=sha256_of("pixels"))
    many = [some_examination(n, measurements=measurements, derivatives=()) for n in range(MANY)]
    with database.transaction() as records:
        records.put_examinations(tenant, many)
        records.put_examinations(tenant, [some_examination(0, "m2")])
        found = records.examinations(tenant, [*(one.sha256 for one in many), "unknown"], "m1")
        assert found == {one.sha256: one for one in many}
        assert records.examinations(tenant, [], "m1") == {}


def test_the_newest_examination_counts_where_no_version_is_asked_for(
    database: SqlDatabase, tenant: str
) -> None:
    versions = [some_examination("a", version) for version in ("2", "10", "9")]
    with database.transaction() as records:
        records.put_examinations(tenant, versions)
        found = records.newest_examinations(tenant, [sha256_of("a"), sha256_of("b")])
    assert found == {sha256_of("a"): versions[1]}


def test_is_examined_leaves_out_those_with_certain_problems(database: SqlDatabase, tenant: str) -> None:
    one = some_examination("a", measurements=full_measurements())
    with database.transaction() as records:
        assert not records.is_examined(tenant, one.sha256, "m1")
        records.put_examinations(tenant, [one])
        assert records.is_examined(tenant, one.sha256, "m1")
        assert records.is_examined(tenant, one.sha256, "m1", ("tool_missing", "internal", "limit"))
        assert not records.is_examined(tenant, one.sha256, "m1", ("tool_missing", "limited"))
        assert not records.is_examined(tenant, one.sha256, "m2")
        assert not records.is_examined(f"{tenant}-other", one.sha256, "m1")


def test_a_number_that_json_lacks_is_refused_at_once(database: SqlDatabase, tenant: str) -> None:
    broken = full_measurements(clarity=replace(full_measurements().clarity, noise=float("nan")))
    with pytest.raises(ValueError, match="JSON"), database.transaction() as records:
        records.put_examinations(tenant, [some_examination("a", measurements=broken)])


def test_pairs_are_stored_once_and_seen_from_both_sides(database: SqlDatabase, tenant: str) -> None:
    pairs = [some_pair("b", "c"), some_pair("a", "c"), some_pair("a", "b")]
    with database.transaction() as records:
        assert records.put_pairs(tenant, pairs) == [pairs[2], pairs[1], pairs[0]]
        assert records.put_pairs(tenant, pairs) == []
        assert records.put_pairs(tenant, [*pairs, some_pair("c", "d")]) == [some_pair("c", "d")]
        assert records.pairs_of(tenant, ["c"]) == [pairs[1], pairs[0], some_pair("c", "d")]
        assert records.pairs_of(tenant, ["a", "b"]) == [pairs[2], pairs[1], pairs[0]]
        assert records.pairs_of(tenant, ["x"]) == []
        assert records.pairs_of(f"{tenant}-other", ["a", "b", "c"]) == []


def test_a_pair_is_replaced_only_by_a_smaller_distance(database: SqlDatabase, tenant: str) -> None:
    with database.transaction() as records:
        first = [
            some_pair("a", "b", 9),
            some_pair("a", "b", 5),
            some_pair("a", "b", 5, "pixels"),
            some_pair("a", "b", 7),
        ]
        assert records.put_pairs(tenant, first) == [some_pair("a", "b", 5)]
        assert records.put_pairs(tenant, [some_pair("a", "b", 5, "pixels"), some_pair("a", "b", 6)]) == []
        assert records.pairs_of(tenant, ["a"]) == [some_pair("a", "b", 5)]
        assert records.put_pairs(tenant, [some_pair("a", "b", 0, "sha256")]) == []
        assert records.pairs_of(tenant, ["b"]) == [some_pair("a", "b", 0, "sha256")]


def test_a_higher_rank_replaces_and_is_told(database: SqlDatabase, tenant: str) -> None:
    hashed, crop = some_pair("a", "b", 5), some_pair("a", "b", 40, "words")
    better = replace(crop, rank=1, detail='{"boxes": []}')
    with database.transaction() as records:
        records.put_pairs(tenant, [hashed, some_pair("b", "c")])
        assert records.put_pairs(tenant, [crop]) == []
        assert records.put_pairs(
            tenant, [better, hashed, some_pair("c", "d"), replace(better, distance=41)]
        ) == [
            better,
            some_pair("c", "d"),
        ]
        assert records.put_pairs(tenant, [some_pair("a", "b", 0), better]) == []
        assert records.pairs_of(tenant, ["a"]) == [better]
        nearer = replace(better, distance=3, detail=ODD_TEXT)
        assert records.put_pairs(tenant, [nearer]) == []
        assert records.pairs_of(tenant, ["b"]) == [nearer, some_pair("b", "c")]


def test_what_was_measured_in_another_way_replaces_what_stood_there(
    database: SqlDatabase, tenant: str
) -> None:
    old = replace(some_pair("a", "b", 5), rank=1)
    anew = replace(old, version="2", distance=7, detail='{"drift": 0.1}')
    with database.transaction() as records:
        records.put_pairs(tenant, [old])
        records.put_pairs(tenant, [anew])
        assert records.pairs_of(tenant, ["a"]) == [anew]
        records.put_pairs(tenant, [replace(anew, version="3", rank=0)])
        assert records.pairs_of(tenant, ["a"]) == [anew]


@pytest.mark.parametrize(("first", "second"), [("b", "a"), ("a", "a")])
def test_a_pair_out_of_order_is_refused(database: SqlDatabase, tenant: str, first: str, second: str) -> None:
    with pytest.raises(ValueError, match="order"), database.transaction() as records:
        records.put_pairs(tenant, [some_pair(first, second)])


def test_many_pairs(database: SqlDatabase, tenant: str) -> None:
    pairs = [some_pair(f"{n:05}", f"{n + 1:05}") for n in range(MANY)]
    with database.transaction() as records:
        assert records.put_pairs(tenant, pairs) == pairs
        assert records.put_pairs(tenant, [replace(pair, distance=1) for pair in pairs]) == []
        found = records.pairs_of(tenant, [pair.first for pair in pairs])
    assert found == [replace(pair, distance=1) for pair in pairs]


def test_an_items_report_is_replaced_under_its_version(database: SqlDatabase, tenant: str) -> None:
    with database.transaction() as records:
        records.put_evidence_reports(tenant, "v1", "p1", [("E-1", "USABLE", "old")])
        records.put_evidence_reports(tenant, "v1", "p2", [("E-1", "UNREADABLE", ODD_TEXT)])
        records.put_evidence_reports(tenant, "v2", "p2", [("E-2", "USABLE", "{}"), ("E-1", "USABLE", "v2")])
        records.put_evidence_reports(tenant, "v2", "p2", [])
        assert records.evidence_reports(tenant, ["E-1", "E-2", "E-3"], "v1") == {"E-1": ODD_TEXT}
        assert records.evidence_reports(tenant, ["E-1", "E-2"], "v2") == {"E-1": "v2", "E-2": "{}"}
        assert records.evidence_reports(f"{tenant}-other", ["E-1"], "v1") == {}


def test_attaching_writes_the_next_revision_with_its_audit_entry(database: SqlDatabase, tenant: str) -> None:
    later = NOON + timedelta(hours=1)
    with database.transaction() as records:
        assert records.report(tenant, "D-1") is None
        first = records.attach_report(tenant, "D-1", "body 1", "content 1", "policy", NOON)
        assert first == AttachedReport(1, "body 1", "content 1", NOON)
    with database.transaction() as records:
        same = records.attach_report(tenant, "D-1", "body 2", "content 1", "policy", later)
        assert same == first
        second = records.attach_report(tenant, "D-1", ODD_TEXT, "content 2", "policy", later)
        assert second.revision == 2
        assert [one.body for one in records.revisions(tenant, "D-1")] == ["", ODD_TEXT], (
            "the newest alone is kept whole"
        )
    with database.reading() as records:
        assert records.report(tenant, "D-1") == second
        assert records.report(tenant, "D-2") is None
        entries = records.audit(tenant, "D-1")
    assert [(entry.sequence, entry.action, entry.at) for entry in entries] == [
        (1, "report_attached", NOON),
        (2, "report_attached", later),
    ]
    assert '"content_sha256":"content 2"' in entries[1].detail
    assert '"revision":"2"' in entries[1].detail


def test_what_returns_to_earlier_content_is_a_new_revision(database: SqlDatabase, tenant: str) -> None:
    with database.transaction() as records:
        for content in ("one", "two", "one"):
            records.attach_report(tenant, "D-1", "body", content, "policy", NOON)
        report = records.report(tenant, "D-1")
    assert report is not None
    assert report.revision == 3


def test_the_audit_chain_holds_and_is_the_disputes_own(database: SqlDatabase, tenant: str) -> None:
    with database.transaction() as records:
        written = [
            records.append_audit(
                tenant, "D-1", "noted", {"z": ODD_TEXT, "a": str(number)}, NOON + timedelta(hours=number)
            )
            for number in range(4)
        ]
        records.append_audit(tenant, "D-2", "noted", {}, NOON)
    with database.reading() as records:
        read = records.audit(tenant, "D-1")
        other = records.audit(tenant, "D-2")
        assert records.audit(f"{tenant}-other", "D-1") == []
        own, of_other = records.audit_start(tenant, "D-1"), records.audit_start(tenant, "D-2")
    assert read == written
    assert own not in (None, of_other)
    assert verify_chain(read, own) is None
    assert verify_chain(other, of_other) is None
    assert verify_chain(other, own) == 0
