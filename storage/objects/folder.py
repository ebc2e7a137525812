"""Objects in a folder: one file each, under its key."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import stat
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from storage.errors import (
    DENIED,
    UNREADABLE,
    ObjectMissingError,
    ObjectRefusedError,
    ObjectTooLargeError,
    ObjectUnsafeError,
    StoreFullError,
    StoreMisconfiguredError,
    StoreUnavailableError,
)
from storage.interfaces.objects import ObjectEntry
from storage.objects.beneath import UnsafeFileError, listed, opened_file, opened_folder, readable
from storage.objects.keys import TEMPORARY, checked_key, checked_prefix

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS}
_PASSING = {errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ESTALE, errno.ETIMEDOUT, errno.EBUSY}
_PRIVATE_FILE = 0o600
_CHUNK = 1 << 20
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC


class Readable(Protocol):
    """What can be read in parts."""

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes; none at the end."""


class FolderObjects:
    """Implements ``storage.interfaces.objects.Objects`` in the folder ``root``, made at the first write, private.

    An object is written beside its place and then moved there. ``durable`` also forces it to the disk before ``put``
    returns. That is off by default, because it costs some milliseconds for each of an upload's derivatives, which can be
    made again from the original. Turn it on where originals are kept.

    Keys that the interface does not allow raise ValueError. So does a key that runs through another object (``a/b`` where
    ``a`` is one). Others may write to the folder, so no link below it is followed, and only regular files are opened:
    ObjectUnsafeError.
    """

    def __init__(self, root: Path, *, durable: bool = False) -> None:
        self._root = root
        self._durable = durable

    def put(self, key: str, data: bytes, content_type: str = "application/octet-stream") -> None:
        """A folder keeps no content type. StoreFullError where no space is left."""
        self._put(key, lambda descriptor: self._write(descriptor, data))

    def put_file(self, key: str, path: Path) -> None:
        with path.open("rb") as source:
            self._put(key, lambda descriptor: self._copy(descriptor, source))

    def _put(self, key: str, write: Callable[[int], None]) -> None:
        with translated(self._root), _only_leaves(key), self._beside(key, make=True) as (folder, name):
            temporary = f"{TEMPORARY}{secrets.token_hex(8)}"
            descriptor = os.open(temporary, _NEW, _PRIVATE_FILE, dir_fd=folder)
            try:
                write(descriptor)
                os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
            except BaseException:  # nor does a KeyboardInterrupt leave anything half-written
                os.unlink(temporary, dir_fd=folder)
                raise
            if self._durable:
                with readable(folder) as open_folder:
                    os.fsync(open_folder)

    def get(self, key: str) -> bytes:
        with translated(self._root):
            with _missing_as(key):
                source = self._opened(key)
            with source:
                return source.read()

    def fetch(self, key: str, path: Path, version: str | None = None, most: int | None = None) -> None:
        """FileExistsError where ``path`` is there already."""
        with translated(self._root):
            with _missing_as(key), self._refused_as(key):
                source = self._opened(key)
            with source:
                check_size(key, os.fstat(source.fileno()).st_size, most)
                with translated(path.parent), new_file(path) as target:
                    copy_at_most(key, _Source(key, source), target, most)

    def exists(self, key: str) -> bool:
        with translated(self._root), suppress(FileNotFoundError, NotADirectoryError, UnsafeFileError):
            return self._stat(key) is not None
        return False

    def delete(self, key: str) -> None:
        """The interface's; a link in the object's place is removed, not what it leads to."""
        absent = suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError, UnsafeFileError)
        with translated(self._root), absent, self._beside(key) as (folder, name):
            os.unlink(name, dir_fd=folder)

    def erase(self, key: str) -> None:
        """A folder keeps one version."""
        self.delete(key)

    def keys(self, prefix: str = "") -> Iterator[str]:
        folder, slash, _ = checked_prefix(prefix).rpartition("/")
        with translated(self._root):
            yield from self._walk(folder + slash, prefix)

    def entries(self, prefix: str = "") -> Iterator[ObjectEntry]:
        """The ETag is the time of the last change, in nanoseconds."""
        for key in self.keys(prefix):
            with translated(self._root), suppress(FileNotFoundError, NotADirectoryError, UnsafeFileError):
                found = self._stat(key)
                if found is not None:
                    changed = datetime.fromtimestamp(found.st_mtime, UTC)
                    yield ObjectEntry(key, found.st_size, f"{found.st_mtime_ns:x}", changed)

    @contextmanager
    def _refused_as(self, key: str) -> Iterator[None]:
        """A file that others may read and we may not. Where the whole folder is closed to us, that is no fault of the file."""
        try:
            yield
        except PermissionError as error:
            if not os.access(self._root, os.R_OK | os.X_OK):
                raise
            raise ObjectRefusedError(f"{key!r} may not be read: {error.strerror}", DENIED) from error

    @contextmanager
    def _beside(self, key: str, *, make: bool = False) -> Iterator[tuple[int, str]]:
        """The folder of a key, open, and the key's name in it."""
        *folders, name = checked_key(key).split("/")
        with opened_folder(self._root, folders, make=make) as folder:
            yield folder, name

    def _opened(self, key: str) -> BinaryIO:
        with self._beside(key) as (folder, name):
            return open(opened_file(folder, name), "rb")  # noqa: PTH123 - a descriptor, the caller's to close

    def _stat(self, key: str) -> os.stat_result | None:
        """What is known of a regular file, None of anything else."""
        with self._beside(key) as (folder, name):
            found = os.stat(name, dir_fd=folder, follow_symlinks=False)
        return found if stat.S_ISREG(found.st_mode) else None

    def _walk(self, start: str, prefix: str) -> Iterator[str]:
        """The keys below the folder ``start``, which ends with a slash unless it is the root."""
        try:
            with opened_folder(self._root, start.split("/")[:-1]) as folder:
                found = listed(folder)
        except (FileNotFoundError, NotADirectoryError, UnsafeFileError):
            return  # never written to, removed meanwhile, or never ours
        # A folder sorts as its keys do: with the slash behind its name.
        for name, is_folder in sorted(found, key=lambda entry: entry[0] + "/" * entry[1]):
            key = start + name
            if name.startswith(TEMPORARY):
                continue
            if is_folder and (key.startswith(prefix) or prefix.startswith(f"{key}/")):
                yield from self._walk(f"{key}/", prefix)
            elif not is_folder and key.startswith(prefix):
                yield key

    def _copy(self, descriptor: int, source: BinaryIO) -> None:
        with open(descriptor, "wb") as file:
            shutil.copyfileobj(source, file, 1 << 20)
            file.flush()
            if self._durable:
                os.fsync(descriptor)

    def _write(self, descriptor: int, data: bytes) -> None:
        with open(descriptor, "wb", buffering=0) as file:
            rest = memoryview(data)
            while rest:
                rest = rest[file.write(rest) :]
            if self._durable:
                os.fsync(descriptor)


@dataclass(frozen=True, slots=True)
class _Source:
    """A file that is being read. Where its disk cannot read it any more, that is its own fault."""

    key: str
    file: BinaryIO

    def read(self, size: int, /) -> bytes:
        try:
            return self.file.read(size)
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            raise ObjectRefusedError(f"{self.key!r} cannot be read: {error.strerror}", UNREADABLE) from error


def check_size(key: str, size: int, most: int | None) -> None:
    """Raise ObjectTooLargeError where an object of ``size`` bytes is not wanted."""
    if most is not None and size > most:
        raise ObjectTooLargeError(f"{key!r} has {size} bytes, more than the {most} that are wanted", size)


def copy_at_most(key: str, source: Readable, target: BinaryIO, most: int | None) -> None:
    """Copy to the end. Raises ObjectTooLargeError at the first byte beyond ``most``, which is not written."""
    size = 0
    while chunk := source.read(_CHUNK):
        size += len(chunk)
        check_size(key, size, most)
        target.write(chunk)


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A new private file, removed again where the block fails."""
    descriptor = os.open(path, _NEW, _PRIVATE_FILE)
    with _removed_on_failure(path), open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor
        yield file


@contextmanager
def _removed_on_failure(path: Path) -> Iterator[None]:
    """Leave no half-written file behind, whatever ends the block early."""
    with ExitStack() as undone:
        undone.callback(path.unlink, missing_ok=True)
        yield
        undone.pop_all()


@contextmanager
def _missing_as(key: str) -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise ObjectMissingError(f"there is no object under {key!r}") from error
    except UnsafeFileError as error:
        raise ObjectUnsafeError(f"{key!r} leads through a link, or to no regular file") from error


@contextmanager
def _only_leaves(key: str) -> Iterator[None]:
    try:
        yield
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        raise ValueError(f"not a key beside those there: {key!r} runs through another object") from error
    except UnsafeFileError as error:
        raise ObjectUnsafeError(f"{key!r} leads through a link: nothing is written there") from error


@contextmanager
def translated(root: Path) -> Iterator[None]:
    """Raise the file system's errors as those of storage/errors.py."""
    try:
        yield
    except OSError as error:
        fault = _fault(error, root)
        if fault is None:
            raise
        raise fault from error


def _fault(error: OSError, root: Path) -> Exception | None:
    if error.errno in _FULL:
        return StoreFullError(f"no space is left for {root}")
    if error.errno in _REFUSED:
        return StoreMisconfiguredError(f"{root} refuses access: check its permissions ({error.strerror})")
    if error.errno in _PASSING:
        return StoreUnavailableError(f"{root} cannot be used just now: {error.strerror}")
    return None
