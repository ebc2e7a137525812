"""System calls that a decoder or an outside tool may make, by name, with their numbers on x86-64 and arm64.

An allow-list: whatever is not named here is reported as absent, also what later kernels bring. It holds what
``./dev record-calls`` saw, and what other versions of the C library call in place of it. Add a call only when that
command reports it, and only if it reaches nothing beyond the process itself and the descriptors it was given.

Sources: the kernel's arch/x86/entry/syscalls/syscall_64.tbl and include/uapi/asm-generic/unistd.h, which a test compares
with the headers of the machine. None: not on arm64.
"""

from __future__ import annotations

import platform

Numbers = tuple[int, int | None]

MEMORY: dict[str, Numbers] = {
    "brk": (12, 214), "mmap": (9, 222), "munmap": (11, 215), "mprotect": (10, 226), "mremap": (25, 216),
    "madvise": (28, 233), "mincore": (27, 232), "membarrier": (324, 283),
}  # fmt: skip

THREADS: dict[str, Numbers] = {
    "futex": (202, 98), "futex_waitv": (449, 449), "set_robust_list": (273, 99), "set_tid_address": (218, 96),
    "rseq": (334, 293), "exit": (60, 93), "exit_group": (231, 94), "gettid": (186, 178), "getpid": (39, 172),
    "sched_yield": (24, 124), "sched_getaffinity": (204, 123), "sched_getparam": (143, 121),
    "sched_getscheduler": (145, 120), "sched_get_priority_max": (146, 125), "sched_get_priority_min": (147, 126),
    "getcpu": (309, 168),
}  # fmt: skip

SIGNALS: dict[str, Numbers] = {
    "rt_sigaction": (13, 134), "rt_sigprocmask": (14, 135), "rt_sigreturn": (15, 139), "sigaltstack": (131, 132),
    "restart_syscall": (219, 128),
}  # fmt: skip

TIME: dict[str, Numbers] = {
    "clock_gettime": (228, 113), "clock_getres": (229, 114), "gettimeofday": (96, 169), "time": (201, None),
    "times": (100, 153), "getrusage": (98, 165), "nanosleep": (35, 101), "clock_nanosleep": (230, 115),
}  # fmt: skip

OPEN_DESCRIPTORS: dict[str, Numbers] = {
    "read": (0, 63), "write": (1, 64), "readv": (19, 65), "writev": (20, 66), "pread64": (17, 67),
    "pwrite64": (18, 68), "preadv": (295, 69), "pwritev": (296, 70), "preadv2": (327, 286), "pwritev2": (328, 287),
    "lseek": (8, 62), "close": (3, 57), "close_range": (436, 436), "fstat": (5, 80), "newfstatat": (262, 79),
    "statx": (332, 291), "dup": (32, 23), "dup2": (33, None), "dup3": (292, 24), "poll": (7, None),
    "ppoll": (271, 73), "select": (23, None), "pselect6": (270, 72), "fadvise64": (221, 223),
}  # fmt: skip
"""newfstatat is how newer C libraries ask about an open descriptor: it tells of a path too."""

FACTS: dict[str, Numbers] = {
    "getuid": (102, 174), "geteuid": (107, 175), "getgid": (104, 176), "getegid": (108, 177), "getppid": (110, 173),
    "uname": (63, 160), "sysinfo": (99, 179), "getrlimit": (97, 163), "getrandom": (318, 278),
}  # fmt: skip

DECODER = MEMORY | THREADS | SIGNALS | TIME | OPEN_DESCRIPTORS | FACTS

LOADING: dict[str, Numbers] = {
    "open": (2, None), "openat": (257, 56), "execve": (59, 221), "arch_prctl": (158, None), "stat": (4, None),
    "lstat": (6, None), "access": (21, None), "faccessat": (269, 48), "faccessat2": (439, 439),
    "readlink": (89, None), "readlinkat": (267, 78), "getcwd": (79, 17), "statfs": (137, 43),
}  # fmt: skip
"""What it takes to start a program, whose files Landlock bounds."""

TOOL = DECODER | LOADING

OPENING: dict[str, Numbers] = {"open": (2, None), "openat": (257, 56), "openat2": (437, 437)}
"""Refused to decoders as if the file were not theirs to open: libraries try, and go on without it."""

BY_ARGUMENT: dict[str, Numbers] = {
    "clone": (56, 220), "kill": (62, 129), "tgkill": (234, 131), "prctl": (157, 167), "prlimit64": (302, 261),
    "ioctl": (16, 29), "fcntl": (72, 25), "sched_setaffinity": (203, 122),
}  # fmt: skip
"""Allowed for some arguments alone: see seccomp."""

OURS: dict[str, Numbers] = {"seccomp": (317, 277)}
"""Made by the zygote itself."""

_MACHINES = {
    "x86_64": (0, 0xC000003E),
    "aarch64": (1, 0xC00000B7),
}  # column here, AUDIT_ARCH of linux/audit.h


def architecture() -> int | None:
    """AUDIT_ARCH of this process; None on machines whose numbers are not known here."""
    known = _MACHINES.get(platform.machine())
    return known[1] if known else None


def numbers(table: dict[str, Numbers]) -> list[int]:
    """The numbers of a table's calls on this machine. Raises KeyError on machines that are not known."""
    column = _MACHINES[platform.machine()][0]
    return [found for pair in table.values() if (found := pair[column]) is not None]


def number(name: str) -> int:
    """The number of one of BY_ARGUMENT or OURS on this machine."""
    return numbers({name: (BY_ARGUMENT | OURS)[name]})[0]
