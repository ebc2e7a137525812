"""Erasure: what is known of an item is removed, row by row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from validators.evidence import Evidence


@dataclass(frozen=True, slots=True)
class UploadedObject:
    """One object that an upload came as, whatever its versions: ``key`` as its messages tell it."""

    bucket: str
    key: str


class Erasure(Protocol):
    """Removing what is known of items, of their bytes and of disputes. What is absent is no error."""

    def every_item_of(self, tenant: str, dispute_id: str) -> Sequence[Evidence]:
        """The dispute's items, those no longer current and the listing's images included, ordered by id."""

    def contents_held_elsewhere(
        self, tenant: str | None, contents: Iterable[str], but_for: Iterable[str]
    ) -> set[str]:
        """Which of the content keys another item has than those of ids ``but_for``; ``tenant`` None: of any tenant."""

    def uploaded_objects(
        self, tenant: str, evidence_ids: Iterable[str], dispute_id: str | None = None
    ) -> Sequence[UploadedObject]:
        """What those items came as; with ``dispute_id`` also what was uploaded to it and became no item."""

    def erase_items(self, tenant: str, items: Iterable[Evidence]) -> None:
        """Remove the items with their reports, pairs and versions."""

    def erase_decisions(self, tenant: str, dispute_id: str, evidence_ids: Iterable[str]) -> Sequence[int]:
        """Remove what mediators decided on those items, and what else they said in the same act: one text may ask for
        several items. The numbers of the decisions removed."""

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
        """Remove the dispute's own data, its marks, reports and decisions and what was to be told of it; not
        its items."""
