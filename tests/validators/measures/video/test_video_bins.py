"""Light, movement and sound of a clip, from frames and samples made by hand."""

from __future__ import annotations

import numpy as np
import pytest

from validators.measures.video.sound import RATE, measure_sound
from validators.measures.video.video_bins import FrameMeter

GRAIN = np.random.default_rng(3).integers(0, 256, (120, 260), np.uint8)


def measure(frames, fps=30):
    meter = FrameMeter()
    for number, frame in enumerate(frames):
        meter.add(number / fps, frame)
    return meter.finish()


def at(x, y=10):
    return GRAIN[y : y + 90, x : x + 160]


def test_nothing_gives_nothing():
    assert FrameMeter().finish() is None


def test_a_still_picture_does_not_change():
    found = measure([at(20)] * 60)
    assert found.measured_s == pytest.approx(2.0)
    assert found.frames == 60
    assert set(found.change) == {0.0}
    assert set(found.moved) == {0.0}


def test_black_shows_in_the_cells_it_lies_in():
    frames = [at(20)] * 30 + [np.zeros((90, 160), np.uint8)] * 30
    found = measure(frames)
    assert found.brightest[:4] == (found.brightest[0],) * 4
    assert found.brightest[0] > 200
    assert found.brightest[5:] == (0.0, 0.0, 0.0)


def test_shaking_is_measured_in_shares_of_the_long_side():
    way = [40 + round(8 * np.sin(2 * np.pi * 6 * n / 30)) for n in range(90)]
    found = measure([at(x) for x in way])
    assert np.median(found.shaken) == pytest.approx(8 / np.sqrt(2) / 160, rel=0.25)


def test_a_steady_pan_is_no_shaking():
    found = measure([at(10 + n) for n in range(80)])
    assert max(found.shaken[2:-2]) < 0.003
    assert np.median(found.moved[1:-1]) == pytest.approx(7.5 / 160, rel=0.15)


def test_a_clip_of_few_frames_a_second_fills_its_cells():
    found = measure([at(20)] * 6, fps=2)
    assert len(found.brightest) == len(found.change) == 11
    assert min(found.brightest) > 200


def test_frames_that_go_back_in_time_are_left_out():
    meter = FrameMeter()
    for time_s in (0.0, 0.1, 0.05, 0.2):
        meter.add(time_s, at(20))
    assert meter.finish().frames == 3


def tone(level, seconds=2):
    return (level * 32767 * np.sin(np.arange(RATE * seconds) * 0.17)).clip(-32768, 32767).astype(np.int16)


def test_sound_is_told_from_silence():
    assert measure_sound(np.zeros(0, np.int16)) is None
    found = measure_sound(np.concatenate([tone(0.5), np.zeros(RATE, np.int16)]))
    assert found.loudness[0] == pytest.approx(-9.0, abs=0.2)
    assert found.loudness[2] == -96.0
    assert found.peak == pytest.approx(-6.0, abs=0.1)
    assert max(found.clipped) == 0.0


def test_sound_cut_off_at_full_scale_is_clipped_and_a_loud_one_is_not():
    assert min(measure_sound(tone(3.0)).clipped) > 0.4
    assert max(measure_sound(tone(0.97)).clipped) == 0.0
