"""Converts records that earlier versions wrote to the form that this version reads."""

from __future__ import annotations

from dataclasses import fields

from validators.declared import Declared
from validators.dispute import Dispute
from validators.evidence import Evidence

_FORMER_NAMES = {"film": "decoded", "drift": "parallax_residual"}
_DECLARED = tuple(field.name for field in fields(Declared))


def up_to_date(kind: type, plain: object) -> object:
    """``plain``, a ``kind`` that any earlier version wrote, with today's names in today's places."""
    plain = _renamed(plain)
    if kind is Evidence and isinstance(plain, dict):
        return _item(plain)
    if kind is Dispute and isinstance(plain, dict):
        said = plain.get("declared_evidence", ())
        return {**plain, "declared_evidence": [_gathered(entry) for entry in said]}
    return plain


def _renamed(plain: object) -> object:
    if isinstance(plain, dict):
        return {_FORMER_NAMES.get(key, key): _renamed(value) for key, value in plain.items()}
    return [_renamed(value) for value in plain] if isinstance(plain, list) else plain


def _item(plain: dict[str, object]) -> dict[str, object]:
    """An item used to state when it was received beside whether that was known."""
    if "declared" in plain:
        return plain
    received_at = plain["received_at"]
    stated = received_at if plain.get("received_at_known") else None
    return {**_gathered({**plain, "received_at": stated}), "received_at": received_at}


def _gathered(plain: dict[str, object]) -> dict[str, object]:
    """What was said of a file used to stand beside what is known of it."""
    if "declared" in plain:
        return plain
    declared = {name: plain[name] for name in _DECLARED if name in plain}
    return {"declared": declared} | {name: value for name, value in plain.items() if name not in _DECLARED}
