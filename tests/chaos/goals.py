"""What a scenario has to show, and how it is told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from chaos.verify import Check

_SHOWN = 6


@dataclass(frozen=True, slots=True)
class Goal:
    """One line of the result: what was wanted, what was measured, and any breaches."""

    name: str
    measured: str
    reached: bool
    breaches: tuple[str, ...] = ()

    def lines(self) -> list[str]:
        """The goal as people read it."""
        shown = [f"           {breach}" for breach in self.breaches[:_SHOWN]]
        more = len(self.breaches) - _SHOWN
        if more > 0:
            shown.append(f"           … and {more} more")
        return [f"    {'PASS' if self.reached else 'FAIL'}  {self.name}: {self.measured}", *shown]


def goals_of(checks: Iterable[Check]) -> list[Goal]:
    """A goal for each check."""
    return [Goal(check.name, check.measured, check.holds, tuple(check.breaches)) for check in checks]


def in_one(checks: Iterable[Check]) -> Goal:
    """One goal for all checks: each breach says which."""
    every = list(checks)
    breaches = tuple(f"{check.name}: {breach}" for check in every for breach in check.breaches)
    return Goal(
        "verified", f"{sum(check.holds for check in every)} of {len(every)} promises", not breaches, breaches
    )


def at_most(name: str, value: float, limit: float, unit: str) -> Goal:
    """A goal that ``value`` is no more than ``limit``."""
    return Goal(name, f"{value:.1f} {unit} (at most {limit:g} {unit})", value <= limit)


def equal(name: str, value: object, wanted: object) -> Goal:
    """A goal that ``value`` is ``wanted``."""
    return Goal(name, f"{value} (wanted {wanted})", value == wanted)
