"""The C library, loaded once in the zygote, and its way of saying no."""

from __future__ import annotations

import ctypes
import os

LIBC = ctypes.CDLL(None, use_errno=True)


def insist(status: int, refusal: str) -> None:
    """Raise OSError with ``refusal`` where a call came back with another status than 0."""
    if status != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{refusal}: {os.strerror(number)}")
