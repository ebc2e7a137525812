"""Landlock: no file, TCP port, abstract socket or signal is reached beyond what is named, for the rest of the process's life.

Descriptors that are open already stay as they are. Needs no privilege. Linux 5.13 and later; newer ones restrict more.
"""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable

from pipeline.opening.child.confinement.libc import LIBC, insist

_CREATE, _ADD, _RESTRICT = 444, 445, 446  # the same on every architecture
_ASK_VERSION = 1
_PATH_BENEATH = 1
_EXECUTE, _READ_FILE, _READ_FOLDER = 1 << 0, 1 << 2, 1 << 3
_FIRST_RIGHTS = (1 << 13) - 1
_REFER, _TRUNCATE, _DEVICE_IOCTL = 1 << 13, 1 << 14, 1 << 15
_BIND_AND_CONNECT_TCP = 0b11
_ABSTRACT_SOCKETS_AND_SIGNALS = 0b11


def version() -> int:
    """The kernel's Landlock version, 0 where it has none or it is turned off."""
    told: int = LIBC.syscall(_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint(_ASK_VERSION))
    return max(0, told)


def forbid_files(
    known: int, readable: Iterable[str] = (), executable: Iterable[str] = (), upload: int | None = None
) -> None:
    """Leave this process nothing but to read below ``readable`` and to run ``executable``, and ``upload``'s file.

    ``known`` is the kernel's version. Needs no_new_privs. Paths that are not there are left out. Raises OSError
    where the kernel refuses.
    """
    attributes = _attributes(known)
    rules = LIBC.syscall(_CREATE, attributes, ctypes.c_size_t(len(attributes)), ctypes.c_uint(0))
    if rules < 0:
        raise OSError(ctypes.get_errno(), "the kernel makes no Landlock rules")
    try:
        for path in readable:
            _allow(rules, path, _READ_FILE | _READ_FOLDER)
        for path in executable:
            _allow(rules, path, _READ_FILE | _EXECUTE)
        if upload is not None:
            _allow_open(rules, upload, _READ_FILE)
        insist(
            LIBC.syscall(_RESTRICT, ctypes.c_int(rules), ctypes.c_uint(0)),
            "the kernel applies no Landlock rules",
        )
    finally:
        os.close(rules)


def _attributes(known: int) -> bytes:
    """struct landlock_ruleset_attr, of the size that this version knows."""
    files = _FIRST_RIGHTS
    for since, right in ((2, _REFER), (3, _TRUNCATE), (5, _DEVICE_IOCTL)):
        files |= right if known >= since else 0
    packed = struct.pack("Q", files)
    if known >= 4:
        packed += struct.pack("Q", _BIND_AND_CONNECT_TCP)
    if known >= 6:
        packed += struct.pack("Q", _ABSTRACT_SOCKETS_AND_SIGNALS)
    return packed


def _allow(rules: int, path: str, rights: int) -> None:
    try:
        place = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        folder = os.path.isdir(path)  # noqa: PTH112 - in a forked child, on the hot path
        _allow_open(rules, place, rights if folder else rights & ~_READ_FOLDER)
    finally:
        os.close(place)


def _allow_open(rules: int, place: int, rights: int) -> None:
    rule = struct.pack("=Qi", rights, place)
    added = LIBC.syscall(_ADD, ctypes.c_int(rules), ctypes.c_int(_PATH_BENEATH), rule, ctypes.c_uint(0))
    insist(added, "the kernel takes no Landlock rule")
