"""What the harness needs of the operating system: who is whose child, and starting and killing for good."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)
_WAIT_S = 60.0


def die_with_parent() -> None:
    """For preexec_fn: the process is killed when the thread that started it ends, so start from the main one."""
    if _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


def start(
    command: list[str], environment: Mapping[str, str], log: Path, cwd: str = "/", user: int | None = None
) -> subprocess.Popen[bytes]:
    """Start a process in a session of its own that appends its output to ``log``."""
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            cwd=cwd,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            user=user,
            group=user,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - one system call
        )


def children_of(pid: int) -> list[int]:
    """The processes that any thread of ``pid`` started; none where it is gone."""
    found: list[int] = []
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
    except (FileNotFoundError, ProcessLookupError):
        pass  # it ended meanwhile
    return found


def command_of(pid: int) -> list[str]:
    """A process's arguments; empty where it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode().rstrip("\0").split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return []


def has_ended(pid: int) -> bool:
    """Whether the process is gone, or only waits for its parent to ask."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return True
    return state in "ZX"


def kill(pid: int, number: signal.Signals = signal.SIGKILL) -> bool:
    """Send a signal; False where the process was gone already."""
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return False
    return True


def wait_until(true: Callable[[], bool], what: str, limit_s: float = _WAIT_S, every_s: float = 0.05) -> float:
    """Poll until ``true``; the seconds it took. TimeoutError, naming ``what``, after ``limit_s``."""
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > limit_s:
            raise TimeoutError(f"{what}: not within {limit_s:g} s")
        time.sleep(every_s)
    return time.monotonic() - began


class Respawned:
    """A running server's process, to be killed hard and started again just as it was: same arguments, folder, user."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._again: subprocess.Popen[bytes] | None = None

    def restart(self, how: signal.Signals, away_s: float, answers: Callable[[], bool]) -> float:
        """End it with ``how``, leave it away for ``away_s``, start it again; seconds until it answered."""
        pid = self._again.pid if self._again is not None else self._pid
        folder = Path(f"/proc/{pid}")
        command, cwd = command_of(pid), str((folder / "cwd").readlink())
        environment = dict(
            part.split("=", 1) for part in (folder / "environ").read_text().split("\0") if "=" in part
        )
        user = folder.stat().st_uid
        began = time.monotonic()
        kill(pid, how)
        wait_until(lambda: has_ended(pid), f"the end of {command[0]}")
        time.sleep(away_s)
        log = Path(cwd) / "server-again.log"
        self._again = start(command, environment, log, cwd, user if user != os.geteuid() else None)
        wait_until(answers, f"the return of {command[0]}")
        return time.monotonic() - began

    def stop(self) -> None:
        """End what ``restart`` started."""
        if self._again is not None:
            self._again.kill()
            self._again.wait()


def child_running(part: str) -> int:
    """The child of this process that has ``part`` among its arguments' text; LookupError."""
    for pid in children_of(os.getpid()):
        if part in " ".join(command_of(pid)):
            return pid
    raise LookupError(f"no process of ours runs {part}")
