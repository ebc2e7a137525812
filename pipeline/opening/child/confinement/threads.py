"""A bound on the threads of each child: the kernel asks the zygote about every new one.

Neither of the usual bounds is there for every user: a pids cgroup must have been handed over, and RLIMIT_NPROC counts all
processes of a user, root's not at all. So a seccomp filter of the zygote's own, which its children inherit, turns the making
of a thread into a question (Linux 5.5); measured at 10 to 20 µs a thread, and nothing for a child without threads.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import select
import struct
import time
from _thread import start_new_thread

from pipeline.opening.child.confinement import seccomp
from pipeline.opening.child.confinement.libc import LIBC
from pipeline.opening.child.confinement.syscalls import number

MOST = 128
"""Threads at once. A stack of the usual 8 MiB for each is more than ``limits.memory_mb`` allows, so no library gets there."""

_SET_MODE_FILTER, _NEW_LISTENER = 1, 1 << 3
_QUESTION, _ANSWER = struct.Struct("QI68x"), struct.Struct("QqiI")  # struct seccomp_notif, seccomp_notif_resp
_RECEIVE, _SEND = 0xC0502100, 0xC0182101  # SECCOMP_IOCTL_NOTIF_*
_CONTINUE = 1


def ask_about_threads() -> int:
    """From here on this process's children must ask before they make a thread. Returns the descriptor of the questions.

    Needs no_new_privs and a process that makes no thread itself. Raises OSError where the kernel cannot, or where somebody
    above already answers such questions, as some containers do.
    """
    wanted = seccomp.program(seccomp.asking_about_threads())
    questions: int = LIBC.syscall(number("seccomp"), _SET_MODE_FILTER, _NEW_LISTENER, ctypes.byref(wanted))
    if questions < 0:
        raise OSError(ctypes.get_errno(), "the kernel asks nobody about threads")
    return questions


def answer_question(questions: int, most: int = MOST) -> None:
    """Let one thread be made, or not, where its process has ``most`` already. Call where ``questions`` can be read."""
    question = bytearray(_QUESTION.size)
    try:
        fcntl.ioctl(questions, _RECEIVE, question)
        asked, thread = _QUESTION.unpack(question)
        running = os.stat(f"/proc/{thread}/task").st_nlink - 2  # noqa: PTH116 - its folders, one a thread
        answer = (0, _CONTINUE) if running < most else (-errno.EAGAIN, 0)
        fcntl.ioctl(questions, _SEND, _ANSWER.pack(asked, 0, *answer))
    except OSError as error:
        if error.errno not in (errno.ENOENT, errno.EINTR, errno.EINPROGRESS):
            raise  # those: who asked has ended, or asks again


def threads_can_be_bounded() -> None:
    """Let a child make one thread, and not a second. Raises OSError where that cannot be had. Call in a process of its own."""
    questions = ask_about_threads()
    pid = os.fork()
    if pid == 0:
        seccomp.allow_calls(tool=False)
        os._exit(_threads_made(2))
    ended = os.pidfd_open(pid)
    poller = select.poll()
    poller.register(questions, select.POLLIN)
    poller.register(ended, select.POLLIN)
    while ended not in (ready := [descriptor for descriptor, _ in poller.poll()]):
        if questions in ready:
            answer_question(questions, most=2)
    if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) != 1:
        raise OSError(errno.ENOSYS, "the kernel makes threads without asking")


def _threads_made(wanted: int) -> int:
    for made in range(wanted):
        try:
            start_new_thread(time.sleep, (60,))
        except RuntimeError:
            return made
    return wanted
