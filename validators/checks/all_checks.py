"""The ordered list of validators, and the guard around each."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from validators.case import Case, Validator
from validators.checks.acceptance import AcceptRules, acceptance
from validators.checks.capture_time import capture_time
from validators.checks.clarity import clarity
from validators.checks.clarity_faults import ClarityRules
from validators.checks.description import description
from validators.checks.file_format import file_format
from validators.checks.match_class import ReuseRules
from validators.checks.members import members
from validators.checks.order_numbers import NumberRules, numbers
from validators.checks.order_times import CaptureTimeRules
from validators.checks.origin import OriginRules, origin
from validators.checks.privacy import privacy
from validators.checks.recordings.audio import audio
from validators.checks.recordings.broken_frames import broken_frames
from validators.checks.restraint import restrained
from validators.checks.reuse import reuse
from validators.checks.text_quality import text_quality
from validators.checks.unchecked_file import unchecked_file
from validators.checks.video import moving
from validators.checks.video_segments import MovingRules
from validators.checks.views.blur import BlurRules
from validators.finding import NOT_APPLICABLE, NOTE, Finding
from validators.in_hand import InHandRules
from validators.policy import Policy
from validators.rules import RuleGroup

VALIDATORS: tuple[Validator, ...] = (
    file_format,
    broken_frames,
    unchecked_file,
    members,
    text_quality,
    acceptance,
    moving,
    audio,
    clarity,
    capture_time,
    reuse,
    numbers,
    origin,
    description,
    privacy,
)

CHECK_RULES: tuple[type[RuleGroup], ...] = (
    AcceptRules,
    MovingRules,
    BlurRules,
    ClarityRules,
    InHandRules,
    CaptureTimeRules,
    ReuseRules,
    NumberRules,
    OriginRules,
)
"""What the validators read of the policy."""

_log = logging.getLogger(__name__)

T = TypeVar("T")


def examine(case: Case, policy: Policy, validators: Sequence[Validator] | None = None) -> tuple[Finding, ...]:
    """Every finding on the item, in the order of the validators (all of them by default); each runs under its own guard."""
    findings: list[Finding] = []
    for validator in VALIDATORS if validators is None else validators:
        name = getattr(validator, "__name__", "unknown")
        found, fault = guarded(name, case, partial(_run, validator, case, policy))
        findings += (found or ()) if fault is None else (fault,)
    return restrained(findings, case.evidence)


def guarded(name: str, case: Case, work: Callable[[], T]) -> tuple[T | None, Finding | None]:
    """What ``work`` gives; where it fails, None and SYS_INCONCLUSIVE, with the traceback logged."""
    try:
        return work(), None
    except Exception:  # noqa: BLE001 - the guard: a fault of ours costs one check, and is told
        _log.exception("the check %s failed on item %s", name, case.evidence.id)
    return None, Finding(
        code="SYS_INCONCLUSIVE",
        severity=NOTE,
        kind=NOT_APPLICABLE,
        message_ids=("SYS_INCONCLUSIVE.check",),
        params={"validator": name},
    )


def _run(validator: Validator, case: Case, policy: Policy) -> tuple[Finding, ...]:
    return tuple(validator(case, policy))
