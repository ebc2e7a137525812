"""Raw frames off a descriptor: what ffmpeg writes is read, what it would never write is refused."""

from __future__ import annotations

import os
import time

import pytest

from pipeline.opening.child.raw_frames import StreamError, raw_frames

HEAD = bytes.fromhex("1a45dfa3a0") + bytes(32) + bytes.fromhex("1853806701ffffffffffffff")


def size(count):
    return (0x10000000 | count).to_bytes(4, "big")


def cluster(start_ms, *blocks):
    """A cluster of unknown length with blocks (track, ms after its start, data)."""
    out = bytes.fromhex("1f43b67501ffffffffffffff") + b"\xe7\x82" + start_ms.to_bytes(2, "big")
    for track, after, data in blocks:
        body = bytes([0x80 | track]) + after.to_bytes(2, "big", signed=True) + b"\x80" + data
        out += b"\xa3" + size(len(body)) + body
    return out


def read(data, longest=100, seconds=5.0):
    source, sink = os.pipe()
    with os.fdopen(sink, "wb") as out:
        out.write(data)
    try:
        return [
            (f.stream, f.time_s, bytes(f.data))
            for f in raw_frames(source, longest, time.monotonic() + seconds)
        ]
    finally:
        os.close(source)


def test_frames_come_with_their_stream_and_time():
    data = HEAD + cluster(0, (1, 0, b"small"), (2, 0, b"large")) + cluster(1000, (1, -33, b"again"))
    assert read(data) == [(0, 0.0, b"small"), (1, 0.0, b"large"), (0, 0.967, b"again")]


def test_streams_one_after_another_are_read_through():
    one = HEAD + cluster(0, (1, 0, b"one"))
    assert [data for *_, data in read(one + HEAD + cluster(500, (1, 0, b"two")))] == [b"one", b"two"]


@pytest.mark.parametrize("cut", [1, 3, 10])
def test_a_frame_that_ends_early_is_left_out(cut):
    data = HEAD + cluster(0, (1, 0, b"whole"), (1, 40, b"half of it"))
    assert [data for *_, data in read(data[:-cut])] == [b"whole"]


def test_every_prefix_is_read_without_a_fault():
    data = HEAD + cluster(0, (1, 0, b"whole"), (1, 40, b"more"))
    for end in range(len(data)):
        read(data[:end])


@pytest.mark.parametrize(
    "data",
    [
        HEAD + cluster(0, (1, 0, bytes(500))),
        b"\x00\x00\x00\x00",
        HEAD + b"\xa3\x84\x00\x00\x00\x80",
        HEAD + b"\xa3\xff",
        b"\xec\x08\xff\xff\xff\xff",
    ],
)
def test_what_no_muxer_of_ours_writes_is_refused(data):
    with pytest.raises(StreamError):
        read(data)


def test_reading_ends_when_its_time_has_come():
    source, sink = os.pipe()
    try:
        os.write(sink, HEAD + cluster(0, (1, 0, b"here")))
        start = time.monotonic()
        frames = list(raw_frames(source, 100, start + 0.3))
        assert len(frames) == 1
        assert 0.2 < time.monotonic() - start < 2.0
    finally:
        os.close(source)
        os.close(sink)
