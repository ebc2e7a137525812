"""Receives an upload: makes a private copy under our own name and hashes it. The original is never changed."""

from __future__ import annotations

import errno
import hashlib
import os
import uuid
from dataclasses import dataclass
from pathlib import Path

from pipeline.intake.upload import Upload
from storage.errors import ObjectMissingError, ObjectTooLargeError, ObjectUnsafeError, StoreFullError
from storage.interfaces.objects import Objects
from storage.objects.beneath import UnsafeFileError, opened_path

_CHUNK = 1 << 20


class ReceiveError(Exception):
    """The file is not received; ``code`` is one of validators.evidence.PROBLEMS. ``bytes`` where its size is known."""

    def __init__(self, code: str, detail: str, bytes_: int = 0) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.bytes = bytes_


@dataclass(frozen=True, slots=True)
class Received:
    """A private copy with its SHA-256 and size in bytes."""

    path: Path
    sha256: str
    bytes: int


def receive_upload(upload: Upload, incoming: Path, uploads: Objects | None, most: int) -> Received:
    """Receive an upload of at most ``most`` bytes from its path or from ``uploads``, unless it must not be opened:
    ReceiveError says why."""
    if upload.key is not None and uploads is not None:
        return receive_object(upload.key, upload.version, uploads, incoming, most)
    if upload.problem is not None or upload.path is None:
        raise ReceiveError(upload.problem or "missing", upload.detail)
    return receive(upload.path, incoming, most)


def receive(source: Path, incoming: Path, most: int) -> Received:
    """Copy ``source``, a path without links, into ``incoming``, hashing it.

    Raises ReceiveError where the source cannot be read, is no regular file, or has more than ``most`` bytes, of which none
    is copied: a sparse file of terabytes takes no room. StoreFullError on a full disk.
    """
    target = incoming / uuid.uuid4().hex
    descriptor = _open(source)
    try:
        _check_size(os.fstat(descriptor).st_size, most)
        digest, size = hashlib.sha256(), 0
        with target.open("xb", buffering=0) as copy:
            while chunk := _read(descriptor):
                digest.update(chunk)
                size += len(chunk)
                _check_size(size, most)  # it may grow
                copy.write(chunk)
    except OSError as error:
        target.unlink(missing_ok=True)
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise _full(incoming) from error
        raise
    except ReceiveError:
        target.unlink(missing_ok=True)
        raise
    finally:
        os.close(descriptor)
    return Received(target, digest.hexdigest(), size)


def receive_object(key: str, version: str | None, uploads: Objects, incoming: Path, most: int) -> Received:
    """Fetch an object into ``incoming``, then hash it.

    ReceiveError "gone" where it is there no more, "unsafe_path" where a link or a special file took its place, and
    "too_large" where it has more than ``most`` bytes, of which no more are fetched.
    """
    target = incoming / uuid.uuid4().hex
    try:
        uploads.fetch(key, target, version, most)
    except StoreFullError as error:
        raise _full(incoming) from error
    except ObjectTooLargeError as error:
        raise ReceiveError("too_large", "bytes", error.size) from error
    except ObjectUnsafeError as error:
        raise ReceiveError("unsafe_path", "a link or a special file") from error
    except ObjectMissingError as error:
        raise ReceiveError("gone", "removed before it could be read") from error
    with target.open("rb", buffering=0) as copy:
        digest = hashlib.file_digest(copy, "sha256")
        size = copy.tell()
    return Received(target, digest.hexdigest(), size)


def _full(incoming: Path) -> StoreFullError:
    return StoreFullError(
        f"no space is left in {incoming.parent}, where uploads are copied to: free some, or set EVIDENCE_SCRATCH_DIR to a "
        "folder on another disk"
    )


def _check_size(size: int, most: int) -> None:
    if size > most:
        raise ReceiveError("too_large", "bytes", size)


def _open(source: Path) -> int:
    try:
        return opened_path(source)
    except (UnsafeFileError, IsADirectoryError) as error:
        raise ReceiveError("unsafe_path", "not a regular file") from error
    except OSError as error:
        code = "missing" if error.errno == errno.ENOENT else "unreadable_path"
        raise ReceiveError(code, error.strerror or "cannot be opened") from error


def _read(descriptor: int) -> bytes:
    try:
        return os.read(descriptor, _CHUNK)
    except OSError as error:
        raise ReceiveError("unreadable_path", error.strerror or "cannot be read") from error
