"""What the recorder makes of strace's lines."""

from __future__ import annotations

from jail.traced import DECODER, read_trace

LINES = """
10    openat(AT_FDCWD, "/etc/ld.so.cache", O_RDONLY) = 3
11    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, {len=90, filter=0x1}) = 0
11    read(3, "JFIF"..., 100) = 100
11    clone(child_stack=0x1, flags=CLONE_VM|CLONE_THREAD <unfinished ...>
12    rseq(0x1, 0x20, 0, 0x53053053) = 0
11    <... clone resumed>, parent_tid=[12], tls=0x1) = 12
12    mbind(0x1, 33554432, MPOL_PREFERRED, NULL, 0, 0) = -1 ENOSYS (Function not implemented)
11    fcntl(3, F_SETFL, O_RDONLY) = -1 EPERM (Operation not permitted)
12    +++ exited with 0 +++
12    openat(AT_FDCWD, "/", O_RDONLY) = 3
13    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, {len=90, filter=0x1}) = 0
13    execve("/usr/bin/ffprobe", ["ffprobe"], 0x1 /* 1 var */) = 0
13    clone(child_stack=0x1, flags=CLONE_VM|CLONE_THREAD) = 7 /* 14 in strace's PID NS */
14    getrandom(0x1, 8, GRND_NONBLOCK) = 8
13    ioctl(0, TCGETS, 0x1) = -1 ENOTTY (Inappropriate ioctl for device)
"""


def test_only_the_jails_children_count_with_their_threads_and_what_they_became():
    trace = read_trace(LINES.splitlines())
    assert trace.seen == {
        (DECODER, "read"): 1, (DECODER, "clone"): 1, (DECODER, "rseq"): 1, (DECODER, "mbind"): 1,
        (DECODER, "fcntl F_SETFL"): 1, ("ffprobe", "execve"): 1, ("ffprobe", "ioctl TCGETS"): 1,
        ("ffprobe", "clone"): 1, ("ffprobe", "getrandom"): 1,
    }  # fmt: skip
    assert trace.refused == {(DECODER, "mbind", "ENOSYS"): 1, (DECODER, "fcntl F_SETFL", "EPERM"): 1}
