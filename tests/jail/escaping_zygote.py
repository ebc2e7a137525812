"""A zygote whose children are taken over: in place of measuring they try what the job names, or answer with a lie."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys
import time
from _thread import stack_size, start_new_thread
from threading import Thread
from typing import Any

sys.path[:0] = [path for path in sys.argv.pop(1).split(os.pathsep) if path]
USER = sys.argv.pop(1)
LANDLOCK = sys.argv.pop(1)

from attempts import attempted, is_open  # noqa: E402
from escaping_lies import LIES, framed  # noqa: E402

from pipeline.opening.child import child, zygote  # noqa: E402
from pipeline.opening.child.confinement import landlock, seccomp  # noqa: E402
from pipeline.opening.child.confinement.confine import Confinement  # noqa: E402


def _answer_job(message: dict[str, Any], upload: int, answer: int, limits: object) -> None:
    what = message["what"]
    if what == "sleep":
        time.sleep(60)
    elif what == "close and sleep":
        os.close(answer)
        time.sleep(60)
    elif what == "flood":
        while True:
            os.write(answer, bytes(1 << 20))
    elif what == "list descriptors":
        held = [number for number in range(256) if number not in (upload, answer) and is_open(number)]
        os.write(answer, framed(json.dumps({"measurements": {"held": held}, "planes": []}).encode()))
    elif what in THREADS:
        made = THREADS[what]()
        time.sleep(message.get("wait_s", 0))
        os.write(answer, framed(json.dumps({"measurements": {"made": made}, "planes": []}).encode()))
    elif what in LIES:
        os.write(answer, LIES[what])
    else:
        said = attempted(what, message["target"]).encode()
        os.write(answer, framed(json.dumps({"measurements": {"said": said.decode()}, "planes": []}).encode()))


def _count_threads() -> int:
    stack_size(64 << 10)
    for made in range(1000):
        try:
            start_new_thread(time.sleep, (60,))
        except RuntimeError:
            return made
    return 1000


def _ask_for_threads() -> int:
    while True:
        _count_threads()


def _thread_after_thread() -> int:
    made = 0
    for _ in range(256):
        one = Thread(target=int)
        one.start()
        one.join()
        made += 1
    return made


THREADS = {
    "count threads": _count_threads,
    "ask for threads": _ask_for_threads,
    "thread after thread": _thread_after_thread,
}


def _serve_as(channel: socket.socket, parts: Confinement) -> None:
    """As another user, who then finds out anew what this kernel has."""
    if USER:
        os.setgroups([])
        os.setresgid(*(int(USER),) * 3)
        os.setresuid(*(int(USER),) * 3)
        parts = zygote.find_out()
    _serve(channel, parts)


if LANDLOCK:
    KNOWN = min(landlock.version(), int(LANDLOCK))
    landlock.version = lambda: KNOWN
seccomp.TOOL |= {"getdents64": (217, 61)}  # a Python in a tool's place lists the folders that it imports from
child.answer_job = _answer_job
_serve, zygote._serve = zygote._serve, _serve_as
signal.signal(signal.SIGINT, signal.SIG_IGN)
signal.signal(signal.SIGPIPE, signal.SIG_IGN)
zygote.main()
