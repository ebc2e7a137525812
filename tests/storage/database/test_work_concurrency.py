"""Workers that race: one claim is granted, no mark and no entry is lost or given twice."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import pytest
from storage_samples import NOON, some_evidence
from work_samples import VERSION, attempts_of, later, some_claim, some_upload

from storage.database.database import SqlDatabase, open_database
from storage.interfaces.claims import CRASHED, DONE, SUPERSEDED, Claim

REPOSITORY = Path(__file__).parents[3]
TENANT = "default"
WORKERS = 4
ROUNDS = 12
Answer = TypeVar("Answer")


@pytest.fixture
def workers(address: str) -> Iterator[list[SqlDatabase]]:
    """As many workers, each with connections of its own."""
    databases = [open_database(address) for _ in range(WORKERS)]
    databases[0].migrate()
    yield databases
    for database in databases:
        database.close()


def together(works: list[Callable[[], Answer]]) -> list[Answer]:
    """Run all at once; their answers, or what any of them raised."""
    start = threading.Barrier(len(works))

    def run(work: Callable[[], Answer]) -> Answer:
        start.wait()
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [future.result() for future in [pool.submit(run, work) for work in works]]


def granted(database: SqlDatabase, claim: Claim) -> bool:
    """Whether the claim was."""
    with database.transaction() as records:
        return records.claim_upload(claim).granted


def test_of_claims_at_the_same_moment_one_is_granted(workers: list[SqlDatabase]) -> None:
    for number in range(ROUNDS):
        upload = some_upload(TENANT, f"{number}.jpg")
        claims = [some_claim(upload, f"t{worker}", f"m{worker}") for worker in range(WORKERS)]
        answers = together([lambda d=d, c=c: granted(d, c) for d, c in zip(workers, claims, strict=True)])
        assert sorted(answers) == [False] * (WORKERS - 1) + [True]
        with workers[0].reading() as records:
            assert attempts_of(records, upload) == [(1, None, None)]


def test_a_lapsed_claim_goes_to_one_of_many(workers: list[SqlDatabase]) -> None:
    for number in range(ROUNDS):
        upload = some_upload(TENANT, f"{number}.jpg")
        assert granted(workers[0], some_claim(upload, "dead", "m-dead"))
        claims = [some_claim(upload, f"t{worker}", f"m{worker}", at=60) for worker in range(WORKERS)]
        answers = together([lambda d=d, c=c: granted(d, c) for d, c in zip(workers, claims, strict=True)])
        assert answers.count(True) == 1
        with workers[0].transaction() as records:
            assert not records.end_upload(upload, VERSION, "dead", DONE, "E-1", later(61))
            winner = claims[answers.index(True)]
            assert records.end_upload(upload, VERSION, winner.token, DONE, "E-1", later(61))
            assert [number for number, *_ in attempts_of(records, upload)] == [1, 2]


def test_two_processes_claim_the_same_uploads(tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path / 'evidence.sqlite'}"
    program = """
import sys
from datetime import UTC, datetime, timedelta
from storage.database.database import open_database
from storage.interfaces.claims import Claim, UploadId
database = open_database(sys.argv[1])
database.migrate()
me, now = sys.argv[2], datetime(2026, 3, 9, tzinfo=UTC)
for number in range(40):
    upload = UploadId("default", "bucket", f"{number}.jpg", "v1")
    claim = Claim(upload, "p1", "D-1", me, me, now, now + timedelta(seconds=60), now)
    with database.transaction() as records:
        if records.claim_upload(claim).granted:
            print(number)
database.close()
"""
    arguments = [sys.executable, "-c", program, address]
    processes = [
        subprocess.Popen([*arguments, name], cwd=REPOSITORY, stdout=subprocess.PIPE) for name in "ab"
    ]
    claimed = [int(line) for process in processes for line in process.communicate(timeout=120)[0].split()]
    assert [process.returncode for process in processes] == [0, 0]
    assert sorted(claimed) == list(range(40))


def test_a_claim_rolled_back_leaves_the_upload_free(workers: list[SqlDatabase]) -> None:
    upload = some_upload(TENANT)
    with pytest.raises(KeyError), workers[0].transaction() as records:
        records.claim_upload(some_claim(upload))
        raise KeyError(upload.digest)
    assert granted(workers[1], some_claim(upload, "t2", "m2"))


def test_versions_settled_at_once_leave_the_newest_current(workers: list[SqlDatabase]) -> None:
    for number in range(ROUNDS):
        claims = [
            some_claim(some_upload(TENANT, f"{number}.jpg", f"v{worker}"), sequencer=f"{worker:02}")
            for worker in range(WORKERS)
        ]

        def settle(database: SqlDatabase, claim: Claim) -> str | None:
            with database.transaction() as records:
                mine = f"E-{claim.upload.version}"
                retired = records.set_current(claim, mine)
                records.put_evidence([some_evidence(TENANT, mine, f"D-{claim.upload.key}")])
                records.retire_items(TENANT, [retired] if retired else [])
                return retired

        retired = together([lambda d=d, c=c: settle(d, c) for d, c in zip(workers, claims, strict=True)])
        newest = f"E-v{WORKERS - 1}"
        assert Counter(filter(None, retired)) == Counter(f"E-v{worker}" for worker in range(WORKERS - 1))
        with workers[0].transaction() as records:
            assert records.claim_upload(claims[0]).state == SUPERSEDED
            items = records.evidence_of(TENANT, f"D-{claims[0].upload.key}")
            assert [item.id for item in items] == [newest]


@pytest.mark.servers
@pytest.mark.parametrize("marked_before", [True, False])
def test_a_mark_that_comes_while_the_dispute_is_judged_stays(
    postgres_url: str, tenant: str, marked_before: bool
) -> None:
    judge, marker = open_database(postgres_url), open_database(postgres_url)
    with marker.transaction() as records:
        records.mark_due(tenant, ["D-1"], NOON)
    with marker.transaction() as marking:
        if marked_before:
            marking.put_evidence([some_evidence(tenant, "E-1")])
            marking.mark_due(tenant, ["D-1"], NOON)
        with judge.transaction() as records:
            assert records.take_due(tenant, "D-1", NOON)
            assert records.evidence_of(tenant, "D-1") == []
        if not marked_before:
            marking.put_evidence([some_evidence(tenant, "E-1")])
            marking.mark_due(tenant, ["D-1"], NOON)
    with judge.transaction() as records:
        assert records.take_due(tenant, "D-1", NOON)
        assert len(records.evidence_of(tenant, "D-1")) == 1
    judge.close()
    marker.close()


def test_every_item_is_seen_by_a_judge_after_it(workers: list[SqlDatabase]) -> None:
    """Forty items of one dispute by some workers while the others judge: the last judgement has them all."""
    per_worker, judges = 20, 2
    uploading = threading.Semaphore(0)
    seen: list[int] = []

    def upload(database: SqlDatabase, name: str) -> None:
        for number in range(per_worker):
            with database.transaction() as records:
                records.mark_due(TENANT, ["D-1"], NOON)  # even where it comes first in the transaction
                records.put_evidence([some_evidence(TENANT, f"E-{name}-{number}")])
        uploading.release()

    def judge(database: SqlDatabase) -> None:
        over = False
        while True:
            with database.transaction() as records:
                taken = records.take_due(TENANT, "D-1", NOON)
                if taken:
                    records.lock_dispute(TENANT, "D-1")
                    seen.append(len(records.evidence_of(TENANT, "D-1")))
            if not taken and over:
                return
            over = over or uploading.acquire(blocking=False)

    together(
        [lambda d=d, n=n: upload(d, n) for d, n in zip(workers[judges:], "ab", strict=True)]
        + [lambda d=d: judge(d) for d in workers[:judges]]
    )
    with workers[0].transaction() as records:
        if records.take_due(TENANT, "D-1", NOON):
            seen.append(len(records.evidence_of(TENANT, "D-1")))
    assert max(seen) == 2 * per_worker


def test_an_entry_is_taken_by_one_at_a_time(workers: list[SqlDatabase]) -> None:
    with workers[0].transaction() as records:
        for number in range(40):
            records.post(TENANT, "kind", f"key-{number}", "body", NOON)

    def take(database: SqlDatabase) -> list[str]:
        mine: list[str] = []
        while True:
            with database.transaction() as records:
                entries = records.take_unsent(NOON, later(60), 3)
            if not entries:
                return mine
            mine += [entry.idempotency_key for entry in entries]

    taken = together([lambda d=d: take(d) for d in workers])
    assert sorted(key for keys in taken for key in keys) == sorted(f"key-{number}" for number in range(40))


def test_posting_one_key_at_once_leaves_one_entry(workers: list[SqlDatabase]) -> None:
    def post(database: SqlDatabase) -> None:
        with database.transaction() as records:
            records.post(TENANT, "kind", "key", "body", NOON)

    together([lambda d=d: post(d) for d in workers])
    with workers[0].reading() as records:
        assert records.unsent_count() == 1


def test_a_delivery_that_lost_its_claim_cannot_end_what_another_ends(workers: list[SqlDatabase]) -> None:
    for number in range(ROUNDS):
        upload = some_upload(TENANT, f"{number}.jpg")
        assert granted(workers[0], some_claim(upload))

        def take_over(database: SqlDatabase) -> bool:
            return granted(database, some_claim(upload, "t2", at=1))  # noqa: B023

        def end(database: SqlDatabase) -> bool:
            with database.transaction() as records:
                return records.end_attempt(upload, VERSION, "t1", CRASHED, "", later(1))  # noqa: B023

        taken, ended = together([lambda: take_over(workers[1]), lambda: end(workers[0])])
        with workers[0].transaction() as records:
            outcomes = [outcome for _, outcome, _ in attempts_of(records, upload)]
            assert taken
            assert outcomes == [CRASHED if ended else "vanished", None]
            assert records.end_upload(upload, VERSION, "t2", DONE, None, later(2))
