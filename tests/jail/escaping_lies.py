"""Answers that no honest child gives."""

from __future__ import annotations

import json
import pickle
import struct


def framed(body: bytes, length: int | None = None) -> bytes:
    """A body behind its length, or behind another."""
    return struct.pack("!I", len(body) if length is None else length) + body


def _plane(width: int, height: int) -> bytes:
    planes = [{"kind": "view", "width": width, "height": height}]
    return json.dumps({"measurements": {}, "planes": planes}).encode()


LIES = {
    "a length beyond the answer": framed(b"{}", 1000),
    "a length beyond all bounds": framed(b"{}", 0xFFFFFFFF),
    "no JSON": framed(b"[" * 100_000),
    "a pickle": framed(pickle.dumps({"measurements": {}, "planes": []})),
    "JSON of another shape": framed(b'{"planes": 7}'),
    "nothing": b"",
    "a plane that never comes": framed(_plane(100, 100)),
    "a plane of a negative size": framed(_plane(-5, 100)),
    "a plane beyond all bounds": framed(_plane(2**31, 2**31)),
}
