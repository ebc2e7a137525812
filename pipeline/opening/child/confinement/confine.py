"""What confines a child, as far as this kernel and container go: found out once, applied in every child.

Where a part is missing the others still hold, and the level says which; a part that was there at the start and fails in
a child ends that child.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.opening.child.confinement import landlock, seccomp
from pipeline.opening.child.confinement.privileges import drop_privileges, gain_no_privileges
from pipeline.opening.child.confinement.threads import ask_about_threads, threads_can_be_bounded


@dataclass(frozen=True, slots=True)
class Confinement:
    """The parts that this machine has. ``landlock`` is the kernel's version of it, 0 for none."""

    privileges: bool
    landlock: int
    seccomp: bool
    threads: bool = False

    @property
    def level(self) -> str:
        """As in a report's tool.jail: every part that holds, in a fixed order."""
        parts = ["process", "rlimits"]
        parts += ["no-privileges"] if self.privileges else []
        parts += [f"landlock{self.landlock}"] if self.landlock else []
        parts += ["seccomp"] if self.seccomp else []
        parts += ["threads"] if self.threads else []
        return "+".join(parts)


def find_out() -> Confinement:
    """Try each part in a process of its own. Call before there are threads."""
    privileges = _works(drop_privileges)
    known = landlock.version() if privileges else 0
    files = known > 0 and _works(lambda: confine_decoder(Confinement(True, known, False)))
    calls = privileges and _works(lambda: confine_decoder(Confinement(True, 0, True)))
    if calls:
        for tool in (False, True):  # made here once, found by every child
            seccomp.allowed(tool=tool)
    threads = calls and _works(_bound_threads)
    return Confinement(privileges, known if files else 0, calls, threads)


def watch_threads(parts: Confinement) -> int | None:
    """In the zygote: what its children's questions about new threads come on; None where they do not ask."""
    if not parts.threads:
        return None
    gain_no_privileges()
    return ask_about_threads()


def _bound_threads() -> None:
    drop_privileges()
    threads_can_be_bounded()


def confine_decoder(parts: Confinement) -> None:
    """Before the first byte of an upload is read: from here on no file can be opened and nothing can be run."""
    _confine(parts, tool=False)


def confine_tool(
    parts: Confinement, program: str, folders: Sequence[str], loaders: Sequence[str], upload: int
) -> None:
    """Before the exec of ``program``: it can read the libraries in ``folders`` and the upload, and run nothing else."""
    _confine(parts, folders, (program, *loaders), upload, tool=True)


def _confine(
    parts: Confinement,
    readable: Sequence[str] = (),
    executable: Sequence[str] = (),
    upload: int | None = None,
    *,
    tool: bool,
) -> None:
    if parts.privileges:
        drop_privileges()
    if parts.landlock:
        landlock.forbid_files(parts.landlock, readable, executable, upload)
    if parts.seccomp:
        seccomp.allow_calls(tool=tool)


def _works(attempt: Callable[[], None]) -> bool:
    """Whether ``attempt`` goes through, in a child that ends with it."""
    pid = os.fork()
    if pid == 0:
        with contextlib.suppress(OSError):
            attempt()
            os._exit(0)
        os._exit(1)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
