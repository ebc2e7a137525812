"""What policy bounds of a video, what is made when asked for, and what its container says of time."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
from dataclasses import replace
from datetime import timedelta

import pytest
from clips_made import H264, SECONDS, encode, run
from PIL import Image

from pipeline.opening.host.ffmpeg_arguments import (
    decode_arguments,
    preview_arguments,
    sampled_frame_arguments,
    sound_arguments,
)
from pipeline.opening.host.probe import UPLOAD, Probe
from pipeline.opening.host.tools import find_tools

pytestmark = [
    pytest.mark.ffmpeg,
    pytest.mark.skipif(
        shutil.which("ffmpeg") is None and not os.environ.get("CI"), reason="ffmpeg is not installed"
    ),
]
PROBE = Probe(60.0, 1920, 1080, 0, 30.0, "h264", "aac", stream=0, sound=1)


@pytest.fixture(scope="module")
def clip(tmp_path_factory):
    """Four seconds with a key frame each."""
    return encode(tmp_path_factory.mktemp("clips") / "clip.mp4", *H264, "-g", "15", "-movflags", "+faststart")


def bounded(opener, **limits):
    return replace(opener, limits=replace(opener.limits, **limits))


def limited(opened):
    return [(p.code, p.actual, p.limit, p.unit) for p in opened.measurements.problems]


def test_a_clip_over_the_bound_is_measured_so_far_and_seen_to_its_end(opener, clip):
    opened = bounded(opener, measured_seconds=2.0).open(clip)
    assert limited(opened) == [("limited", 4.0, 2.0, "seconds")]
    measured = opened.measurements
    assert measured.decoded.measured_s == pytest.approx(2.0, abs=0.15)
    assert measured.pages[-1].time_s >= 2.5
    assert {d.kind for d in opened.derivatives} >= {"poster", "contact_sheet", "sprite"}


def test_without_measuring_there_are_a_poster_and_a_sheet_of_key_frames(opener, clip):
    opened = bounded(opener, measured_seconds=0.0).open(clip)
    assert limited(opened) == []
    assert (opened.measurements.decoded, opened.measurements.sound) == (None, None)
    assert [page.time_s for page in opened.measurements.pages] == pytest.approx([0, 1, 2, 3], abs=0.1)
    assert {"poster", "contact_sheet"} <= {d.kind for d in opened.derivatives}


@pytest.fixture(scope="module")
def half_an_hour(tmp_path_factory, clip):
    path = tmp_path_factory.mktemp("long") / "long.mp4"
    run("-stream_loop", "449", "-i", clip, "-c", "copy", "-movflags", "+faststart", path)
    return path


def test_half_an_hour_is_bounded_and_says_so(opener, half_an_hour):
    opened = bounded(opener, measured_seconds=10.0).open(half_an_hour)
    (problem,) = [p for p in opened.measurements.problems if p.code == "limited"]
    assert (problem.actual, problem.limit) == (pytest.approx(1800, abs=30), 10.0)
    times = [page.time_s for page in opened.measurements.pages]
    assert len(times) >= 12
    assert times == sorted(times)
    assert times[-1] > 1700


def test_half_of_half_an_hour_is_called_truncated(opener, half_an_hour, tmp_path):
    data = half_an_hour.read_bytes()
    (tmp_path / "cut.mp4").write_bytes(data[: len(data) // 2])
    opened = bounded(opener, measured_seconds=10.0).open(tmp_path / "cut.mp4")
    assert "truncated" in [p.code for p in opened.measurements.problems]
    assert opened.measurements.pages


def test_work_that_takes_too_long_counts_as_far_as_it_came(opener, half_an_hour):
    slow = bounded(opener, measured_seconds=1800.0, work_seconds=1.0, seconds=1.0)
    opened = slow.open(half_an_hour)
    (problem,) = [p for p in opened.measurements.problems if p.code == "limited"]
    assert 0 < problem.limit < 1800
    assert problem.unit == "seconds"


def test_a_preview_is_made_when_asked_for_and_plays_anywhere(opener, clip, tmp_path):
    assert "clip" not in {d.kind for d in opener.open(clip).derivatives}
    made = next(d for d in replace(opener, previews=True).open(clip).derivatives if d.kind == "clip")
    path = tmp_path / "preview.mp4"
    path.write_bytes(made.data)
    assert made.data.index(b"moov") < made.data.index(b"mdat")
    told = json.loads(
        subprocess.run(
            ["ffprobe", "-v", "error", "-print_format", "json", "-show_streams", "-show_format", path],
            capture_output=True, check=True,
        ).stdout
    )  # fmt: skip
    video, sound = told["streams"]
    assert (video["codec_name"], video["profile"], video["pix_fmt"]) == (
        "h264",
        "Constrained Baseline",
        "yuv420p",
    )
    assert (video["width"], video["height"]) == (made.width, made.height) == (320, 240)
    assert sound["codec_name"] == "aac"
    assert float(told["format"]["duration"]) == pytest.approx(SECONDS, abs=0.2)


def test_a_preview_that_would_be_too_large_is_cut_to_its_bound(opener, tmp_path):
    noisy = tmp_path / "noisy.mp4"
    run("-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=30:duration=6", "-vf", "noise=alls=60:allf=t", "-c:v", "libx264",
        "-preset", "ultrafast", "-pix_fmt", "yuv420p", noisy)  # fmt: skip
    small = replace(bounded(opener, preview_bytes=300_000), previews=True)
    made = [d for d in small.open(noisy).derivatives if d.kind == "clip"]
    assert all(len(one.data) <= 300_000 for one in made)


def test_a_containers_time_may_be_that_of_the_recordings_end(opener, clip, tmp_path):
    dated = tmp_path / "dated.mp4"
    run("-i", clip, "-c", "copy", "-metadata", "creation_time=2026-04-12T16:30:05Z", dated)
    (time,) = opener.open(dated).measurements.times
    assert time.meaning == "container"
    assert time.latest - time.earliest == pytest.approx(
        timedelta(hours=26, seconds=SECONDS), abs=timedelta(seconds=1)
    )


def test_what_encoded_a_clip_is_told_though_its_tags_are_gone(opener, clip, tmp_path):
    bare = tmp_path / "bare.mp4"
    run("-i", clip, "-c", "copy", "-map_metadata", "-1", "-fflags", "+bitexact", bare)
    encoders = opener.open(bare).measurements.video.encoders
    assert any(name.startswith("x264, core") for name in encoders), encoders


def test_the_sprite_holds_every_view(opener, clip):
    opened = opener.open(clip)
    sprite = opened.measurements.video.sprite
    made = next(d for d in opened.derivatives if d.kind == "sprite")
    rows = -(-len(sprite.times) // sprite.columns)
    assert Image.open(io.BytesIO(made.data)).size == (sprite.columns * sprite.width, rows * sprite.height)


def test_every_run_of_ffmpeg_is_kept_to_one_file_and_one_format():
    tools = find_tools()
    for argv in (
        decode_arguments(tools, "video/mp4", PROBE, 60.0),
        sampled_frame_arguments(tools, "video/mp4", PROBE, 5.0, exactly=False),
        sound_arguments(tools, "video/mp4", PROBE, 16_000, 60.0),
        preview_arguments(tools, "video/mp4", PROBE, 60.0, 1_000_000),
    ):
        at = argv.index("-i")
        before = argv[:at]
        assert before[before.index("-format_whitelist") + 1] == "mov,mp4,m4a,3gp,3g2,mj2"
        assert before[before.index("-protocol_whitelist") + 1] == "file"
        assert argv[at + 1] == "/proc/self/fd/3"
        assert argv.count("-i") == 1


def test_ffmpeg_draws_no_random_numbers_for_raw_frames(clip):
    """In the jail it may not open /dev/urandom, and would spin on its clock instead: told by two runs that differ."""
    tools = find_tools()
    for argv in (
        decode_arguments(tools, "video/mp4", PROBE, 0.2),
        sampled_frame_arguments(tools, "video/mp4", PROBE, 1.0, exactly=True),
    ):
        here = [str(clip) if part == UPLOAD else part for part in argv]
        first, second = (subprocess.run(here, capture_output=True, check=True).stdout for _ in range(2))
        assert len(first) > 10_000
        assert first == second
