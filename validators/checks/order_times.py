"""TIM_BEFORE_*: an item that shows the goods, taken before they were ordered or had arrived."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from validators.case import Case
from validators.dispute import BUYER, SELLER, OrderEvent
from validators.evidence import PHOTO, SCREENSHOT, VIDEO, TimeCandidate
from validators.finding import REVIEW, WARNING, Finding, time_param
from validators.policy import Policy
from validators.rules import Rule


@dataclass(frozen=True, slots=True)
class CaptureTimeRules:
    """[rules.capture_time]: which statements of time count, and by what margin they must differ."""

    table: ClassVar[str] = "capture_time"

    source_order: tuple[str, ...]
    decisive_meanings: tuple[str, ...]
    event_sources: tuple[str, ...]
    order_events: tuple[str, ...]
    delivery_events: tuple[str, ...]
    goods_roles: tuple[str, ...]
    never_roles: tuple[str, ...]
    undeclared_types: tuple[str, ...]
    order_margin_hours: Rule[float]
    delivery_margin_hours: Rule[float]
    future_tolerance_hours: Rule[float]
    compared_sources: tuple[str, ...]
    saved_sources: tuple[str, ...]
    factory_readings: tuple[str, ...]
    inconsistent_margin_hours: Rule[float]
    edited_margin_hours: Rule[float]
    implausible_before_year: int
    dated_years_most: float
    reset_day: str


@dataclass(frozen=True, slots=True)
class _Threshold:
    """A moment before which the buyer cannot have photographed the goods, with its rules."""

    code: str
    events: tuple[str, ...]
    margin: Rule[float]


_VARIANTS = {"modified": "saved", "container": "recorded", "named": "named"}


def _order(rules: CaptureTimeRules) -> _Threshold:
    return _Threshold("TIM_BEFORE_ORDER", rules.order_events, rules.order_margin_hours)


def _delivery(rules: CaptureTimeRules) -> _Threshold:
    return _Threshold("TIM_BEFORE_DELIVERY", rules.delivery_events, rules.delivery_margin_hours)


def before_findings(best: TimeCandidate, case: Case, policy: Policy) -> Iterator[Finding]:
    """TIM_BEFORE_ORDER, else TIM_BEFORE_DELIVERY: one cause makes one finding.

    Only where the item shows the received goods, and only against events that the platform, the carrier or
    the buyer reports. Every statement of the same meaning must lie wholly before the event by the policy's
    margin.
    """
    rules = policy.group(CaptureTimeRules)
    if best.meaning not in rules.decisive_meanings or not shows_goods(case, policy):
        return
    finding = _before(_order(rules), best, case, policy)
    if finding is None and (case.dispute.reason != "NOT_RECEIVED" or _declared_goods(case, policy)):
        finding = _before(_delivery(rules), best, case, policy)
    if finding is not None:
        yield finding


def shows_goods(case: Case, policy: Policy) -> bool:
    """Whether the item shows the goods as received: by its roles, or as a buyer's undeclared picture."""
    rules = policy.group(CaptureTimeRules)
    item = case.evidence
    if item.declared.party == SELLER or set(item.declared.roles) & set(rules.never_roles):
        return False
    if item.declared.roles:
        return _declared_goods(case, policy) and case.measurements.kind in (PHOTO, SCREENSHOT, VIDEO)
    plain = item.declared.evidence_type is None or item.declared.evidence_type in rules.undeclared_types
    return item.declared.party == BUYER and plain and case.measurements.kind in (PHOTO, VIDEO)


def _declared_goods(case: Case, policy: Policy) -> bool:
    rules = policy.group(CaptureTimeRules)
    return bool(set(case.evidence.declared.roles) & set(rules.goods_roles))


def _event(case: Case, types: tuple[str, ...], policy: Policy) -> OrderEvent | None:
    """The earliest such event of a source that counts."""
    rules = policy.group(CaptureTimeRules)
    sources = rules.event_sources
    events = [e for e in case.dispute.order.events if e.type in types and e.source in sources]
    return min(events, key=lambda e: (e.at, e.source), default=None)


def _before(threshold: _Threshold, best: TimeCandidate, case: Case, policy: Policy) -> Finding | None:
    event = _event(case, threshold.events, policy)
    if event is None:
        return None
    hours = threshold.margin.value
    latest = max(c.latest for c in case.measurements.times if c.meaning == best.meaning)
    by = event.at - latest
    if by <= timedelta(hours=hours):
        return None
    exact = best.latest - best.earliest <= timedelta(hours=1)
    return Finding(
        code=threshold.code,
        severity=WARNING,
        kind=REVIEW,
        message_ids=(
            f"{threshold.code}.{_VARIANTS.get(best.meaning, 'taken')}",
            *(() if exact else ("findings.time.at_least",)),
        ),
        params={
            "source": best.source,
            "value": best.value,
            "event": event.type,
            "event_at": time_param(event.at),
            "event_source": event.source,
            "unit": "hours",
        },
        measured=by / timedelta(hours=1),
        threshold=hours,
        rule=threshold.margin.name,
    )
