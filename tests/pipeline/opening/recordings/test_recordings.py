"""Voice notes: their length, their sound, a picture of it and a copy to play, whatever container they come in."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace

import numpy as np
import pytest
from clips_made import run

pytestmark = [
    pytest.mark.ffmpeg,
    pytest.mark.skipif(
        shutil.which("ffmpeg") is None and not os.environ.get("CI"), reason="ffmpeg is not installed"
    ),
]

FORMS = {
    "note.opus": ("audio/ogg", "opus", ("-c:a", "libopus", "-f", "ogg")),
    "note.ogg": ("audio/ogg", "vorbis", ("-c:a", "libvorbis")),
    "note.m4a": ("audio/mp4", "aac", ("-c:a", "aac")),
    "note.mp4": ("video/mp4", "aac", ("-c:a", "aac", "-f", "mp4")),
    "note.mp3": ("audio/mpeg", "mp3", ("-c:a", "libmp3lame")),
    "note.aac": ("audio/aac", "aac", ("-c:a", "aac", "-f", "adts")),
    "note.wav": ("audio/wav", "pcm_s16le", ()),
    "note.flac": ("audio/flac", "flac", ()),
    "note.webm": ("video/webm", "opus", ("-c:a", "libopus")),
}
TONE = "sine=frequency=300:duration=3,volume=2"


def made(path, options, sound=TONE):
    run("-f", "lavfi", "-i", sound, *options, path)
    return path


@pytest.mark.parametrize("name", FORMS)
def test_every_form_is_heard_seen_and_can_be_played(opener, tmp_path, name):
    mime, codec, options = FORMS[name]
    opened = opener.open(made(tmp_path / name, options))
    measured = opened.measurements
    assert (measured.kind, measured.detected_type, measured.problems) == ("audio", mime, ())
    assert measured.audio.codec == codec
    assert measured.audio.duration_s == pytest.approx(3.0, abs=0.25)
    assert max(measured.sound.loudness) > -30
    pictures = {made.kind: made for made in opened.derivatives}
    assert set(pictures) == {"preview", "thumbnail", "clip"}
    assert (pictures["preview"].width, pictures["preview"].height) == (1024, 256)
    assert pictures["clip"].data[4:8] == b"ftyp"


def test_amr_of_a_phone(opener, tmp_path):
    path = tmp_path / "note.amr"
    frames = np.random.default_rng(4).integers(0, 255, (150, 31), np.uint8)
    path.write_bytes(b"#!AMR\n" + b"".join(b"\x3c" + frame.tobytes() for frame in frames))
    measured = opener.open(path).measurements
    assert (measured.kind, measured.detected_type, measured.audio.codec) == ("audio", "audio/amr", "amr_nb")
    assert measured.audio.duration_s == pytest.approx(3.0, abs=0.15)


def test_silence_is_measured(opener, tmp_path):
    opened = opener.open(made(tmp_path / "a.m4a", ("-c:a", "aac"), "anullsrc=duration=2"))
    assert max(opened.measurements.sound.loudness) < -80


def test_a_recording_whose_end_is_missing(opener, tmp_path):
    path = made(tmp_path / "a.m4a", ("-c:a", "aac", "-movflags", "+faststart"), "sine=duration=8")
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])
    assert "truncated" in {p.code for p in opener.open(path).measurements.problems}


def test_zeros_in_it_are_reported(opener, tmp_path):
    path = made(tmp_path / "a.m4a", ("-c:a", "aac", "-movflags", "+faststart"), "sine=duration=8")
    data = path.read_bytes()
    start, end = len(data) // 2, len(data) * 3 // 4
    path.write_bytes(data[:start] + bytes(end - start) + data[end:])
    measured = opener.open(path).measurements
    assert measured.decoder_errors is not None
    assert measured.decoder_errors.lines >= 3


def test_what_holds_no_sound_is_broken(opener, tmp_path):
    path = tmp_path / "a.mp3"
    path.write_bytes(
        b"ID3\x03\0\0\0\0\0\0" + bytes(np.random.default_rng(1).integers(0, 255, 4000, np.uint8))
    )
    measured = opener.open(path).measurements
    assert measured.kind == "audio"
    assert measured.problems


def test_without_ffmpeg_it_is_left_unexamined(opener, tmp_path):
    path = made(tmp_path / "a.mp3", ("-c:a", "libmp3lame"))
    none = replace(opener, tools=replace(opener.tools, ffmpeg=None, ffprobe=None))
    assert [p.code for p in none.open(path).measurements.problems] == ["tool_missing"]
