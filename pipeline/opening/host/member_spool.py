"""The files that a child found inside an upload, off the wire into a private folder."""

from __future__ import annotations

import errno
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.opening.host.answer_error import AnswerError
from pipeline.opening.host.answer_stream import Reader
from pipeline.opening.limits import Limits
from pipeline.opening.wire import FRAME_PREFIX, MAX_CHUNK, MAX_MEMBER_JSON, MAX_MEMBER_PATH, frame_length
from pipeline.setup.opened import Member
from storage.errors import StoreFullError
from validators.evidence import PROBLEMS, Problem

M = TypeVar("M", bound=BaseModel)

_FULL = (errno.ENOSPC, errno.EDQUOT)


@dataclass(frozen=True, slots=True)
class FoundMembers:
    """What a child found inside an upload, and the problems that it met."""

    members: tuple[Member, ...] = ()
    problems: tuple[Problem, ...] = ()


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Problem(_Strict):
    code: str
    detail: Annotated[str, Field(max_length=1000)]
    actual: Annotated[float, Field(allow_inf_nan=False)] | None
    limit: Annotated[float, Field(allow_inf_nan=False)] | None
    unit: Annotated[str, Field(max_length=40)] | None


class _Header(_Strict):
    """Begins a member, or ends the answer."""

    path: Annotated[str, Field(min_length=1, max_length=MAX_MEMBER_PATH)] | None = None
    problems: Annotated[list[_Problem], Field(max_length=100)] | None = None


class _Close(_Strict):
    whole: bool


def bound_of(limits: Limits) -> int:
    """The most bytes that an answer within these limits can take."""
    overhead = limits.member_bytes // 64 + (limits.members + 1) * 2 * MAX_MEMBER_JSON
    return limits.member_bytes + overhead


def read_members(reader: Reader, spool: Path, limits: Limits) -> FoundMembers:
    """Write every whole member into ``spool``. Raises AnswerError, TimeoutError, OverflowError and StoreFullError."""
    names: set[str] = set()
    members: list[Member] = []
    left = limits.member_bytes
    for number in range(limits.members + 1):
        header = _parsed(_Header, _frame(reader, MAX_MEMBER_JSON))
        if header.problems is not None:
            return FoundMembers(tuple(members), tuple(_problem(one) for one in header.problems))
        if header.path is None or number == limits.members:
            raise AnswerError("the answer names more files than it may, or none")
        member = _written(header.path, spool / str(number), reader, left)
        left -= member.bytes
        if _parsed(_Close, _frame(reader, MAX_MEMBER_JSON)).whole:
            members.append(_renamed(member, names))
        else:
            member.file.unlink()
    raise AnswerError("the answer has no end")


def _written(path: str, file: Path, reader: Reader, left: int) -> Member:
    digest, size = hashlib.sha256(), 0
    try:
        with file.open("xb", buffering=0) as copy:
            for chunk in _chunks(reader):
                size += len(chunk)
                if size > left:
                    raise OverflowError
                digest.update(chunk)
                copy.write(chunk)
    except OSError as error:
        if error.errno in _FULL:
            raise StoreFullError(f"no space left in {file.parent}") from error
        raise
    return Member(_safe(path), file, digest.hexdigest(), size)


def _chunks(reader: Reader) -> Iterator[bytearray]:
    while chunk := _frame(reader, MAX_CHUNK):
        yield chunk


def _frame(reader: Reader, most: int) -> bytearray:
    length = frame_length(bytes(reader.exactly(FRAME_PREFIX)))
    if length > most:
        raise AnswerError("a part of the answer is too long")
    return reader.exactly(length)


def _safe(path: str) -> str:
    """The child cleans names; one that it did not clean is a lie."""
    if not path.isprintable() or any(part in ("", ".", "..") for part in path.split("/")):
        raise AnswerError("a file inside the upload has a name that leads elsewhere")
    return path


def _renamed(member: Member, names: set[str]) -> Member:
    """The same under a name of its own: archives may hold several files of one name."""
    stem, dot, suffix = member.path.rpartition(".")
    path, count = member.path, 1
    while path in names:
        count += 1
        path = f"{stem} ({count}){dot}{suffix}" if stem else f"{member.path} ({count})"
    names.add(path)
    return Member(path, member.file, member.sha256, member.bytes)


def _problem(said: _Problem) -> Problem:
    if said.code not in PROBLEMS:
        raise AnswerError("the answer names a problem that is none")
    return Problem(said.code, said.detail, said.actual, said.limit, said.unit)


def _parsed(model: type[M], body: bytearray) -> M:
    try:
        return model.model_validate(json.loads(body))
    except (ValueError, RecursionError, ValidationError) as error:
        raise AnswerError("a part of the answer is not of the agreed form") from error
