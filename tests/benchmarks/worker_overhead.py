"""CPU that a worker spends on a message beside examining the file: queue, claim, fetch, comparing, judging, telling.

    ./dev bench worker_overhead [--messages 300] [--stack embedded|servers]

The worker runs in this process, on photos that nobody has seen before, ten to a dispute; children are not counted, and what
opening and encoding take on the trusted side (``Opener.open``, ``keep``) is measured by thread and subtracted.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "end_to_end"))

from pictures import save, scene
from servers import running_ministack, running_postgres, running_s3
from worker_stacks import Stack, served

from pipeline import path as process
from pipeline.opening.host.opener import Opener
from pipeline.setup.policies import load_policy
from pipeline.wiring.worker_assembly import open_worker

EXAMINING = {"s": 0.0}


def timed(function):
    """``function``, its CPU of this thread added to EXAMINING."""

    def wrapper(*args, **kwargs):
        started = time.thread_time()
        try:
            return function(*args, **kwargs)
        finally:
            EXAMINING["s"] += time.thread_time() - started

    return wrapper


def main() -> None:
    """Feed, drain, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--messages", type=int, default=300)
    parser.add_argument("--stack", choices=["embedded", "servers"], default="embedded")
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    Opener.open = timed(Opener.open)
    process.keep = timed(process.keep)
    with ExitStack() as context:
        folder = Path(context.enter_context(tempfile.TemporaryDirectory()))
        stack = Stack(folder)
        if options.stack == "servers":
            servers = [
                context.enter_context(start()) for start in (running_postgres, running_s3, running_ministack)
            ]
            stack = served(folder, *servers)
        os.environ.update(stack.settings)
        for number in range(options.messages):
            save(scene(number, 320, 240), folder / "cases" / f"D-{number // 10}" / "buyer" / f"{number}.jpg")
        fed = stack.run("enqueue", folder / "cases")
        assert fed.status == 0, fed.log
        with open_worker(folder / "store", load_policy(None), 2, once=True) as worker:
            measure(worker, options.messages, options.profile)


def measure(worker, messages: int, profile: bool) -> None:
    """Drain, and print the CPU of a message."""
    before, started = resource.getrusage(resource.RUSAGE_SELF), time.monotonic()
    worker.run(once=True)
    after, elapsed = resource.getrusage(resource.RUSAGE_SELF), time.monotonic() - started
    used = (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)
    print(f"{messages} messages in {elapsed:.1f} s")
    print(f"CPU of the worker process: {1000 * used / messages:.1f} ms a message")
    print(f"of which examining (trusted side): {1000 * EXAMINING['s'] / messages:.1f} ms")
    print(f"overhead: {1000 * (used - EXAMINING['s']) / messages:.1f} ms a message (goal 10)")


if __name__ == "__main__":
    main()
