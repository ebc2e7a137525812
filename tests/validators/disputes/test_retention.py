"""May it be erased? A hold forbids it, and a dispute that goes on keeps its evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from pipeline.setup.policies import load_policy
from validators.dispute import Dispute
from validators.disputes.retention import held, retained
from validators.policy import parse_policy
from validators.sentences.sentences import Sentences

said = Sentences().say
NOW = datetime(2026, 5, 1, tzinfo=UTC)
DISPUTE = Dispute("D-1", status="OPEN")
POLICY = load_policy()


def kept_for(days: int):
    from importlib.resources import files

    default = files("validators").joinpath("policy.toml").read_text("utf-8")
    rule = f'[rules.retention.days_after_end]\nvalue = {days}\nsource = "a test"\nwhy = "A test."\n'
    return parse_policy(default, f'id = "kept"\nversion = "1"\n{rule}')


def test_a_hold_names_the_dispute():
    assert said(held(replace(DISPUTE, legal_hold=True))).startswith("Dispute D-1 is under a legal hold.")
    assert held(DISPUTE) is None
    assert held(None) is None


@pytest.mark.parametrize("status", ["RESOLVED", "closed", "Withdrawn", "LOST"])
def test_what_has_ended_may_go(status):
    assert retained(replace(DISPUTE, status=status), POLICY, NOW) is None


@pytest.mark.parametrize("status", ["OPEN", "UNDER_REVIEW", None, "SOMETHING_NEW"])
def test_what_is_not_known_to_have_ended_is_kept(status):
    why = retained(replace(DISPUTE, status=status), POLICY, NOW)
    assert ("has not ended" if status else "not known to have ended") in said(why)
    assert "retention.ended_statuses" in said(why)


def test_a_time_of_ending_counts_whatever_the_status_says():
    assert retained(replace(DISPUTE, closed_at=NOW - timedelta(1)), POLICY, NOW) is None
    assert retained(replace(DISPUTE, withdrawn_at=NOW), POLICY, NOW) is None


def test_a_folder_read_as_a_dispute_is_nobodys_open_case():
    assert retained(replace(DISPUTE, declared=False), POLICY, NOW) is None
    assert retained(None, POLICY, NOW) is None


def test_days_after_the_end():
    policy = kept_for(30)
    closed = replace(DISPUTE, status="CLOSED", closed_at=NOW - timedelta(days=29))
    assert "2 May 2026" in said(retained(closed, policy, NOW))
    assert retained(closed, policy, NOW + timedelta(days=1)) is None
    told = said(retained(replace(DISPUTE, status="CLOSED"), policy, NOW))
    assert "kept for 30 days after the end" in told
    assert "not known when" in told
