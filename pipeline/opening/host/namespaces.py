"""Bubblewrap around the process that opens files, where it is installed: namespaces on top of what each child gives up.

One for all children, so that it costs a start and nothing a file: no network, other process or shared memory to be seen, no
capability from the beginning, every file of the machine read-only. The children's own confinement does not count on it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

PART = "bubblewrap"
"""Its name in the jail's level."""

_ARGUMENTS = (
    "--unshare-user", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts", "--unshare-cgroup-try",
    "--cap-drop", "ALL", "--die-with-parent", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--",
)  # fmt: skip


def in_namespaces(command: tuple[str, ...]) -> tuple[str, ...] | None:
    """The command that runs ``command`` in namespaces of its own; None where no absolute folder of PATH has bubblewrap."""
    program = shutil.which("bwrap")
    return (program, *_ARGUMENTS, *command) if program is not None and Path(program).is_absolute() else None
