"""Finds the outside tools ffmpeg and ffprobe, and their version."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Tools:
    """Absolute paths and the version. None for a tool that is absent."""

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


_LINE = re.compile(r"(?:=>\s*)?(/\S+)\s+\(0x")
_LOADER_CACHE = "/etc/ld.so.cache"
_USUAL = ("/lib", "/lib64", "/usr/lib", "/usr/local/lib")


@dataclass(frozen=True, slots=True)
class Libraries:
    """The files that a program needs to start: folders of libraries, and the loader."""

    folders: tuple[str, ...]
    loaders: tuple[str, ...]


@cache
def libraries_of(program: str) -> Libraries:
    """The libraries of a trusted program, by ldd, or the usual folders if ldd names none."""
    try:
        told = subprocess.run(
            ["ldd", program], capture_output=True, text=True, timeout=_SECONDS, check=False
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        told = ""
    found = [Path(match[1]) for match in _LINE.finditer(told)]
    loaders = tuple(str(path) for path in found if path.name.startswith(("ld-", "ld.")))
    folders = {str(path.resolve().parent) for path in found} | {str(path.parent) for path in found}
    return Libraries((*(sorted(folders) or _USUAL), _LOADER_CACHE), loaders)


@cache
def has_filters(tools: Tools, names: tuple[str, ...]) -> bool:
    """Whether ffmpeg has all of these filters. Asked once a process, and only if they matter."""
    try:
        told = subprocess.run(
            [str(tools.ffmpeg), "-v", "error", "-filters"],
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
        ).stdout
    except (OSError, subprocess.TimeoutExpired):
        return False
    present = {line.split()[1] for line in told.splitlines() if len(line.split()) > 1}
    return set(names) <= present
