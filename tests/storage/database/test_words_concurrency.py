"""While some add visual words, one compacts and one reads: nothing that was committed is ever missing."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from storage_samples import sha256_of
from word_samples import compact, entries

import storage.database.index.word_runs
from storage.database.database import open_database

REPOSITORY = Path(__file__).parents[3]
ROUNDS = 60

WORKER = """
import sys
import numpy as np
import storage.database.index.word_runs
from storage.database.database import open_database
storage.database.index.word_runs.SMALLEST, storage.database.index.word_runs.LARGEST = 8, 256
address, task, rounds = sys.argv[1], sys.argv[2], int(sys.argv[3])
database = open_database(address)
for number in range(rounds):
    with database.transaction() as records:
        if task == "compact":
            records.compact_words("t", "s")
        else:
            entries = np.array([number << 32 | at for at in range(3)], dtype=np.uint64)
            records.add_words("t", "s", [(f"{task}-{number}-{part}", part, entries) for part in range(4)])
    if task != "compact":
        print(number, flush=True)
database.close()
"""


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs of few parts, so that few parts make many runs."""
    monkeypatch.setattr(storage.database.index.word_runs, "SMALLEST", 8)
    monkeypatch.setattr(storage.database.index.word_runs, "LARGEST", 256)


def test_nothing_is_missing_while_others_add_and_compact(address: str) -> None:
    database = open_database(address)
    database.migrate()
    tasks = [("a", ROUNDS), ("b", ROUNDS), ("compact", 4 * ROUNDS)]
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", WORKER, address, task, str(rounds)],
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            text=True,
        )
        for task, rounds in tasks
    ]
    committed = {"a": -1, "b": -1}

    def listen(task: str, process: subprocess.Popen) -> None:
        for line in process.stdout:
            committed[task] = int(line)

    listeners = [
        threading.Thread(target=listen, args=(task, process))
        for (task, _), process in zip(tasks, processes, strict=True)
    ]
    for listener in listeners:
        listener.start()
    words = np.arange(ROUNDS, dtype=np.uint32)
    ended = False
    while not ended:
        ended = not any(listener.is_alive() for listener in listeners)
        known = dict(committed)
        # A writing transaction: PostgreSQL gives each of its statements a view of its own.
        with database.transaction() as records:
            found = records.postings("t", "s", words, 10**6)
            names = records.parts_numbered("t", "s", found.number.tolist())
        got = sorted(
            (int(word), *names[number], int(geometry))
            for word, number, geometry in zip(
                found.word.tolist(), found.number.tolist(), found.geometry.tolist(), strict=True
            )
        )
        assert len(set(got)) == len(got), "nothing is told twice"
        for task, last in known.items():
            for number in range(last + 1):
                wanted = {
                    (number, f"{task}-{number}-{part}", part, at) for part in range(4) for at in range(3)
                }
                assert wanted <= set(got)
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    for process in processes:
        process.stdout.close()
    assert len(got) == 2 * ROUNDS * 4 * 3
    compact(database, "t")
    with database.reading() as records:
        assert len(records.postings("t", "s", words, 10**6).word) == len(got)
    database.close()


@pytest.mark.servers
def test_of_two_compactors_one_does_it(postgres_url: str, tenant: str) -> None:
    one, other = open_database(postgres_url), open_database(postgres_url)
    with one.transaction() as records:
        records.add_words(tenant, "s", [(sha256_of(n), 0, entries((n, n))) for n in range(20)])
    with one.transaction() as records:
        assert records.compact_words(tenant, "s")
        done = []

        def compete() -> None:
            with other.transaction() as others:
                done.append(others.compact_words(tenant, "s"))

        thread = threading.Thread(target=compete)
        thread.start()
        thread.join()
    assert done == [False]
    for database in (one, other):
        database.close()
