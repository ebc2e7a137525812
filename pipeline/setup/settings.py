"""Settings of stores and opening, from the environment and the command's options."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

_DATABASE = "EVIDENCE_DATABASE_URL"
_OBJECTS = "EVIDENCE_OBJECTS_URL"
_READ_TEXT = "EVIDENCE_READ_TEXT"
_REQUIRE_JAIL = "EVIDENCE_REQUIRE_JAIL"
_PREVIEWS = "EVIDENCE_PREVIEWS"
_SCRATCH = "EVIDENCE_SCRATCH_DIR"
_BUBBLEWRAP = "EVIDENCE_BUBBLEWRAP"
_C2PA_TRUST = "EVIDENCE_C2PA_TRUST"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are stored. By default SQLite and folders inside ``store``.

    ``scratch`` is for copies of uploads while they are opened. On a disk of its own it cannot keep the database from
    writing when it fills up.
    """

    store: Path
    scratch: Path
    database_url: str
    objects_url: str
    read_text: bool = False
    require_jail: bool = False
    previews: bool = False
    namespaces: bool = True
    trust_list: Path | None = None


def read_settings(
    store: Path, *, read_text: bool = False, require_jail: bool = False, previews: bool = False
) -> Settings:
    """Settings from the environment, with the embedded store as the default.

    ``read_text`` or EVIDENCE_READ_TEXT=1 reads numbers on items. ``require_jail`` or EVIDENCE_REQUIRE_JAIL=1 refuses a jail
    that lacks a part. ``previews`` or EVIDENCE_PREVIEWS=1 makes small clips of videos. EVIDENCE_BUBBLEWRAP=0 opens files
    without namespaces. EVIDENCE_C2PA_TRUST is a file of certificates that signers of C2PA manifests are trusted by.
    """
    return Settings(
        store=store,
        scratch=Path(os.environ.get(_SCRATCH) or store),
        database_url=os.environ.get(_DATABASE) or f"sqlite:///{store / 'evidence.sqlite'}",
        objects_url=os.environ.get(_OBJECTS) or str(store / "objects"),
        read_text=read_text or _is_on(_READ_TEXT),
        require_jail=require_jail or _is_on(_REQUIRE_JAIL),
        previews=previews or _is_on(_PREVIEWS),
        namespaces=wants_namespaces(),
        trust_list=Path(os.environ[_C2PA_TRUST]) if os.environ.get(_C2PA_TRUST) else None,
    )


def wants_namespaces() -> bool:
    """Whether bubblewrap is to be used where it can be."""
    return os.environ.get(_BUBBLEWRAP, "") != "0"


def _is_on(setting: str) -> bool:
    return os.environ.get(setting, "") == "1"
