"""Makes every attempt three times: outside the jail, as a decoder in it, and as an outside tool in it.

    python driver.py FOLDER [--user UID] [--namespaces] [--landlock VERSION]

With --user all of it happens as that user. Without --namespaces the jail does without bubblewrap. --landlock has the kernel
know no later version of Landlock than that, and leaves out what comes of it outside. Prints one JSON object: attempt to what
came of it in each place. A process of its own, since the user is changed for good.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parents[1])]

from attempts import ATTEMPTS, RAN, attempted  # noqa: E402
from small_limits import LIMITS  # noqa: E402

import pipeline.opening.host.answer  # noqa: E402, F401 - loaded late otherwise, out of reach
from pipeline.opening.host import jail as supervisor  # noqa: E402
from pipeline.opening.host.jail import Jail, Outcome  # noqa: E402
from pipeline.opening.host.tools import libraries_of  # noqa: E402

ESCAPING = (sys.executable, "-I", str(HERE / "escaping_zygote.py"), os.pathsep.join(sys.path[:3]))


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--user", type=int)
    parser.add_argument("--namespaces", action="store_true")
    parser.add_argument("--landlock", type=int)
    options = parser.parse_args()
    folder, user = options.folder, options.user
    if not options.namespaces:
        supervisor.in_namespaces = lambda _: None
    if options.landlock is not None:
        del TRIES["outside"]
    supervisor.ZYGOTE = (*ESCAPING, str(user or ""), str(options.landlock or ""))
    with Jail() as jail:  # loaded before this user is given up, who may not be able to read this Python
        if user is not None:
            os.setgroups([])
            os.setresgid(user, user, user)
            os.setresuid(user, user, user)
        (folder / "upload").write_bytes(b"an upload")
        with Victim() as known, Listeners(folder) as told:
            found = every(known | told | {"folder": str(folder)}, jail, folder)
        print(json.dumps({"level": jail.level, "attempts": found}))


def every(target: dict[str, Any], jail: Jail, folder: Path) -> dict[str, dict[str, str]]:
    """What comes of each attempt in each place."""
    upload = os.open(folder / "upload", os.O_RDONLY)
    found: dict[str, dict[str, str]] = {name: {} for name in ATTEMPTS}
    for name, results in found.items():
        for place, attempt in TRIES.items():
            (folder / "victim").write_text("here")
            (folder / "kept").write_text("here")
            (folder / "kept").chmod(0o600)
            with Prey() as prey:
                said = attempt(name, target | {"prey": prey.pid}, jail, upload)
                results[place] = "through" if prey.is_dead() else said
    return found


def outside(name: str, target: dict[str, Any], _: Jail, upload: int) -> str:
    """In a child of this process."""
    return in_a_child(name, target, lambda: None)


def in_a_child(name: str, target: dict[str, Any], first: Callable[[], None]) -> str:
    """What comes of an attempt in a forked child, after ``first`` there."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            first()
            os.write(write, attempted(name, target).encode())
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as answer:
        said = answer.read().decode()
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    return "through" if status == RAN else said


def decoder(name: str, target: dict[str, Any], jail: Jail, upload: int) -> str:
    """In the place of a decoder."""
    outcome = jail.measure(upload, {"what": name, "target": target}, LIMITS)
    return _said(outcome, (outcome.body or {}).get("said", ""))


def tool(name: str, target: dict[str, Any], jail: Jail, upload: int) -> str:
    """In the place of ffmpeg: a Python that may read its own library besides."""
    program = next(path for path in PYTHONS if os.access(path, os.X_OK))
    needs = libraries_of(program)
    more = replace(needs, folders=(*needs.folders, *_library(program), str(HERE)))
    supervisor.libraries_of = lambda _: more
    argv = [program, "-I", "-S", str(HERE / "attempts.py"), name, json.dumps(target)]
    outcome = jail.run_tool(upload, argv, LIMITS)
    return _said(outcome, outcome.output.decode())


@cache
def _library(program: str) -> tuple[str, ...]:
    script = "import sysconfig; print(sysconfig.get_paths()['stdlib'])"
    told = subprocess.run([program, "-I", "-S", "-c", script], capture_output=True, text=True, check=True)
    return (told.stdout.strip(), str(Path(told.stdout.strip()).parent))


def _said(outcome: Outcome, said: str) -> str:
    return "through" if str(RAN) in outcome.detail else said or f"ended: {outcome.fault} {outcome.detail}"


PYTHONS = (os.path.realpath(sys.executable), "/usr/bin/python3")
"""The second for users who cannot reach the first."""

TRIES = {"outside": outside, "decoder": decoder, "tool": tool}


class Victim:
    """A process of this user with a secret in its environment and memory, that lets any other trace it."""

    def __enter__(self) -> dict[str, Any]:
        secret = ctypes.create_string_buffer(b"SECRET")
        ready, done = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            set_dumpable, set_ptracer, anybody = 4, 0x59616D61, -1
            libc = ctypes.CDLL(None)
            libc.prctl(set_dumpable, 1, 0, 0, 0)
            libc.prctl(set_ptracer, anybody, 0, 0, 0)
            os.write(done, b".")
            time.sleep(600)
            os._exit(0)
        os.read(ready, 1)
        return {"pid": self.pid, "address": ctypes.addressof(secret)}

    def __exit__(self, *_: object) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


class Prey:
    """A process of this user that only waits."""

    def __enter__(self) -> Prey:
        self.pid = os.fork()
        if self.pid == 0:
            time.sleep(600)
            os._exit(0)
        return self

    def is_dead(self) -> bool:
        """Whether somebody killed it."""
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None

    def __exit__(self, *_: object) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)


class Listeners:
    """Sockets of each kind that wait to be reached."""

    def __init__(self, folder: Path) -> None:
        self.path = str(folder / "socket")

    def __enter__(self) -> dict[str, Any]:
        tcp, udp = socket.create_server(("127.0.0.1", 0)), socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.1", 0))
        unix, abstract = socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)
        unix.bind(self.path)
        name = f"evidence-{os.getpid()}"
        abstract.bind("\0" + name)
        for each in (unix, abstract):
            each.listen(16)
        self.all = tcp, udp, unix, abstract
        return {"tcp": tcp.getsockname()[1], "udp": udp.getsockname()[1], "unix": self.path, "abstract": name}

    def __exit__(self, *_: object) -> None:
        for each in self.all:
            each.close()


if __name__ == "__main__":
    signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    main()
