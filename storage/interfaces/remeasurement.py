"""What was measured by earlier versions of the measuring code, and what may go once it was measured again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from storage.interfaces.claims import UploadId


@dataclass(frozen=True, slots=True)
class StoredUpload:
    """An upload that was opened, and the item that came of it."""

    id: UploadId
    evidence_id: str


@dataclass(frozen=True, slots=True)
class MeasuredFiles:
    """How many different files are on the record, how many were measured by ``version``, and of how many the original is
    lost, so that they keep what an earlier version measured."""

    version: str
    measured: int
    lost: int
    files: int


class Remeasurement(Protocol):
    """Files by the version that measured them. ``version`` is the present one."""

    def measured_files(self, version: str) -> MeasuredFiles:
        """How far the present version has come."""

    def uploads_behind(self, version: str, after: tuple[str, str], limit: int) -> Sequence[StoredUpload]:
        """Uploads whose bytes the version did not measure, by (tenant, digest), the first ``limit`` beyond ``after``."""

    def items_behind(self, version: str) -> Sequence[tuple[str, str]]:
        """(tenant, id) of the items that no upload through the queue brought, and whose bytes it did not measure."""

    def advance_upload(self, upload: UploadId, version: str, state: str) -> None:
        """The upload has ended under the version too, in ``state``. What earlier versions noted of it is removed."""

    def former_contents(self, version: str, after: tuple[str, str], limit: int) -> Sequence[tuple[str, str]]:
        """(tenant, sha256) of files that this and an earlier version measured, in order, the first ``limit`` beyond
        ``after``."""

    def contents_behind(self, version: str) -> set[str]:
        """The sha256 of files that only earlier versions measured, for any tenant."""

    def erase_former(self, tenant: str, contents: Iterable[str], version: str) -> None:
        """Remove what earlier versions measured of files that this one measured too, and their items' earlier reports."""
