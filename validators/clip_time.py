"""A time in a clip as players show it, the same in every language."""

from __future__ import annotations


def clock(time_s: float) -> str:
    """ "0:14", "1:02:03"."""
    minutes, seconds = divmod(int(time_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
