"""Files beneath a folder, opened name by name from its descriptor: no link is followed, whatever is put there meanwhile.

A path that is checked first and opened later can lead elsewhere by then. Here each step is one call of the kernel, which
fails at a link, and what was opened is looked at before it is read.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

PRIVATE_FOLDER = 0o700
_SEARCH = getattr(os, "O_PATH", os.O_RDONLY)  # Linux: needs no permission to list
_FOLDER = os.O_DIRECTORY | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_NO_FILES = (errno.ELOOP, errno.ENXIO, errno.EOPNOTSUPP)
"""How opening a link, a socket and a device without a driver fails. A pipe opens at once, without a writer."""


class UnsafeFileError(OSError):
    """A link, pipe, socket or device lies where a file or folder was to be."""

    def __init__(self, name: str) -> None:
        super().__init__(errno.ELOOP, "a link or a special file", name)


@contextmanager
def opened_folder(root: Path, names: Sequence[str], *, make: bool = False) -> Iterator[int]:
    """A descriptor of the folder ``names`` below ``root``, which may itself be a link, to be used as ``dir_fd``.

    Raises UnsafeFileError at a link below ``root``. With ``make`` folders that are not there are made, private.
    """
    held = _opened_root(root, make=make)
    try:
        for name in names:
            inner = _opened_inner(held, name, make=make)
            os.close(held)
            held = inner
        yield held
    finally:
        os.close(held)


def opened_file(folder: int, name: str) -> int:
    """A descriptor of the regular file ``name`` in ``folder``, for the caller to close. Never waits.

    Raises UnsafeFileError where it is a link or a special file, IsADirectoryError where it is a folder.
    """
    try:
        descriptor = os.open(name, _FILE, dir_fd=folder)
    except OSError as error:
        if error.errno in _NO_FILES:
            raise UnsafeFileError(name) from error
        raise
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return descriptor
    os.close(descriptor)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), name)
    raise UnsafeFileError(name)


def opened_path(path: Path) -> int:
    """As ``opened_file``, with no link on the whole way: for paths that were resolved when they were found."""
    start, *names, name = path.parts if path.is_absolute() else (".", *path.parts)
    with opened_folder(Path(start), names) as folder:
        return opened_file(folder, name)


def listed(folder: int) -> list[tuple[str, bool]]:
    """The names of the folders and regular files in ``folder``, and whether each is a folder."""
    with readable(folder) as descriptor, os.scandir(descriptor) as entries:
        return [
            (entry.name, entry.is_dir(follow_symlinks=False))
            for entry in entries
            if entry.is_dir(follow_symlinks=False) or entry.is_file(follow_symlinks=False)
        ]


@contextmanager
def readable(folder: int) -> Iterator[int]:
    """The same folder, open to be listed or forced to the disk."""
    descriptor = os.open(".", os.O_RDONLY | _FOLDER, dir_fd=folder)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _opened_root(root: Path, *, make: bool) -> int:
    try:
        return os.open(root, _SEARCH | _FOLDER)
    except FileNotFoundError:
        if not make:
            raise
        root.mkdir(mode=PRIVATE_FOLDER, parents=True, exist_ok=True)
        return os.open(root, _SEARCH | _FOLDER)


def _opened_inner(folder: int, name: str, *, make: bool) -> int:
    while True:
        try:
            return os.open(name, _SEARCH | _FOLDER | os.O_NOFOLLOW, dir_fd=folder)
        except FileNotFoundError:
            if not make:
                raise
            with suppress(FileExistsError):
                os.mkdir(name, PRIVATE_FOLDER, dir_fd=folder)
        except NotADirectoryError as error:
            if _is_plain_file(folder, name):
                raise
            raise UnsafeFileError(name) from error


def _is_plain_file(folder: int, name: str) -> bool:
    """Whether a file lies where a folder was to be: only for saying what is wrong, since it may be another by now."""
    with suppress(FileNotFoundError):
        return stat.S_ISREG(os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode)
    return False
