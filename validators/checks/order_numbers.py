"""Do the order and tracking numbers on the item agree with the dispute's own?

Precision first: "differs" only where no likely misreading explains it; what is not sure is "cannot read".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from validators.case import Case
from validators.evidence import Reading
from validators.finding import REVIEW, WARNING, Finding
from validators.measures.numbers.number_shapes import canonical, edits, folded, same_shape
from validators.measures.numbers.numbers import BARCODE, ORDER, TRACKING
from validators.measures.numbers.text_layers import TEXT_LAYER
from validators.policy import Policy
from validators.report import NumberAnswer
from validators.rules import Rule

AGREES, DIFFERS, CANNOT_READ = "agrees", "differs", "cannot_read"
_SHOWN = 4


@dataclass(frozen=True, slots=True)
class NumberRules:
    """[rules.numbers]: when a number on an item is another than the dispute's own."""

    table: ClassVar[str] = "numbers"

    least_characters: int
    confidence_min: float
    differing_min: Rule[int]
    other_parcel_roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NumberCheck:
    """The answer about one number of the dispute, with the reading it rests on."""

    kind: str
    answer: str
    own: str
    reading: Reading | None = None


def numbers(case: Case, policy: Policy) -> Iterator[Finding]:
    """TXT_DIFFERS. Nothing where no reader looked, or the dispute has no numbers."""
    for check in number_checks(case, policy):
        if check.answer == DIFFERS and check.reading is not None:
            yield _differs(policy, check, check.reading)


def number_checks(case: Case, policy: Policy) -> tuple[NumberCheck, ...]:
    """One answer for each number that the dispute has; none where no reader looked."""
    rules = policy.group(NumberRules)
    order, measured = case.dispute.order, case.measurements
    if not measured.readers:
        return ()
    known = ((ORDER, canonical(order.id or "")), (TRACKING, canonical(order.tracking or "")))
    long_enough = [(kind, own) for kind, own in known if len(own) >= rules.least_characters]
    return tuple(_check(kind, own, case, policy) for kind, own in long_enough)


def number_answers(case: Case, policy: Policy) -> tuple[NumberAnswer, ...]:
    """The answers as the report gives them."""
    checks = number_checks(case, policy)
    if set(case.measurements.readers) <= {
        TEXT_LAYER
    }:  # a text without a number has none: nothing was misread
        checks = tuple(check for check in checks if check.reading is not None)
    return tuple(_answer(check) for check in checks)


def _answer(check: NumberCheck) -> NumberAnswer:
    if check.reading is None:
        return NumberAnswer(check.kind, check.answer)
    return NumberAnswer(check.kind, check.answer, check.reading.source, check.reading.confidence)


def _check(kind: str, own: str, case: Case, policy: Policy) -> NumberCheck:
    readings = case.measurements.readings
    same = next((one for one in readings if _agrees(one, own)), None)
    if same is not None:
        return NumberCheck(kind, AGREES, own, same)
    labelled = [one for one in readings if one.kind == kind]
    told = {folded(one.value) for one in labelled}
    if len(told) != 1 or not _may_differ(kind, case, policy):
        return NumberCheck(kind, CANNOT_READ, own)
    best = max(labelled, key=lambda one: (one.source == BARCODE, one.confidence))
    return NumberCheck(kind, DIFFERS if _is_another(best, own, policy) else CANNOT_READ, own, best)


def _agrees(reading: Reading, own: str) -> bool:
    read, sought = folded(reading.value), folded(own)
    return sought == read or (reading.source == BARCODE and sought in read)


def _may_differ(kind: str, case: Case, policy: Policy) -> bool:
    rules = policy.group(NumberRules)
    roles = case.evidence.declared.all_roles
    return kind != TRACKING or roles.isdisjoint(rules.other_parcel_roles)


def _is_another(reading: Reading, own: str, policy: Policy) -> bool:
    """Whether the reading is surely of another number than ``own``."""
    rules = policy.group(NumberRules)
    if reading.confidence < rules.confidence_min or not same_shape(reading.value, own):
        return False
    if reading.source == BARCODE or reading.checked:
        return True
    read, sought = folded(reading.value), folded(own)
    differing = sum(a != b for a, b in zip(read, sought, strict=True))
    lost_and_gained = edits(read, sought) <= 2 < differing
    return differing >= rules.differing_min.value and not lost_and_gained


def _differs(policy: Policy, check: NumberCheck, reading: Reading) -> Finding:
    rules = policy.group(NumberRules)
    where, read, own = _telling(reading.value, check.own)
    differing = sum(a != b for a, b in zip(folded(reading.value), folded(check.own), strict=True))
    return Finding(
        code="TXT_DIFFERS",
        severity=WARNING,
        kind=REVIEW,
        message_ids=(f"TXT_DIFFERS.{where}",),
        params={
            "unit": "characters",
            "number": check.kind,
            "source": reading.source,
            "where": where,
            "read": read,
            "recorded": own,
        },
        measured=float(differing),
        threshold=rules.differing_min.value,
        rule=rules.differing_min.name,
        region=reading.region,
    )


def _telling(read: str, own: str) -> tuple[str, str, str]:
    """Four characters that tell the two apart, from the end if it does: no more of a number is shown."""
    if folded(read[-_SHOWN:]) != folded(own[-_SHOWN:]):
        return "ends", read[-_SHOWN:], own[-_SHOWN:]
    if folded(read[:_SHOWN]) != folded(own[:_SHOWN]):
        return "begins", read[:_SHOWN], own[:_SHOWN]
    pairs = zip(folded(read), folded(own), strict=True)
    first = next(place for place, (a, b) in enumerate(pairs) if a != b)
    return "contains", read[first : first + _SHOWN], own[first : first + _SHOWN]
