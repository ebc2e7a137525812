"""What strace saw of the jail's children: every system call after the filter was installed, and with what arguments."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

_LINE = re.compile(r"^(\d+) +(?:<\.\.\. (\w+) resumed>|(\w+)\()(.*)$")
_ENDED = re.compile(r"^(\d+) +\+\+\+ ")
_NEW_THREAD = re.compile(r"= (\d+)(?: /\* (\d+) in strace's PID NS \*/)?$")
"""Within bubblewrap a process knows others by other numbers than strace does."""
_REFUSED = re.compile(r"= -1 (ENOSYS|EPERM|EACCES)\b")
_COMMAND_AT = {"ioctl": 1, "fcntl": 1, "prctl": 0, "madvise": 2}
"""Calls that the filter judges by an argument, and its place in what strace prints."""

DECODER = "decoder"


@dataclass
class Trace:
    """Counts by program and call (with its command, where it has one), and what of it was refused."""

    seen: Counter[tuple[str, str]] = field(default_factory=Counter)
    refused: Counter[tuple[str, str, str]] = field(default_factory=Counter)


@dataclass
class _Reader:
    trace: Trace = field(default_factory=Trace)
    programs: dict[int, str] = field(default_factory=dict)
    early: dict[int, list[tuple[str, str]]] = field(default_factory=dict)

    def line(self, text: str) -> None:
        if ended := _ENDED.match(text):
            self.programs.pop(int(ended[1]), None)
            self.early.pop(int(ended[1]), None)
        elif found := _LINE.match(text):
            self.call(int(found[1]), found[2] or found[3], found[4], resumed=bool(found[2]))

    def call(self, pid: int, name: str, rest: str, *, resumed: bool) -> None:
        if name in ("clone", "clone3") and (made := _NEW_THREAD.search(rest)):
            self.began(int(made[2] or made[1]), self.programs.get(pid))
        if pid not in self.programs:
            if name == "prctl" and "PR_SET_SECCOMP" in rest:
                self.programs[pid] = DECODER
            else:  # perhaps a new thread, whose maker's call has not come back yet
                self.early.setdefault(pid, []).append((name, rest))
            return
        if name == "execve" and not resumed:
            self.programs[pid] = rest.split('"')[1].rsplit("/", 1)[-1]
        self.count(self.programs[pid], name, rest, resumed=resumed)

    def began(self, pid: int, program: str | None) -> None:
        before = self.early.pop(pid, [])
        if program is not None:
            self.programs[pid] = program
            for name, rest in before:
                self.count(program, name, rest, resumed=False)

    def count(self, program: str, name: str, rest: str, *, resumed: bool) -> None:
        call = name if resumed or name not in _COMMAND_AT else f"{name} {_command(name, rest)}"
        if not resumed:
            self.trace.seen[program, call] += 1
        if refusal := _REFUSED.search(rest):
            self.trace.refused[program, call, refusal[1]] += 1


def _command(name: str, rest: str) -> str:
    arguments = rest.removesuffix(" <unfinished ...>").split(")")[0].split(", ")
    place = _COMMAND_AT[name]
    return arguments[place] if place < len(arguments) else "?"


def read_trace(lines: Iterable[str]) -> Trace:
    """Read what ``strace -f`` wrote."""
    reader = _Reader()
    for line in lines:
        reader.line(line.rstrip("\n"))
    return reader.trace
