"""Bubblewrap around the process that opens files: used where it works, done without where it does not."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest
from small_limits import LIMITS
from uploads_opened import opened_upload
from zygotes import why_not_in_namespaces, zygote_of

from pipeline.opening.host import namespaces
from pipeline.opening.host.jail import Jail
from pipeline.opening.host.namespaces import PART, in_namespaces
from pipeline.setup.settings import read_settings

SHELL = ["/bin/sh", "-c"]


@pytest.fixture
def upload(tmp_path):
    with opened_upload(tmp_path, b"words\n") as descriptor:
        yield descriptor


def test_without_bubblewrap_the_command_stays_as_it_is(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    assert in_namespaces(("python",)) is None


def test_one_that_cannot_be_used_is_done_without(monkeypatch, tmp_path, upload):
    refusing = tmp_path / "bwrap"
    refusing.write_text("#!/bin/sh\necho No permissions to create new namespace >&2\nexit 1\n")
    refusing.chmod(refusing.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with Jail() as jail:
        assert PART not in jail.level
        assert jail.run_tool(upload, [*SHELL, "echo here"], LIMITS).output == b"here\n"


def test_one_that_is_no_program_is_done_without(monkeypatch, tmp_path):
    (tmp_path / "bwrap").write_bytes(b"\x7fELF of another machine")
    (tmp_path / "bwrap").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    with Jail() as jail:
        assert PART not in jail.level


def test_one_that_lies_where_one_happens_to_be_is_not_run(monkeypatch, tmp_path):
    (tmp_path / "bwrap").write_text("#!/bin/sh\n")
    (tmp_path / "bwrap").chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", ".")
    assert in_namespaces(("python",)) is None


@pytest.fixture
def wrapped():
    if reason := why_not_in_namespaces():
        pytest.skip(reason)
    with Jail() as jail:
        yield jail


def test_it_is_told_in_the_level(wrapped):
    assert wrapped.level.endswith(f"+{PART}")


def test_the_zygote_has_namespaces_of_its_own_and_no_capability(wrapped):
    pid = zygote_of(wrapped)
    for kind in ("user", "ipc", "pid", "net", "uts", "mnt"):
        here, there = (Path(f"/proc/{one}/ns/{kind}").readlink() for one in ("self", pid))
        assert here != there, kind
    told = dict(
        line.split(":\t") for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":\t" in line
    )
    assert int(told["CapEff"], 16) == int(told["CapBnd"], 16) == 0


def test_a_file_is_opened_and_the_zygote_ends_with_the_jail(wrapped, upload):
    pid = zygote_of(wrapped)
    assert wrapped.run_tool(upload, [*SHELL, "read it <&3; echo $it"], LIMITS).output == b"words\n"
    wrapped.close()
    assert not Path(f"/proc/{pid}").exists()


def test_all_that_is_writable_is_what_the_children_are_given():
    bound = namespaces._ARGUMENTS
    assert "--ro-bind" in bound
    assert not {"--bind", "--dev-bind", "--share-net", "--tmpfs"} & set(bound)


def test_it_may_be_forgone(monkeypatch):
    monkeypatch.setenv("EVIDENCE_BUBBLEWRAP", "0")
    settings = read_settings(Path("store"))
    with Jail(namespaces=settings.namespaces) as jail:
        assert PART not in jail.level
    monkeypatch.delenv("EVIDENCE_BUBBLEWRAP")
    assert read_settings(Path("store")).namespaces
