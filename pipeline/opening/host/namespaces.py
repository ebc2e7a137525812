"""Runs the process that opens files inside bubblewrap's namespaces, if bubblewrap is installed.

All children share them, so they cost a start and nothing for each file. No network, other process or shared memory is
visible, there are no capabilities, and every file is read-only. The children's own confinement does not rely on it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

PART = "bubblewrap"
"""Its name in the level of the jail."""

_ARGUMENTS = (
    "--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try",
    "--cap-drop", "ALL", "--die-with-parent", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--",
)  # fmt: skip


def in_namespaces(command: tuple[str, ...]) -> tuple[str, ...] | None:
    """The command that runs ``command`` in new namespaces, or None if no absolute folder of PATH has bubblewrap."""
    program = shutil.which("bwrap")
    return (program, *_ARGUMENTS, *command) if program is not None and Path(program).is_absolute() else None
