"""Environment and options to stores: the only place that wires parts together."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from pipeline.intake.scratch import incoming_folder
from pipeline.opening.child.confinement.confine import missing
from pipeline.opening.host.jail import Jail
from pipeline.opening.host.opener import Opener
from pipeline.opening.host.tools import Tools, find_tools
from pipeline.opening.limits import limits_of
from pipeline.setup.context import Desk
from validators.policy import Policy
from validators.report import ToolStamp

log = logging.getLogger(__name__)

_DATABASE = "EVIDENCE_DATABASE_URL"
_OBJECTS = "EVIDENCE_OBJECTS_URL"
_READ_TEXT = "EVIDENCE_READ_TEXT"
_REQUIRE_JAIL = "EVIDENCE_REQUIRE_JAIL"
_PREVIEWS = "EVIDENCE_PREVIEWS"
_BUBBLEWRAP = "EVIDENCE_BUBBLEWRAP"


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things rest. With nothing set: SQLite and a folder inside ``store``."""

    store: Path
    database_url: str
    objects_url: str
    read_text: bool = False
    require_jail: bool = False
    previews: bool = False
    namespaces: bool = True


def read_settings(
    store: Path, *, read_text: bool = False, require_jail: bool = False, previews: bool = False
) -> Settings:
    """Settings from the environment, with the embedded store as the default.

    Numbers on items are read where ``read_text`` or EVIDENCE_READ_TEXT=1 asks for it; a jail that lacks a part is
    refused where ``require_jail`` or EVIDENCE_REQUIRE_JAIL=1 does; small clips are made of videos where ``previews`` or
    EVIDENCE_PREVIEWS=1 asks for them. Files are opened in namespaces unless EVIDENCE_BUBBLEWRAP=0 forgoes them.
    """
    return Settings(
        store=store,
        database_url=os.environ.get(_DATABASE) or f"sqlite:///{store / 'evidence.sqlite'}",
        objects_url=os.environ.get(_OBJECTS) or str(store / "objects"),
        read_text=read_text or _is_on(_READ_TEXT),
        require_jail=require_jail or _is_on(_REQUIRE_JAIL),
        previews=previews or _is_on(_PREVIEWS),
        namespaces=wants_namespaces(),
    )


def wants_namespaces() -> bool:
    """Whether bubblewrap is to be used where it can be."""
    return os.environ.get(_BUBBLEWRAP, "") != "0"


def _is_on(setting: str) -> bool:
    return os.environ.get(setting, "") == "1"


@contextmanager
def open_desk(
    settings: Settings,
    policy: Policy,
    *,
    keep_originals: bool = False,
    transaction_s: float | None = None,
    attempts: int | None = None,
    steadily: Callable[[Callable[[], None]], None] = lambda step: step(),
) -> Iterator[Desk]:
    """Open every store, bring the schema up to date, start the jail; close all at the end.

    ``transaction_s``: see open_database; ``attempts``: see open_objects. ``steadily`` does a step
    that an outage may keep from succeeding; by default once.
    """
    from storage.database.database import open_database  # noqa: PLC0415 - heavy, and not for --help
    from storage.objects.open_objects import open_objects  # noqa: PLC0415

    readers = readers_of(settings)
    settings.store.mkdir(parents=True, exist_ok=True)
    database = open_database(settings.database_url, transaction_s)
    try:
        steadily(database.migrate)
        tools = find_tools()
        with incoming_folder(settings.store) as incoming, Jail(readers, settings.namespaces) as jail:
            insist_on_jail(jail.level, settings)
            yield Desk(
                database=database,
                objects=open_objects(settings.objects_url, durable=keep_originals, attempts=attempts),
                opener=Opener(
                    jail, tools, limits_of(policy), content_thresholds(policy), previews=settings.previews
                ),
                policy=policy,
                tool=stamp(jail, tools),
                incoming=incoming,
                keep_originals=keep_originals,
            )
    finally:
        database.close()


def readers_of(settings: Settings) -> tuple[str, ...]:
    """What is to look for numbers. Raises StoreMisconfiguredError where it is asked for but not installed."""
    if not settings.read_text:
        return ()
    from pipeline.opening.child.number_readers import MODULES  # noqa: PLC0415
    from storage.errors import StoreMisconfiguredError  # noqa: PLC0415

    absent = [module for module in MODULES.values() if find_spec(module) is None]
    if absent:
        raise StoreMisconfiguredError(
            f"reading numbers needs {' and '.join(absent)}, which are not installed; "
            "run './dev text', or install dispute-evidence[text]"
        )
    return tuple(MODULES)


def insist_on_jail(level: str, settings: Settings) -> None:
    """Say once which part of the jail this machine lacks. Raises StoreMisconfiguredError where none may be lacking."""
    from storage.errors import StoreMisconfiguredError  # noqa: PLC0415

    lacking = " and ".join(missing(level))
    if not lacking:
        return
    if settings.require_jail:
        raise StoreMisconfiguredError(
            f"this kernel or container lacks {lacking}, without which the jail was not to be used; "
            "see 'evidence doctor', or leave out --require-jail"
        )
    log.warning("this kernel or container lacks %s: files are opened in a jail of level %s", lacking, level)


def content_thresholds(policy: Policy) -> dict[str, float]:
    """The policy's [rules.content] by bare name: plain numbers for the jail."""
    prefix = "content."
    return {
        name.removeprefix(prefix): policy.number(name) for name in policy.rules if name.startswith(prefix)
    }


def stamp(jail: Jail, tools: Tools) -> ToolStamp:
    """Versions of ours and of every library that touches evidence, and the level of the jail."""
    libraries = {**jail.libraries, "ffmpeg": tools.version or "absent"}
    return ToolStamp(version("dispute-evidence"), dict(sorted(libraries.items())), jail.level)
