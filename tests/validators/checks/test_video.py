"""Video findings."""

from __future__ import annotations

from dataclasses import replace

import pytest
from declared_kit import changed
from judging_cases import HEALTHY, case, cells, codes, decoded, evidence, only, photo, unopened, video

from validators.checks.all_checks import examine
from validators.checks.video import moving
from validators.evidence import CutMeasure, Problem, SoundMeasures
from validators.sentences.sentences import action, sentence
from validators.states import state_of

BLACK = replace(HEALTHY, luma_mean=16.0, luma_p05=15.0, luma_p95=18.0, luma_std=1.0, dark_fraction=1.0)
CLIP = evidence(file="clip.mp4")


def test_a_healthy_video_yields_nothing(policy):
    assert codes(moving(case(CLIP, video()), policy)) == []


@pytest.mark.parametrize("problem", ["no_video_stream", "no_decode"])
def test_what_cannot_be_played_is_to_be_recorded_again(policy, problem):
    measured = unopened("video/mp4", Problem(problem), kind="video")
    found = examine(case(CLIP, measured), policy)
    error = only(found, "VID_NO_DECODE")
    assert action(error).startswith("Record it again")
    assert [f.code for f in found if f.severity == "error"] == ["VID_NO_DECODE"]
    assert state_of(found, measured) == "UNREADABLE"


def test_one_cause_makes_one_error(policy):
    measured = unopened("video/mp4", Problem("truncated"), Problem("no_decode"), kind="video")
    found = examine(case(CLIP, measured), policy)
    assert [f.code for f in found if f.severity == "error"] == ["FMT_TRUNCATED"]


def test_a_missing_tool_is_told_once_and_fails_the_processing(policy):
    measured = unopened("video/mp4", Problem("tool_missing", "ffmpeg"), kind="video")
    found = examine(case(CLIP, measured), policy)
    told = only(found, "SYS_TOOL_MISSING")
    assert sentence(told) == "This file was not checked: ffmpeg is not installed here."
    assert (told.severity, told.kind) == ("note", "not_applicable")
    assert state_of(found, measured) == "PROCESSING_FAILED"


def test_silence_is_a_note(policy):
    found = only(moving(case(CLIP, video(audio=None)), policy), "VID_SILENT")
    assert (found.severity, found.kind) == ("note", "pass")


def test_black_names_its_times_and_swallows_darkness(policy):
    half = video(BLACK, HEALTHY, BLACK, HEALTHY)
    found = only(moving(case(CLIP, half), policy), "VID_BLACK")
    assert "2 of 4 sampled frames, for example at 0:01 and 0:03" in sentence(found)
    assert found.region.time_s == 1.0
    assert codes(moving(case(CLIP, video(BLACK, HEALTHY, HEALTHY)), policy)) == []


def test_a_black_video_has_one_finding_of_exposure(policy):
    told = codes(examine(case(CLIP, video(BLACK, BLACK, BLACK)), policy))
    assert [code for code in told if code.startswith(("VID_", "CLR_"))] == ["VID_BLACK"]


def test_photos_have_no_video_findings(policy):
    assert codes(moving(case(measured=photo(problems=(Problem("no_decode"),))), policy)) == []


def measured(policy, **rows):
    return list(moving(case(CLIP, video(decoded=decoded(**rows))), policy))


def test_a_black_stretch_is_told_with_its_times(policy):
    found = only(measured(policy, brightest=cells(10.0, 220.0, 12, 24)), "VID_BLACK")
    assert (found.severity, found.kind) == ("warning", "fail")
    assert sentence(found) == "The video is black for 3 seconds: 0:03 to 0:06."
    assert (found.measured, found.threshold, found.rule) == (3.0, 2.0, "moving.black_s")
    assert found.region.time_s == 3.0
    assert action(found).startswith("Record it again in light")


def test_a_fade_is_no_black_stretch(policy):
    assert measured(policy, brightest=cells(10.0, 220.0, 0, 5)) == []


def test_black_throughout_is_told_as_such(policy):
    found = only(measured(policy, brightest=(8.0,) * 48, change=(0.0,) * 48), "VID_BLACK")
    assert sentence(found) == "The video is black throughout."
    assert found.rule == "moving.black_share"


def test_a_picture_that_stands_still_is_told_though_key_frames_draw_it_anew(policy):
    change = list(cells(0.0, 5.0, 8, 28))
    change[16] = 0.9
    found = only(measured(policy, change=tuple(change), moved=cells(0.0, 0.03, 8, 28)), "VID_FROZEN")
    assert sentence(found) == "The picture stands still for 5 seconds: 0:02 to 0:07."
    assert (found.measured, found.threshold) == (5.0, 3.0)


def test_a_stutter_is_not_told(policy):
    assert measured(policy, change=cells(0.0, 5.0, 8, 16), moved=cells(0.0, 0.03, 8, 16)) == []


def test_a_camera_on_a_stand_with_grain_is_fine(policy):
    assert measured(policy, change=(0.8,) * 48, moved=(0.0,) * 48, shaken=(0.0,) * 48) == []


def test_shaking_is_told_where_there_is_little_calm(policy):
    found = only(measured(policy, shaken=cells(0.03, 0.003, 0, 30)), "VID_SHAKE")
    assert sentence(found) == "The camera shakes for 62% of the time: 0:00 to 0:07."
    assert found.params["strongest"] == 0.03
    assert measured(policy, shaken=cells(0.03, 0.003, 0, 12)) == []


CUTS = (
    CutMeasure(3.2, "cut", 0.9, 1.0),
    CutMeasure(7.0, "dissolve", 0.3, 1.0),
    CutMeasure(9.5, "dip", 0.8, 1.0),
)


def test_cuts_are_a_note_where_no_continuous_take_is_asked_for(policy):
    found = only(measured(policy, cuts=CUTS), "VID_CUTS")
    assert (found.severity, found.kind, action(found)) == ("note", "pass", None)
    assert sentence(found) == "There are 2 cuts, at 0:03 and 0:09."
    assert (found.measured, found.threshold) == (2.0, 0.0)


@pytest.mark.parametrize("role", ["unboxing_video", "video_of_defect"])
def test_cuts_are_for_a_person_to_look_at_in_what_should_be_one_take(policy, role):
    item = changed(CLIP, roles=(role,))
    found = only(moving(case(item, video(decoded=decoded(cuts=CUTS))), policy), "VID_CUTS")
    assert (found.severity, found.kind) == ("warning", "review")
    assert sentence(found) == "There are 2 cuts, at 0:03 and 0:09. One continuous take was asked for."
    assert found.params["times"] == "0:03, 0:09"


def test_many_cuts_are_counted_not_listed(policy):
    many = tuple(CutMeasure(float(at), "cut", 0.9, 1.0) for at in range(1, 11))
    assert sentence(only(measured(policy, cuts=many), "VID_CUTS")).endswith("0:05, 0:06 and 4 more.")


def test_a_track_without_sound_is_silent(policy):
    quiet = SoundMeasures((-90.0, -75.0), (0.0, 0.0), -70.0)
    found = only(moving(case(CLIP, video(sound=quiet)), policy), "VID_SILENT")
    assert sentence(found) == "The video has a sound track, but nothing can be heard on it."
    assert (found.measured, found.threshold) == (-75.0, -60.0)
    assert codes(moving(case(CLIP, video(sound=replace(quiet, loudness=(-30.0,)))), policy)) == []


@pytest.mark.parametrize(
    ("encoder", "told"),
    [("Lavf59.27.100", True), ("x264 - core 164", True), ("Apple iPhone 15", False), ("", False)],
)
def test_what_encoded_a_clip_again_is_a_note(policy, encoder, told):
    clip = video()
    clip = replace(clip, video=replace(clip.video, encoders=(encoder,)))
    assert codes(moving(case(CLIP, clip), policy)) == (["VID_REENCODED"] if told else [])
