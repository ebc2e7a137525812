"""The outside tools ffmpeg and ffprobe: is each there, and which version?"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from functools import cache

_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Tools:
    """Absolute paths and the version; None where a tool is absent."""

    ffmpeg: str | None
    ffprobe: str | None
    version: str | None

    @property
    def complete(self) -> bool:
        """Whether video can be opened."""
        return self.ffmpeg is not None and self.ffprobe is not None


@cache
def find_tools() -> Tools:
    """Look the tools up on PATH once a process."""
    ffmpeg, ffprobe = shutil.which("ffmpeg"), shutil.which("ffprobe")
    return Tools(ffmpeg, ffprobe, _version(ffmpeg) if ffmpeg else None)


def _version(ffmpeg: str) -> str | None:
    try:
        answer = subprocess.run(
            [ffmpeg, "-version"], capture_output=True, text=True, timeout=_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    words = answer.stdout.split()
    return words[2] if len(words) > 2 else None
