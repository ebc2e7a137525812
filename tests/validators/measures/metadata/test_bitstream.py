"""Names of encoders in a video's data."""

from __future__ import annotations

import pytest

from validators.measures.metadata.bitstream import bitstream_encoder


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"\x00\x00mdat....x264 - core 164 r3095 baee400 - H.264/MPEG-4 AVC codec", "x264, core 164"),
        (b"\x00x265 (build 199) - 3.5+1-f0c1022b6", "x265, core 199"),
        (b"mdat of a phone, in which nobody wrote a name", None),
        (b"max264 - core of nothing", None),
        (bytes(3 << 20) + b" x264 - core 164", None),
        (b"", None),
    ],
)
def test_names_near_the_start_are_found(data, name):
    assert bitstream_encoder(data) == name
