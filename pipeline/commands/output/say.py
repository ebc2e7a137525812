"""Lines on the terminal, whatever its encoding can show."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from pipeline.setup.lazy import lazy

if TYPE_CHECKING:
    from validators import safe_text
else:
    safe_text = lazy("validators.safe_text")


def say(line: str) -> None:
    """A line on standard output."""
    sys.stdout.write(safe_text.printable_in(sys.stdout.encoding or "utf-8", line) + "\n")
    sys.stdout.flush()


def say_error(line: str) -> None:
    """A line on standard error."""
    sys.stderr.write(safe_text.printable_in(sys.stderr.encoding or "utf-8", line) + "\n")
