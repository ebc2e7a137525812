"""``evidence doctor``: what is present, what is missing, and the one line that installs it."""

from __future__ import annotations

import platform
import sqlite3
import sys

from pipeline.opening.host.jail import Jail, JailError
from pipeline.opening.host.namespaces import PART
from pipeline.opening.host.tools import find_tools
from pipeline.opening.jail_level import SCOPES, missing
from pipeline.setup.settings import wants_namespaces

_WITHOUT = {
    "landlock": "a decoder that was taken over could read files that this user can; needs Linux 5.13 and 'landlock' among "
    "the kernel's security modules",
    "seccomp": "a decoder that was taken over could reach the network and start programs; needs a kernel with seccomp "
    "filters, on x86-64 or arm64",
    "threads": "a decoder that was taken over could start threads without end; bound the service's (TasksMax of systemd, "
    "pids_limit of Docker). Needs Linux 5.5, and nothing around that answers for seccomp itself",
    SCOPES: "signals and abstract sockets are kept within the jail by seccomp alone; needs Linux 6.12",
}
_NO_NAMESPACES = (
    "bubblewrap would add namespaces around it (apt-get install bubblewrap); many containers refuse it"
)


def examine_machine() -> int:
    """Print one line a part; returns 0 where the main job can run, 3 where it cannot."""
    tools = find_tools()
    _line(
        "ok",
        f"Python {platform.python_version()} on {platform.system()} {platform.release()} ({platform.machine()})",
    )
    _line("ok", f"SQLite {sqlite3.sqlite_version}")
    if tools.complete:
        _line("ok", f"ffmpeg and ffprobe {tools.version}: videos are opened")
    else:
        _line(
            "missing",
            "ffmpeg and ffprobe: videos are listed but not opened; install with: apt-get install ffmpeg",
        )
    try:
        with Jail(namespaces=wants_namespaces()) as jail:
            _line("ok", f"files are opened in a jail of level: {jail.level}")
            for part in missing(jail.level):
                _line("missing", f"{part}: {_WITHOUT[part]}")
            if PART not in jail.level:
                _line("absent", _NO_NAMESPACES)
            for name, version in jail.libraries.items():
                _line("ok", f"{name} {version}")
    except JailError as error:
        _line("broken", str(error))
        return 3
    return 0


def _line(state: str, text: str) -> None:
    sys.stdout.write(f"{state:8} {text}\n")
