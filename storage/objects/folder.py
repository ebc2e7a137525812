"""Objects in a folder: one file each, under its key."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from storage.errors import (
    ObjectMissingError,
    StoreFullError,
    StoreMisconfiguredError,
    StoreUnavailableError,
)
from storage.interfaces.objects import ObjectEntry
from storage.objects.keys import TEMPORARY, checked_key, checked_prefix

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_REFUSED = {errno.EACCES, errno.EPERM, errno.EROFS}
_PASSING = {errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ESTALE, errno.ETIMEDOUT, errno.EBUSY}
_PRIVATE_FOLDER = 0o700
_PRIVATE_FILE = 0o600
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC


class FolderObjects:
    """Implements ``storage.interfaces.objects.Objects`` in the folder ``root``, made at the first write, private.

    An object is written beside its place and then moved there. With ``durable`` it is also forced to the disk
    before ``put`` returns. That is off by default: it takes the disk's few milliseconds for each of an
    upload's derivatives, which can be made again from the original; turn it on where originals rest.

    Keys that the interface does not allow raise ValueError, as does putting a key that runs through another
    object (``a/b`` where ``a`` is one).
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
        path = self._path(key)
        with translated(self._root), _only_leaves(key):
            temporary, descriptor = _create_beside(path)
            try:
                write(descriptor)
                temporary.replace(path)
            except BaseException:  # also a KeyboardInterrupt leaves nothing half-written behind
                temporary.unlink()
                raise
            if self._durable:
                _sync_folder(path.parent)

    def get(self, key: str) -> bytes:
        with translated(self._root), _missing_as(key):
            return self._path(key).read_bytes()

    def fetch(self, key: str, path: Path, version: str | None = None) -> None:
        """FileExistsError where ``path`` is there already."""
        with translated(self._root):
            with _missing_as(key):
                source = self._path(key).open("rb")
            with source, new_file(path) as target:
                shutil.copyfileobj(source, target, 1 << 20)

    def exists(self, key: str) -> bool:
        with translated(self._root):
            return self._path(key).is_file()

    def delete(self, key: str) -> None:
        with translated(self._root), suppress(FileNotFoundError, NotADirectoryError, IsADirectoryError):
            self._path(key).unlink()

    def erase(self, key: str) -> None:
        """A folder keeps one version."""
        self.delete(key)

    def keys(self, prefix: str = "") -> Iterator[str]:
        folder, slash, _ = checked_prefix(prefix).rpartition("/")
        with translated(self._root):
            yield from _walk(self._root / folder, folder + slash, prefix)

    def entries(self, prefix: str = "") -> Iterator[ObjectEntry]:
        """The ETag is the time of the last change, in nanoseconds."""
        for key in self.keys(prefix):
            with translated(self._root), suppress(FileNotFoundError):
                found = self._path(key).stat()
                changed = datetime.fromtimestamp(found.st_mtime, UTC)
                yield ObjectEntry(key, found.st_size, f"{found.st_mtime_ns:x}", changed)

    def _path(self, key: str) -> Path:
        return self._root / checked_key(key)

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


def _create_beside(path: Path) -> tuple[Path, int]:
    temporary = path.with_name(f"{TEMPORARY}{secrets.token_hex(8)}")
    try:
        return temporary, os.open(temporary, _NEW, _PRIVATE_FILE)
    except FileNotFoundError:
        path.parent.mkdir(mode=_PRIVATE_FOLDER, parents=True, exist_ok=True)
        return temporary, os.open(temporary, _NEW, _PRIVATE_FILE)


def _walk(folder: Path, start: str, prefix: str) -> Iterator[str]:
    try:
        with os.scandir(folder) as entries:
            found = [(entry.name, entry.is_dir(follow_symlinks=False)) for entry in entries]
    except (FileNotFoundError, NotADirectoryError):
        return  # never written to, or removed meanwhile
    # A folder sorts as its keys do: with the slash behind its name.
    for name, is_folder in sorted(found, key=lambda entry: entry[0] + "/" * entry[1]):
        key = start + name
        if name.startswith(TEMPORARY):
            continue
        if is_folder and (key.startswith(prefix) or prefix.startswith(f"{key}/")):
            yield from _walk(folder / name, f"{key}/", prefix)
        elif not is_folder and key.startswith(prefix):
            yield key


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """A new private file, removed again where the block fails."""
    descriptor = os.open(path, _NEW, _PRIVATE_FILE)
    with _removed_on_failure(path), open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor
        yield file


@contextmanager
def _removed_on_failure(path: Path) -> Iterator[None]:
    """Whatever ends the block early, an interruption included, leaves no half of a file behind."""
    with ExitStack() as undone:
        undone.callback(path.unlink, missing_ok=True)
        yield
        undone.pop_all()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _missing_as(key: str) -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise ObjectMissingError(f"no object rests under {key!r}") from error


@contextmanager
def _only_leaves(key: str) -> Iterator[None]:
    try:
        yield
    except (FileExistsError, NotADirectoryError, IsADirectoryError) as error:
        raise ValueError(f"not a key beside those there: {key!r} runs through another object") from error


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
