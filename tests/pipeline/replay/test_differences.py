"""What a replay calls a difference: conclusions, not their words."""

from __future__ import annotations

from pipeline.replay.differences import CHANGES, paired

NOW = {
    "code": "CMP_MISSING",
    "severity": "warning",
    "message": "The buyer has not sent the item photo.",
    "message_ids": ["CMP_MISSING"],
    "params": {"role": "item", "due_by": "2026-03-16T10:00:00Z"},
}
BEFORE = {
    "code": "CMP_MISSING",
    "severity": "warning",
    "message": "The buyer has not sent the item.",
    "params": {"role": "item"},
}


def differences(old, new):
    return [how for how, *_ in paired(old, new, lambda entry: entry["code"])]


def test_a_finding_that_an_earlier_release_worded_otherwise_is_no_difference():
    assert differences([BEFORE], [NOW]) == []


def test_what_is_concluded_is():
    assert differences([BEFORE], [{**NOW, "severity": "error"}]) == [CHANGES]
    assert differences([BEFORE], [{**NOW, "params": {"role": "packaging"}}]) == [CHANGES]
