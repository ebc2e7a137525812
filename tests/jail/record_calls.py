"""Which system calls decoders, ffmpeg and ffprobe make, and which of them the jail's list does not have.

    ./dev record-calls [FOLDER...]

Opens the samples and every file of the folders in the jail, then runs the suites that open files, all of it under strace. Run
it whenever a library is added to the child, or a newer C library, Python or ffmpeg is to be supported: each has calls of its
own. Prints every call with how often it was made and whether it is on the list (syscalls.py); status 1 where one was refused
that is not among those known to be done without.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from pathlib import Path

from jail.traced import DECODER, Trace, read_trace
from pipeline.opening.child.confinement import syscalls

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SUITES = ("tests/pipeline/opening", "tests/jail/test_references.py")

DONE_WITHOUT = {
    "clone3": "glibc makes threads by clone instead",
    "openat": "fontconfig and PDFium look for fonts",
    "open": "the same",
    "mbind": "mimalloc spreads memory over nodes where it may",
    "get_mempolicy": "libnuma takes the machine for one node",
    "set_mempolicy": "the same",
    "mlock": "libgcrypt would keep keys from being swapped out; there are none",
}
"""Refused, and nothing that is measured changes: by whom it is made, or what happens instead."""


def main() -> int:
    """Record, print, and compare."""
    folders = [str(Path(folder).resolve()) for folder in sys.argv[1:]]
    opening = [sys.executable, str(HERE / "open_everything.py"), str(ROOT / "sample_evidence"), *folders]
    suites = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *SUITES]
    trace, status = traced(opening)
    if status:
        return status
    print(
        "The suites' own failures do not count here: under strace, tests of time limits may fail.",
        file=sys.stderr,
    )
    more, _ = traced(suites)
    return told(Trace(trace.seen + more.seen, trace.refused + more.refused))


def traced(command: list[str]) -> tuple[Trace, int]:
    """What the jail's children did while a command ran, and its exit status."""
    read, write = os.pipe()
    found: list[Trace] = []
    with os.fdopen(read, errors="replace") as lines:
        reader = threading.Thread(target=lambda: found.append(read_trace(lines)))
        reader.start()
        try:
            done = subprocess.run(
                ["strace", "-f", "-q", "-s", "0", "--pidns-translation", "-o", f"/proc/self/fd/{write}", *command],
                check=False, cwd=ROOT, pass_fds=(write,),
                env={**os.environ, "EVIDENCE_BUBBLEWRAP": "0", "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}"},
            )  # fmt: skip
        finally:
            os.close(write)
            reader.join()
    return found[0], done.returncode


def told(trace: Trace) -> int:
    """Print the table; 1 where something new was refused."""
    new = set()
    for program, call in sorted(trace.seen):
        name = call.split()[0]
        refused = sum(trace.refused[program, call, error] for error in ("ENOSYS", "EPERM"))
        listed = name in (syscalls.DECODER if program == DECODER else syscalls.TOOL)
        by_argument = name in syscalls.BY_ARGUMENT and not refused
        state = (
            "listed" if listed or by_argument else "done without" if name in DONE_WITHOUT else "NOT LISTED"
        )
        if state == "NOT LISTED":
            new.add(f"{program}: {call}")
        print(f"{program:12} {call:44} {trace.seen[program, call]:9,} {state}")
    unseen = {name for name in syscalls.TOOL if not any(call.split()[0] == name for _, call in trace.seen)}
    print(f"\nOn the list for other C libraries and machines, not seen here: {', '.join(sorted(unseen))}")
    print(f"Not on the list: {', '.join(sorted(new)) or 'none'}")
    return 1 if new else 0


if __name__ == "__main__":
    sys.exit(main())
