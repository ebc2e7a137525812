"""The image's health check: asks /healthz of the worker or the console that runs in this container.

Any other command, and one without --listen, is healthy while it runs.
"""

from __future__ import annotations

import sys
import urllib.error
import urllib.request
from collections.abc import Iterable, Sequence
from pathlib import Path

ROLES = ("worker", "serve")
TIMEOUT_S = 8


def listening_of(commands: Iterable[Sequence[str]]) -> str | None:
    """The address of health pages that a command line names, on this machine; None without one."""
    for words in commands:
        if not any(word in ROLES for word in words):
            continue
        for number, word in enumerate(words):
            name, equals, value = word.partition("=")
            if name == "--listen":
                address = value if equals else words[number + 1]
                return address.replace("0.0.0.0", "127.0.0.1").replace("[::]", "[::1]")  # noqa: S104 - compared
    return None


def running() -> Iterable[Sequence[str]]:
    """The command lines of all processes."""
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            yield path.read_bytes().decode("utf-8", "replace").split("\0")
        except OSError:
            continue  # it has ended


def main() -> int:
    """0 where it is healthy."""
    address = listening_of(running())
    if address is None:
        return 0
    try:
        with urllib.request.urlopen(f"http://{address}/healthz", timeout=TIMEOUT_S):
            return 0
    except (urllib.error.URLError, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main())
