"""A small file that asks for much is refused or bounded, within seconds and memory, and the next file is well."""

from __future__ import annotations

import resource
import time

import pytest

from jail.bombs import BOMBS
from pipeline.opening.jail import Jail
from pipeline.opening.limits import limits_of
from pipeline.opening.opener import Opener
from pipeline.opening.tools import find_tools
from pipeline.policies import load_policy
from pipeline.settings import content_thresholds

SECONDS = 10.0
BYTES = 1 << 30


@pytest.fixture(scope="module")
def opener():
    policy = load_policy()
    with Jail() as jail:
        yield Opener(jail, find_tools(), limits_of(policy), content_thresholds(policy))


@pytest.mark.parametrize("name", BOMBS)
def test_it_is_bounded(opener, tmp_path, name):
    make, told = BOMBS[name]
    path = tmp_path / "upload"
    path.write_bytes(make())
    start = time.monotonic()
    opened = opener.open(path)
    assert time.monotonic() - start < SECONDS + 2.0  # the limit itself, and its grace
    codes = {problem.code for problem in opened.measurements.problems}
    assert not told or codes & told, codes
    assert "internal" not in codes, opened.measurements.problems
    (tmp_path / "next").write_bytes(b"plain words\n")
    assert opener.open(tmp_path / "next").measurements.text == "plain words\n"


def test_no_child_ever_held_a_gibibyte():
    """Of every child that this process has waited for, the zygotes and theirs among them."""
    policy = load_policy()
    with Jail() as jail:
        Opener(jail, find_tools(), limits_of(policy), content_thresholds(policy))
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024 < BYTES
