"""What a level of the jail, as a report names it, lacks."""

from __future__ import annotations

FULL = ("landlock", "seccomp")
"""The parts without which ``--require-jail`` refuses to start."""


def missing(level: str) -> list[str]:
    """The parts of FULL that a level lacks."""
    present = {part.rstrip("0123456789") for part in level.split("+")}
    return [part for part in FULL if part not in present]
