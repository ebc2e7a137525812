"""When was it taken, and does that fit the order's events and the dispute's deadlines?

Every statement of time is an interval. Nothing is concluded unless the whole interval lies on one side, so a
time without a zone never yields a hard "before". Absent metadata is normal and never counts against anyone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta

from validators.case import Case
from validators.checks.order_times import CaptureTimeRules, before_findings
from validators.due_dates import lateness
from validators.evidence import PHOTO, SCREENSHOT, VIDEO, TimeCandidate
from validators.finding import NOTE, PASS, REVIEW, WARNING, Finding, time_param
from validators.policy import Policy
from validators.states import was_opened

_DATE = re.compile(r"(\d{4})\D?(\d{2})\D?(\d{2})(?:\D+(\d{2})\D?\d{2})?")
_TAKEN = ("captured", "gps", "digitized", "container", "named")


def capture_time(case: Case, policy: Policy) -> Iterator[Finding]:
    """TIM_* findings."""
    best = best_candidate(case.measurements.times, policy, case.evidence.uploaded_at)
    yield from _future(case, policy)
    if best is not None:
        if not is_reset(best, policy):
            yield from before_findings(best, case, policy)
        yield from _edited(best, case, policy)
    yield from _inconsistent(case, policy)
    yield from _none(case, policy)
    yield from _after_deadline(case, policy)


def best_candidate(
    times: tuple[TimeCandidate, ...], policy: Policy, came: datetime | None = None
) -> TimeCandidate | None:
    """The statement to go by: first by meaning in the policy's order, then a known zone, then as listed.

    Void ones count as nothing: years before the policy's earliest plausible one, readings that firmware is
    known to write for want of a clock, and, where ``came`` says when the item was uploaded, times that no zone
    brings before it. The width of an interval plays no part, so that a wider one can never bring another
    statement forward.
    """
    rules = policy.group(CaptureTimeRules)
    order = rules.source_order
    usable = [c for c in times if c.meaning in order and not _is_void(c, policy)]
    if came is not None:
        usable = [c for c in usable if not _is_future(c, came, policy)]
    return min(usable, key=lambda c: (order.index(c.meaning), not c.zone_known), default=None)


def _is_void(candidate: TimeCandidate, policy: Policy) -> bool:
    """A clock that was never set."""
    rules = policy.group(CaptureTimeRules)
    if candidate.latest.year < rules.implausible_before_year:
        return True
    return candidate.value.startswith(rules.factory_readings)


def _is_future(candidate: TimeCandidate, came: datetime, policy: Policy) -> bool:
    rules = policy.group(CaptureTimeRules)
    return candidate.earliest - came > timedelta(hours=rules.future_tolerance_hours.value)


def is_reset(candidate: TimeCandidate, policy: Policy) -> bool:
    """Whether the time is where a clock starts that lost its power: the first hour of a certain day."""
    rules = policy.group(CaptureTimeRules)
    found = _DATE.search(candidate.value)
    day = rules.reset_day
    return found is not None and f"{found[2]}-{found[3]}" == day and found[4] in (None, "00")


def _future(case: Case, policy: Policy) -> Iterator[Finding]:
    """The foremost statement, where it lies in the future: it is told, and others are gone by."""
    rules = policy.group(CaptureTimeRules)
    best, came = best_candidate(case.measurements.times, policy), case.evidence.uploaded_at
    if best is None or not _is_future(best, came, policy):
        return
    hours = rules.future_tolerance_hours.value
    ahead = best.earliest - came
    uploaded = "submitted" if case.evidence.declared.submitted_at else "received"
    yield Finding(
        code="TIM_FUTURE",
        severity=WARNING,
        kind=REVIEW,
        message_ids=(f"TIM_FUTURE.{uploaded}",),
        params={
            "source": best.source,
            "uploaded": uploaded,
            "taken_at": time_param(best.earliest),
            "uploaded_at": time_param(came),
            "unit": "hours",
        },
        measured=ahead / timedelta(hours=1),
        threshold=hours,
        rule=rules.future_tolerance_hours.name,
    )


def _inconsistent(case: Case, policy: Policy) -> Iterator[Finding]:
    """Statements of clocks that were set which cannot hold together, whatever the zones."""
    rules = policy.group(CaptureTimeRules)
    set_times = _set_times(case, policy)
    taken = [c for c in set_times if c.source in rules.compared_sources]
    saved = [c for c in set_times if c.source in rules.saved_sources]
    found = _taken_twice(taken, policy) or _saved_before(saved, taken, policy)
    if found is not None:
        yield found


def _taken_twice(taken: list[TimeCandidate], policy: Policy) -> Finding | None:
    """Two statements, such as cameras write, of the moment of capture that lie apart."""
    if len(taken) < 2:
        return None
    first, last = min(taken, key=lambda c: c.latest), max(taken, key=lambda c: c.earliest)
    return _apart(first, last, "taken", policy)


def _saved_before(saved: list[TimeCandidate], taken: list[TimeCandidate], policy: Policy) -> Finding | None:
    """Last saved before it was taken: rare in ordinary photos, unlike saving afterwards."""
    if not taken or not saved:
        return None
    last, shot = max(saved, key=lambda c: c.latest), min(taken, key=lambda c: c.earliest)
    return _apart(last, shot, "saved", policy)


def _apart(first: TimeCandidate, second: TimeCandidate, what: str, policy: Policy) -> Finding | None:
    """The finding that ``second`` lies later than ``first`` by more than the margin; ``first`` says when it was ``what``."""
    rules = policy.group(CaptureTimeRules)
    hours = rules.inconsistent_margin_hours.value
    gap = second.earliest - first.latest
    if gap <= timedelta(hours=hours):
        return None
    return Finding(
        code="TIM_INCONSISTENT",
        severity=WARNING,
        kind=REVIEW,
        message_ids=(f"TIM_INCONSISTENT.{what}",),
        params={
            "source": first.source,
            "value": first.value,
            "other_source": second.source,
            "other_value": second.value,
            "unit": "hours",
        },
        measured=gap / timedelta(hours=1),
        threshold=hours,
        rule=rules.inconsistent_margin_hours.name,
    )


def _set_times(case: Case, policy: Policy) -> tuple[TimeCandidate, ...]:
    """The statements of clocks that were set."""
    return tuple(c for c in case.measurements.times if not _is_void(c, policy) and not is_reset(c, policy))


def _edited(best: TimeCandidate, case: Case, policy: Policy) -> Iterator[Finding]:
    rules = policy.group(CaptureTimeRules)
    changed = [c for c in case.measurements.times if c.meaning == "modified"]
    if best.meaning not in ("captured", "gps", "digitized") or not changed:
        return
    last = max(changed, key=lambda c: c.earliest)
    hours = rules.edited_margin_hours.value
    later = last.earliest - best.latest
    if later <= timedelta(hours=hours):
        return
    yield Finding(
        code="TIM_EDITED_AFTER_CAPTURE",
        severity=NOTE,
        kind=PASS,
        params={"source": best.source, "other_source": last.source, "unit": "hours"},
        measured=later / timedelta(hours=1),
        threshold=hours,
        rule=rules.edited_margin_hours.name,
    )


def _none(case: Case, policy: Policy) -> Iterator[Finding]:
    measured = case.measurements
    best = best_candidate(measured.times, policy)
    told = best is not None and best.meaning in _TAKEN
    if measured.kind in (PHOTO, SCREENSHOT, VIDEO) and was_opened(measured) and not told:
        yield Finding(code="TIM_NO_CAPTURE_TIME", severity=NOTE, kind=PASS)


def _after_deadline(case: Case, policy: Policy) -> Iterator[Finding]:
    late = lateness(case.evidence, case.dispute, policy)
    if late is None:
        return
    by, due, rule = late
    yield Finding(
        code="TIM_AFTER_DEADLINE",
        severity=NOTE,
        kind=PASS,
        params={"due_by": time_param(due), "unit": "days"},
        measured=by / timedelta(days=1),
        threshold=0.0,
        rule=rule,
    )
