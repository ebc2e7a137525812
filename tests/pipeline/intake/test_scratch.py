"""The folder for a moment: removed with its process, however that ends, and never while it is held."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

from pipeline.intake.scratch import PREFIX, incoming_folder, sweep

HOLDS = """
import sys, time
from pathlib import Path
from pipeline.intake.scratch import incoming_folder
with incoming_folder(Path(sys.argv[1])) as folder:
    (folder / "original").write_bytes(b"a stranger's")
    print(folder, flush=True)
    time.sleep(60)
"""


def folders(store):
    return sorted(path for path in store.iterdir() if path.name.startswith(PREFIX))


def test_it_is_private_and_gone_after_the_block(tmp_path):
    with incoming_folder(tmp_path) as folder:
        assert folder.stat().st_mode & 0o777 == 0o700
        (folder / "a").write_bytes(b"a")
    assert folders(tmp_path) == []


def test_what_a_killed_process_left_goes_when_the_store_is_opened(tmp_path):
    process = subprocess.Popen([sys.executable, "-c", HOLDS, tmp_path], stdout=subprocess.PIPE, text=True)
    left = process.stdout.readline().strip()
    with incoming_folder(tmp_path) as folder:
        assert [str(path) for path in folders(tmp_path)] == sorted([left, str(folder)]), (
            "a living one's stays"
        )
    process.send_signal(signal.SIGKILL)
    process.wait(20)
    process.stdout.close()
    assert [str(path) for path in folders(tmp_path)] == [left]
    with incoming_folder(tmp_path) as folder:
        assert folders(tmp_path) == [folder]


def test_a_held_folder_is_not_swept_and_one_without_a_holder_is(tmp_path):
    old = tmp_path / f"{PREFIX}old"
    old.mkdir()
    (old / "original").write_bytes(b"a")
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "kept").write_bytes(b"a")
    (tmp_path / f"{PREFIX}link").symlink_to(elsewhere)
    with incoming_folder(tmp_path) as folder:
        (folder / "a").write_bytes(b"a")
        sweep(tmp_path)
        assert (folder / "a").exists()
        assert not old.exists()
    assert (elsewhere / "kept").exists()


def test_where_nothing_can_be_locked_nothing_is_swept(tmp_path, monkeypatch):
    def no_locks(_descriptor, _how):
        raise OSError(os.EX_OSERR, "no locks here")

    old = tmp_path / f"{PREFIX}old"
    old.mkdir()
    monkeypatch.setattr("pipeline.intake.scratch.fcntl.flock", no_locks)
    with incoming_folder(tmp_path) as folder:
        assert folder.is_dir()
    assert folders(tmp_path) == [old]
