"""Capabilities dropped, and none to be gained: what a root process must give up before it reads a stranger's file."""

from __future__ import annotations

import struct

from pipeline.opening.child.confinement.libc import LIBC, insist

_PR_SET_NO_NEW_PRIVS = 38
_PR_CAP_AMBIENT, _CLEAR_ALL = 47, 4
_CAPABILITY_VERSION = 0x20080522


def gain_no_privileges() -> None:
    """No exec gives more than there is. Raises OSError where the kernel refuses."""
    insist(LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "the kernel does not bound privileges")


def drop_privileges() -> None:
    """No capability now or after an exec. Raises OSError where the kernel refuses."""
    gain_no_privileges()
    LIBC.prctl(_PR_CAP_AMBIENT, _CLEAR_ALL, 0, 0, 0)  # fails only before Linux 4.3, which has none
    header, none = struct.pack("Ii", _CAPABILITY_VERSION, 0), struct.pack("6I", *(0,) * 6)
    insist(LIBC.capset(header, none), "capabilities cannot be dropped")
