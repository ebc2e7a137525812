"""Clips as phones and apps send them are opened upright, whole and in their colours."""

from __future__ import annotations

import io
import os
import shutil
import struct
from pathlib import Path

import numpy as np
import pytest
from clips_made import CORNERS, H264, KINDS, RATE, SECONDS, encode, hdr, run
from PIL import Image

pytestmark = [
    pytest.mark.ffmpeg,
    pytest.mark.skipif(
        shutil.which("ffmpeg") is None and not os.environ.get("CI"), reason="ffmpeg is not installed"
    ),
]


def poster_of(opened):
    made = next(one for one in opened.derivatives if one.kind == "poster")
    return np.asarray(Image.open(io.BytesIO(made.data)).convert("RGB"), float)


def assert_corners(picture, within=45.0):
    """The colours stand where they belong: compared as hues, since stripes darken them."""
    high, wide = picture.shape[:2]
    cuts = {
        "top left": picture[: high // 3, : wide // 3],
        "top right": picture[: high // 3, -(wide // 3) :],
        "bottom left": picture[-(high // 3) :, : wide // 3],
        "bottom right": picture[-(high // 3) :, -(wide // 3) :],
    }
    for name, cut in cuts.items():
        seen = np.percentile(cut.reshape(-1, 3), 75, axis=0)
        assert np.abs(seen - CORNERS[name]).max() < within, (name, seen)


def codes(opened):
    return [problem.code for problem in opened.measurements.problems]


@pytest.mark.parametrize("form", KINDS)
def test_every_form_is_measured_whole(opener, tmp_path, form):
    name, options = KINDS[form]
    opened = opener.open(encode(tmp_path / name, *options, sound="-an" not in options))
    measured = opened.measurements
    assert (measured.kind, codes(opened)) == ("video", [])
    assert measured.decoded.measured_s == pytest.approx(SECONDS, abs=0.35)
    assert len(measured.pages) >= 12
    assert measured.decoded.cuts == ()
    assert_corners(poster_of(opened))
    assert measured.video.duration_s == pytest.approx(SECONDS, abs=0.35)
    assert (measured.sound is None) == ("-an" in options)
    if measured.sound:
        assert measured.sound.loudness[1] > -40


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_clip_is_turned_upright_by_its_side_data(opener, tmp_path, turn):
    """As ffmpeg itself turns it when left to."""
    flat = encode(tmp_path / "flat.mp4", *H264)
    run("-i", flat, "-c", "copy", "-metadata:s:v:0", f"rotate={turn}", tmp_path / "turned.mp4")
    run("-i", tmp_path / "turned.mp4", "-frames:v", "1", tmp_path / "turned.png")
    picture = poster_of(opener.open(tmp_path / "turned.mp4"))
    with Image.open(tmp_path / "turned.png") as turned:
        expected = np.asarray(turned.convert("RGB"), float)
    assert picture.shape == expected.shape
    for row in (slice(0, 70), slice(-70, None)):
        for column in (slice(0, 70), slice(-70, None)):
            seen, wanted = picture[row, column].mean(axis=(0, 1)), expected[row, column].mean(axis=(0, 1))
            assert np.abs(seen - wanted).max() < 25, turn


@pytest.mark.parametrize("mirrored", [False, True], ids=["turned", "mirrored"])
@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_clip_is_shown_as_its_matrix_says(opener, tmp_path, turn, mirrored):
    """ISO/IEC 14496-12: a point (x, y) is shown at (ax + cy, bx + dy)."""
    clip = encode(tmp_path / "clip.mp4", *H264)
    flat = poster_of(opener.open(clip))
    data = bytearray(clip.read_bytes())
    a, b, c, d = {0: (1, 0, 0, 1), 90: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 270: (0, -1, 1, 0)}[turn]
    if mirrored:  # flipped left to right, then turned
        a, b = -a, -b
    matrix = [each << 16 for each in (a, b, 0, c, d, 0, 0, 0)]
    struct.pack_into(">9i", data, data.index(b"tkhd") + 44, *matrix, 1 << 30)
    (tmp_path / "shown.mp4").write_bytes(data)
    seen = poster_of(opener.open(tmp_path / "shown.mp4"))
    wanted = np.rot90(flat[:, ::-1] if mirrored else flat, -turn // 90)
    assert seen.shape == wanted.shape
    assert np.abs(seen - wanted).mean() < 6


def test_what_was_filmed_sideways_lies_right_side_up(opener, tmp_path):
    lying = encode(tmp_path / "lying.mp4", *H264, "-vf", "transpose=clock")
    run("-i", lying, "-c", "copy", "-metadata:s:v:0", "rotate=90", tmp_path / "phone.mp4")
    assert_corners(poster_of(opener.open(tmp_path / "phone.mp4")))


@pytest.mark.parametrize("transfer", ["smpte2084", "arib-std-b67"])
def test_hdr_is_toned_down_neither_grey_nor_burnt(opener, tmp_path, transfer):
    opened = opener.open(hdr(tmp_path / "hdr.mp4", transfer))
    assert codes(opened) == []
    picture = poster_of(opened)
    white = np.percentile(picture, 97)
    assert 170 < white <= 255
    spread = np.percentile(picture, 97) - np.percentile(picture, 3)
    assert spread > 150
    red, blue = picture[10:60, 10:60].reshape(-1, 3), picture[-60:-10, 10:60].reshape(-1, 3)
    assert np.percentile(red[:, 0], 75) > 1.8 * np.percentile(red[:, 2], 75)
    assert np.percentile(blue[:, 2], 75) > 1.5 * np.percentile(blue[:, 0], 75)


def test_combs_of_interlaced_film_are_gone(opener, tmp_path):
    """Two fields from different moments: every second line of a moving edge is elsewhere."""
    moving = np.full((60, 240, 320, 3), 60, np.uint8)
    for number, frame in enumerate(moving):
        frame[:, 4 * number : 4 * number + 60] = 200
    fields = (
        "-vf",
        "tinterlace=mode=interleave_top,setfield=tff",
        "-flags",
        "+ilme+ildct",
        "-x264-params",
        "tff=1",
    )
    woven = encode(tmp_path / "woven.mp4", *H264, *fields, rate=30, frames=moving.tobytes())

    def combed(picture):
        lines = np.asarray(picture.convert("L"), float)
        return np.abs(lines[1:-1] - (lines[:-2] + lines[2:]) / 2).mean()

    run("-ss", "1", "-i", woven, "-frames:v", "1", tmp_path / "as-coded.png")
    opened = opener.open(woven)
    frame = min((d for d in opened.derivatives if d.kind == "frame"), key=lambda d: abs(d.time_s - 1))
    with Image.open(tmp_path / "as-coded.png") as coded:
        assert combed(Image.open(io.BytesIO(frame.data))) < combed(coded) / 5


@pytest.mark.parametrize("size", [(321, 241), (178, 100), (64, 480), (1440, 90), (17, 33)])
def test_odd_sizes_are_opened(opener, tmp_path, size):
    path = encode(tmp_path / "odd.mp4", "-c:v", "libx264", "-pix_fmt", "yuv444p", "-c:a", "aac", size=size)
    opened = opener.open(path)
    assert codes(opened) == []
    assert (opened.measurements.video.width, opened.measurements.video.height) == size
    picture = poster_of(opened)
    assert picture.shape[1] / picture.shape[0] == pytest.approx(size[0] / size[1], rel=0.15)


def test_pixels_that_are_not_square_are_shown_as_a_player_shows_them(opener, tmp_path):
    path = encode(tmp_path / "wide.mp4", *H264, "-vf", "setsar=2/1")
    picture = poster_of(opener.open(path))
    assert picture.shape[1] / picture.shape[0] == pytest.approx(640 / 240, rel=0.02)


def cut(path: Path, share: float) -> Path:
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * share)])
    return path


TRUNCATED = {
    "MP4 with its index in front": ("clip.mp4", (*H264, "-movflags", "+faststart")),
    "MP4 in fragments": ("clip.mp4", (*H264, "-movflags", "frag_keyframe+empty_moov", "-g", "15")),
    "MKV": ("clip.mkv", (*H264, "-g", "15")),
    "WebM": (
        "clip.webm",
        ("-c:v", "libvpx", "-deadline", "realtime", "-b:v", "1M", "-g", "15", "-c:a", "libopus"),
    ),
    "AVI": ("clip.avi", ("-c:v", "mpeg4", "-q:v", "3", "-c:a", "libmp3lame")),
}


@pytest.mark.parametrize("form", TRUNCATED)
def test_half_a_file_is_called_truncated_and_its_first_half_is_shown(opener, tmp_path, form):
    name, options = TRUNCATED[form]
    opened = opener.open(cut(encode(tmp_path / name, *options), 0.5))
    assert "truncated" in codes(opened)
    assert opened.measurements.pages
    assert opened.measurements.decoded.measured_s < 0.75 * SECONDS


def test_a_file_that_lacks_only_pictures_at_its_end_is_called_truncated(opener, tmp_path):
    """Nothing of the container is missing, and ffprobe tells the whole length: only decoding shows it."""
    path = encode(tmp_path / "clip.mp4", *H264, "-movflags", "+faststart", sound=False)
    data = bytearray(path.read_bytes())
    start = data.index(b"mdat") + 4
    half = start + (len(data) - start) // 2
    data[half:] = bytes(len(data) - half)
    path.write_bytes(data)
    opened = opener.open(path)
    assert opened.measurements.video.duration_s == pytest.approx(SECONDS, abs=0.1)
    assert "truncated" in codes(opened)


def test_a_recording_without_its_index_says_so(opener, tmp_path):
    path = encode(tmp_path / "clip.mp4", *H264)
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b"moov") - 4])
    opened = opener.open(path)
    assert "truncated" in codes(opened)
    assert not opened.measurements.pages


def test_an_avi_without_its_index_is_read_through(opener, tmp_path):
    path = encode(tmp_path / "clip.avi", "-c:v", "mpeg4", "-q:v", "3", "-c:a", "libmp3lame")
    data = path.read_bytes()
    path.write_bytes(data[: data.index(b"idx1")])
    opened = opener.open(path)
    assert opened.measurements.decoded.measured_s == pytest.approx(SECONDS, abs=0.35)


def test_sound_alone_is_a_recording(opener, tmp_path):
    run("-f", "lavfi", "-i", "sine=duration=3", "-c:a", "aac", tmp_path / "sound.mp4")
    found = opener.open(tmp_path / "sound.mp4").measurements
    assert (found.kind, found.problems) == ("audio", ())


def test_a_cover_is_no_video_and_hides_none(opener, tmp_path):
    cover = tmp_path / "cover.png"
    Image.new("RGB", (300, 300), (255, 0, 255)).save(cover)
    art = ("-c:v:1", "png", "-disposition:v:1", "attached_pic")
    run("-f", "lavfi", "-i", "sine=duration=3", "-i", cover, "-map", "0", "-map", "1", "-c:a", "aac", "-c:v", "png",
        "-disposition:v:0", "attached_pic", tmp_path / "song.mp4")  # fmt: skip
    assert opener.open(tmp_path / "song.mp4").measurements.kind == "audio"
    clip = encode(tmp_path / "clip.mp4", *H264)
    run("-i", clip, "-i", cover, "-map", "1", "-map", "0", "-c", "copy", "-c:v:0", "png", "-disposition:v:0",
        "attached_pic", tmp_path / "both.mp4")  # fmt: skip
    run("-i", clip, "-i", cover, "-map", "0", "-map", "1", "-c", "copy", *art, tmp_path / "after.mp4")
    for name in ("both.mp4", "after.mp4"):
        assert_corners(poster_of(opener.open(tmp_path / name)))


def test_of_many_streams_the_default_one_is_shown(opener, tmp_path):
    clip = encode(tmp_path / "clip.mp4", *H264)
    small = tmp_path / "small.mp4"
    run(
        "-f",
        "lavfi",
        "-i",
        f"color=magenta:size=64x48:rate={RATE}:duration={SECONDS}",
        "-pix_fmt",
        "yuv420p",
        small,
    )
    maps = ("-map", "0:v", "-map", "1:v", *(("-map", "1:a") * 6), "-map", "0:v")
    run("-i", small, "-i", clip, *maps, "-c", "copy", "-disposition:v:0", "0", "-disposition:v:1", "default",
        tmp_path / "many.mkv")  # fmt: skip
    opened = opener.open(tmp_path / "many.mkv")
    assert codes(opened) == []
    assert_corners(poster_of(opened))
