"""A seccomp filter: a deny-list of system calls, checked by the kernel at every call for the rest of the process's life.

A denied call fails with EPERM, so that a library which tries one goes on without it. clone is for threads alone, kill
and tgkill reach this very process alone, clone3 is reported as absent since its flags cannot be seen from a filter.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from collections.abc import Iterable, Sequence
from functools import cache

from pipeline.opening.child.confinement.libc import LIBC, insist
from pipeline.opening.child.confinement.syscalls import (
    EXECUTING,
    NEVER,
    OPENING,
    architecture,
    number,
    numbers,
)

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06  # linux/bpf_common.h
_NUMBER, _ARCHITECTURE, _FIRST, _SECOND = (
    0,
    4,
    16,
    24,
)  # offsets in struct seccomp_data; arguments' low halves
_ALLOW, _FAIL, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_X32 = 0x40000000
_CLONE_THREAD = 0x00010000
_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_SECCOMP = 1, 4, 22
_PUSHES_INPUT = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX
_FILTER = 2

_Instruction = tuple[int, int, int, int]
_LINE = struct.Struct("HBBI")
_PASS: _Instruction = (_RETURN, 0, 0, _ALLOW)
_REFUSE: _Instruction = (_RETURN, 0, 0, _FAIL | errno.EPERM)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def deny_calls(*, tool: bool) -> None:
    """Install the filter on this process, which must have one thread and no_new_privs. Cannot be undone.

    A ``tool`` may still open files, which other means bound, and be executed. Raises OSError where the kernel refuses,
    and on machines whose call numbers are not known.
    """
    packed = _packed(_by_arguments(os.getpid())) + denied(tool=tool)
    wanted = _Program(len(packed) // _LINE.size, packed)
    insist(
        LIBC.prctl(_PR_SET_SECCOMP, _FILTER, ctypes.byref(wanted), 0, 0), "the kernel takes no seccomp filter"
    )


@cache
def denied(*, tool: bool) -> bytes:
    """The part of the filter that is the same for every child: asked for once before any fork, it is there in each."""
    calls = NEVER if tool else NEVER | OPENING | EXECUTING
    code = [line for call_number in numbers(calls) for line in ((_EQUAL, 0, 1, call_number), _REFUSE)]
    return _packed([*code, _PASS])


def _packed(code: Iterable[_Instruction]) -> bytes:
    return b"".join(_LINE.pack(*line) for line in code)


def _by_arguments(pid: int) -> list[_Instruction]:
    """The beginning, as classic BPF: the machine, and the calls that are judged by what they are asked for.

    Raises OSError on machines whose call numbers are not known.
    """
    arch = architecture()
    if arch is None:
        raise OSError(errno.ENOSYS, "no call numbers are known for this machine")
    return [
        (_LOAD, 0, 0, _ARCHITECTURE), (_EQUAL, 1, 0, arch), (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER), (_AT_LEAST, 0, 1, _X32), _REFUSE,
        (_EQUAL, 0, 1, number("clone3")), (_RETURN, 0, 0, _FAIL | errno.ENOSYS),
        *_only_with("clone", _FIRST, _ANY_BIT, _CLONE_THREAD),
        *_only_with("kill", _FIRST, _EQUAL, pid),
        *_only_with("tgkill", _FIRST, _EQUAL, pid),
        *_only_with("prlimit64", _FIRST, _EQUAL, 0, pid),
        *_never_with("prctl", _FIRST, _PR_SET_PDEATHSIG, _PR_SET_DUMPABLE),
        *_never_with("ioctl", _SECOND, *_PUSHES_INPUT),
    ]  # fmt: skip


def _only_with(call: str, offset: int, test: int, *values: int) -> list[_Instruction]:
    """The call fails unless its argument meets the test with one of ``values``."""
    return _judged(call, offset, test, values, met=_PASS, otherwise=_REFUSE)


def _never_with(call: str, offset: int, *values: int) -> list[_Instruction]:
    """The call fails where its argument is one of ``values``."""
    return _judged(call, offset, _EQUAL, values, met=_REFUSE, otherwise=_PASS)


def _judged(
    call: str, offset: int, test: int, values: Sequence[int], *, met: _Instruction, otherwise: _Instruction
) -> list[_Instruction]:
    checks = [(test, len(values) - place, 0, value) for place, value in enumerate(values)]
    body = [(_LOAD, 0, 0, offset), *checks, otherwise, met]
    return [(_EQUAL, 0, len(body), number(call)), *body]
