"""One upload on its way: what is known before its bytes are."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from validators.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to examine and whose evidence it is. ``problem`` where it must not be opened.

    The bytes lie at ``path``, or in the uploads' objects under ``key`` (``version``: S3's version id).
    """

    file: str
    path: Path | None
    dispute_id: str
    received_at: datetime
    received_at_known: bool = False
    tenant: str = "default"
    declared_type: str | None = None
    party: str | None = None
    evidence_type: str | None = None
    roles: tuple[str, ...] = ()
    description: str | None = None
    submitted_at: datetime | None = None
    replaces: str | None = None
    on_listing: bool = False
    listing_id: str | None = None
    problem: str | None = None
    detail: str = ""
    key: str | None = None
    version: str | None = None

    def evidence(self, sha256: str, size: int) -> Evidence:
        """The record of this upload. The same path with the same bytes in the same dispute is the same item."""
        return Evidence(
            id=evidence_id(self.tenant, self.dispute_id, self.file, sha256, on_listing=self.on_listing),
            dispute_id=self.dispute_id,
            file=self.file,
            sha256=sha256,
            bytes=size,
            received_at=self.received_at,
            received_at_known=self.received_at_known,
            tenant=self.tenant,
            declared_type=self.declared_type,
            party=self.party,
            evidence_type=self.evidence_type,
            roles=self.roles,
            description=self.description,
            submitted_at=self.submitted_at,
            replaces=self.replaces,
            on_listing=self.on_listing,
            listing_id=self.listing_id,
        )


def evidence_id(tenant: str, dispute_id: str, file: str, sha256: str, *, on_listing: bool) -> str:
    """A stable id: 20 hex digits over tenant, dispute, path and bytes."""
    parts = (tenant, dispute_id, file, sha256, "listing" if on_listing else "")
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
    return f"ev-{digest[:20]}"


class Claims:
    """Which bytes are being examined in this run, by any thread: each (tenant, sha256) is claimed once."""

    def __init__(self) -> None:
        self._taken: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    def claim(self, tenant: str, sha256: str) -> bool:
        """True for the first who asks."""
        with self._lock:
            first = (tenant, sha256) not in self._taken
            self._taken.add((tenant, sha256))
            return first
