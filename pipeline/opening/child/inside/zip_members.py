"""ZIP: the files of an archive, as its directory lists them, each checked against what the directory says of it.

Only what chat programs and computers write is unpacked, stored and deflated files: other methods may take any memory.
"""

from __future__ import annotations

import errno
import io
import mmap
import re
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator

from pipeline.opening.child.inside.left_out import is_left_out
from pipeline.opening.child.inside.members import FoundMember, MemberError
from pipeline.opening.limits import Limits
from pipeline.opening.wire import MAX_CHUNK
from validators.evidence import Problem

_ENCRYPTED = 0x1
_OFFICE_PICTURE = re.compile(
    r"(?:(?:word|xl|ppt)/media|Pictures)/[^/]+\.(?:jpe?g|png|gif|webp|bmp|tiff?|heic|avif)", re.IGNORECASE
)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ANY_RATIO = 1 << 20  # bytes: so little does no harm however tightly it was packed
_FAULTS = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    EOFError,
    OSError,
    ValueError,
    IndexError,
    OverflowError,
    struct.error,
    zlib.error,
)
"""What zipfile raises on an archive that is not as it should be."""


def read_zip(data: mmap.mmap, limits: Limits) -> Iterator[FoundMember | Problem]:
    """The files of an archive; then, where none came out whole, what kept them in."""
    found = False
    for one in _read(data, limits, lambda name: not is_left_out(name)):
        found = True
        yield one
    if not found:
        yield Problem("empty", "no file of it is evidence")


def read_office(data: mmap.mmap, limits: Limits) -> Iterator[FoundMember | Problem]:
    """The pictures that a text, table or set of slides shows, in the formats of Word, Excel, PowerPoint and OpenDocument."""
    return _read(data, limits, lambda name: _OFFICE_PICTURE.fullmatch(name) is not None)


def _read(
    data: mmap.mmap, limits: Limits, is_wanted: Callable[[str], bool]
) -> Iterator[FoundMember | Problem]:
    outcomes: Counter[str] = Counter()
    try:
        archive = zipfile.ZipFile(_Mapped(data))
    except _FAULTS as error:
        yield Problem("corrupt", f"its directory cannot be read: {error}")
        return
    with archive:
        for entry in archive.infolist():
            if not entry.filename or entry.is_dir() or not is_wanted(entry.filename):
                continue
            kept_in = _kept_in(entry, limits)
            if kept_in is None:
                yield FoundMember(entry.filename, _unpacked(archive, entry, outcomes))
            else:
                outcomes[kept_in] += 1
    yield from _told(outcomes, limits)


def _kept_in(entry: zipfile.ZipInfo, limits: Limits) -> str | None:
    """The problem that keeps a file from being unpacked; None where nothing does."""
    if entry.flag_bits & _ENCRYPTED:
        return "encrypted"
    if entry.file_size > min(limits.video_bytes, limits.member_bytes):
        return "too_large"
    if entry.file_size > max(_ANY_RATIO, entry.compress_size * limits.member_ratio):
        return "corrupt"
    return None if entry.compress_type in _METHODS else "corrupt"


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, outcomes: Counter[str]) -> Iterator[bytes]:
    """The bytes of one file: never more than the directory says, and all of them, with their checksum."""
    size = 0
    try:
        with archive.open(entry) as file:
            while chunk := file.read(MAX_CHUNK):
                size += len(chunk)
                yield chunk
    except _FAULTS as error:
        outcomes["corrupt"] += 1
        raise MemberError(_left_in("corrupt", 1)) from error
    if size != entry.file_size:
        outcomes["corrupt"] += 1
        raise MemberError(_left_in("corrupt", 1))
    outcomes["whole"] += 1


def _told(outcomes: Counter[str], limits: Limits) -> Iterator[Problem]:
    """What is wrong with the archive: all of it, where nothing came out, else how much was left in it."""
    for code in ("encrypted", "too_large", "corrupt"):
        if outcomes[code] and outcomes["whole"]:
            yield _left_in(code, outcomes[code])
        elif outcomes[code]:
            bound = float(limits.video_bytes) if code == "too_large" else None
            yield Problem(code, "no file inside it", None, bound, "bytes" if bound else None)
            return


def _left_in(code: str, count: int) -> Problem:
    return Problem("limited", f"{count} files inside it were not opened: {code}.")


class _Mapped(io.RawIOBase):
    """A mapped file as zipfile reads one: nothing is copied but what is asked for."""

    def __init__(self, data: mmap.mmap) -> None:
        self._data = data
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: len(self._data)}[whence]
        if start + offset < 0:
            raise OSError(errno.EINVAL, "before the start of the file")
        self._at = start + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int | None = -1) -> bytes:
        end = len(self._data) if size is None or size < 0 else self._at + size
        found = self._data[self._at : end]
        self._at += len(found)
        return found
