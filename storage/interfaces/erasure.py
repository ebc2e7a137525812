"""Erasure: removes everything known about items, row by row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from validators.evidence import Evidence


@dataclass(frozen=True, slots=True)
class UploadedObject:
    """The object of an upload, with all its versions. ``key`` is as in its messages."""

    bucket: str
    key: str


class Erasure(Protocol):
    """Removes what is known of items, their bytes and disputes. Absent rows are no error."""

    def every_item_of(self, tenant: str, dispute_id: str) -> Sequence[Evidence]:
        """The dispute's items, those no longer current and the listing's images included, ordered by id."""

    def contents_held_elsewhere(
        self, tenant: str | None, contents: Iterable[str], but_for: Iterable[str]
    ) -> set[str]:
        """The content keys that items other than ``but_for`` have too; ``tenant`` None: items of any tenant."""

    def disputes_holding(self, contents: Iterable[str]) -> Collection[tuple[str, str, str]]:
        """(content key, tenant, dispute) of every item with one of these contents, whatever its tenant."""

    def uploaded_objects(
        self, tenant: str, evidence_ids: Iterable[str], dispute_id: str | None = None
    ) -> Sequence[UploadedObject]:
        """The objects of those items; with ``dispute_id`` also objects uploaded to it that became no item."""

    def erase_items(self, tenant: str, items: Iterable[Evidence]) -> None:
        """Remove the items with their reports, pairs and versions."""

    def erase_decisions(self, tenant: str, dispute_id: str, evidence_ids: Iterable[str]) -> Sequence[int]:
        """Remove what mediators decided on those items, and the rest of the same act, since one text may request several
        items. Returns the numbers of the decisions removed."""

    def erase_former_item_reports(self, tenant: str, dispute_id: str, version: str) -> None:
        """Remove the reports that earlier releases made of the dispute's items: all but those of ``version``."""

    def erase_uploads(self, tenant: str, objects: Iterable[UploadedObject]) -> None:
        """Remove every upload of those objects, with its attempts."""

    def erase_contents(self, tenant: str, contents: Collection[str]) -> None:
        """Remove what was measured of those bytes. What finds them is removed by ``forget_fingerprints`` and
        ``forget_words``."""

    def erase_revisions(self, tenant: str, dispute_id: str, before: int | None = None) -> None:
        """Remove the dispute's reports of revisions below ``before``, or all of them."""

    def erase_dispute(self, tenant: str, dispute_id: str) -> None:
        """Remove the dispute's own data, marks, reports, decisions and unsent events, but not its items."""
