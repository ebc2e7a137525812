"""The folder for a process's temporary files. What killed processes left is swept away."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

PREFIX = "incoming-"
_HELD = "held"
"""A file in the folder that its process holds locked: the kernel lets go of it however the process ends."""


@contextmanager
def incoming_folder(scratch: Path) -> Iterator[Path]:
    """A private folder in ``scratch`` for the block, removed after it. Folders that no living process holds are removed
    first."""
    scratch.mkdir(mode=0o700, parents=True, exist_ok=True)
    sweep(scratch)
    folder, descriptor = _made(scratch)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        if descriptor is not None:
            fcntl.flock(descriptor, fcntl.LOCK_UN)  # children forked meanwhile may share it
            os.close(descriptor)


def sweep(scratch: Path) -> None:
    """Remove the folders of processes that were killed; none where locks are not supported."""
    for folder in scratch.glob(f"{PREFIX}*"):
        if folder.is_symlink() or not folder.is_dir():
            continue
        with suppress(OSError):
            descriptor = _held(folder)
            if descriptor is not None:
                shutil.rmtree(folder, ignore_errors=True)
                os.close(descriptor)


def _made(scratch: Path) -> tuple[Path, int | None]:
    """A new folder and what holds it: None where the file system knows no locks, as no other can take it then."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=scratch))
        try:
            descriptor = _held(folder)
        except OSError:
            return folder, None
        if descriptor is not None:
            return folder, descriptor


def _held(folder: Path) -> int | None:
    """Hold the folder. None where another process does, or where it was swept away meanwhile."""
    try:
        descriptor = os.open(folder / _HELD, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(descriptor).st_nlink:
            return descriptor
    except BlockingIOError:
        pass
    except OSError:
        os.close(descriptor)
        raise
    os.close(descriptor)
    return None
