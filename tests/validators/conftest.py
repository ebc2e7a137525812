"""Shared by the tests of judging."""

from __future__ import annotations

import pytest
from hypothesis import settings

from pipeline.setup.policies import load_policy
from validators.policy import Policy


@pytest.fixture(scope="session")
def policy() -> Policy:
    """The default policy as it ships."""
    return load_policy()


# A machine that is busy with other things is no failure.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")
