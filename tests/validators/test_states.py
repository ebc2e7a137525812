"""The state is the worst that applies, and notes and reviews never change it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from judging_cases import document, photo, unopened
from stored_findings import stored_finding

from validators.evidence import Measurements, Problem
from validators.finding import CODES, Finding, StoredWords
from validators.report import STATES
from validators.states import state_of, was_opened

TEXT = Measurements("1", "text/plain", kind="text", text="")

findings = st.builds(
    Finding,
    code=st.sampled_from(sorted(CODES)),
    severity=st.sampled_from(["note", "warning", "error"]),
    kind=st.sampled_from(["fail", "review", "pass", "not_applicable"]),
    stored=st.just(StoredWords("A sentence.")),
)
measured = st.sampled_from(
    [photo(), document(), TEXT]
    + [unopened("image/jpeg", Problem(code)) for code in ("corrupt", "tool_missing", "internal", "truncated")]
)


def fail(code, severity):
    return stored_finding(code, severity, "fail", "A sentence.")


def test_by_severity():
    assert state_of([], photo()) == "USABLE"
    assert state_of([fail("CLR_BLUR", "warning")], photo()) == "USABLE_WITH_WARNINGS"
    assert state_of([fail("CLR_BLUR", "error")], photo()) == "NEEDS_RESUBMISSION"
    assert (
        state_of([fail("FMT_CORRUPT", "error")], unopened("image/jpeg", Problem("corrupt"))) == "UNREADABLE"
    )
    assert state_of([], unopened("video/mp4", Problem("tool_missing"))) == "PROCESSING_FAILED"


def test_what_nobody_looked_at_is_never_usable():
    assert not was_opened(unopened("image/jpeg"))
    assert state_of([], unopened("image/jpeg")) == "PROCESSING_FAILED"


def test_a_valid_file_of_a_kind_that_is_not_read_here_is_not_checked():
    medical = unopened("image/jpeg", Problem("unchecked", "12 bits a sample"))
    assert state_of([], medical) == "NOT_CHECKED"
    assert state_of([fail("FMT_TYPE_MISMATCH", "warning")], medical) == "NOT_CHECKED"
    assert state_of([fail("FMT_NOT_ACCEPTED", "error")], medical) == "NEEDS_RESUBMISSION"


def test_an_empty_text_was_looked_at():
    assert state_of([], TEXT) == "USABLE"


def test_a_failed_check_of_ours_on_an_opened_item_leaves_its_state():
    inconclusive = stored_finding("SYS_INCONCLUSIVE", "note", "not_applicable", "A sentence.")
    assert state_of([inconclusive], photo()) == "USABLE"


@given(st.lists(findings, max_size=6), measured, findings)
def test_reviews_notes_and_missing_slots_never_change_it(given_findings, measurements, more):
    changes = (
        more.kind == "fail" and more.severity != "note" and more.code not in ("CMP_MISSING", "SLOT_MISMATCH")
    )
    before, after = state_of(given_findings, measurements), state_of([*given_findings, more], measurements)
    if not changes:
        assert after == before
    elif before != "PROCESSING_FAILED":
        assert STATES.index(after) >= STATES.index(before)


@given(st.lists(findings, max_size=6), measured)
def test_order_plays_no_part(given_findings, measurements):
    assert state_of(given_findings, measurements) == state_of(given_findings[::-1], measurements)
