"""Limits of the machine's own that keep the jail from being set up say nothing of a file: nothing was read."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from small_limits import LIMITS

from pipeline.opening.host import jail as supervisor
from pipeline.opening.host.jail import Jail, JailError, NotSetUpError

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
TOO_LOW = {"v": 900 << 20, "t": 3, "n": 28}
DROPPING = (
    "import sys; from pipeline.opening.child.confinement.privileges import drop_privileges; import resource; "
    "drop_privileges(); resource.setrlimit(int(sys.argv.pop(1)), (int(sys.argv.pop(1)),) * 2); "
    "from pipeline.commands.app import main; sys.argv[0] = 'evidence'; main()"
)


def under(when, option, upload):
    argv = [sys.executable, str(HERE / "under_limits.py"), when, option, str(TOO_LOW[option]), str(upload)]
    path = os.pathsep.join(map(str, (ROOT, HERE.parent)))
    done = subprocess.run(
        argv, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONPATH": path}
    )
    return done.stdout.splitlines()


@pytest.fixture
def words(tmp_path):
    (tmp_path / "words.txt").write_text("plain words\n")
    return tmp_path / "words.txt"


@pytest.mark.parametrize("option", TOO_LOW)
def test_the_start_says_which_limit_is_too_low_and_what_is_needed(option, words):
    (told,) = under("before", option, words)
    assert told.startswith("the process that was to open a file could not be confined: ")
    assert f"'ulimit -H{option}'" in told
    assert "opening files needs" in told


@pytest.mark.parametrize("option", TOO_LOW)
def test_where_it_comes_later_decoders_and_tools_are_handed_back(option, words):
    decoder, tool = under("after", option, words)
    assert f"'ulimit -H{option}'" in decoder
    assert tool == decoder or option == "v"  # a tool begins smaller
    assert "could not be confined" in tool


@pytest.mark.parametrize("option", TOO_LOW)
@pytest.mark.parametrize("command", ["check", "worker"])
def test_the_command_refuses_to_start_and_puts_nothing_on_record(option, command, words, tmp_path):
    import resource

    which = {"v": resource.RLIMIT_AS, "t": resource.RLIMIT_CPU, "n": resource.RLIMIT_NOFILE}[option]
    more = [str(words.parent), "--out", str(tmp_path / "out")] if command == "check" else ["--once"]
    done = subprocess.run(
        [sys.executable, "-c", DROPPING, str(which), str(TOO_LOW[option]), command, *more, "--store", str(tmp_path / "store")],
        capture_output=True, text=True, check=False, env={**os.environ, "EVIDENCE_BUBBLEWRAP": "0", "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 2, done.stdout + done.stderr
    assert f"'ulimit -H{option}'" in done.stdout + done.stderr
    assert not (tmp_path / "out").exists()


def zygote_with(change):
    code = f"import time, os; from pipeline.opening.child import zygote as z; {change}; z.main()"
    return (sys.executable, "-c", code)


@pytest.mark.parametrize(
    "change",
    [
        "z.confine_decoder = lambda _: time.sleep(60)",  # a machine that stands still
        "z.confine_decoder = lambda _: os._exit(1)",
        "z.confine_decoder = lambda _: os.kill(os.getpid(), 11)",
    ],
    ids=["stalls", "ends", "crashes"],
)
def test_a_child_that_ends_before_it_is_confined_blames_no_file(monkeypatch, upload, change):
    monkeypatch.setattr(supervisor, "ZYGOTE", zygote_with(change))
    with Jail(namespaces=False) as jail, pytest.raises(NotSetUpError, match="before that"):
        jail.measure(upload, {"what": "file"}, replace(LIMITS, seconds=1.0))


def test_a_machine_without_room_for_a_process_costs_an_attempt_and_not_the_zygote(monkeypatch, upload):
    change = (
        "z._fork = lambda *_: (_ for _ in ()).throw(BlockingIOError(11, 'Resource temporarily unavailable'))"
    )
    monkeypatch.setattr(supervisor, "ZYGOTE", zygote_with(change))
    with Jail(namespaces=False) as jail:
        for _ in range(3):
            with pytest.raises(JailError, match="no process can be had: Resource temporarily unavailable"):
                jail.measure(upload, {"what": "file"}, LIMITS)
        assert jail.is_running()
