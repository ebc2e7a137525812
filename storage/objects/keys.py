"""What a key may look like, the same in every store."""

from __future__ import annotations

SEGMENT_BYTES = 255
KEY_BYTES = 1024
"""Limits of file systems and of S3."""

TEMPORARY = ".tmp-"
"""Prefix of files that are still being written. No segment of a key may start with it."""


def checked_key(key: str) -> str:
    """``key`` itself; ValueError unless it is a relative path of printable segments."""
    if len(key.encode("utf-8", "surrogatepass")) > KEY_BYTES or not all(map(_segment_fits, key.split("/"))):
        raise ValueError(f"not a key for an object: {key!r}")
    return key


def checked_prefix(prefix: str) -> str:
    """``prefix`` itself; ValueError unless some key could start with it."""
    folder, slash, start = prefix.rpartition("/")
    if slash:
        checked_key(folder)
    if start and not (start.isprintable() and "\\" not in start):
        raise ValueError(f"no key starts with {prefix!r}")
    return prefix


def _segment_fits(segment: str) -> bool:
    # isprintable is False for NUL and every control character, line separator and lone surrogate.
    return (
        segment not in ("", ".", "..")
        and segment.isprintable()
        and "\\" not in segment
        and not segment.startswith(TEMPORARY)
        and len(segment.encode()) <= SEGMENT_BYTES
    )
