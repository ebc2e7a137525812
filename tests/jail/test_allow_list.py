"""The list of system calls, for every number there is and may come to be, on both machines."""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import re
from pathlib import Path

import pytest

from jail.bpf import ALLOW, KILL, verdict
from pipeline.opening.child.confinement import seccomp, syscalls
from pipeline.opening.child.confinement.confine import Confinement, confine_decoder, find_out

PID = 4711
LAST_REVIEWED = 470
X32 = 0x40000000
UPROBES = {335, 336}
"""Of x86-64: the kernel asks no filter about them, and ends who calls them otherwise than from its own trampoline."""
MACHINES = ("x86_64", "aarch64")
HEADERS = {
    "x86_64": Path("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"),
    "aarch64": Path("/usr/include/asm-generic/unistd.h"),
}


@pytest.fixture(params=MACHINES)
def machine(request, monkeypatch):
    monkeypatch.setattr(platform, "machine", lambda: request.param)
    seccomp.allowed.cache_clear()
    yield request.param
    seccomp.allowed.cache_clear()


def judged(number, *arguments, tool=False):
    code = seccomp.filter_of(PID, tool=tool)
    return verdict(code, syscalls.architecture(), number, *arguments)


def numbers_of(table):
    return set(syscalls.numbers(table))


@pytest.mark.parametrize("tool", [False, True], ids=["decoder", "tool"])
def test_what_is_not_on_the_list_is_absent_and_what_will_come_too(machine, tool):
    listed = numbers_of(syscalls.TOOL if tool else syscalls.DECODER)
    other = numbers_of(syscalls.BY_ARGUMENT) | (set() if tool else numbers_of(syscalls.OPENING))
    for number in (*range(LAST_REVIEWED + 1000), X32, X32 + 1, X32 + 463, 0xFFFFFFFF):
        if number not in other:
            assert judged(number, tool=tool) == (ALLOW if number in listed else errno.ENOSYS), number


def test_a_decoder_may_not_open_and_is_told_so_as_of_a_file_that_is_not_its_own(machine):
    assert {judged(number) for number in numbers_of(syscalls.OPENING)} == {errno.EPERM}


def test_a_call_by_the_numbers_of_another_machine_kills(machine):
    code = seccomp.filter_of(PID, tool=False)
    i386 = 0x40000003
    assert verdict(code, i386, 0) == KILL


THREAD = 0x3D0F00
"""What glibc makes a thread with."""


@pytest.mark.parametrize(
    ("call", "arguments", "allowed"),
    [
        ("clone", (THREAD,), True),
        ("clone", (17,), False),  # SIGCHLD: a process
        ("clone", (THREAD & ~0x10000,), False),
        ("clone", (THREAD | 0x10000000,), False),  # a user namespace
        ("clone", (THREAD | 0x2000,), False),  # CLONE_PTRACE
        ("kill", (PID, 9), True),
        ("kill", (PID - 1, 9), False),
        ("kill", (0, 9), False),
        ("kill", (0xFFFFFFFF, 9), False),
        ("tgkill", (PID, 5, 6), True),
        ("tgkill", (1, 1, 9), False),
        ("prlimit64", (0, 3), True),
        ("prlimit64", (1, 3), False),
        ("sched_setaffinity", (0, 8), True),
        ("sched_setaffinity", (1, 8), False),
        ("prctl", (15,), True),  # a thread's name
        ("prctl", (1,), False),  # to outlive the parent
        ("prctl", (4,), False),  # to be traced
        ("prctl", (22,), False),
        ("prctl", (0x59616D61,), False),
        ("ioctl", (1, 0x5401), True),
        ("ioctl", (1, 0x5412), False),  # TIOCSTI
        ("ioctl", (1, 0x8901), False),  # FIOSETOWN
        ("ioctl", (1, 0x8902), False),  # SIOCSPGRP
        ("ioctl", (1, 0x5452), False),  # FIOASYNC
        ("fcntl", (3, 1030), True),  # F_DUPFD_CLOEXEC
        ("fcntl", (3, 4), False),  # F_SETFL
        ("fcntl", (3, 8), False),  # F_SETOWN
        ("fcntl", (3, 10), False),  # F_SETSIG
        ("fcntl", (3, 15), False),  # F_SETOWN_EX
        ("fcntl", (3, 1024), False),  # F_SETLEASE
    ],
)
def test_by_argument(machine, call, arguments, allowed):
    for tool in (False, True):
        assert judged(syscalls.number(call), *arguments, tool=tool) == (ALLOW if allowed else errno.EPERM)


@pytest.mark.parametrize("machine_name", MACHINES)
def test_the_numbers_are_the_kernels(machine_name):
    header = HEADERS[machine_name]
    if not header.is_file():
        pytest.skip(f"{header} is not installed (linux-libc-dev)")
    found = {
        name: int(number)
        for name, number in re.findall(
            r"^#define __NR(?:3264)?_(\w+)\s+(\d+)", header.read_text(), re.MULTILINE
        )
    }
    if machine_name == "aarch64":
        found["newfstatat"] = found["fstatat"]
    column = MACHINES.index(machine_name)
    for table in (syscalls.TOOL, syscalls.OPENING, syscalls.BY_ARGUMENT, syscalls.OURS):
        for name, numbers in table.items():
            assert numbers[column] == found.get(name), name


def test_this_kernel_refuses_every_number_that_is_not_listed():
    """Made for real, each with the arguments nought, in a child under the filter alone."""
    if not find_out().seccomp and not os.environ.get("CI"):
        pytest.skip("this kernel has no seccomp filters")
    listed = numbers_of(syscalls.DECODER | syscalls.BY_ARGUMENT | syscalls.OPENING)
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            libc = ctypes.CDLL(None, use_errno=True)
            confine_decoder(Confinement(True, 0, True))
            for number in set(range(LAST_REVIEWED + 100)) - listed - UPROBES:
                told = libc.syscall(number, 0, 0, 0, 0, 0, 0)
                if told != -1 or ctypes.get_errno() != errno.ENOSYS:
                    os.write(write, f"{number} ".encode())
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as through:
        assert through.read() == b""
    assert os.waitpid(pid, 0)[1] == 0
