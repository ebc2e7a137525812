"""The zygote, except that a file with a marker of ours really does to its child what the marker says.

A marker is text in the file's first bytes (a JPEG comment, say): ``CHAOS:segfault``, ``CHAOS:abort``,
``CHAOS:memory``, ``CHAOS:hang``, ``CHAOS:spin``, or ``CHAOS:slow:SECONDS``, which only takes its time. So the jail,
the limits and the worker above it meet the true event, whatever decoder would have caused it. All other files are
opened as always. Started in place of ``pipeline.opening.child.zygote`` by tests/chaos/worker_main.py.
"""

from __future__ import annotations

import os
import re
import runpy
import signal
import threading
from typing import Any

from pipeline.opening.child import child

MARKER = re.compile(rb"CHAOS:(segfault|abort|memory|hang|spin|slow:[0-9.]+)")
HEAD_BYTES = 4096
_open_and_answer = child.answer_job


def answer_job(message: dict[str, Any], upload: int, answer: int, limits: Any) -> None:
    """What the zygote's child calls: misbehave where the file says so, else open it."""
    marker = MARKER.search(os.pread(upload, HEAD_BYTES, 0))
    if marker is not None:
        misbehave(marker[1].decode())
    _open_and_answer(message, upload, answer, limits)


def misbehave(how: str) -> None:
    """Do it; returns only for "slow"."""
    if how == "segfault":
        os.kill(os.getpid(), signal.SIGSEGV)
    elif how == "abort":
        os.abort()
    elif how == "memory":
        held = []
        while True:
            held.append(bytearray(b"x" * (1 << 20)))
    elif how == "hang":
        _wait(3600)
    elif how == "spin":
        while True:
            pass
    _wait(float(how.removeprefix("slow:")))


def _wait(seconds: float) -> None:
    """Sleep by a futex: what a decoder may call has no clock to sleep on."""
    threading.Event().wait(seconds)


if __name__ == "__main__":
    child.answer_job = answer_job
    runpy.run_module("pipeline.opening.child.zygote", run_name="__main__")
