"""Items that are found inside another."""

from __future__ import annotations

import hashlib
import mimetypes
from collections.abc import Iterable
from dataclasses import replace

from validators.declared import Declared
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
        declared=replace(handed_on(parent.declared), declared_type=guessed),
        parent=parent.id,
        guessed=_guesses(parent, ("declared_type",) if guessed else ()),
    )


def with_facts_of(parent: Evidence, member: Evidence) -> Evidence:
    """The member with what is declared of its parent now."""
    declared = handed_on(parent.declared).over(member.declared)
    return replace(member, declared=declared, guessed=_guesses(parent, member.guessed))


def handed_on(declared: Declared) -> Declared:
    """What was declared of a file, as far as it holds for the files inside too: whose it is and when it came."""
    return replace(
        declared, declared_type=None, evidence_type=None, roles=(), description=None, replaces=None
    )


def _guesses(parent: Evidence, own: Iterable[str]) -> tuple[str, ...]:
    taken = handed_on(parent.declared).said
    return tuple(sorted((taken & set(parent.guessed)) | (set(own) - taken)))


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
