"""The same photo in several folders that nobody declared as disputes: named first, since no review can say it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from validators.checks.match_class import OTHER_DISPUTE, SAME_FILE, SAME_PHOTO
from validators.report import QualityReport


@dataclass(frozen=True, slots=True, order=True)
class Holder:
    """A file that shows the photo, and the folder's dispute that holds it."""

    dispute: str
    file: str
    id: str


def shared_photos(reports: Iterable[QualityReport]) -> tuple[tuple[Holder, ...], ...]:
    """Groups of files that show one photo in more than one folder, at least one of them undeclared; in a fixed order.

    Between declared disputes the items carry reviews, so those are left out.
    """
    reports = list(reports)
    undeclared = {report.dispute.id for report in reports if not report.dispute.declared}
    holders: dict[str, Holder] = {}
    groups = _Groups()
    for report in reports:
        for item in report.evidence:
            mine = Holder(report.dispute.id, item.file, item.id)
            for match in item.matches:
                is_shared = match.scope == OTHER_DISPUTE and match.class_ in (SAME_FILE, SAME_PHOTO)
                if is_shared and undeclared & {report.dispute.id, match.dispute_id}:
                    holders[item.id] = mine
                    theirs = Holder(match.dispute_id, match.file, match.evidence_id)
                    holders.setdefault(match.evidence_id, theirs)
                    groups.join(item.id, match.evidence_id)
    return tuple(sorted(tuple(sorted(holders[one] for one in group)) for group in groups.all(holders)))


class _Groups:
    """Which ids belong together, by what was joined so far."""

    def __init__(self) -> None:
        self._above: dict[str, str] = {}

    def join(self, one: str, other: str) -> None:
        """Put the two, and all that is with either, into one group."""
        self._above[self._first(one)] = self._first(other)

    def all(self, ids: Iterable[str]) -> Sequence[list[str]]:
        """The groups that ``ids`` fall into."""
        found: dict[str, list[str]] = {}
        for one in ids:
            found.setdefault(self._first(one), []).append(one)
        return list(found.values())

    def _first(self, one: str) -> str:
        while (above := self._above.get(one, one)) != one:
            one = above
        return one
