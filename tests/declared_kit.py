"""Records that hold a ``Declared``, made and changed by the names of its fields."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from validators.declared import NOTHING_DECLARED, Declared

STATED = "stated_received_at"
"""For ``Declared.received_at``: an item's own ``received_at`` is known in any case."""
NAMES = {STATED if field.name == "received_at" else field.name: field.name for field in fields(Declared)}


def gathered(given: dict[str, Any], base: Declared = NOTHING_DECLARED) -> dict[str, Any]:
    """``given`` with the fields of ``Declared`` among them put together, on top of ``base``."""
    said = {NAMES[name]: given[name] for name in given if name in NAMES}
    base = given.get("declared", base)
    return {name: given[name] for name in given if name not in NAMES} | {"declared": replace(base, **said)}


def changed(record: Any, **changes: Any) -> Any:
    """``record`` with these changes, among them fields of what was said of it."""
    return replace(record, **gathered(changes, record.declared))
