"""Environment and options to stores: the only place that wires parts together."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from pipeline.intake.scratch import incoming_folder
from pipeline.opening.host.jail import Jail, NotSetUpError
from pipeline.opening.host.opener import Opener
from pipeline.opening.host.tools import Tools, find_tools
from pipeline.opening.jail_level import absent, missing
from pipeline.opening.limits import Limits, limits_of
from pipeline.setup.context import Context
from pipeline.setup.settings import Settings
from validators.before_judging import ContentThresholds
from validators.policy import Policy
from validators.report import ToolStamp

log = logging.getLogger(__name__)


@contextmanager
def open_context(
    settings: Settings,
    policy: Policy,
    *,
    keep_originals: bool = False,
    transaction_s: float | None = None,
    attempts: int | None = None,
    tries: int = 5,
    least_s: float = 0.0,
    steadily: Callable[[Callable[[], None]], None] = lambda step: step(),
) -> Iterator[Context]:
    """Open every store, bring the schema up to date, start the jail; close all at the end.

    ``transaction_s``: see open_database. ``attempts``: see open_objects. ``tries`` and ``least_s``: see Opener; ``least_s`` is
    at most a file's own time limit, because an outage may have used up an item's time, and an opening that then ends at the
    deadline says nothing about the file. ``steadily`` runs a step that an outage may fail; by default once.
    """
    from storage.database.database import open_database  # noqa: PLC0415 - heavy, and not for --help
    from storage.objects.open_objects import open_objects  # noqa: PLC0415

    readers = readers_of(settings)
    settings.store.mkdir(parents=True, exist_ok=True)
    database = open_database(settings.database_url, transaction_s)
    try:
        steadily(database.migrate)
        tools = find_tools()
        limits = limits_of(policy)
        with (
            incoming_folder(settings.scratch) as incoming,
            Jail(readers, settings.namespaces, trust_list_of(settings)) as jail,
        ):
            insist_on_jail(jail.level, settings)
            insist_on_room(jail, limits)
            yield Context(
                database=database,
                objects=open_objects(settings.objects_url, durable=keep_originals, attempts=attempts),
                opener=Opener(
                    jail,
                    tools,
                    limits,
                    content_thresholds(policy),
                    tries=tries,
                    least_s=min(limits.seconds, least_s),
                    previews=settings.previews,
                ),
                policy=policy,
                tool=stamp(jail, tools),
                incoming=incoming,
                keep_originals=keep_originals,
            )
    finally:
        database.close()


def readers_of(settings: Settings) -> tuple[str, ...]:
    """Which readers look for numbers. Raises StoreMisconfiguredError where they are wanted but not installed."""
    if not settings.read_text:
        return ()
    from pipeline.opening.reader_names import MODULES  # noqa: PLC0415
    from storage.errors import StoreMisconfiguredError  # noqa: PLC0415

    absent = [module for module in MODULES.values() if find_spec(module) is None]
    if absent:
        raise StoreMisconfiguredError(
            f"reading numbers needs {' and '.join(absent)}, which are not installed; "
            "run './dev text', or install dispute-evidence[text]"
        )
    return tuple(MODULES)


def trust_list_of(settings: Settings) -> Path | None:
    """The file of certificates to trust in place of ours, if one is set. Raises StoreMisconfiguredError if it has none."""
    from storage.errors import StoreMisconfiguredError  # noqa: PLC0415

    path = settings.trust_list
    if path is None:
        return None
    try:
        has_certificates = b"BEGIN CERTIFICATE" in path.read_bytes()
    except OSError as error:
        raise StoreMisconfiguredError(
            f"EVIDENCE_C2PA_TRUST: {path} cannot be read: {error.strerror}"
        ) from error
    if not has_certificates:
        raise StoreMisconfiguredError(f"EVIDENCE_C2PA_TRUST: {path} holds no certificate in PEM form")
    return path


def insist_on_jail(level: str, settings: Settings) -> None:
    """Log once which part of the jail this machine lacks. Raises StoreMisconfiguredError where all are required."""
    from storage.errors import StoreMisconfiguredError  # noqa: PLC0415

    if settings.require_jail and (lacking := absent(level)):
        raise StoreMisconfiguredError(
            f"this kernel or container lacks {' and '.join(lacking)}, without which the jail was not to be used; "
            "see 'evidence doctor', or leave out --require-jail"
        )
    if weaker := " and ".join(missing(level)):
        log.warning(
            "this kernel or container lacks %s: files are opened in a jail of level %s", weaker, level
        )


def insist_on_room(jail: Jail, limits: Limits) -> None:
    """Raises StoreMisconfiguredError where limits of this machine keep files from being opened under ours."""
    from storage.errors import StoreMisconfiguredError  # noqa: PLC0415

    try:
        jail.try_limits(limits.at_work())
    except NotSetUpError as error:
        raise StoreMisconfiguredError(str(error)) from error


def content_thresholds(policy: Policy) -> dict[str, float]:
    """The policy's [rules.content] by bare name: plain numbers for the jail."""
    return asdict(policy.group(ContentThresholds))


def stamp(jail: Jail, tools: Tools) -> ToolStamp:
    """Versions of ours and of every library that touches evidence, and the level of the jail."""
    libraries = {**jail.libraries, "ffmpeg": tools.version or "absent"}
    return ToolStamp(version("dispute-evidence"), dict(sorted(libraries.items())), jail.level)
