"""What a decoder that was taken over would try. Each returns whether it got through; run outside the jail and inside.

Standard library alone: also run as a program (``python attempts.py NAME JSON``), in the place of an outside tool.
"""

from __future__ import annotations

import ctypes
import json
import mmap
import os
import resource
import signal
import socket
import sys
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


ATTEMPTS: dict[str, Callable[[Target], bool]] = {
    made.__name__: made
    for made in (
        read_the_password_file, list_a_folder, write_a_file, delete_a_file, change_a_mode, connect_by_tcp, send_by_udp,
        connect_to_a_unix_socket, connect_to_an_abstract_socket, run_a_program, fork, trace_a_process, signal_a_process,
        read_an_environment, read_memory, lower_the_limits_of_a_process, take_4_gib, fill_a_memory_file, share_memory,
        hold_100_descriptors, outlive_the_parent, regain_privileges,
    )
}  # fmt: skip
ROOT_ALONE = {"regain_privileges"}
"""What an ordinary user cannot do outside the jail either."""


def attempted(name: str, target: Target) -> str:
    """ "through", or what kept it from that."""
    try:
        return "through" if ATTEMPTS[name](target) else f"refused: {os.strerror(ctypes.get_errno())}"
    except (OSError, MemoryError) as error:
        return f"refused: {error}"


if __name__ == "__main__":
    sys.stdout.write(attempted(sys.argv[1], json.loads(sys.argv[2])))
