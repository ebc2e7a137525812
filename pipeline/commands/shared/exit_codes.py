"""Exit statuses of every command."""

from __future__ import annotations

NOTHING_TO_DO = 0
SOMETHING_TO_DO = 1
USAGE = 2
INCOMPLETE = 3
INTERRUPTED = 130
