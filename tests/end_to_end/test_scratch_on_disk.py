"""Scratch: on a disk of its own where that is asked for, and nothing left in it however a command ends."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from kit import EVIDENCE, heed_interrupts
from pictures import save, scene


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    for number in range(24):
        save(scene(number), tmp_path / "pictures" / f"{number}.jpg")
    return tmp_path / "pictures"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_check_that_is_asked_to_stop_leaves_no_copies(tmp_path: Path, pictures: Path, number: int) -> None:
    store, scratch = tmp_path / "store", tmp_path / "scratch"
    process = subprocess.Popen(
        [EVIDENCE, "check", str(pictures), "--jobs", "1", "--store", str(store), "--out", str(tmp_path / "out")],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        env={**os.environ, "EVIDENCE_SCRATCH_DIR": str(scratch)},
        preexec_fn=heed_interrupts,  # noqa: PLW1509 - one system call
    )  # fmt: skip
    end = time.monotonic() + 60
    while not any(scratch.glob("incoming-*/*")) or not any(scratch.glob("incoming-*/????????????????*")):
        assert process.poll() is None, process.stdout and process.stdout.read()
        assert time.monotonic() < end
        time.sleep(0.002)
    process.send_signal(number)
    said, _ = process.communicate(timeout=60)
    assert process.returncode == 130, said
    assert "Interrupted" in said
    assert list(scratch.iterdir()) == []
    assert not any(store.glob("incoming-*"))
