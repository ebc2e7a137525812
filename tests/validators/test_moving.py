"""Video findings."""

from __future__ import annotations

from dataclasses import replace

import pytest
from judging_cases import HEALTHY, case, codes, evidence, only, photo, unopened, video

from validators.evidence import Problem
from validators.examination import examine
from validators.moving import moving
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
    assert error.action.startswith("Record it again")
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
    assert told.message == "This file was not checked: ffmpeg is not installed here."
    assert (told.severity, told.kind) == ("note", "not_applicable")
    assert state_of(found, measured) == "PROCESSING_FAILED"


def test_silence_is_a_note(policy):
    found = only(moving(case(CLIP, video(audio=None)), policy), "VID_SILENT")
    assert (found.severity, found.kind) == ("note", "pass")


def test_black_names_its_times_and_swallows_darkness(policy):
    half = video(BLACK, HEALTHY, BLACK, HEALTHY)
    found = only(moving(case(CLIP, half), policy), "VID_BLACK")
    assert "2 of the 4 moments looked at, as at 0:01, 0:03" in found.message
    assert found.region.time_s == 1.0
    assert codes(moving(case(CLIP, video(BLACK, HEALTHY, HEALTHY)), policy)) == []


def test_a_black_video_has_one_finding_of_exposure(policy):
    told = codes(examine(case(CLIP, video(BLACK, BLACK, BLACK)), policy))
    assert [code for code in told if code.startswith(("VID_", "CLR_"))] == ["VID_BLACK"]


def test_photos_have_no_video_findings(policy):
    assert codes(moving(case(measured=photo(problems=(Problem("no_decode"),))), policy)) == []
