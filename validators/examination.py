"""The ordered list of validators, and the guard around each."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from validators.capture_time import capture_time
from validators.case import Case, Validator
from validators.clarity import clarity
from validators.description import description
from validators.file_format import file_format
from validators.finding import NOT_APPLICABLE, NOTE, Finding
from validators.moving import moving
from validators.policy import Policy
from validators.privacy import privacy
from validators.reuse import reuse

VALIDATORS: tuple[Validator, ...] = (
    file_format,
    moving,
    clarity,
    capture_time,
    reuse,
    description,
    privacy,
)

_log = logging.getLogger(__name__)


def examine(case: Case, policy: Policy, validators: Sequence[Validator] = VALIDATORS) -> tuple[Finding, ...]:
    """Every finding on the item, in the order of the validators.

    A validator that fails yields SYS_INCONCLUSIVE in place of its findings, logs its traceback, and the others
    go on.
    """
    findings: list[Finding] = []
    for validator in validators:
        findings += _guarded(validator, case, policy)
    return tuple(findings)


def _guarded(validator: Validator, case: Case, policy: Policy) -> tuple[Finding, ...]:
    try:
        return tuple(validator(case, policy))
    except Exception:
        name = getattr(validator, "__name__", "unknown")
        _log.exception("validator %s failed on item %s", name, case.evidence.id)
        message = f"The check of {name.replace('_', ' ')} did not finish: a fault of ours."
        return (Finding("SYS_INCONCLUSIVE", NOTE, NOT_APPLICABLE, message, None, {"validator": name}),)
