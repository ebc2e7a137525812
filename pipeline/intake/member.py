"""Items that are found inside another."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Iterable
from dataclasses import replace

from validators.evidence import INSIDE, Evidence, MemberFacts


def member_item(parent: Evidence, found: MemberFacts) -> Evidence:
    """The item of a file found inside ``parent``. What was declared of the parent only, such as its roles, is left out."""
    guessed, _ = mimetypes.guess_type(found.path.rsplit("/", 1)[-1])
    return Evidence(
        id=member_id(parent.id, found.path),
        dispute_id=parent.dispute_id,
        file=f"{parent.file}{INSIDE}{found.path}",
        sha256=found.sha256,
        bytes=found.bytes,
        received_at=parent.received_at,
        tenant=parent.tenant,
        declared=replace(
            parent.declared,
            declared_type=guessed,
            evidence_type=None,
            roles=(),
            description=None,
            replaces=None,
        ),
        parent=parent.id,
    )


def member_id(parent_id: str, path: str) -> str:
    """A stable id: the parent's id, which covers its bytes, and the name inside."""
    digest = hashlib.sha256(f"{parent_id}\0{path}".encode("utf-8", "surrogatepass")).hexdigest()
    return f"ev-{digest[:20]}"


def with_members(ids: Iterable[str], items: Iterable[Evidence]) -> set[str]:
    """The ids, and those of all ``items`` found inside one of them, however deep."""
    found, items = set(ids), list(items)
    while more := {item.id for item in items if item.parent in found} - found:
        found |= more
    return found
