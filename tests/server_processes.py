"""Starting servers for tests: an environment of their own, free ports, and no process left behind."""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TypeVar

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
START_S = 60
Server = TypeVar("Server")
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


class ServersMissing(Exception):
    """The environment with the servers is not there; the message says how to make it."""


def environment_folder() -> Path:
    """The virtual environment that holds the servers; raises ServersMissing."""
    folder = Path(os.environ.get("EVIDENCE_TEST_SERVERS") or REPOSITORY / ".venv-servers")
    if not (folder / "bin").is_dir():
        raise ServersMissing(
            f"no servers in {folder}: python3 -m venv .venv-servers && "
            ".venv-servers/bin/pip install -r requirements/servers.in"
        )
    return folder


def installed_command(name: str, distribution: str) -> Path:
    """The command ``name`` of that environment; raises ServersMissing."""
    command = environment_folder() / "bin" / name
    if not command.exists():
        raise ServersMissing(f"{distribution} is not installed in {environment_folder()}")
    return command


@contextmanager
def started_or_skipped(running: Callable[[], AbstractContextManager[Server]]) -> Iterator[Server]:
    """A server for a fixture: where it is not installed, skip on a laptop and fail in CI."""
    try:
        context = running()
        server = context.__enter__()
    except ServersMissing as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))
    try:
        yield server
    finally:
        context.__exit__(None, None, None)


@contextmanager
def running_process(
    command: list[str | Path],
    folder: Path,
    answers: Callable[[], None],
    stop: signal.Signals,
    user: int | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[None]:
    """Run a server until the block ends; it also ends with this process, however that ends.

    ``environment``: its variables, None for those of this process. RuntimeError with the end of its log where it
    does not answer within ``START_S`` seconds.
    """

    def die_with_parent() -> None:
        if _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL) != 0:
            raise OSError(ctypes.get_errno(), "prctl")

    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            env=environment,
            user=user,
            group=user,
            start_new_session=True,
            preexec_fn=die_with_parent,  # noqa: PLW1509 - one system call
        )
    try:
        _wait_for(process, answers, log)
        yield
    finally:
        process.send_signal(stop)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _wait_for(process: subprocess.Popen[bytes], answers: Callable[[], None], log: Path) -> None:
    until = time.monotonic() + START_S
    while True:
        try:
            answers()
        except Exception as error:
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError(f"the server did not start:\n{log.read_text()[-3000:]}") from error
            time.sleep(0.05)
        else:
            return


@contextmanager
def server_folder(user: int | None = None) -> Iterator[Path]:
    """A folder for a server's files, given to ``user`` and removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="evidence-server-"))
    try:
        if user is not None:
            os.chown(folder, user, user)
        yield folder
    finally:
        shutil.rmtree(folder)


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 that nobody listens on."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
    finally:
        for one in sockets:
            one.close()
