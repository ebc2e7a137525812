"""How a child ended: its answer, its exit status, and the fault that follows from them."""

from __future__ import annotations

import contextlib
import os
import select
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from pipeline.opening.host.answer_error import AnswerError
from pipeline.opening.host.answer_stream import EndedEarlyError, Plane, Reader, read_answer
from pipeline.opening.limits import Limits
from pipeline.opening.wire import MOST_STATUS, NOT_SET_UP, STATUS, send_request

T = TypeVar("T")

_GRACE_SECONDS = 1.0


class JailError(RuntimeError):
    """The jail itself does not work. The fault is ours or the machine's, never the evidence's."""


class ChildKilledError(JailError):
    """Something else killed the child: an operator, or a machine short of memory. Nothing is known of the file."""


class NotSetUpError(JailError):
    """A child could not be confined, for example because of limits of this machine. Nothing of the file was read."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one job ended. ``fault`` is None or one of "time_limit", "memory_limit", "output_limit" and "crashed". For an
    outside tool it may be "failed": it exited with an error."""

    body: dict[str, Any] | None
    planes: tuple[Plane, ...]
    output: bytes
    fault: str | None
    detail: str = ""
    holds_members: bool = False


class GoneError(Exception):
    """The zygote died under a job."""


def collect(
    channel: socket.socket, job: int, ours: socket.socket, status_read: int, limits: Limits, *, raw: bool
) -> Outcome:
    """Read the answer until the child closes it or a bound is reached, then the exit status."""
    reader = Reader(ours, time.monotonic() + limits.seconds, limits.output_bytes)
    if raw:
        output, fault, detail = collect_as(reader.rest, channel, job, status_read, limits, raw=True)
        return Outcome(None, (), output or b"", fault, detail)
    answer, fault, detail = collect_as(lambda: read_answer(reader), channel, job, status_read, limits)
    if answer is None:
        return Outcome(None, (), b"", fault, detail)
    planes = answer.planes if fault is None else ()
    return Outcome(answer.measurements, planes, b"", fault, detail, answer.holds_members)


def collect_as(
    read: Callable[[], T],
    channel: socket.socket,
    job: int,
    status_read: int,
    limits: Limits,
    *,
    raw: bool = False,
) -> tuple[T | None, str | None, str]:
    """Read the answer by ``read``, then wait for the child's end: (answer, fault, detail)."""
    answer: T | None = None
    detail, fault, kill = "", None, True
    try:
        answer = read()
    except TimeoutError:
        fault = "time_limit"
    except OverflowError:
        fault = "output_limit"
    except AnswerError as error:
        fault, detail, kill = "crashed", str(error), not isinstance(error, EndedEarlyError)
    end = ending(channel, job, status_read, kill=kill and fault is not None)
    if end.status != 0 and fault in (None, "crashed"):
        fault, detail = fault_of(end, detail, limits, raw=raw)
    return answer, fault, detail


@dataclass(frozen=True, slots=True)
class Ending:
    """How a child ended: its status, its CPU time, and whether we killed it."""

    status: int
    cpu_seconds: float
    by_us: bool


def ending(channel: socket.socket, job: int, status_read: int, *, kill: bool) -> Ending:
    """Wait for the child's end. Kill it at once if ``kill``, else if it does not end by itself.

    Raises NotSetUpError if it had not read anything yet.
    """
    by_us = kill or not select.select([status_read], [], [], _GRACE_SECONDS)[0]
    if by_us:
        with contextlib.suppress(OSError):
            send_request(channel, {"op": "kill", "job": job}, [])
    data = os.read(status_read, MOST_STATUS)
    if len(data) < STATUS.size:
        raise GoneError
    status, cpu_seconds = STATUS.unpack_from(data)
    if status == NOT_SET_UP:
        reason = data[STATUS.size :].decode(errors="replace") or "it ended or was ended before that"
        raise NotSetUpError(f"the process that was to open a file could not be confined: {reason}")
    return Ending(status, cpu_seconds, by_us)


def fault_of(ended: Ending, detail: str, limits: Limits, *, raw: bool) -> tuple[str, str]:
    import signal  # noqa: PLC0415 - the rare path

    from pipeline.opening.wire import MEMORY_EXIT  # noqa: PLC0415

    status = ended.status
    # At the limit of CPU time the kernel sends SIGXCPU, and SIGKILL a second later to whoever ignores it.
    out_of_time = status == -signal.SIGKILL and ended.cpu_seconds >= limits.seconds
    if status == -signal.SIGXCPU or out_of_time:
        return "time_limit", detail
    if status == -signal.SIGKILL and not ended.by_us:
        raise ChildKilledError("the process that opened the file was killed from outside")
    if status == MEMORY_EXIT and not raw:
        return "memory_limit", detail
    if ended.by_us and detail:
        return "crashed", detail
    if raw and status > 0:
        return "failed", f"ended with status {status}"
    if status < 0:
        return "crashed", f"ended by {signal.Signals(-status).name}"
    return "crashed", detail or f"ended with status {status}"
