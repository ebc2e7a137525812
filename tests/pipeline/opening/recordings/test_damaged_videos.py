"""What ffmpeg's decoders report of broken data reaches the measurements, by second, and a healthy clip has none."""

from __future__ import annotations

import os
import shutil

import pytest
from clips_made import H264, encode

from pipeline.opening.child.decoder_errors import ErrorCounter

pytestmark = [
    pytest.mark.ffmpeg,
    pytest.mark.skipif(
        shutil.which("ffmpeg") is None and not os.environ.get("CI"), reason="ffmpeg is not installed"
    ),
]


@pytest.mark.parametrize("name", ["clip.mp4", "clip.mov"])
def test_a_zeroed_part_is_reported_around_its_second(opener, tmp_path, name):
    clip = encode(tmp_path / name, *H264, "-g", "15", "-movflags", "+faststart")
    assert opener.open(clip).measurements.decoder_errors is None
    data = clip.read_bytes()
    start, end = len(data) // 2, len(data) * 3 // 4
    clip.write_bytes(data[:start] + bytes(end - start) + data[end:])
    errors = opener.open(clip).measurements.decoder_errors
    assert errors is not None
    assert errors.lines >= 3
    assert set(errors.seconds) & {1, 2, 3}


def test_only_lines_of_decoders_count_at_the_second_of_the_frame_that_follows():
    reading, writing = os.pipe2(os.O_NONBLOCK)
    counter = ErrorCounter(reading)
    counter.read(0.5)
    os.write(
        writing,
        b"[h264 @ 0x5] error while decoding MB 25 17\n[mov,mp4,m4a @ 0x5] odd table\n[NULL @ 0x5] Invalid",
    )
    counter.read(1.2)
    os.write(
        writing,
        b" NAL\nError while decoding stream #0:0\n[matroska @ 0x5] Application provided non monotonic dts\n",
    )
    counter.read(7.9)
    os.close(writing)
    counter.read(9.0)
    found = counter.counted()
    assert (found.lines, found.seconds) == (3, (1, 7))
    assert ErrorCounter(None).counted() is None
    os.close(reading)
