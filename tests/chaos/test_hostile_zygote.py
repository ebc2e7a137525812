"""Hostile files really do what their marker says, and the jail tells each for what it is."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from chaos.pictures import bomb, marked, photo

from pipeline.opening.host import jail
from pipeline.opening.host.jail import Jail, Outcome
from pipeline.opening.limits import Limits, limits_of
from pipeline.setup.policies import load_policy
from pipeline.wiring.assembly import content_thresholds

ZYGOTE = Path(__file__).with_name("hostile_zygote.py")
POLICY = load_policy(None)
LIMITS = replace(limits_of(POLICY), seconds=3.0, memory_bytes=192 << 20)


@pytest.fixture(scope="module")
def hostile_jail() -> Iterator[Jail]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(jail, "ZYGOTE", (sys.executable, "-I", str(ZYGOTE)))
        with Jail() as opened:
            yield opened


def outcome(opened: Jail, data: bytes, limits: Limits = LIMITS) -> Outcome:
    upload = os.memfd_create("upload")
    try:
        os.write(upload, data)
        job = {"content": content_thresholds(POLICY), "version": "1", "what": "file"}
        return opened.measure(upload, job, limits)
    finally:
        os.close(upload)


@pytest.mark.parametrize(
    ("marker", "fault", "detail"),
    [
        ("segfault", "crashed", "SIGSEGV"),
        ("abort", "crashed", "SIGABRT"),
        ("memory", "memory_limit", ""),
        ("hang", "time_limit", ""),
        ("spin", "time_limit", ""),
    ],
)
def test_a_marked_file_does_what_it_says(hostile_jail: Jail, marker: str, fault: str, detail: str) -> None:
    limits = replace(LIMITS, seconds=1.0) if fault == "time_limit" else LIMITS
    found = outcome(hostile_jail, marked(photo("hostile"), marker), limits)
    assert found.fault == fault
    assert detail in found.detail
    assert outcome(hostile_jail, photo("healthy")).fault is None


def test_a_slow_file_is_opened_in_the_end(hostile_jail: Jail) -> None:
    slow = marked(photo("slow"), "slow:0.3")
    assert outcome(hostile_jail, slow).fault is None
    assert outcome(hostile_jail, slow, replace(LIMITS, seconds=0.2)).fault == "time_limit"


def test_the_bomb_is_one(hostile_jail: Jail) -> None:
    data = bomb("1")
    assert len(data) < 1 << 20
    assert outcome(hostile_jail, data).fault == "memory_limit"
