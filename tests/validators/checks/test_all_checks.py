"""The guard: a fault of ours costs one check, is logged, and never makes a clean report."""

from __future__ import annotations

import logging

from hypothesis import given
from hypothesis import strategies as st
from judging_cases import POLICY, case, codes, only, photo, taken
from stored_findings import stored_finding

from validators.checks.all_checks import VALIDATORS, examine
from validators.disputes import judge as judging
from validators.disputes.judge import judge_item
from validators.evidence import PROBLEMS, Measurements, Problem
from validators.finding import CODES, SEVERITIES
from validators.report import STATES
from validators.sentences.sentences import sentence


def broken(case, policy):
    yield stored_finding("DESC_MISSING", "note", "fail", "never seen")
    raise ZeroDivisionError("ours")


def test_a_failing_validator_is_inconclusive_and_the_others_go_on(policy, caplog):
    seen = case(measured=photo(has_gps=True))
    with caplog.at_level(logging.ERROR):
        found = examine(seen, policy, (broken, *VALIDATORS))
    assert codes(found) == ["SYS_INCONCLUSIVE", "PII_GPS"]
    assert found[0].params == {"validator": "broken"}
    assert (found[0].severity, found[0].kind) == ("note", "not_applicable")
    assert "ZeroDivisionError: ours" in caplog.text


def test_a_block_of_the_report_that_fails_costs_that_block_alone(policy, monkeypatch):
    def fails(measured, policy):
        raise KeyError("ours")

    monkeypatch.setattr(judging, "clarity_block", fails)
    report = judge_item(case(), policy)
    assert report.clarity is None
    assert report.capture_time.best is not None
    assert only(report.findings, "SYS_INCONCLUSIVE").params == {"validator": "clarity"}


def test_a_fault_met_twice_is_told_once(policy):
    unreadable = photo(times=(taken(case().as_of, meaning="captured"), None))
    report = judge_item(case(measured=unreadable), policy)
    assert [f.params for f in report.findings if f.code == "SYS_INCONCLUSIVE"] == [
        {"validator": "capture_time"}
    ]
    assert report.capture_time is None


def test_each_validator_stands_in_the_list_once():
    assert len(set(VALIDATORS)) == len(VALIDATORS) == 15


problems = st.builds(
    Problem,
    st.sampled_from(sorted(PROBLEMS)),
    st.sampled_from(["", "zip", "a\nb"]),
    st.none() | st.floats(0, 1e12),
    st.none() | st.floats(0, 1e12),
    st.sampled_from([None, "bytes", "pixels", "px", "pages", "s", "points", "characters"]),
)


@given(
    st.lists(problems, max_size=5),
    st.sampled_from(["image/jpeg", "video/mp4", "", "text/html"]),
    st.sampled_from(["photo", "video", "document", "text", "unknown", "something_new"]),
    st.none() | st.text(max_size=5),
)
def test_whatever_opening_says_judging_goes_through(given_problems, detected, kind, text):
    measured = Measurements("1", detected, kind=kind, problems=tuple(given_problems), text=text)
    report = judge_item(case(measured=measured), POLICY)
    assert report.state in STATES
    assert "SYS_INCONCLUSIVE" not in codes(f for f in report.findings if "validator" in f.params)
    for finding in report.findings:
        assert finding.code in CODES
        assert finding.severity in SEVERITIES
        assert "\n" not in sentence(finding)
        assert sentence(finding).endswith(".")
    if text is None:  # nothing of it was seen: never usable
        named = {"NOT_CHECKED"} if measured.problem("unchecked", "members_left") is not None else set()
        assert report.state in {"PROCESSING_FAILED", "UNREADABLE", "NEEDS_RESUBMISSION", *named}
