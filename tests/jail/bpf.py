"""A seccomp filter run as the kernel would run it, on any machine: classic BPF over struct seccomp_data."""

from __future__ import annotations

import struct

ALLOW, KILL = "allow", "kill"


def verdict(code: bytes, architecture: int, number: int, *arguments: int) -> str | int:
    """What a filter makes of a call: ALLOW, KILL, or the number of the error that it fails with."""
    given = [*arguments, 0, 0, 0, 0, 0, 0][:6]
    data = struct.pack("<IIQ6Q", number, architecture, 0, *given)
    lines = list(struct.iter_unpack("HBBI", code))
    place, held = 0, 0
    while True:
        operation, if_so, if_not, value = lines[place]
        place += 1
        match operation:
            case 0x20:
                (held,) = struct.unpack_from("<I", data, value)
            case 0x15:
                place += if_so if held == value else if_not
            case 0x35:
                place += if_so if held >= value else if_not
            case 0x45:
                place += if_so if held & value else if_not
            case 0x06:
                return _action(value)
            case _:
                raise AssertionError(f"an instruction that the filter was not to have: {operation:#x}")


def _action(value: int) -> str | int:
    if value == 0x7FFF0000:
        return ALLOW
    return KILL if value == 0x80000000 else value & 0xFFFF
