"""Whether what a run left behind is what its uploads were to become: one line for each promise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from chaos.plan import Plan
from chaos.record import Remains
from chaos.uploads import Stored, newest

from pipeline.intake.messages.key_layout import KeyLayout

TENANT = "default"
LAYOUT = KeyLayout.parse("{dispute}/{party}/{file}")


@dataclass(frozen=True, slots=True)
class Expected:
    """What a run's uploads are to become. In ``bucket`` their keys have ``prefix`` before the plan's."""

    plan: Plan
    stored: Sequence[Stored]
    bucket: str
    prefix: str = ""
    announced: bool = True
    """Whether completion events had a receiver."""

    @property
    def current(self) -> dict[str, Stored]:
        """By key, the version that must be current."""
        return newest(self.stored)

    @property
    def disputes(self) -> set[str]:
        """Disputes that have uploads."""
        return {one.item.dispute_id for one in self.stored}

    def report_keys(self) -> dict[str, str]:
        """Where each dispute's report must lie, by dispute."""
        return {dispute: LAYOUT.report_key(TENANT, dispute) for dispute in sorted(self.disputes)}


@dataclass(frozen=True, slots=True)
class Check:
    """One promise: how much was looked at, and every breach in a sentence."""

    name: str
    measured: str
    breaches: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether nothing broke it."""
        return not self.breaches


Checker = Callable[[Expected, Remains], Check]


def verify(expected: Expected, remains: Remains) -> list[Check]:
    """Every check, in the order a reader asks."""
    from chaos.checks_reports import REPORT_CHECKS
    from chaos.checks_uploads import UPLOAD_CHECKS

    return [check(expected, remains) for check in (*UPLOAD_CHECKS, *REPORT_CHECKS)]
