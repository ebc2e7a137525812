"""A jail that lacks a part is told of once, and refused where that is asked for."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from pipeline.opening.jail_level import absent, missing
from pipeline.setup.settings import read_settings
from pipeline.wiring.assembly import insist_on_jail
from storage.errors import StoreMisconfiguredError

FULL = "process+rlimits+no-privileges+landlock7+seccomp+threads"
WEAK = "process+rlimits+no-privileges+seccomp+threads"
OLDER = "process+rlimits+no-privileges+landlock{}+seccomp+threads"


def test_a_full_jail_is_silent(caplog):
    assert missing(FULL) == []
    insist_on_jail(FULL, read_settings(Path("store"), require_jail=True))
    assert caplog.records == []


def test_a_weak_jail_is_told_of_and_used(caplog):
    with caplog.at_level(logging.WARNING):
        insist_on_jail(WEAK, read_settings(Path("store")))
    assert "lacks landlock: files are opened in a jail of level process+rlimits" in caplog.text


@pytest.mark.parametrize("by", ["option", "environment"])
def test_a_weak_jail_is_refused_where_asked(monkeypatch, by):
    if by == "environment":
        monkeypatch.setenv("EVIDENCE_REQUIRE_JAIL", "1")
    settings = read_settings(Path("store"), require_jail=by == "option")
    with pytest.raises(StoreMisconfiguredError, match="lacks landlock"):
        insist_on_jail(WEAK, settings)


def test_without_any_part_all_are_named():
    assert missing("process+rlimits") == ["landlock", "seccomp", "threads"]


@pytest.mark.parametrize("version", range(1, 8))
def test_what_landlock_6_gives_is_named_below_it_and_refuses_nothing(version, caplog):
    """Seccomp keeps signals and sockets within the jail there: one part does what two do elsewhere."""
    level = OLDER.format(version)
    assert missing(level) == (["landlock6"] if version < 6 else [])
    assert absent(level) == []
    insist_on_jail(level, read_settings(Path("store"), require_jail=True))
    assert ("lacks landlock6" in caplog.text) == (version < 6)


def test_unbounded_threads_are_named_and_refused(caplog):
    level = FULL.removesuffix("+threads")
    assert missing(level) == ["threads"]
    with pytest.raises(StoreMisconfiguredError, match="lacks threads"):
        insist_on_jail(level, read_settings(Path("store"), require_jail=True))


def test_the_threats_are_held_by_tests_that_are_there():
    root = Path(__file__).parents[3]
    table = [line for line in (root / "SECURITY.md").read_text("utf-8").splitlines() if line.startswith("| ")]
    named = [part.split("`")[0] for line in table for part in line.split("`tests/")[1:]]
    assert len(named) >= 10
    assert [name for name in named if not (root / "tests" / name).is_file()] == []
