"""``evidence doctor``: what is present, what is missing, and the one line that installs it."""

from __future__ import annotations

import platform
import sqlite3

from pipeline.commands.output.say import say
from pipeline.commands.output.texts import text
from pipeline.commands.shared.exit_codes import INCOMPLETE, NOTHING_TO_DO
from pipeline.opening.host.jail import Jail, JailError
from pipeline.opening.host.namespaces import PART
from pipeline.opening.host.tools import find_tools
from pipeline.opening.jail_level import missing
from pipeline.setup.settings import wants_namespaces


def examine_machine() -> int:
    """Print one line a part; returns 0 where the main job can run, 3 where it cannot."""
    _line(
        "ok",
        f"Python {platform.python_version()}, {platform.system()} {platform.release()} ({platform.machine()})",
    )
    _line("ok", f"SQLite {sqlite3.sqlite_version}")
    tools = find_tools()
    if tools.complete:
        _line("ok", text("doctor.video", version=tools.version))
    else:
        _line("missing", text("doctor.no_video"))
    try:
        with Jail(namespaces=wants_namespaces()) as jail:
            _examine_jail(jail)
    except JailError as error:
        _line("broken", str(error))
        return INCOMPLETE
    return NOTHING_TO_DO


def _examine_jail(jail: Jail) -> None:
    _line("ok", text("doctor.jail", level=jail.level))
    for part in missing(jail.level):
        _line("missing", text(f"doctor.without_{part}"))
    if PART not in jail.level:
        _line("absent", text("doctor.no_namespaces"))
    for name, version in jail.libraries.items():
        _line("ok", f"{name} {version}")


def _line(state: str, sentence: str) -> None:
    say(f"{text(f'doctor.state_{state}'):8} {sentence}")
