"""The embedded store on a disk that fills up and has room again: intact, and resumed unaided."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from chaos.commit_scenarios import ONCE_S, intact, left_behind, run_once, small_plan, started
from chaos.drill import Drill, herd_of
from chaos.goals import Goal, goals_of
from chaos.scenarios import Setting
from chaos.verify import verify

_DISK = "24m"
_ROOM = 150 * 1024
_FULL_S = 15.0


def disk_full(setting: Setting) -> list[Goal]:
    """The disk fills up as the worker starts; once there is room it goes on, or the next worker does."""
    with _tight_place(setting) as tight, setting.fresh() as stack:
        drill = Drill(stack, small_plan(), setting.say)
        drill.upload()
        drill.tell_of_some(1.0)
        stack.close()
        shutil.move(stack.folder, tight.folder / "store")
        stack.folder.symlink_to(tight.folder / "store")
        herd = herd_of(stack, 1, setting.folder)
        process = started(herd)
        tight.fill(process.pid)
        time.sleep(_FULL_S)
        ran_on = process.poll() is None
        left_over = stack.queue().depth().total
        stack.close()
        tight.free(process.pid)
        try:
            status = process.wait(ONCE_S)
        finally:
            process.kill()
        if status != 0:
            status = run_once(herd)
        how = "the worker waited" if ran_on else "the worker ended, and the next went on"
        goals = [
            Goal("no room", f"{tight.how}; {left_over} messages had to wait", left_over > 0),
            Goal("resumed unaided", f"{how}: status {status}", status == 0),
            intact(stack),
        ]
        result = goals + goals_of(verify(drill.expected(), left_behind(stack, drill)))
        stack.folder.unlink()
        stack.folder.mkdir()
        return result


class _Tight(Protocol):
    """A place that can be made too small for a worker, and large enough again."""

    folder: Path
    how: str

    def fill(self, pid: int) -> None:
        """From now on the worker ``pid`` finds no room."""

    def free(self, pid: int) -> None:
        """There is room again."""


@dataclass
class _Disk:
    """A file system of its own, filled by a file."""

    folder: Path
    how: str = f"a file system of {_DISK}, all but {_ROOM // 1024} KiB taken"

    def fill(self, _: int) -> None:
        """See _Tight."""
        room = os.statvfs(self.folder)
        free = room.f_bavail * room.f_frsize
        (self.folder / "ballast").write_bytes(bytes(max(0, free - _ROOM)))

    def free(self, _: int) -> None:
        """See _Tight."""
        (self.folder / "ballast").unlink()


@dataclass
class _FileLimit:
    """Where nothing may be mounted: no file of the worker may grow beyond a limit."""

    folder: Path
    how: str = f"no file above {_ROOM // 1024} KiB"

    def fill(self, pid: int) -> None:
        """See _Tight."""
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (_ROOM, resource.RLIM_INFINITY))

    def free(self, pid: int) -> None:
        """See _Tight. The worker may have ended meanwhile."""
        if Path(f"/proc/{pid}").exists():
            resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)


@contextmanager
def _tight_place(setting: Setting) -> Iterator[_Tight]:
    folder = setting.folder / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={_DISK}", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        yield _FileLimit(folder)
        return
    try:
        yield _Disk(folder)
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
