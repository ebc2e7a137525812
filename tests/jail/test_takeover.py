"""A child that was taken over costs its own file alone: whatever it answers, and however long it would live."""

from __future__ import annotations

import contextlib
import os
import time
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from small_limits import LIMITS
from zygotes import zygote_of

from jail.driver import ESCAPING, in_a_child
from jail.escaping_lies import LIES
from pipeline.opening.child.confinement.confine import Confinement, confine_decoder, find_out
from pipeline.opening.host import jail as supervisor
from pipeline.opening.host.jail import Jail


@pytest.fixture
def taken_over(monkeypatch):
    monkeypatch.setattr(supervisor, "ZYGOTE", (*ESCAPING, "", ""))
    with Jail() as running:
        yield running


@pytest.mark.parametrize("lie", LIES)
def test_a_lying_answer_is_a_crash_and_the_next_file_is_well(taken_over, upload, lie):
    outcome = taken_over.measure(upload, {"what": lie}, LIMITS)
    assert outcome.fault in ("crashed", "output_limit"), outcome
    assert outcome.planes == ()
    honest = taken_over.measure(upload, {"what": "fork", "target": {}}, LIMITS)
    assert honest.fault is None
    assert honest.body["said"].startswith("refused")


def test_an_endless_answer_ends_at_the_limit(taken_over, upload):
    outcome = taken_over.measure(upload, {"what": "flood"}, replace(LIMITS, output_bytes=1 << 20))
    assert outcome.fault == "crashed"  # a length of nought, then no JSON: it is killed at the first lie
    assert "JSON" in outcome.detail


def test_a_child_that_closes_its_answer_and_lives_on_is_ended_by_us_and_blamed_on_nobody(taken_over, upload):
    outcome = taken_over.measure(upload, {"what": "close and sleep"}, LIMITS)
    assert outcome.fault == "crashed"
    assert outcome.detail == "the answer ended early"


def test_no_child_outlives_the_zygote(taken_over, upload):
    asking = Thread(target=lambda: _ignoring_the_end(taken_over, upload))
    asking.start()
    zygote = zygote_of(taken_over)
    children = _until(lambda: Path(f"/proc/{zygote}/task/{zygote}/children").read_text().split())
    taken_over._closed = True  # no other is started for the job
    os.kill(zygote, 9)
    assert _until(lambda: all(_is_gone(int(pid)) for pid in children))
    asking.join()


def test_a_child_holds_no_descriptor_of_another(taken_over, upload):
    """The zygote tells the end of each child by a pipe: who held another's could tell a lie about another's file."""
    asking = Thread(target=lambda: taken_over.measure(upload, {"what": "sleep"}, replace(LIMITS, seconds=3)))
    asking.start()
    zygote = zygote_of(taken_over)
    assert _until(lambda: Path(f"/proc/{zygote}/task/{zygote}/children").read_text().split())
    outcome = taken_over.measure(upload, {"what": "list descriptors"}, LIMITS)
    assert set(outcome.body["held"]) <= {1, 2}
    asking.join()


def _ignoring_the_end(jail, upload):
    with contextlib.suppress(supervisor.JailError):
        jail.measure(upload, {"what": "sleep"}, LIMITS)


def _until(told, seconds=10.0):
    end = time.monotonic() + seconds
    while not (found := told()) and time.monotonic() < end:
        time.sleep(0.02)
    return found


def _is_gone(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.mark.parametrize("without", ["landlock", "seccomp"])
def test_each_part_alone_keeps_a_decoder_from_files(without):
    """Where the kernel lacks one, the other still stands."""
    parts = find_out()
    if not (parts.landlock and parts.seccomp) and not os.environ.get("CI"):
        pytest.skip("this kernel lacks a part")
    weaker = replace(parts, landlock=0) if without == "landlock" else replace(parts, seccomp=False)
    assert without not in weaker.level
    assert in_a_child("read_the_password_file", {}, lambda: confine_decoder(weaker)).startswith("refused")


def test_with_no_part_at_all_nothing_is_claimed():
    assert Confinement(False, 0, False).level == "process+rlimits"
    assert (
        in_a_child("read_the_password_file", {}, lambda: confine_decoder(Confinement(False, 0, False)))
        == "through"
    )
