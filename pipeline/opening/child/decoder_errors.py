"""Counts what ffmpeg's decoders report of broken data, by the second of the video at which they report it."""

from __future__ import annotations

import os
import re

from validators.evidence import DecoderErrors

_MOST_SECONDS = 1_000
_CHUNK = 1 << 16
_DECODER = re.compile(rb"(?:Error while decoding|\[(?!avi |matroska |mpegts |mp4 )[\w#:/]+ @ )")
"""How a line of a decoder begins. Demuxers of several formats are named with commas, as in "[mov,mp4,m4a @"."""
_ODDITIES = re.compile(
    rb"non.?monoton|deprecated|co located POCs unavailable|mmco: unref short failure|frame num gap"
    rb"|reference picture missing|missing reference picture|number of reference frames",
    re.IGNORECASE,
)
"""Lines about the order of frames, as clips have them that were cut without encoding them again."""


class ErrorCounter:
    """Reads a pipe that never blocks. What comes between two frames belongs to the second of the later one."""

    def __init__(self, source: int | None) -> None:
        self._source, self._rest = source, b""
        self._lines = 0
        self._seconds: dict[int, int] = {}

    def read(self, time_s: float) -> None:
        """Count the lines that have come until the frame at ``time_s``."""
        while self._source is not None:
            try:
                chunk = os.read(self._source, _CHUNK)
            except BlockingIOError:
                return
            if not chunk:
                self._source = None
            *lines, self._rest = (self._rest + chunk).split(b"\n")
            self._rest = self._rest[:_CHUNK]
            found = sum(1 for line in lines if _DECODER.match(line) and not _ODDITIES.search(line))
            self._lines += found
            second = max(0, int(time_s))
            if found and (second in self._seconds or len(self._seconds) < _MOST_SECONDS):
                self._seconds[second] = self._seconds.get(second, 0) + found

    def counted(self) -> DecoderErrors | None:
        """All of them, None where nothing was reported."""
        return DecoderErrors(self._lines, tuple(sorted(self._seconds))) if self._lines else None
