"""Every command ends with one sentence and status 2 or 3 on a store that is damaged, foreign, older or newer, and those
that only read do so where nothing may be written."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine
from typer.testing import CliRunner, Result

import storage.database.migrations
from pipeline.commands.program import app

READING = {
    "report": ("report", "D-1"),
    "copy": ("report", "D-1", "--for", "buyer"),
    "verify": ("verify",),
    "compare": ("compare", "D-1", "a.txt"),
    "replay": ("replay", "--policy", "paypal"),
    "link": ("link", "D-1"),
    "tokens": ("token", "list"),
}
MORE = {
    "forget": ("forget", "D-1", "--dry-run"),
    "serve": ("serve", "--port", "0"),
    "migrate": ("migrate",),
    "add token": ("token", "add"),
    "revoke token": ("token", "revoke", "0"),
}
WORKING = {
    "worker": ("worker", "--once"),
    "check": ("check", "{case}", "--out", "{out}"),
    "enqueue": ("enqueue", "{case}"),
}
DATABASE = "evidence.sqlite"


def run(store: Path, *argv: str) -> Result:
    """One command, as if typed."""
    places = {"case": str(store.parent / "case"), "out": str(store.parent / "out")}
    return CliRunner().invoke(app, [*(word.format(**places) for word in argv), "--store", str(store)])


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with one dispute, its report, and a message in its queue; nothing of it is open."""
    base = tmp_path_factory.mktemp("whole")
    (base / "case" / "D-1").mkdir(parents=True)
    (base / "case" / "D-1" / "a.txt").write_text("The lid was cracked when it came.")
    for argv in (WORKING["check"], WORKING["enqueue"]):
        assert run(base / "store", *argv).exit_code in (0, 1)
    return base


@pytest.fixture
def store(tmp_path: Path, whole: Path) -> Path:
    """A copy of it."""
    shutil.copytree(whole, tmp_path, dirs_exist_ok=True)
    return tmp_path / "store"


def noise(path: Path) -> None:
    path.write_bytes(os.urandom(20_000))


def torn(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + bytes(len(whole) - 4096))


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:9000])


def foreign(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE disputes (who TEXT)")
        connection.execute("CREATE TABLE messages (what TEXT)")


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def newer(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")


def spoilt(path: Path) -> None:
    """The file is whole; what the rows hold is not."""
    with sqlite3.connect(path) as connection:
        for table, column in (
            ("dispute_reports", "body"), ("disputes", "body"), ("evidence", "body"), ("examinations", "measurements"),
        ):  # fmt: skip
            connection.execute(f"UPDATE {table} SET {column} = '{{'")


def older(path: Path) -> None:
    path.unlink()
    config = Config()
    config.set_main_option("script_location", storage.database.migrations.__path__[0].replace("%", "%%"))
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
    engine.dispose()


def assert_refused(done: Result) -> None:
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    assert done.exit_code in (2, 3)
    assert len(done.output.strip().splitlines()) == 1
    assert done.output.startswith("evidence: ")


@pytest.mark.parametrize("harm", [noise, torn, cut, foreign, folder, newer])
def test_every_command_refuses_a_database_that_is_not_whole_or_not_ours(
    store: Path, harm: Callable[[Path], None]
) -> None:
    harm(store / DATABASE)
    for argv in (READING | MORE).values():
        assert_refused(run(store, *argv))
    assert run(store, *WORKING["check"]).exit_code in (2, 3)
    assert_refused(run(store, *WORKING["enqueue"]))


def test_what_only_reads_refuses_an_older_database_and_leaves_it_as_it_is(store: Path) -> None:
    older(store / DATABASE)
    before = (store / DATABASE).read_bytes()
    for argv in READING.values():
        done = run(store, *argv)
        assert_refused(done)
        assert "evidence migrate" in done.output
    assert (store / DATABASE).read_bytes() == before
    assert run(store, "migrate").exit_code == 0
    assert run(store, "verify").exit_code == 0


def test_rows_that_cannot_be_read_are_a_sentence(store: Path) -> None:
    spoilt(store / DATABASE)
    for name in ("report", "copy", "compare", "replay"):
        assert_refused(run(store, *READING[name]))
    assert run(store, "verify").exit_code == 1


@pytest.mark.parametrize("harm", [noise, torn, foreign, folder])
def test_the_queue_commands_refuse_a_file_that_is_no_queue(store: Path, harm: Callable[[Path], None]) -> None:
    harm(store / "queue.sqlite")
    for name in ("queue", "redrive"):
        assert_refused(run(store, name))


@pytest.fixture
def unwritable(store: Path) -> Iterator[Path]:
    """The store on a file system that is mounted read-only."""
    mounted = subprocess.run(["mount", "--bind", "-o", "ro", store, store], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("this machine does not let us mount")
    try:
        yield store
    finally:
        subprocess.run(["umount", store], check=True)


def test_what_only_reads_works_where_nothing_may_be_written(unwritable: Path) -> None:
    for argv in (READING["report"], READING["copy"], READING["verify"], READING["tokens"]):
        done = run(unwritable, *argv)
        assert done.exit_code == 0, done.output
    queue = run(unwritable, "queue")
    assert queue.exit_code == 0, queue.output
    assert "1" in queue.output.splitlines()[1].split(), "the one message waits"
    assert run(unwritable, *READING["replay"]).exit_code in (0, 1)
    for name in ("add token", "revoke token", "serve"):
        assert_refused(run(unwritable, *MORE[name]))


def test_a_read_only_store_without_a_queue_has_an_empty_one(store: Path) -> None:
    (store / "queue.sqlite").unlink()
    assert run(store, "queue").exit_code == 0
    assert not (store / "queue.sqlite").exists()


def test_too_few_open_files_are_a_sentence(store: Path) -> None:
    for limit, argv in ((7, ("verify",)), (8, ("queue",)), (30, WORKING["check"])):
        words = [word.format(case=store.parent / "case", out=store.parent / "out") for word in argv]
        script = f'ulimit -n {limit}; exec evidence "$@"'
        path = {"PATH": f"{Path('.venv/bin').absolute()}:{os.environ['PATH']}"}
        done = subprocess.run(
            ["bash", "-c", script, "-", *words, "--store", str(store)],
            capture_output=True, text=True, env=os.environ | path, check=False,
        )  # fmt: skip
        assert done.returncode in (0, 2, 3), done.stderr
        assert "Traceback" not in done.stderr
