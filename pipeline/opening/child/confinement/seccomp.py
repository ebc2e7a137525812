"""A seccomp filter: an allow-list of system calls, checked by the kernel at every call for the rest of the process's life.

What is not on the list is reported as absent (ENOSYS), as on a kernel without it, so that a library which tries one falls
back. What is on it for some arguments alone fails with EPERM for all others: clone makes threads, kill and tgkill reach this
very process, no descriptor can be made to send signals. clone3 is absent, since its flags cannot be seen from a filter.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Iterable, Sequence
from functools import cache

from pipeline.opening.child.confinement.libc import LIBC, insist
from pipeline.opening.child.confinement.syscalls import DECODER, OPENING, TOOL, architecture, number, numbers

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # linux/bpf_common.h
_NUMBER, _ARCHITECTURE, _FIRST, _SECOND, _THIRD = 0, 4, 16, 24, 32
"""Offsets in struct seccomp_data; of arguments the low halves, which are all that these calls read."""
_ALLOW, _ASK, _FAIL, _KILL = 0x7FFF0000, 0x7FC00000, 0x00050000, 0x80000000
_PR_SET_SECCOMP, _FILTER = 22, 2

_CLONE_THREAD = 0x00010000
_NO_THREADS_FLAGS = 0x7E020000 | 0x2000 | 0x1000  # new namespaces, CLONE_PTRACE, CLONE_PIDFD
_PR_GET_NAME, _PR_SET_NAME, _PR_CAPBSET_READ, _PR_SET_VMA = 16, 15, 23, 0x53564D41
_TCGETS, _TIOCGWINSZ, _FIONREAD, _FIOCLEX, _FIONCLEX = 0x5401, 0x5413, 0x541B, 0x5451, 0x5450
_F_DUPFD, _F_GETFD, _F_SETFD, _F_GETFL, _F_DUPFD_CLOEXEC = 0, 1, 2, 3, 1030
"""Not F_SETFL, which could turn on O_ASYNC, nor F_SETOWN and F_SETSIG: together they signal any process of this user."""

_Instruction = tuple[int, int, int, int]
_LINE = struct.Struct("HBBI")
_PASS: _Instruction = (_RETURN, 0, 0, _ALLOW)
_REFUSE: _Instruction = (_RETURN, 0, 0, _FAIL | errno.EPERM)
_ABSENT: _Instruction = (_RETURN, 0, 0, _FAIL | errno.ENOSYS)


class Program(ctypes.Structure):
    """struct sock_fprog of linux/filter.h."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def allow_calls(*, tool: bool) -> None:
    """Install the filter on this process, which must have one thread and no_new_privs. Cannot be undone.

    A ``tool`` may still open files, which other means bound, and be executed. Raises OSError where the kernel refuses,
    and on machines whose call numbers are not known.
    """
    wanted = program(filter_of(os.getpid(), tool=tool))
    insist(
        LIBC.prctl(_PR_SET_SECCOMP, _FILTER, ctypes.byref(wanted), 0, 0), "the kernel takes no seccomp filter"
    )


def filter_of(pid: int, *, tool: bool) -> bytes:
    """The filter of the process ``pid``. Raises OSError on machines whose call numbers are not known."""
    return packed(_by_arguments(pid)) + allowed(tool=tool)


def program(code: bytes) -> Program:
    """A filter as the kernel takes it."""
    return Program(len(code) // _LINE.size, code)


def packed(code: Iterable[_Instruction]) -> bytes:
    """Instructions as bytes."""
    return b"".join(_LINE.pack(*line) for line in code)


@cache
def allowed(*, tool: bool) -> bytes:
    """The part of the filter that is the same for every child: asked for once before any fork, it is there in each."""
    actions = dict.fromkeys(numbers(TOOL if tool else DECODER), _PASS)
    refused = {} if tool else dict.fromkeys(numbers(OPENING), _REFUSE)
    return packed(_search(_ranges(actions | refused)))


def asking_about_threads() -> bytes:
    """A filter beneath the others: each making of a thread is a question to whoever listens, all else passes."""
    return packed([
        (_LOAD, 0, 0, _NUMBER), (_EQUAL, 0, 3, number("clone")),
        (_LOAD, 0, 0, _FIRST), (_ANY_BIT, 0, 1, _CLONE_THREAD), (_RETURN, 0, 0, _ASK),
        _PASS,
    ])  # fmt: skip


def _ranges(actions: dict[int, _Instruction]) -> list[tuple[int, _Instruction]]:
    """Where each run of numbers with one action begins, from 0 to the last, beyond which all is absent."""
    found: list[tuple[int, _Instruction]] = []
    for call in range(max(actions) + 2):
        action = actions.get(call, _ABSENT)
        if not found or found[-1][1] != action:
            found.append((call, action))
    return found


def _search(ranges: Sequence[tuple[int, _Instruction]]) -> list[_Instruction]:
    """Binary search: the kernel walks the filter for every number there is whenever one is installed, so length costs."""
    if len(ranges) == 1:
        return [ranges[0][1]]
    half = len(ranges) // 2
    below, from_here = _search(ranges[:half]), _search(ranges[half:])
    return [(_AT_LEAST, len(below), 0, ranges[half][0]), *below, *from_here]


def _by_arguments(pid: int) -> list[_Instruction]:
    """The beginning, as classic BPF: the machine, and the calls that are judged by what they are asked for.

    Raises OSError on machines whose call numbers are not known.
    """
    arch = architecture()
    if arch is None:
        raise OSError(errno.ENOSYS, "no call numbers are known for this machine")
    return [
        (_LOAD, 0, 0, _ARCHITECTURE), (_EQUAL, 1, 0, arch), (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER),
        *_judged("clone", [(_LOAD, 0, 0, _FIRST), (_ANY_BIT, 1, 0, _NO_THREADS_FLAGS), (_ANY_BIT, 1, 0, _CLONE_THREAD)]),
        *_only_with("kill", _FIRST, pid),
        *_only_with("tgkill", _FIRST, pid),
        *_only_with("prlimit64", _FIRST, 0, pid),
        *_only_with("sched_setaffinity", _FIRST, 0, pid),
        *_only_with("prctl", _FIRST, _PR_SET_NAME, _PR_GET_NAME, _PR_CAPBSET_READ, _PR_SET_VMA),
        *_only_with("ioctl", _SECOND, _TCGETS, _TIOCGWINSZ, _FIONREAD, _FIOCLEX, _FIONCLEX),
        *_only_with("fcntl", _SECOND, _F_DUPFD, _F_GETFD, _F_SETFD, _F_GETFL, _F_DUPFD_CLOEXEC),
    ]  # fmt: skip


def _only_with(call: str, argument: int, *values: int) -> list[_Instruction]:
    """The call fails unless its argument is one of ``values``."""
    last = len(values) - 1
    checks = [(_EQUAL, last - place + 1, 0, value) for place, value in enumerate(values)]
    return _judged(call, [(_LOAD, 0, 0, argument), *checks])


def _judged(call: str, checks: Sequence[_Instruction]) -> list[_Instruction]:
    """The call is refused where the checks run to their end, and passes where they jump beyond it."""
    body = [*checks, _REFUSE, _PASS]
    return [(_EQUAL, 0, len(body), number(call)), *body]
