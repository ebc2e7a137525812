"""What erasing promises, in every database: nothing of what was named is left, and everything else is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import timedelta

import numpy as np
import pytest
from sqlalchemy import text
from storage_samples import NOON, ODD_TEXT, full_dispute, sha256_of, some_evidence, some_examination
from word_samples import add, brute_force, compact, random_parts, told
from work_samples import VERSION, later, some_claim, some_upload

import storage.database.index.word_runs
from storage.database.audit import verify_chain
from storage.database.database import SqlDatabase
from storage.database.fingerprint_bands import bands_of, scope_of
from storage.database.schema import metadata
from storage.interfaces.erasure import UploadedObject
from storage.interfaces.matches import Pair
from storage.interfaces.record import Record
from validators.evidence import Fingerprint

EVERY = 10**9


def rows_with(database: SqlDatabase, tenant: str, words: Sequence[str]) -> list[tuple[str, str]]:
    """(table, word) wherever a row of the tenant holds one of the words."""
    found = []
    with database.reading() as records:
        for name in metadata.tables:
            rows = records._connection.execute(text(f'SELECT * FROM "{name}"')).mappings()  # type: ignore[attr-defined]
            said = [str(dict(row)) for row in rows if row.get("tenant") == tenant]
            found += [(name, word) for word in words if any(word in row for row in said)]
    return found


def pair(first: str, second: str) -> Pair:
    return Pair(first, second, "phash256", 3, 1, "phash256", "1", "{}", 1)


def fill(database: SqlDatabase, tenant: str) -> None:
    """Two disputes of two items, of which one has the bytes of another; reports and trails of both."""
    with database.transaction() as records:
        for dispute, ids in (("D-1", ("a", "b")), ("D-2", ("c", "d"))):
            items = [some_evidence(tenant, id_, dispute) for id_ in ids]
            records.put_evidence(items)
            records.put_examinations(tenant, [some_examination(id_) for id_ in ids])
            records.put_evidence_reports(tenant, "1", "p", [(id_, "USABLE", f"body of {id_}") for id_ in ids])
            for revision in range(3):
                records.attach_report(
                    tenant, dispute, f"{dispute} {ids}", sha256_of((dispute, revision)), "p", NOON
                )
        records.put_evidence([some_evidence(tenant, "twin", "D-2", sha256=sha256_of("a"))])
        hashes = [
            (sha256_of(i), 0, Fingerprint("phash256", "1", (f"{n:064x}",))) for n, i in enumerate("abcd")
        ]
        records.add_fingerprints(tenant, hashes)
        records.put_pairs(tenant, [pair("a", "c"), pair("c", "d")])
        upload = some_upload(tenant, "D-1/b.jpg")
        records.claim_upload(some_claim(upload))
        records.end_upload(upload, VERSION, "t1", "done", "b", later(1))
        records.post(tenant, "report.attached", "k1", '{"dispute": "D-1"}', NOON)
        records.post(tenant, "report.attached", "k2", '{"dispute": "D-2"}', NOON)
        records.mark_due(tenant, ["D-1", "D-2"], NOON)


def erase_contents(records: Record, tenant: str, contents: Collection[str]) -> None:
    """Everything that the record knows of bytes."""
    records.forget_fingerprints(tenant, contents)
    records.forget_words(tenant, contents)
    records.erase_contents(tenant, contents)


def test_an_item_goes_with_all_that_names_it(database: SqlDatabase, tenant: str) -> None:
    fill(database, tenant)
    words = ["'b'", "b.jpg", sha256_of("b"), "body of b"]
    assert {word for _, word in rows_with(database, tenant, words)} == set(words)
    with database.transaction() as records:
        (item,) = records.evidence(tenant, ["b"])
        assert records.uploaded_objects(tenant, ["b"]) == [UploadedObject("bucket", "D-1/b.jpg")]
        records.erase_items(tenant, [item])
        erase_contents(records, tenant, [item.content_key])
        records.erase_uploads(tenant, [UploadedObject("bucket", "D-1/b.jpg")])
        records.erase_revisions(tenant, "D-1")
    assert rows_with(database, tenant, words) == []
    with database.reading() as records:
        assert [one.id for one in records.every_item_of(tenant, "D-1")] == ["a"]
        assert records.examination(tenant, sha256_of("a"), "m1") is not None
        assert [
            hit.sha256 for hit in records.search(tenant, Fingerprint("phash256", "1", (f"{1:064x}",)), 31)
        ] != []


def test_a_hash_is_not_found_once_it_is_erased(database: SqlDatabase, tenant: str) -> None:
    fill(database, tenant)
    query = Fingerprint("phash256", "1", (f"{0:064x}",))
    with database.transaction() as records:
        assert len(records.search(tenant, query, 31)) == 4
        erase_contents(records, tenant, [sha256_of("a"), sha256_of("c")])
        assert {hit.sha256 for hit in records.search(tenant, query, 31)} == {sha256_of("b"), sha256_of("d")}
        run = records._connection.execute  # type: ignore[attr-defined]
        count = text("SELECT count(*) FROM hash_bands WHERE scope = :scope")
        bands = run(count, {"scope": scope_of(tenant, "phash256", "1")}).scalar_one()
    (b_keys, d_keys), (b_partners, d_partners) = bands_of(bytes(31) + b"\1" + bytes(31) + b"\3")
    rows = (zip(b_keys, b_partners, strict=True), zip(d_keys, d_partners, strict=True))
    assert bands == sum(len(set(of_hash)) for of_hash in rows)


def test_bytes_that_another_item_has_are_told(database: SqlDatabase, tenant: str) -> None:
    fill(database, tenant)
    hashes = [sha256_of("a"), sha256_of("b")]
    with database.transaction() as records:
        assert records.contents_held_elsewhere(tenant, hashes, ["a", "b"]) == {sha256_of("a")}
        assert records.contents_held_elsewhere(tenant, hashes, ["a", "b", "twin"]) == set()
        stranger = some_evidence(f"{tenant}-other", "x", sha256=sha256_of("b"))
        records.put_evidence([stranger])
        assert records.contents_held_elsewhere(tenant, hashes, ["a", "b", "twin"]) == set()
        assert records.contents_held_elsewhere(None, hashes, ["a", "b", "twin"]) == {sha256_of("b")}


def test_items_no_longer_current_are_told_too(database: SqlDatabase, tenant: str) -> None:
    fill(database, tenant)
    with database.transaction() as records:
        records.retire_evidence(tenant, "D-1", ["a"])
        assert [one.id for one in records.every_item_of(tenant, "D-1")] == ["a", "b"]


def test_a_dispute_goes_and_its_trail_tells_of_no_one(database: SqlDatabase, tenant: str) -> None:
    fill(database, tenant)
    with database.transaction() as records:
        records.put_dispute(full_dispute(tenant))
        names = [records.audit_name(tenant, id_) for id_ in ("a", "b")]
        assert names == [records.audit_name(tenant, id_) for id_ in ("a", "b")]
        items = records.every_item_of(tenant, "D-1")
        records.erase_items(tenant, items)
        erase_contents(records, tenant, [sha256_of("b")])
        records.erase_uploads(tenant, records.uploaded_objects(tenant, [], "D-1"))
        records.append_audit(tenant, "D-1", "dispute_forgotten", {"items": " ".join(names)}, NOON)
        records.erase_dispute(tenant, "D-1")
        sealed = records.seal_audit(tenant, "D-1")
    assert rows_with(database, tenant, ["D-1", "b.jpg", sha256_of("b")]) == []
    with database.reading() as records:
        assert {(tenant, "D-2"), (tenant, sealed)} <= set(records.audit_chains())
        assert (tenant, "D-1") not in records.audit_chains()
        trail = records.audit(tenant, sealed)
        assert records.audit_start(tenant, sealed) is None
        assert verify_chain(trail, records.audit_start(tenant, sealed)) is None
        assert [entry.action for entry in trail] == ["report_attached"] * 3 + ["dispute_forgotten"]
        assert records.report(tenant, "D-2").revision == 3
        assert records.dispute(tenant, "D-1") is None


def test_a_dispute_that_comes_again_begins_a_trail_of_its_own(database: SqlDatabase, tenant: str) -> None:
    with database.transaction() as records:
        first = records.append_audit(tenant, "D-1", "noted", {"text": ODD_TEXT}, NOON)
        start = records.audit_start(tenant, "D-1")
        records.seal_audit(tenant, "D-1")
        again = records.append_audit(tenant, "D-1", "noted", {"text": ODD_TEXT}, NOON)
        assert (first.sequence, again.sequence) == (1, 1)
        assert first.previous != again.previous, "nobody can tell that it was the same dispute"
        assert start != records.audit_start(tenant, "D-1") == again.previous


def test_earlier_revisions_go_and_the_number_goes_on(database: SqlDatabase, tenant: str) -> None:
    fill(database, tenant)
    with database.transaction() as records:
        records.attach_report(tenant, "D-2", "anew", "anew", "p", NOON + timedelta(1))
        records.erase_revisions(tenant, "D-2", 4)
        assert (records.report(tenant, "D-2").revision, records.report(tenant, "D-2").body) == (4, "anew")
        assert records.attach_report(tenant, "D-2", "x", "x", "p", NOON).revision == 5
    assert rows_with(database, tenant, ["('c', 'd')"]) == []


@pytest.mark.parametrize("compacted", [False, True])
def test_words_of_what_is_erased_are_gone_from_every_bucket(
    database: SqlDatabase, tenant: str, monkeypatch: pytest.MonkeyPatch, compacted: bool
) -> None:
    monkeypatch.setattr(storage.database.index.word_runs, "SMALLEST", 8)
    monkeypatch.setattr(storage.database.index.word_runs, "LARGEST", 256)
    parts = random_parts(np.random.default_rng(3), 0, 40)
    add(database, tenant, parts)
    if compacted:
        assert compact(database, tenant) > 0
    gone = {sha256_of(n) for n in range(0, 40, 2)}
    with database.transaction() as records:
        numbers = {
            n
            for n, (sha, _) in records.parts_numbered(tenant, "s", every_number(records, tenant)).items()
            if sha in gone
        }
        assert len(numbers) == 20
        erase_contents(records, tenant, gone)
    left = {key: given for key, given in parts.items() if key[0] not in gone}
    with database.reading() as records:
        assert told(records, tenant, range(1_000), EVERY) == brute_force(left, range(1_000), EVERY)
        blobs = [
            bytes(row[0])
            for rest in (
                "word_fresh AS w WHERE",
                "word_buckets JOIN word_runs AS w ON place >> 20 = run WHERE",
            )
            for row in records._connection.execute(  # type: ignore[attr-defined]
                text(f"SELECT entries FROM {rest} w.tenant = :tenant"), {"tenant": tenant}
            )
        ]
    assert blobs
    assert not any(number.to_bytes(8, "little") in blob for number in numbers for blob in blobs)


def test_runs_whose_parts_are_all_erased_merge_into_none(
    database: SqlDatabase, tenant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(storage.database.index.word_runs, "SMALLEST", 8)
    random = np.random.default_rng(3)
    for first in (0, 10):
        add(database, tenant, random_parts(random, first, 10))
        assert compact(database, tenant) > 0
        with database.transaction() as records:
            erase_contents(records, tenant, [sha256_of(n) for n in range(first, first + 10)])
    left = random_parts(random, 20, 10)
    add(database, tenant, left)
    assert compact(database, tenant) > 0
    with database.reading() as records:
        assert told(records, tenant, range(1_000), EVERY) == brute_force(left, range(1_000), EVERY)


def every_number(records: object, tenant: str) -> list[int]:
    rows = records._connection.execute(  # type: ignore[attr-defined]
        text("SELECT number FROM word_parts WHERE tenant = :tenant"), {"tenant": tenant}
    )
    return [row.number for row in rows]


def test_erasing_what_is_absent_is_no_error(database: SqlDatabase, tenant: str) -> None:
    with database.transaction() as records:
        records.erase_items(tenant, [])
        erase_contents(records, tenant, [sha256_of("nothing")])
        records.erase_uploads(tenant, [UploadedObject("bucket", "nothing")])
        records.erase_dispute(tenant, "D-none")


def test_what_was_deleted_is_no_longer_in_the_file(tmp_path) -> None:  # type: ignore[no-untyped-def]
    from storage.database.database import open_database

    database = open_database(tmp_path / "evidence.sqlite")
    database.migrate()
    fill(database, "default")
    with database.transaction() as records:
        records.erase_items("default", records.every_item_of("default", "D-1"))
    files = list(tmp_path.iterdir())
    assert any(b"body of b" in path.read_bytes() for path in files)
    database.reclaim()
    assert not any(b"body of b" in path.read_bytes() for path in tmp_path.iterdir())
    database.close()
