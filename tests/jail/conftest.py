"""The product's own opener in its jail, and a file to hand to a jail."""

from __future__ import annotations

from contextlib import contextmanager

import pytest
from uploads_opened import opened_upload

from pipeline.opening.host.jail import Jail
from pipeline.opening.host.opener import Opener
from pipeline.opening.host.tools import find_tools
from pipeline.opening.limits import limits_of
from pipeline.setup.policies import load_policy
from pipeline.wiring.assembly import content_thresholds


@contextmanager
def started_opener():
    """An opener in a jail of its own."""
    policy = load_policy()
    with Jail() as jail:
        yield Opener(jail, find_tools(), limits_of(policy), content_thresholds(policy))


@pytest.fixture(scope="module")
def opener():
    with started_opener() as running:
        yield running


@pytest.fixture
def upload(tmp_path):
    with opened_upload(tmp_path, b"an upload") as descriptor:
        yield descriptor
