"""What a decoder that was taken over would try. Each returns whether it got through; run outside the jail and inside.

Standard library alone: also run as a program (``python attempts.py NAME JSON``), in the place of an outside tool.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import json
import mmap
import os
import platform
import resource
import signal
import socket
import stat
import struct
import sys
import time
from _thread import stack_size, start_new_thread
from collections.abc import Callable
from pathlib import Path
from typing import Any

RAN = 42
"""Status of the program that is run where running one succeeds."""

Target = dict[str, Any]
_libc = ctypes.CDLL(None, use_errno=True)


def read_the_password_file(_: Target) -> bool:
    return "root" in Path("/etc/passwd").read_text()


def list_a_folder(target: Target) -> bool:
    return any(Path(target["folder"]).iterdir())


def write_a_file(target: Target) -> bool:
    return Path(target["folder"], "written").write_text("here") == 4


def delete_a_file(target: Target) -> bool:
    Path(target["folder"], "victim").unlink()
    return True


def change_a_mode(target: Target) -> bool:
    Path(target["folder"], "kept").chmod(0o777)
    return True


def change_a_mode_by_an_access_list(target: Target) -> bool:
    """setxattrat, of Linux 6.13."""
    kept = Path(target["folder"], "kept")
    everybody = struct.pack("<I", 2) + b"".join(
        struct.pack("<HHI", who, 7, 0xFFFFFFFF) for who in (1, 4, 0x20)
    )
    value = ctypes.create_string_buffer(everybody, len(everybody))
    arguments = struct.pack("<QII", ctypes.addressof(value), len(everybody), 0)
    _call(463, _HERE, bytes(kept), 0, b"system.posix_acl_access", arguments, len(arguments))
    return stat.S_IMODE(kept.stat().st_mode) == 0o777


def change_the_attributes_of_a_file(target: Target) -> bool:
    """file_setattr, of Linux 6.17."""
    attributes = ctypes.create_string_buffer(24)
    kept = bytes(Path(target["folder"], "kept"))
    _call(468, _HERE, kept, attributes, 24, 0)
    return _call(469, _HERE, kept, attributes, 24, 0) == 0


def make_a_pipe(_: Target) -> bool:
    """What a signal of one's own can be hung on, and a place to keep bytes."""
    return len(os.pipe()) == 2


def connect_by_tcp(target: Target) -> bool:
    with socket.socket() as out:
        out.connect(("127.0.0.1", target["tcp"]))
    return True


def send_by_udp(target: Target) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        return out.sendto(b"here", ("127.0.0.1", target["udp"])) == 4


def connect_to_a_unix_socket(target: Target) -> bool:
    with socket.socket(socket.AF_UNIX) as out:
        out.connect(target["unix"])
    return True


def connect_to_an_abstract_socket(target: Target) -> bool:
    with socket.socket(socket.AF_UNIX) as out:
        out.connect("\0" + target["abstract"])
    return True


def run_a_program(_: Target) -> bool:
    os.execv("/bin/sh", ["/bin/sh", "-c", f"exit {RAN}"])


def fork(_: Target) -> bool:
    pid = os.fork()
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return True


def trace_a_process(target: Target) -> bool:
    seize = 0x4206
    return _libc.ptrace(seize, target["pid"], 0, 0) == 0


def signal_a_process(target: Target) -> bool:
    os.kill(target["pid"], signal.SIGCONT)
    return True


def own_the_signals_of_a_descriptor(target: Target) -> bool:
    """With the next two: when something comes, the kernel signals the owner, on behalf of whoever set it."""
    return fcntl.fcntl(_stream(), fcntl.F_SETOWN, target["pid"]) == 0


def own_them_by_kind(target: Target) -> bool:
    by_process = 1
    return bool(fcntl.fcntl(_stream(), _F_SETOWN_EX, struct.pack("ii", by_process, target["pid"])))


def choose_the_signal_of_a_descriptor(_: Target) -> bool:
    return fcntl.fcntl(_stream(), _F_SETSIG, signal.SIGKILL) == 0


def have_a_descriptor_send_signals(_: Target) -> bool:
    return fcntl.fcntl(_stream(), fcntl.F_SETFL, os.O_RDWR | os.O_ASYNC) == 0


def own_signals_by_a_device_call(target: Target) -> bool:
    return _libc.ioctl(_stream(), _FIOSETOWN, struct.pack("i", target["pid"])) == 0


def own_signals_by_another_device_call(target: Target) -> bool:
    return _libc.ioctl(_stream(), _SIOCSPGRP, struct.pack("i", target["pid"])) == 0


def have_signals_sent_by_a_device_call(_: Target) -> bool:
    return _libc.ioctl(_stream(), _FIOASYNC, struct.pack("i", 1)) == 0


def kill_a_process_by_its_own_signal(target: Target) -> bool:
    """All of it: own a descriptor's signals in the name of a process, choose SIGKILL, and write. Its end is the proof."""
    ours = _stream()
    fcntl.fcntl(ours, fcntl.F_SETOWN, target["prey"])
    fcntl.fcntl(ours, _F_SETSIG, signal.SIGKILL)
    fcntl.fcntl(ours, fcntl.F_SETFL, os.O_RDWR | os.O_ASYNC | os.O_NONBLOCK)
    os.write(_streams[1], b".")
    return True


def pin_a_process(target: Target) -> bool:
    os.sched_setaffinity(target["pid"], {min(os.sched_getaffinity(0))})
    return True


def slow_a_process(target: Target) -> bool:
    os.setpriority(os.PRIO_PROCESS, target["pid"], 19)
    return True


def start_1000_threads(_: Target) -> bool:
    stack_size(64 << 10)
    for _number in range(1000):
        start_new_thread(time.sleep, (60,))
    return True


def fork_by_clone3(_: Target) -> bool:
    asked = bytearray(88)
    struct.pack_into("Q", asked, 32, signal.SIGCHLD)
    pid = _call(435, (ctypes.c_char * 88).from_buffer(asked), 88)
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return True


def fork_by_raw_clone(_: Target) -> bool:
    """Flags that name a thread's sharing, and not a thread."""
    number = {"x86_64": 56, "aarch64": 220}[platform.machine()]
    pid = _call(number, signal.SIGCHLD, 0, 0, 0, 0)
    if pid == 0:
        os._exit(0)
    os.waitpid(pid, 0)
    return True


def read_an_environment(target: Target) -> bool:
    return b"SECRET=" in Path(f"/proc/{target['pid']}/environ").read_bytes()


def read_memory(target: Target) -> bool:
    into = ctypes.create_string_buffer(6)

    class Span(ctypes.Structure):
        _fields_ = (("base", ctypes.c_void_p), ("length", ctypes.c_size_t))

    mine, theirs = Span(ctypes.addressof(into), 6), Span(target["address"], 6)
    got = _libc.process_vm_readv(target["pid"], ctypes.byref(mine), 1, ctypes.byref(theirs), 1, 0)
    return got == 6 and into.raw == b"SECRET"


def lower_the_limits_of_a_process(target: Target) -> bool:
    resource.prlimit(target["pid"], resource.RLIMIT_CORE, (0, 0))
    return True


def take_4_gib(_: Target) -> bool:
    mmap.mmap(-1, 4 << 30).close()
    return True


def fill_a_memory_file(_: Target) -> bool:
    made = os.memfd_create("filled")
    return os.write(made, bytes(1 << 20)) == 1 << 20


def share_memory(_: Target) -> bool:
    private, create = 0, 0o1600
    made: int = _libc.shmget(private, 4096, create)
    if made >= 0:
        _libc.shmctl(made, 0, None)
    return made >= 0


def hold_100_descriptors(_: Target) -> bool:
    one = next(number for number in range(64) if is_open(number))
    return len([os.dup(one) for _ in range(100)]) == 100


def is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def outlive_the_parent(_: Target) -> bool:
    return _libc.prctl(1, 0, 0, 0, 0) == 0


def regain_privileges(_: Target) -> bool:
    """To become another user: root can, and nobody else could."""
    os.setresuid(12345, 12345, 12345)
    return True


_HERE = -100  # AT_FDCWD
_F_SETSIG, _F_SETOWN_EX = 10, 15
_FIOSETOWN, _SIOCSPGRP, _FIOASYNC = 0x8901, 0x8902, 0x5452
_streams: list[int] = []


def _stream() -> int:
    """A descriptor that signals can be hung on: a socket that was handed in, or one of our own where we may make one."""
    if not _streams:
        try:
            _streams.extend(one.detach() for one in socket.socketpair())
        except OSError:
            handed_in = next(number for number in range(64) if is_open(number) and _is_socket(number))
            _streams.extend((handed_in, handed_in))
    return _streams[0]


def _is_socket(number: int) -> bool:
    return stat.S_ISSOCK(os.fstat(number).st_mode)


def _call(number: int, *arguments: object) -> int:
    """A call that the C library has no name for. Raises OSError where the kernel says no."""
    whole = [ctypes.c_long(one) if isinstance(one, int) else one for one in arguments]
    told: int = _libc.syscall(ctypes.c_long(number), *whole)
    if told < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return told


ATTEMPTS: dict[str, Callable[[Target], bool]] = {
    made.__name__: made
    for made in (
        read_the_password_file, list_a_folder, write_a_file, delete_a_file, change_a_mode, connect_by_tcp, send_by_udp,
        connect_to_a_unix_socket, connect_to_an_abstract_socket, run_a_program, fork, trace_a_process, signal_a_process,
        read_an_environment, read_memory, lower_the_limits_of_a_process, take_4_gib, fill_a_memory_file, share_memory,
        hold_100_descriptors, outlive_the_parent, regain_privileges, change_a_mode_by_an_access_list,
        change_the_attributes_of_a_file, make_a_pipe, own_the_signals_of_a_descriptor, own_them_by_kind,
        choose_the_signal_of_a_descriptor, have_a_descriptor_send_signals, own_signals_by_a_device_call,
        own_signals_by_another_device_call, have_signals_sent_by_a_device_call, kill_a_process_by_its_own_signal,
        pin_a_process, slow_a_process, start_1000_threads, fork_by_clone3, fork_by_raw_clone,
    )
}  # fmt: skip
ROOT_ALONE = {"regain_privileges"}
"""What an ordinary user cannot do outside the jail either."""
OF_NEWER_KERNELS = {"change_a_mode_by_an_access_list", "change_the_attributes_of_a_file"}
"""What a kernel may lack: it is then refused outside the jail too."""
ABSENT = f"refused: [Errno {errno.ENOSYS}]"


def attempted(name: str, target: Target) -> str:
    """ "through", or what kept it from that."""
    try:
        return "through" if ATTEMPTS[name](target) else f"refused: {os.strerror(ctypes.get_errno())}"
    except (OSError, MemoryError, RuntimeError) as error:
        return f"refused: {error}"


if __name__ == "__main__":
    sys.stdout.write(attempted(sys.argv[1], json.loads(sys.argv[2])))
