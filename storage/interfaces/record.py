"""The small interfaces behind which things rest, and the plain records they exchange."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from storage.interfaces.console import Consoles
from storage.interfaces.erasure import Erasure
from storage.interfaces.words import VisualWords
from storage.interfaces.work import Work
from validators.dispute import Dispute
from validators.evidence import Evidence, Fingerprint, Measurements


@dataclass(frozen=True, slots=True)
class ObjectEntry:
    """An object as a listing tells it. ``etag`` changes whenever the bytes do; ``modified_at`` is aware UTC."""

    key: str
    size: int
    etag: str
    modified_at: datetime


class Objects(Protocol):
    """Bytes under keys. Keys are relative paths of printable segments; writing is atomic and may repeat."""

    def put(self, key: str, data: bytes, content_type: str = "application/octet-stream") -> None:
        """Store ``data``; a reader sees the old bytes or the new, never a part."""

    def put_file(self, key: str, path: Path) -> None:
        """Store the bytes of the file ``path`` as ``put`` does, without holding them in memory."""

    def get(self, key: str) -> bytes:
        """The bytes; raises ObjectMissingError."""

    def fetch(self, key: str, path: Path, version: str | None = None) -> None:
        """Stream the object into the new file ``path``; raises ObjectMissingError.

        ``version`` is S3's version id; a store without versions gives what is there now.
        """

    def exists(self, key: str) -> bool:
        """Whether the key holds an object."""

    def delete(self, key: str) -> None:
        """Remove the object; absent keys are no error."""

    def erase(self, key: str) -> None:
        """Remove the object with every version of it that the store keeps; absent keys are no error."""

    def keys(self, prefix: str = "") -> Iterator[str]:
        """Every key that starts with ``prefix``, sorted."""

    def entries(self, prefix: str = "") -> Iterator[ObjectEntry]:
        """The same with size, ETag and time of each. An object removed meanwhile is left out."""


@dataclass(frozen=True, slots=True)
class StoredDerivative:
    """A derivative resting in Objects under ``key``; ``parent`` is the original's sha256."""

    kind: str
    key: str
    width: int
    height: int
    sha256: str
    tool: str
    page: int | None = None
    time_s: float | None = None


@dataclass(frozen=True, slots=True)
class Examination:
    """What the jail said of one file's bytes, under one version of the measuring code."""

    sha256: str
    bytes: int
    version: str
    jail: str
    measurements: Measurements
    derivatives: tuple[StoredDerivative, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A stored fingerprint near a query. ``orientation`` is the EXIF orientation (1..8) of the query's
    ``orientations`` that came nearest; ``distance`` counts differing bits of 256. ``part`` 0 is the whole file,
    1 and up are its regions, pages or frames."""

    sha256: str
    distance: int
    orientation: int
    part: int = 0


@dataclass(frozen=True, slots=True)
class Pair:
    """Two items that look alike: one row, shown from both sides; ``first`` < ``second`` as strings.

    ``orientation`` is the EXIF orientation that turns ``second`` into ``first``. ``detail`` is JSON of its maker,
    opaque here, as seen from ``first``. Of two pairs of the same items that of the higher ``rank`` counts.
    """

    first: str
    second: str
    method: str
    distance: int
    orientation: int
    algorithm: str
    version: str
    detail: str = ""
    rank: int = 0


@dataclass(frozen=True, slots=True)
class AttachedReport:
    """A dispute report at one revision. ``content_sha256`` covers what a new revision would have to change."""

    revision: int
    body: str
    content_sha256: str
    attached_at: datetime


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One link of a dispute's hash chain: ``hash`` covers all the other fields, ``previous`` included."""

    sequence: int
    at: datetime
    action: str
    detail: str
    previous: str
    hash: str


@dataclass(frozen=True, slots=True)
class AuditHead:
    """The last link of a dispute's chain: kept elsewhere, it tells of entries cut off since."""

    tenant: str
    dispute_id: str
    sequence: int
    hash: str


class Fingerprints(Protocol):
    """Perceptual hashes by file and part, exact within 31 of 256 bits."""

    def add_fingerprints(self, tenant: str, many: Iterable[tuple[str, int, Fingerprint]]) -> None:
        """Make parts of files findable, each given as (sha256, part, fingerprint). Adding again changes nothing; an
        abstained fingerprint is kept, never found."""

    def search(
        self, tenant: str, fingerprint: Fingerprint, max_distance: int, limit: int = 1000
    ) -> Sequence[Hit]:
        """Every stored part (the query's own included) within ``max_distance`` (0..31) of any orientation of the
        query: each (file, part) once, at its nearest orientation, ordered by distance, sha256, part; the first
        ``limit``."""

    def forget_fingerprints(self, tenant: str, contents: Collection[str]) -> None:
        """Remove every fingerprint of the files with these sha256s."""


class Disputes(Fingerprints, VisualWords, Work, Consoles, Erasure, Protocol):
    """The record: every call runs inside the transaction that ``Database.transaction`` opened."""

    def put_dispute(self, dispute: Dispute, origin: str | None = None) -> None:
        """Insert or replace. ``origin`` says where an inferred dispute was read from."""

    def dispute(self, tenant: str, dispute_id: str) -> Dispute | None:
        """The dispute as last put."""

    def dispute_origin(self, tenant: str, dispute_id: str) -> str | None:
        """The origin last put."""

    def dispute_ids(self) -> Sequence[tuple[str, str]]:
        """(tenant, id) of every dispute, sorted."""

    def lock_dispute(self, tenant: str, dispute_id: str) -> None:
        """Hold the dispute's row until the transaction ends (SQLite's write lock already does)."""

    def put_evidence(self, evidence: Iterable[Evidence]) -> None:
        """Insert or update by (tenant, id); ``received_at`` of the first insert is kept. The item is current."""

    def retire_evidence(self, tenant: str, dispute_id: str, current: Iterable[str]) -> None:
        """Items of the dispute not among ``current`` are no longer current: known for comparing, not reported."""

    def evidence(self, tenant: str, ids: Iterable[str]) -> Sequence[Evidence]:
        """Those items, ordered by id; unknown ids are absent."""

    def evidence_of(self, tenant: str, dispute_id: str) -> Sequence[Evidence]:
        """The dispute's current items, the listing's images included, ordered by (on_listing, file, id)."""

    def evidence_with_bytes(self, tenant: str, sha256: str, limit: int) -> Sequence[Evidence]:
        """Items whose file has these bytes, earliest ``uploaded_at`` first, then id: the first ``limit``."""

    def count_with_bytes(self, tenant: str, sha256: str) -> int:
        """How many items have these bytes."""

    def count_disputes_with(self, tenant: str, sha256s: Iterable[str]) -> int:
        """In how many disputes an item has any of these bytes, current or not."""

    def put_examinations(self, tenant: str, many: Iterable[Examination]) -> None:
        """Insert or replace by (tenant, sha256, version), each with its file and derivatives."""

    def examination(self, tenant: str, sha256: str, version: str) -> Examination | None:
        """What was measured of those bytes under ``version``."""

    def is_examined(
        self, tenant: str, sha256: str, version: str, except_problems: Sequence[str] = ()
    ) -> bool:
        """Whether an examination under ``version`` exists whose measurements have none of those problem codes."""

    def examinations(self, tenant: str, sha256s: Iterable[str], version: str) -> dict[str, Examination]:
        """The same for many files, by sha256."""

    def newest_examinations(self, tenant: str, sha256s: Iterable[str]) -> dict[str, Examination]:
        """Each file's examination under its newest version, whichever that is; versions count up from "1"."""

    def put_pairs(self, tenant: str, pairs: Iterable[Pair]) -> Sequence[Pair]:
        """Store pairs; returns those by which reports change: the new ones, and those that replaced one of lower rank.

        A stored pair is replaced only by one of a higher rank, or of the same rank and a smaller distance or
        another version.
        """

    def pairs_of(self, tenant: str, evidence_ids: Iterable[str]) -> Sequence[Pair]:
        """Every pair that has one of the items on either side, ordered by (first, second)."""

    def put_evidence_reports(
        self, tenant: str, version: str, policy_sha256: str, reports: Iterable[tuple[str, str, str]]
    ) -> None:
        """The items' current reports, each (evidence id, state, body), by (tenant, evidence, version)."""

    def attach_report(
        self, tenant: str, dispute_id: str, body: str, content_sha256: str, policy_sha256: str, at: datetime
    ) -> AttachedReport:
        """Attach the dispute's report as the next revision with its audit entry ("report_attached"). Where
        ``content_sha256`` equals the newest revision's, nothing is written and that one is returned."""

    def report(self, tenant: str, dispute_id: str) -> AttachedReport | None:
        """The newest revision."""

    def revisions(self, tenant: str, dispute_id: str) -> Sequence[AttachedReport]:
        """Every revision that was not erased, the oldest first."""

    def append_audit(
        self, tenant: str, dispute_id: str, action: str, detail: dict[str, str], at: datetime
    ) -> AuditEntry:
        """Add a link to the dispute's hash chain."""

    def audit(self, tenant: str, dispute_id: str) -> Sequence[AuditEntry]:
        """The dispute's chain, in order."""

    def audit_heads(self) -> Sequence[AuditHead]:
        """The last link of every chain, by tenant and dispute."""


class Database(Protocol):
    """Where the record rests; opens transactions."""

    def transaction(self) -> AbstractContextManager[Disputes]:
        """A writing transaction: commits at the end of the block, rolls back on any exception."""

    def reading(self) -> AbstractContextManager[Disputes]:
        """A reading transaction: one consistent view, never blocks a writer, writes nothing."""

    def migrate(self) -> None:
        """Bring the schema to the newest revision; safe to repeat."""

    def reclaim(self) -> None:
        """Write over what was deleted, where the database does so on request: SQLite's file is made anew and its
        journal emptied; PostgreSQL's rows are freed for use. Waits for others; outside of any transaction."""

    def close(self) -> None:
        """Release every connection."""
