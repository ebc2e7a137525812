"""The zygote: loads the decoders once and forks one child per file, never reused.

Started by exec with an empty environment; descriptor 0 is the control channel, and no upload or credential is
ever in its memory. Single-threaded, so that forking is safe.
"""

from __future__ import annotations

import fcntl
import gc
import json
import os
import select
import signal
import socket
import sys
from dataclasses import dataclass
from typing import Any

from pipeline.opening.child.confinement.confine import (
    Confinement,
    confine_decoder,
    confine_tool,
    find_out,
    watch_threads,
)
from pipeline.opening.child.confinement.libc import LIBC
from pipeline.opening.child.confinement.threads import answer_question
from pipeline.opening.heap import give_back, prepare_heap
from pipeline.opening.limits import Limits, confine
from pipeline.opening.one_thread import one_thread
from pipeline.opening.wire import (
    FAULT_EXIT,
    MEMORY_EXIT,
    MOST_STATUS,
    NOT_SET_UP,
    STATUS,
    TRUST_OPTION,
    receive_request,
)

_PR_SET_PDEATHSIG = 1
_DESCRIPTORS = 4096  # more than the zygote ever has open
_AWAY = 16  # out of the way of a tool's descriptors
_SET_UP = b"."


@dataclass(frozen=True, slots=True)
class _Running:
    job: int
    pid: int
    status_fd: int
    set_up_fd: int


def main() -> None:
    """Serve requests on descriptor 0 until it closes."""
    _die_with_parent()
    channel = socket.socket(fileno=0)
    channel.set_inheritable(False)
    parts = find_out()
    one_thread()
    readers = [one for one in sys.argv[1:] if not one.startswith(TRUST_OPTION)]
    trust_lists = [one.removeprefix(TRUST_OPTION) for one in sys.argv[1:] if one.startswith(TRUST_OPTION)]
    _load_decoders(readers, "".join(trust_lists))
    hello = {"ready": os.getpid(), "jail": parts.level, "libraries": _libraries(readers)}
    channel.send(json.dumps(hello).encode())
    quiet = os.open(os.devnull, os.O_RDWR)
    os.dup2(quiet, 2)
    os.close(quiet)
    gc.collect()
    gc.freeze()
    gc.disable()
    prepare_heap()  # saves 5 to 7 % of a photo's CPU: docs/decisions/0005
    give_back(for_children=True)
    _serve(channel, parts)


def _serve(channel: socket.socket, parts: Confinement) -> None:
    running: dict[int, _Running] = {}  # pidfd → child
    poller = select.poll()
    poller.register(channel, select.POLLIN)
    questions = watch_threads(parts)
    if questions is not None:
        poller.register(questions, select.POLLIN)
    while True:
        for fd, _ in poller.poll():
            if fd == questions:
                answer_question(fd)
                continue
            if fd != channel.fileno():
                poller.unregister(fd)
                _reap(fd, running.pop(fd))
                continue
            request = receive_request(channel)
            if request is None:
                return  # children die with us
            message, fds = request
            if message["op"] == "kill":
                _kill(message["job"], running)
            else:
                _start(message, fds, parts, running, poller)


def _start(
    message: dict[str, Any],
    fds: list[int],
    parts: Confinement,
    running: dict[int, _Running],
    poller: select.poll,
) -> None:
    """Fork a child, or report that none could be started."""
    upload, answer, status, *errors = fds
    message["errors"] = errors[0] if errors else None
    try:
        child = _fork(message, upload, answer, status, parts)
    except OSError as error:
        _tell(status, NOT_SET_UP, 0.0, f"no process can be had: {error.strerror}".encode())
    else:
        pidfd = os.pidfd_open(child.pid)
        running[pidfd] = child
        poller.register(pidfd, select.POLLIN)
    finally:
        for fd in (upload, answer, *errors):
            os.close(fd)


def _fork(message: dict[str, Any], upload: int, answer: int, status: int, parts: Confinement) -> _Running:
    set_up, done = os.pipe()
    try:
        pid = os.fork()
        if pid == 0:
            _keep_only(*(fd for fd in (upload, answer, done, message["errors"]) if fd is not None))
            _child(message, upload, answer, done, parts)
    except OSError:
        os.close(set_up)
        raise
    finally:
        os.close(done)
    return _Running(message["job"], pid, status, set_up)


def _keep_only(*needed: int) -> None:
    """Close everything else: the zygote's channel and the pipes on which it reports how other children ended. 1 and 2 stay,
    and lead nowhere."""
    os.close(0)
    low = 3
    for fd in sorted(needed):
        os.closerange(low, fd)
        low = fd + 1
    os.closerange(low, _DESCRIPTORS)


def _child(message: dict[str, Any], upload: int, answer: int, done: int, parts: Confinement) -> None:
    """Confine this process before it reads a byte of the upload, answer and exit. Never returns."""
    try:
        limits = Limits(**message["limits"])
        _set_up(message, upload, answer, done, limits, parts)
        if message["op"] == "try":
            os._exit(0)
        from pipeline.opening.child.child import answer_job  # noqa: PLC0415 - loaded by _load_decoders already

        answer_job(message, upload, answer, limits)
        os._exit(0)
    except MemoryError:
        os._exit(MEMORY_EXIT)
    except BaseException:  # noqa: BLE001 - the jail boundary: nothing runs on, whatever happened
        os._exit(FAULT_EXIT)


def _set_up(
    message: dict[str, Any], upload: int, answer: int, done: int, limits: Limits, parts: Confinement
) -> None:
    """Confine this process and say so on ``done``; become an outside tool where that is asked for.

    Whatever keeps it from that says nothing of the upload, and is told on ``done``, which is closed before anything of the
    upload is read: a decoder that was taken over cannot say that it had read nothing.
    """
    try:
        _die_with_parent()
        if message["op"] == "exec":
            done = fcntl.fcntl(done, fcntl.F_DUPFD_CLOEXEC, _AWAY)
            _exec(message, upload, answer, done, limits, parts)
        confine(limits, message.get("file_bytes", 0))
        confine_decoder(parts)
        os.write(done, _SET_UP)
        os.close(done)
    except BaseException as error:  # the jail boundary: a half confined process ends
        os.write(done, (str(error) or type(error).__name__).encode()[: MOST_STATUS // 2])
        raise


def _exec(
    message: dict[str, Any], upload: int, answer: int, done: int, limits: Limits, parts: Confinement
) -> None:
    """Replace this process by an outside tool. Descriptor 3 is the upload, standard output the answer, standard error a pipe
    where errors are wanted, nothing else is open."""
    argv, quiet = message["argv"], os.open(os.devnull, os.O_RDWR)
    errors = quiet if message["errors"] is None else message["errors"]
    saved = [fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, _AWAY) for fd in (quiet, answer, errors, upload)]
    for place, fd in enumerate(saved):
        os.dup2(fd, place)
    os.closerange(4, done)
    os.closerange(done + 1, 64)
    confine(limits, message.get("file_bytes", 0))
    confine_tool(parts, argv[0], message["folders"], message["loaders"], 3)
    os.write(done, _SET_UP)
    os.execve(argv[0], argv, {"LC_ALL": "C"})  # noqa: S606 - a fixed argument list of ours, no shell


def _reap(pidfd: int, child: _Running) -> None:
    _, status, used = os.wait4(child.pid, 0)
    os.close(pidfd)
    set_up = os.read(child.set_up_fd, MOST_STATUS)
    os.close(child.set_up_fd)
    cpu_seconds = used.ru_utime + used.ru_stime
    if set_up == _SET_UP:
        _tell(child.status_fd, os.waitstatus_to_exitcode(status), cpu_seconds)
    else:
        _tell(child.status_fd, NOT_SET_UP, cpu_seconds, set_up.removeprefix(_SET_UP))


def _tell(status_fd: int, status: int, cpu_seconds: float, reason: bytes = b"") -> None:
    try:
        os.write(status_fd, STATUS.pack(status, cpu_seconds) + reason)
    except BrokenPipeError:
        pass  # the supervisor no longer listens
    finally:
        os.close(status_fd)


def _kill(job: int, running: dict[int, _Running]) -> None:
    for pidfd, child in running.items():
        if child.job == job:
            signal.pidfd_send_signal(pidfd, signal.SIGKILL)


def _die_with_parent() -> None:
    LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _load_decoders(readers: list[str], trust_list: str) -> None:
    """Import everything a child could need, because it can read nothing from disk."""
    from pipeline.opening.child import child  # noqa: PLC0415 - heavy, and only here

    child.warm_up(trust_list)
    if readers:
        from pipeline.opening.child import number_readers  # noqa: PLC0415 - an optional extra

        number_readers.load(readers)


def _libraries(readers: list[str]) -> dict[str, str]:
    from importlib.metadata import version  # noqa: PLC0415

    names: tuple[str, ...] = (
        "opencv-python-headless", "pillow", "exifread", "imagehash", "simplejpeg", "pi-heif", "pypdfium2", "numpy", "scipy",
        "chardet", "inscriptis", "lxml", "c2pa-python",
    )  # fmt: skip
    if readers:
        from pipeline.opening.reader_names import DISTRIBUTIONS  # noqa: PLC0415 - an optional extra

        names += tuple(name for reader in readers for name in DISTRIBUTIONS[reader])
    from pipeline.opening.child.c2pa_manifest import trust_list_name  # noqa: PLC0415 - loaded by _load_decoders already

    return {name: version(name) for name in names} | {"c2pa-trust-list": trust_list_name()}


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the supervisor decides when to stop
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    main()
