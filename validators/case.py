"""What a validator sees: one item, what was measured in it, its dispute, and other items like it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from validators.dispute import Dispute
from validators.evidence import Evidence, MatchSide, Measurements
from validators.finding import Finding
from validators.policy import Policy


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


Validator = Callable[[Case, Policy], Iterable[Finding]]
