"""Finds the name of the encoder inside a video's data: x264 and x265 write it there."""

from __future__ import annotations

import re

from validators.measures.containers.buffers import Buffer

_HEAD = 2 << 20  # bytes: the name comes before the first picture
_NAME = re.compile(rb"\b(x26[45])(?: - core | \(build )(\d{1,4})\b")


def bitstream_encoder(data: Buffer) -> str | None:
    """ "x264, core 164"; None where no such name stands near the start."""
    found = _NAME.search(bytes(data[:_HEAD]))
    return f"{found[1].decode()}, core {found[2].decode()}" if found else None
