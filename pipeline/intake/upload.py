"""One upload on its way: what is known before its bytes are."""

from __future__ import annotations

import hashlib
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from validators.declared import NOTHING_DECLARED, Declared
from validators.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Upload:
    """A file to examine and whose evidence it is. ``problem`` where it must not be opened.

    The bytes lie at ``path``, or in the uploads' objects under ``key`` (``version``: S3's version id). ``guessed``: see
    ``Evidence``.
    """

    file: str
    path: Path | None
    dispute_id: str
    received_at: datetime
    tenant: str = "default"
    declared: Declared = NOTHING_DECLARED
    problem: str | None = None
    detail: str = ""
    key: str | None = None
    version: str | None = None
    guessed: tuple[str, ...] = ()

    def evidence(self, sha256: str, size: int) -> Evidence:
        """The record of this upload. The same path with the same bytes in the same dispute is the same item."""
        return Evidence(
            id=evidence_id(
                self.tenant, self.dispute_id, self.file, sha256, on_listing=self.declared.on_listing
            ),
            dispute_id=self.dispute_id,
            file=self.file,
            sha256=sha256,
            bytes=size,
            received_at=self.received_at,
            tenant=self.tenant,
            declared=self.declared,
            guessed=self.guessed,
        )


def evidence_id(tenant: str, dispute_id: str, file: str, sha256: str, *, on_listing: bool) -> str:
    """A stable id: 20 hex digits over tenant, dispute, path and bytes."""
    parts = (tenant, dispute_id, file, sha256, "listing" if on_listing else "")
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
    return f"ev-{digest[:20]}"


class BytesInWork:
    """Which bytes are being examined in this run, by any thread. Each (tenant, sha256) is claimed once."""

    def __init__(self) -> None:
        self._taken: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    def claim(self, tenant: str, sha256: str) -> bool:
        """True for the first caller."""
        with self._lock:
            first = (tenant, sha256) not in self._taken
            self._taken.add((tenant, sha256))
            return first
