"""A seccomp filter: a deny-list of system calls, checked by the kernel at every call for the rest of the process's life.

A denied call fails with EPERM, so that a library which tries one goes on without it. clone is for threads alone, kill
and tgkill reach this very process alone, clone3 is reported as absent since its flags cannot be seen from a filter.
"""

from __future__ import annotations

import ctypes
import errno
import os
import struct

from pipeline.opening.confinement.syscalls import EXECUTING, NEVER, OPENING, architecture, number, numbers

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


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_char_p))


def deny_calls(*, opening: bool, executing: bool) -> None:
    """Install the filter on this process, which must have one thread and no_new_privs. Cannot be undone.

    ``opening`` leaves opening files to other means; ``executing`` allows the exec of an outside tool. Raises OSError
    where the kernel refuses, and on machines whose call numbers are not known.
    """
    code = program(os.getpid(), opening=opening, executing=executing)
    packed = b"".join(struct.pack("HBBI", *line) for line in code)
    wanted = _Program(len(code), packed)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_SECCOMP, _FILTER, ctypes.byref(wanted), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "the kernel takes no seccomp filter")


def program(pid: int, *, opening: bool, executing: bool) -> list[_Instruction]:
    """The filter as classic BPF. Raises OSError on machines whose call numbers are not known."""
    arch = architecture()
    if arch is None:
        raise OSError(errno.ENOSYS, "no call numbers are known for this machine")
    denied = numbers(NEVER)
    denied += [] if opening else numbers(OPENING)
    denied += [] if executing else numbers(EXECUTING)
    absent = (_RETURN, 0, 0, _FAIL | errno.ENOSYS)
    refuse = (_RETURN, 0, 0, _FAIL | errno.EPERM)
    code: list[_Instruction] = [
        (_LOAD, 0, 0, _ARCHITECTURE), (_EQUAL, 1, 0, arch), (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, _NUMBER), (_AT_LEAST, 0, 1, _X32), refuse,
        (_EQUAL, 0, 1, number("clone3")), absent,
    ]  # fmt: skip
    code += _only_if("clone", _FIRST, (_ANY_BIT, (_CLONE_THREAD,)))
    for call in ("kill", "tgkill"):
        code += _only_if(call, _FIRST, (_EQUAL, (pid,)))
    code += _only_if("prlimit64", _FIRST, (_EQUAL, (0, pid)))
    code += _unless("prctl", _FIRST, (_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE))
    code += _unless("ioctl", _SECOND, _PUSHES_INPUT)
    for call_number in denied:
        code += [(_EQUAL, 0, 1, call_number), refuse]
    return [*code, (_RETURN, 0, 0, _ALLOW)]


def _only_if(call: str, offset: int, allowed: tuple[int, tuple[int, ...]]) -> list[_Instruction]:
    """The call fails unless the argument meets one of some tests."""
    test, values = allowed
    checks: list[_Instruction] = [
        (test, len(values) - place, 0, value) for place, value in enumerate(values)
    ]  # fmt: skip
    body: list[_Instruction] = [(_LOAD, 0, 0, offset), *checks, (_RETURN, 0, 0, _FAIL | errno.EPERM)]
    body.append((_RETURN, 0, 0, _ALLOW))
    return [(_EQUAL, 0, len(body), number(call)), *body]


def _unless(call: str, offset: int, values: tuple[int, ...]) -> list[_Instruction]:
    """The call fails where the argument is one of some."""
    checks: list[_Instruction] = [
        (_EQUAL, len(values) - place, 0, value) for place, value in enumerate(values)
    ]  # fmt: skip
    body: list[_Instruction] = [(_LOAD, 0, 0, offset), *checks, (_RETURN, 0, 0, _ALLOW)]
    body.append((_RETURN, 0, 0, _FAIL | errno.EPERM))
    return [(_EQUAL, 0, len(body), number(call)), *body]
