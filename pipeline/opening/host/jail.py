"""The supervisor's side of the jail: starts the zygote, hands it one file at a time, bounds the answer.

Threads may call ``Jail`` at once; each call is one fork.
"""

from __future__ import annotations

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
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TypeVar, cast

from pipeline.opening.host.answer_stream import Reader
from pipeline.opening.host.child_endings import (
    ChildKilledError,
    GoneError,
    JailError,
    NotSetUpError,
    Outcome,
    collect,
    collect_as,
    ending,
    fault_of,
)
from pipeline.opening.host.namespaces import PART, in_namespaces
from pipeline.opening.host.tools import libraries_of
from pipeline.opening.limits import Limits
from pipeline.opening.wire import TRUST_OPTION, send_request

if TYPE_CHECKING:
    from pipeline.opening.host.member_spool import FoundMembers

__all__ = ["ChildKilledError", "Jail", "JailError", "NotSetUpError", "Outcome", "TimedJail"]

T = TypeVar("T")

log = logging.getLogger(__name__)

ZYGOTE = (sys.executable, "-I", "-m", "pipeline.opening.child.zygote")
"""The command of the process that opens files."""

_START_SECONDS = 60.0
_GRACE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class MembersOutcome:
    """What taking the files out of another came to. ``fault``: see Outcome; ``found`` is None where nothing is known."""

    found: FoundMembers | None
    fault: str | None
    detail: str = ""


class Jail:
    """One zygote and its children. Use as a context manager.

    ``readers`` names what looks for numbers (see number_readers): the zygote loads no others. ``namespaces``: bubblewrap is
    used where it can be. ``trust_list``: a file of certificates that signers of manifests are trusted by, instead of ours.
    """

    def __init__(
        self, readers: tuple[str, ...] = (), namespaces: bool = True, trust_list: Path | None = None
    ) -> None:
        self.readers = readers
        self._options = (f"{TRUST_OPTION}{trust_list.resolve()}",) if trust_list is not None else ()
        self._jobs = itertools.count(1)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: socket.socket | None = None
        self._closed = False
        self._namespaces = namespaces
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

    def try_limits(self, limits: Limits) -> None:
        """Set a child up as for a file, and end it. Raises NotSetUpError where limits of this machine do not let it be."""
        with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - a descriptor is wanted
            message = {"op": "try", "file_bytes": limits.preview_bytes}
            self._run(message, nothing.fileno(), limits, raw=True)

    def measure(self, upload: int, job: dict[str, Any], limits: Limits) -> Outcome:
        """Open and measure the file behind descriptor ``upload`` in a fresh child.

        Raises ChildKilledError where the child was killed from outside, JailError where no child can be had.
        """
        return self._run({"op": "measure", **job}, upload, limits, raw=False)

    def take_members(self, upload: int, job: dict[str, Any], limits: Limits, spool: Path) -> MembersOutcome:
        """Write the files found inside the one behind ``upload`` into ``spool``. Raises as ``measure`` does."""
        message = {"op": "measure", "what": "members", **job}
        return self._steadily(lambda channel: self._attempt_members(channel, upload, message, limits, spool))

    def run_tool(self, upload: int, argv: list[str], limits: Limits) -> Outcome:
        """Run an outside tool on descriptor 3; its standard output comes back whole, at most ``output_bytes``.

        It can read its own libraries and the upload, nothing else. Raises as ``measure`` does.
        """
        return self._run(_exec(argv), upload, limits, raw=True)

    def run_tool_to_file(self, upload: int, argv: list[str], limits: Limits, most: int) -> Outcome:
        """As ``run_tool``, its output a file of at most ``most`` bytes that it may write in any order and read again.

        The file lives in memory alone, and is descriptor 1 to the tool.
        """
        return self._steadily(lambda channel: self._attempt_file(channel, upload, argv, limits, most))

    def measure_output(
        self, upload: int, argv: list[str], job: dict[str, Any], limits: Limits, measuring: Limits
    ) -> tuple[Outcome, Outcome]:
        """Run an outside tool as ``run_tool`` does, its output measured by a child of its own as it comes.

        ``measuring`` bounds the child, which goes on when the tool has ended. Returns how the tool ended and what the
        child said. Nothing of the output passes through this process, nor of the errors that the tool reports, which the
        child gets too.
        """
        return self._steadily(
            lambda channel: self._attempt_piped(channel, upload, argv, job, limits, measuring)
        )

    def _run(self, message: dict[str, Any], upload: int, limits: Limits, *, raw: bool) -> Outcome:
        return self._steadily(lambda channel: self._attempt(channel, message, upload, limits, raw=raw))

    def _steadily(self, attempt: Callable[[socket.socket], T]) -> T:
        """What ``attempt`` gives; once more, with another zygote, where the first ended under it."""
        for number in (1, 2):
            channel = self._ready_channel()
            try:
                return attempt(channel)
            except (GoneError, BrokenPipeError, ConnectionResetError):
                log.warning("the zygote ended during attempt %d; starting another", number)
                with self._lock:
                    if self._channel is channel:
                        self._stop()
        raise JailError("the process that opens files ended twice; see the log, and 'evidence doctor'")

    def _attempt(
        self,
        channel: socket.socket,
        message: dict[str, Any],
        upload: int,
        limits: Limits,
        *,
        raw: bool,
        errors: int | None = None,
    ) -> Outcome:
        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                job, status_read = self._send(channel, message, upload, theirs.fileno(), limits, errors)
            try:
                return collect(channel, job, ours, status_read, limits, raw=raw)
            finally:
                os.close(status_read)

    def _attempt_members(
        self, channel: socket.socket, upload: int, message: dict[str, Any], limits: Limits, spool: Path
    ) -> MembersOutcome:
        from pipeline.opening.host.member_spool import bound_of, read_members  # noqa: PLC0415 - only for archives

        ours, theirs = socket.socketpair()
        with ours:
            with theirs:
                job, told = self._send(channel, message, upload, theirs.fileno(), limits)
            with os.fdopen(told, "rb", 0):
                reader = Reader(ours, time.monotonic() + limits.seconds, bound_of(limits))
                found, fault, detail = collect_as(
                    lambda: read_members(reader, spool, limits), channel, job, told, limits
                )
        return MembersOutcome(found, fault, detail)

    def _attempt_piped(
        self,
        channel: socket.socket,
        upload: int,
        argv: list[str],
        job: dict[str, Any],
        limits: Limits,
        measuring: Limits,
    ) -> tuple[Outcome, Outcome]:
        reading, writing = _pipe()
        errors, reporting = _pipe(os.O_NONBLOCK)  # a tool that reports more than is read goes on without
        with reading, errors:
            with writing, reporting:
                tool, told = self._send(
                    channel, _exec(argv), upload, writing.fileno(), limits, reporting.fileno()
                )
            with os.fdopen(told, "rb", 0):
                message = {"op": "measure", **job}
                measured = self._attempt(
                    channel, message, reading.fileno(), measuring, raw=False, errors=errors.fileno()
                )
                reading.close()  # a tool that writes on is told so
                end = ending(channel, tool, told, kill=measured.fault is not None)
        ended = end.status == 0 or end.by_us
        fault, detail = (None, "") if ended else fault_of(end, "", limits, raw=True)
        return Outcome(None, (), b"", fault, detail), measured

    def _attempt_file(
        self, channel: socket.socket, upload: int, argv: list[str], limits: Limits, most: int
    ) -> Outcome:
        with os.fdopen(os.memfd_create("written", os.MFD_CLOEXEC), "rb", 0) as written:
            message = {**_exec(argv), "file_bytes": most}
            tool, told = self._send(channel, message, upload, written.fileno(), limits)
            with os.fdopen(told, "rb", 0):
                late = not select.select([told], [], [], limits.seconds)[0]
                end = ending(channel, tool, told, kill=late)
            if late:
                return Outcome(None, (), b"", "time_limit")
            if end.status != 0:
                return Outcome(None, (), b"", *fault_of(end, "", limits, raw=True))
            written.seek(0)
            return Outcome(None, (), written.read(most), None)

    def _send(
        self,
        channel: socket.socket,
        message: dict[str, Any],
        upload: int,
        answer: int,
        limits: Limits,
        errors: int | None = None,
    ) -> tuple[int, int]:
        """Ask for one child; returns its number and the descriptor that will tell how it ended, the caller's to close.

        ``errors`` is a pipe: a tool's standard error, or what the child reads of it.
        """
        job = next(self._jobs)
        status_read, status_write = os.pipe()
        try:
            request = {**message, "job": job, "limits": asdict(limits)}
            more = () if errors is None else (errors,)
            send_request(channel, request, [upload, answer, status_write, *more])
        except BaseException:
            os.close(status_read)
            raise
        finally:
            os.close(status_write)
        return job, status_read

    def _ready_channel(self) -> socket.socket:
        with self._lock:
            if self._channel is None:
                self._start()
            assert self._channel is not None  # noqa: S101 - set by _start, for the type checker
            return self._channel

    def _start(self) -> None:
        if self._closed:
            raise JailError("the process that opens files has been closed")
        command = (*ZYGOTE, *self.readers, *self._options)
        wrapped = in_namespaces(command) if self._namespaces else None
        if wrapped is not None:
            told = self._spawn(wrapped)
            if told is None:
                self.level = f"{self.level}+{PART}"
                return
            if self.level.endswith(PART):  # what was said of the jail holds for its whole life
                raise JailError(f"the process that opens files did not start again: {told}")
            self._namespaces = False
            log.info("bubblewrap is there but cannot be used here, as in many containers: %s", told.strip())
        told = self._spawn(command)
        if told is not None:
            log.info("what the process that opens files wrote before it ended: %s", told)
            last = (told.strip() or "it said nothing").splitlines()[-1]
            raise JailError(f"the process that opens files did not start: {last}")

    def _spawn(self, command: tuple[str, ...]) -> str | None:
        """Start the zygote and take its greeting; what it wrote to standard error where it gave none."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with tempfile.TemporaryFile() as errors:
            with theirs:
                try:
                    self._process = subprocess.Popen(
                        command,
                        stdin=theirs.fileno(),
                        stdout=subprocess.DEVNULL,
                        stderr=errors,
                        env=dict[str, str](),
                        cwd="/",
                        close_fds=True,
                        start_new_session=True,
                    )
                except OSError as error:
                    ours.close()
                    return str(error)
            ours.settimeout(_START_SECONDS)
            try:
                hello = ours.recv(64 * 1024)
            except TimeoutError:
                hello = b""
            ours.settimeout(None)
            self._channel = ours
            if not hello:
                self._stop()
                errors.seek(0)
                return errors.read(4000).decode(errors="replace")
        greeting = json.loads(hello)
        self.level, self.libraries = greeting["jail"], greeting["libraries"]
        return None

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


def _pipe(flags: int = 0) -> tuple[BinaryIO, BinaryIO]:
    """The ends of a pipe, to read from and to write to."""
    reading, writing = os.pipe2(flags | os.O_CLOEXEC)
    return cast("BinaryIO", os.fdopen(reading, "rb", 0)), cast("BinaryIO", os.fdopen(writing, "wb", 0))


def _exec(argv: list[str]) -> dict[str, Any]:
    needs = libraries_of(argv[0])
    return {"op": "exec", "argv": argv, "folders": needs.folders, "loaders": needs.loaders}


@dataclass(frozen=True, slots=True)
class TimedJail:
    """A jail whose every call ends by ``deadline`` (of time.monotonic), as if by the file's own time limit."""

    jail: Jail
    deadline: float

    def measure(self, upload: int, job: dict[str, Any], limits: Limits) -> Outcome:
        """See Jail."""
        return self.jail.measure(upload, job, limits.until(self.deadline))

    def take_members(self, upload: int, job: dict[str, Any], limits: Limits, spool: Path) -> MembersOutcome:
        """See Jail."""
        return self.jail.take_members(upload, job, limits.until(self.deadline), spool)

    def run_tool(self, upload: int, argv: list[str], limits: Limits) -> Outcome:
        """See Jail."""
        return self.jail.run_tool(upload, argv, limits.until(self.deadline))

    def run_tool_to_file(self, upload: int, argv: list[str], limits: Limits, most: int) -> Outcome:
        """See Jail."""
        return self.jail.run_tool_to_file(upload, argv, limits.until(self.deadline), most)

    def measure_output(
        self, upload: int, argv: list[str], job: dict[str, Any], limits: Limits, measuring: Limits
    ) -> tuple[Outcome, Outcome]:
        """See Jail."""
        left = self.deadline
        return self.jail.measure_output(upload, argv, job, limits.until(left), measuring.until(left))
