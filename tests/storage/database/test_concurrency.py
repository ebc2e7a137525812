"""Several threads and processes on one database: writers wait, and one of two twins sees the other."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from storage_samples import NOON, sha256_of, some_evidence, some_pair

from storage.database.audit import verify_chain
from storage.database.database import SqlDatabase, open_database
from validators.dispute import Dispute
from validators.evidence import Fingerprint

REPOSITORY = Path(__file__).parents[3]
TENANT = "default"


@pytest.fixture
def migrated(address: str) -> Iterator[SqlDatabase]:
    """The database that others open too."""
    database = open_database(address)
    database.migrate()
    yield database
    database.close()


def together(*works: Callable[[], None]) -> None:
    """Run all at once; raise what any of them raised."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], None]) -> None:
        start.wait()
        work()

    with ThreadPoolExecutor(len(works)) as pool:
        for future in [pool.submit(run, work) for work in works]:
            future.result()


def twin(number: int) -> Fingerprint:
    """The fingerprint that both twins of a round have."""
    return Fingerprint("phash256", "1", (sha256_of(number),))


@pytest.mark.parametrize("one_database", [True, False], ids=["threads", "connections"])
def test_of_two_twins_at_least_one_sees_the_other(
    migrated: SqlDatabase, address: str, one_database: bool
) -> None:
    other = migrated if one_database else open_database(address)
    seen: dict[str, set[int]] = {"a": set(), "b": set()}

    def work(database: SqlDatabase, me: str, them: str) -> None:
        for number in range(15):
            with database.transaction() as records:
                records.add_fingerprints(TENANT, [(f"{me}-{number}", 0, twin(number))])
            with database.transaction() as records:
                found = {hit.sha256 for hit in records.search(TENANT, twin(number), 31)}
            assert f"{me}-{number}" in found
            if f"{them}-{number}" in found:
                seen[me].add(number)

    together(lambda: work(migrated, "a", "b"), lambda: work(other, "b", "a"))
    if other is not migrated:
        other.close()
    assert seen["a"] | seen["b"] == set(range(15))


def test_two_processes_write_the_same_sqlite_file(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'evidence.sqlite'}"
    program = """
import sys
from storage.database.database import open_database
from validators.evidence import Fingerprint
database = open_database(sys.argv[1])
database.migrate()
for number in range(40):
    with database.transaction() as records:
        fingerprint = Fingerprint("phash256", "1", (f"{number:064x}",))
        records.add_fingerprints("default", [(f"{sys.argv[2]}-{number}", 0, fingerprint)])
database.close()
"""
    arguments = [sys.executable, "-c", program, address]
    processes = [subprocess.Popen([*arguments, name], cwd=REPOSITORY) for name in "ab"]
    assert [process.wait(120) for process in processes] == [0, 0]
    database = open_database(address)
    with database.reading() as records:
        for number in range(40):
            hits = records.search(TENANT, Fingerprint("phash256", "1", (f"{number:064x}",)), 0)
            assert {hit.sha256 for hit in hits} == {f"a-{number}", f"b-{number}"}
    database.close()


def test_revisions_and_audit_entries_never_collide(migrated: SqlDatabase, address: str) -> None:
    other = open_database(address)

    def work(database: SqlDatabase, name: str) -> None:
        for number in range(12):
            with database.transaction() as records:
                records.attach_report(TENANT, "D-1", "body", f"{name}-{number}", "policy", NOON)

    together(lambda: work(migrated, "a"), lambda: work(other, "b"))
    other.close()
    with migrated.reading() as records:
        report = records.report(TENANT, "D-1")
        entries = records.audit(TENANT, "D-1")
        start = records.audit_start(TENANT, "D-1")
    assert report is not None
    assert report.revision == len(entries) == 24
    assert verify_chain(entries, start) is None


def test_a_pair_found_by_both_is_new_to_one(migrated: SqlDatabase, address: str) -> None:
    other = open_database(address)
    new: list[int] = []

    def work(database: SqlDatabase) -> None:
        for number in range(12):
            with database.transaction() as records:
                new.extend(
                    [number] * len(records.put_pairs(TENANT, [some_pair(f"{number}-a", f"{number}-b")]))
                )

    together(lambda: work(migrated), lambda: work(other))
    other.close()
    assert sorted(new) == list(range(12))


def test_the_same_items_put_in_other_orders_wait_for_each_other(migrated: SqlDatabase, address: str) -> None:
    other = open_database(address)
    items = [some_evidence(TENANT, f"E-{number}") for number in range(60)]

    def work(database: SqlDatabase, step: int) -> None:
        for _ in range(8):
            with database.transaction() as records:
                records.put_evidence(items[::step])

    together(lambda: work(migrated, 1), lambda: work(other, -1))
    other.close()
    with migrated.reading() as records:
        assert len(records.evidence_of(TENANT, "D-1")) == len(items)


def test_a_locked_dispute_is_waited_for_and_others_are_not(migrated: SqlDatabase, address: str) -> None:
    other = open_database(address)
    order: list[str] = []
    locked = threading.Event()

    def hold() -> None:
        with migrated.transaction() as records:
            records.lock_dispute(TENANT, "D-1")
            locked.set()
            time.sleep(0.4)
            order.append("held")

    def wait() -> None:
        locked.wait()
        with other.transaction() as records:
            records.put_dispute(Dispute(id="D-1"))
            order.append("put")

    together(hold, wait)
    other.close()
    assert order == ["held", "put"]


def test_reading_neither_blocks_a_writer_nor_sees_half_of_it(migrated: SqlDatabase, address: str) -> None:
    other = open_database(address)
    with migrated.reading() as reader:
        assert reader.dispute(TENANT, "D-1") is None

        def write() -> None:
            with other.transaction() as records:
                records.put_dispute(Dispute(id="D-1"))

        together(write)
        assert reader.dispute(TENANT, "D-1") is None
    with migrated.reading() as reader:
        assert reader.dispute(TENANT, "D-1") == Dispute(id="D-1")
    other.close()


def test_threads_of_one_database_share_it(database: SqlDatabase, tenant: str) -> None:
    def work(name: str) -> None:
        for number in range(10):
            with database.transaction() as records:
                records.put_evidence([some_evidence(tenant, f"{name}-{number}")])
            with database.reading() as records:
                assert len(records.evidence(tenant, [f"{name}-{number}"])) == 1

    together(*(lambda name=name: work(name) for name in "abcd"))
    with database.reading() as records:
        assert len(records.evidence_of(tenant, "D-1")) == 40
