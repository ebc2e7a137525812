"""The supervisor's side of the jail: starts the zygote, hands it one file at a time, bounds the answer.

Threads may call ``Jail`` at once; each call is one fork.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import logging
import os
import select
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from typing import Any

from pipeline.opening.answer_stream import AnswerError, EndedEarlyError, Plane, Reader, read_answer
from pipeline.opening.limits import Limits
from pipeline.opening.tools import libraries_of
from pipeline.opening.wire import STATUS, send_request

log = logging.getLogger(__name__)

ZYGOTE = (sys.executable, "-I", "-m", "pipeline.opening.zygote")
"""The command of the process that opens files."""

_START_SECONDS = 60.0
_GRACE_SECONDS = 1.0


class JailError(RuntimeError):
    """The jail itself cannot work: a fault of ours or of the machine, never of the evidence."""


class ChildKilledError(JailError):
    """Somebody else killed the child (an operator, a machine short of memory): nothing is known of the file."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one job ended. ``fault`` is None, or one of "time_limit", "memory_limit", "output_limit",
    "crashed", and for an outside tool "failed": it ended by itself, saying no."""

    body: dict[str, Any] | None
    planes: tuple[Plane, ...]
    output: bytes
    fault: str | None
    detail: str = ""


class _Gone(Exception):  # noqa: N818 - private signal
    """The zygote died under a job."""


class Jail:
    """One zygote and its children. Use as a context manager.

    ``readers`` names what looks for numbers (see number_readers): the zygote loads no others.
    """

    def __init__(self, readers: tuple[str, ...] = ()) -> None:
        self.readers = readers
        self._jobs = itertools.count(1)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket | None = None
        self._closed = False
        self.level = ""
        self.libraries: dict[str, str] = {}

    def __enter__(self) -> Jail:
        with self._lock:
            self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the zygote and every child; later calls raise JailError."""
        with self._lock:
            self._closed = True
            self._stop()

    def is_running(self) -> bool:
        """Whether the zygote lives; one that died is replaced by the next call."""
        process = self._process
        return process is not None and process.poll() is None

    def measure(self, upload: int, job: dict[str, Any], limits: Limits) -> Outcome:
        """Open and measure the file behind descriptor ``upload`` in a fresh child.

        Raises ChildKilledError where the child was killed from outside, JailError where no child can be had.
        """
        return self._run({"op": "measure", **job}, upload, limits, raw=False)

    def run_tool(self, upload: int, argv: list[str], limits: Limits) -> Outcome:
        """Run an outside tool on descriptor 3; its standard output comes back whole, at most ``output_bytes``.

        It can read its own libraries and the upload, nothing else. Raises as ``measure`` does.
        """
        needs = libraries_of(argv[0])
        message = {"op": "exec", "argv": argv, "folders": needs.folders, "loaders": needs.loaders}
        return self._run(message, upload, limits, raw=True)

    def _run(self, message: dict[str, Any], upload: int, limits: Limits, *, raw: bool) -> Outcome:
        for attempt in (1, 2):
            channel = self._ready_channel()
            try:
                return self._attempt(channel, message, upload, limits, raw=raw)
            except (_Gone, BrokenPipeError, ConnectionResetError):
                log.warning("the zygote ended during attempt %d; starting another", attempt)
                with self._lock:
                    if self._channel is channel:
                        self._stop()
        raise JailError("the process that opens files ended twice; see the log, and 'evidence doctor'")

    def _attempt(
        self, channel: socket.socket, message: dict[str, Any], upload: int, limits: Limits, *, raw: bool
    ) -> Outcome:
        job = next(self._jobs)
        ours, theirs = socket.socketpair()
        status_read, status_write = os.pipe()
        try:
            request = {**message, "job": job, "limits": asdict(limits)}
            try:
                send_request(channel, request, [upload, theirs.fileno(), status_write])
            finally:
                theirs.close()
                os.close(status_write)
            return _collect(channel, job, ours, status_read, limits, raw=raw)
        finally:
            ours.close()
            os.close(status_read)

    def _ready_channel(self) -> socket.socket:
        with self._lock:
            if self._channel is None:
                self._start()
            assert self._channel is not None  # noqa: S101 - set by _start, for the type checker
            return self._channel

    def _start(self) -> None:
        if self._closed:
            raise JailError("the process that opens files has been closed")
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with tempfile.TemporaryFile() as errors:
            self._process = subprocess.Popen(
                (*ZYGOTE, *self.readers),
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=errors,
                env=dict[str, str](),
                cwd="/",
                close_fds=True,
                start_new_session=True,
            )
            theirs.close()
            ours.settimeout(_START_SECONDS)
            try:
                hello = ours.recv(64 * 1024)
            except TimeoutError:
                hello = b""
            ours.settimeout(None)
            if not hello:
                self._channel = ours
                self._stop()
                errors.seek(0)
                raise JailError(
                    f"the process that opens files did not start: {errors.read(4000).decode(errors='replace')}"
                )
        greeting = json.loads(hello)
        self.level, self.libraries, self._channel = greeting["jail"], greeting["libraries"], ours

    def _stop(self) -> None:
        if self._channel is not None:
            self._channel.close()
            self._channel = None
        if self._process is not None:
            try:
                self._process.wait(timeout=_GRACE_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None


def _collect(
    channel: socket.socket, job: int, ours: socket.socket, status_read: int, limits: Limits, *, raw: bool
) -> Outcome:
    """Read the answer until the child closes it or a bound is hit, then its exit status."""
    reader = Reader(ours, time.monotonic() + limits.seconds, limits.output_bytes)
    body: dict[str, Any] | None = None
    planes: tuple[Plane, ...] = ()
    output, detail = b"", ""
    fault: str | None = None
    kill = True
    try:
        if raw:
            output = reader.rest()
        else:
            body, planes = read_answer(reader)
    except TimeoutError:
        fault = "time_limit"
    except OverflowError:
        fault = "output_limit"
    except AnswerError as error:
        fault, detail, kill = "crashed", str(error), not isinstance(error, EndedEarlyError)
    ended = _ending(channel, job, status_read, kill=kill and fault is not None)
    if ended.status != 0 and fault in (None, "crashed"):
        fault, detail = _fault_of(ended, detail, limits, raw=raw)
    return Outcome(body, planes if fault is None else (), output, fault, detail)


@dataclass(frozen=True, slots=True)
class TimedJail:
    """A jail whose every call ends by ``deadline`` (of time.monotonic), as if by the file's own time limit."""

    jail: Jail
    deadline: float

    def measure(self, upload: int, job: dict[str, Any], limits: Limits) -> Outcome:
        """See Jail."""
        return self.jail.measure(upload, job, limits.until(self.deadline))

    def run_tool(self, upload: int, argv: list[str], limits: Limits) -> Outcome:
        """See Jail."""
        return self.jail.run_tool(upload, argv, limits.until(self.deadline))


@dataclass(frozen=True, slots=True)
class _Ending:
    """How a child ended: its status, its CPU time, and whether it was we who killed it for not ending."""

    status: int
    cpu_seconds: float
    by_us: bool


def _ending(channel: socket.socket, job: int, status_read: int, *, kill: bool) -> _Ending:
    """Wait for the child's end; it is killed at once where asked for, else where it does not end by itself."""
    by_us = kill or not select.select([status_read], [], [], _GRACE_SECONDS)[0]
    if by_us:
        with contextlib.suppress(OSError):
            send_request(channel, {"op": "kill", "job": job}, [])
    data = os.read(status_read, STATUS.size)
    if len(data) != STATUS.size:
        raise _Gone
    status, cpu_seconds = STATUS.unpack(data)
    return _Ending(status, cpu_seconds, by_us)


def _fault_of(ended: _Ending, detail: str, limits: Limits, *, raw: bool) -> tuple[str, str]:
    import signal  # noqa: PLC0415 - the rare path

    from pipeline.opening.zygote import MEMORY_EXIT  # noqa: PLC0415

    status = ended.status
    # The kernel sends SIGXCPU at the limit of CPU time, and SIGKILL a second later to whoever ignores it.
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
