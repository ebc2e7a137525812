"""The process of a jail that forks its children: beneath bubblewrap's own two, where that is used."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

from pipeline.opening.host.jail import Jail
from pipeline.opening.host.namespaces import in_namespaces


def zygote_of(jail: Jail) -> int:
    """Its process id as this process sees it."""
    assert jail._process is not None
    pid = jail._process.pid
    while Path(f"/proc/{pid}/comm").read_text().strip() == "bwrap":
        (only,) = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        pid = int(only)
    return pid


@cache
def why_not_in_namespaces() -> str:
    """Why bubblewrap cannot be used here, as in a chroot or many containers; empty where it can."""
    command = in_namespaces(("/bin/true",))
    if command is None:
        return "bubblewrap is not installed"
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else f"bubblewrap cannot be used here: {done.stderr.strip()}"
