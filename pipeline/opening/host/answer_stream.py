"""Reads a child's answer: as many bytes as it declares, within a deadline and a bound."""

from __future__ import annotations

import json
import socket
import time
from dataclasses import dataclass
from typing import Any

from pipeline.opening.host.answer_error import AnswerError
from pipeline.opening.wire import FRAME_PREFIX, MAX_JSON, frame_length


class EndedEarlyError(AnswerError):
    """A child's answer stopped before its end. The child may have died, or pretends to."""


@dataclass(frozen=True, slots=True)
class Plane:
    """Raw pixels from a child: ``height`` x ``width`` x 3 bytes of RGB, or the rows of a record of kind "features".

    ``part`` is the number of the part that they belong to: see validators.evidence.Part.
    """

    kind: str
    width: int
    height: int
    pixels: bytes | bytearray
    page: int | None = None
    time_s: float | None = None
    part: int = 0


class Reader:
    """Reads exact numbers of bytes before a deadline, and never more than a bound in total."""

    def __init__(self, source: socket.socket, deadline: float, bound: int) -> None:
        self._source, self._deadline, self._left = source, deadline, bound

    def exactly(self, count: int) -> bytearray:
        if count > self._left:
            raise OverflowError
        self._left -= count
        buffer = bytearray(count)
        view, got = memoryview(buffer), 0
        while got < count:
            self._wait()
            received = self._source.recv_into(view[got:])
            if received == 0:
                raise EndedEarlyError("the answer ended early")
            got += received
        return buffer

    def rest(self) -> bytes:
        chunks: list[bytes] = []
        while True:
            self._wait()
            chunk = self._source.recv(1 << 20)
            if not chunk:
                return b"".join(chunks)
            self._left -= len(chunk)
            if self._left < 0:
                raise OverflowError
            chunks.append(chunk)

    def _wait(self) -> None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._source.settimeout(left)


@dataclass(frozen=True, slots=True)
class Answer:
    """A child's answer. Its ``measurements`` are not validated yet."""

    measurements: dict[str, Any]
    planes: tuple[Plane, ...]
    holds_members: bool


def read_answer(reader: Reader) -> Answer:
    """The whole answer. Raises AnswerError, TimeoutError and OverflowError."""
    from pipeline.opening.host.answer import check_envelope  # noqa: PLC0415 - pydantic, only where files are opened

    length = frame_length(bytes(reader.exactly(FRAME_PREFIX)))
    if length > MAX_JSON:
        raise AnswerError("the answer is too long")
    try:
        body = json.loads(reader.exactly(length))
    except (ValueError, RecursionError) as error:
        raise AnswerError("the answer is not JSON, or is nested too deeply") from error
    planes = []
    envelope = check_envelope(body)
    for shape in envelope.planes:
        pixels = reader.exactly(shape.width * shape.height * 3)
        planes.append(
            Plane(shape.kind, shape.width, shape.height, pixels, shape.page, shape.time_s, shape.part)
        )
    return Answer(envelope.measurements, tuple(planes), envelope.holds_members)
