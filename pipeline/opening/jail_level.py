"""Reads the level of the jail that a report names: which parts it lacks."""

from __future__ import annotations

FULL = ("landlock", "seccomp", "threads")
"""The parts without which ``--require-jail`` refuses to start."""

SCOPES = "landlock6"
"""Landlock of version 6 and later: it keeps signals and abstract sockets within the jail, as seccomp does without it."""


def absent(level: str) -> list[str]:
    """The parts of FULL that a level lacks."""
    versions = _versions(level)
    return [part for part in FULL if part not in versions]


def missing(level: str) -> list[str]:
    """The same, and SCOPES where Landlock is there but older."""
    version = _versions(level).get("landlock")
    return absent(level) + ([SCOPES] if version is not None and version < int(SCOPES[-1]) else [])


def _versions(level: str) -> dict[str, int]:
    """The version of each part, 0 where it has none."""
    parts = {part: part.rstrip("0123456789") for part in level.split("+")}
    return {name: int(part[len(name) :] or 0) for part, name in parts.items()}
