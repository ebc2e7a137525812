"""The input of a check: an item, its measurements, its dispute and other items like it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar, cast

from validators.dispute import Dispute
from validators.evidence import Evidence, MatchSide, Measurements
from validators.finding import Finding
from validators.policy import Policy

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Case:
    """One item to judge. ``dispute.declared`` is False where no dispute data exists. ``as_of`` is aware UTC.

    ``bytes_before`` is the size of all that the same party sent to the dispute before it.
    """

    evidence: Evidence
    measurements: Measurements
    dispute: Dispute
    as_of: datetime
    match_sides: tuple[MatchSide, ...] = ()
    bytes_before: int = 0
    _known: dict[tuple[object, str], object] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def once(self, conclude: Callable[[Case, Policy], T], policy: Policy) -> T:
        """The result of ``conclude`` on this case, computed once, because findings and blocks of the report share it."""
        key = (conclude, policy.sha256)
        if key not in self._known:
            self._known[key] = conclude(self, policy)
        return cast(T, self._known[key])


Validator = Callable[[Case, Policy], Iterable[Finding]]
