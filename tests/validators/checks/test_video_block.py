"""The report's block on a video, and the stretches it is made of."""

from __future__ import annotations

from dataclasses import replace

from judging_cases import HEALTHY, case, cells, decoded, photo, video

from validators.checks.video_block import video_block
from validators.checks.video_segments import segments_of
from validators.disputes.judge import judge_item
from validators.evidence import CutMeasure, PageMeasures, SoundMeasures
from validators.report import ReportedSegment, VideoCut

SOFT = replace(HEALTHY, sharpness=0.2)
DIM = replace(HEALTHY, luma_mean=8.0, luma_p05=1.0, luma_p95=40.0, luma_std=7.0, dark_fraction=1.0)


def seconds(*clarities):
    return tuple(PageMeasures(i, 640, 360, one, time_s=float(i)) for i, one in enumerate(clarities))


def test_views_of_one_fault_make_one_stretch(policy):
    views = seconds(HEALTHY, SOFT, SOFT, SOFT, HEALTHY, DIM, HEALTHY, SOFT)
    found = segments_of(case(measured=video(decoded=decoded(8.0), seconds=views)), policy)
    told = [(one.kind, one.start_s, one.end_s) for one in found]
    assert told == [("dark", 5.0, 6.0), ("blurred", 1.0, 4.0), ("blurred", 7.0, 8.0)]


def test_black_is_not_dark_too(policy):
    black = replace(DIM, luma_p95=5.0)
    rows = decoded(4.0, brightest=(5.0,) * 16, change=(0.0,) * 16)
    found = segments_of(case(measured=video(decoded=rows, seconds=seconds(*[black] * 4))), policy)
    assert [one.kind for one in found] == ["black"]


def test_what_stands_still_is_not_static_too(policy):
    still = decoded(change=(0.0,) * 48, moved=(0.0,) * 48)
    assert [one.kind for one in segments_of(case(measured=video(decoded=still)), policy)] == ["frozen"]
    grain = decoded(change=(0.9,) * 48, moved=(0.0,) * 48)
    assert [one.kind for one in segments_of(case(measured=video(decoded=grain)), policy)] == ["static"]


def test_the_block_holds_shares_cuts_moments_and_sound(policy):
    cuts = (CutMeasure(2.0, "cut", 0.9, 1.0), CutMeasure(5.0, "cut", 0.2, 1.0))
    sound = SoundMeasures((-20.0, -30.0), (0.06, 0.0), -0.1)
    measured = video(decoded=decoded(brightest=cells(5.0, 200.0, 0, 12), cuts=cuts), sound=sound)
    block = video_block(case(measured=measured), policy)
    assert block.shares["black"] == 0.25
    assert block.stretches == (ReportedSegment("black", 0.0, 3.0),)
    assert block.cuts == (VideoCut(2.0, "cut", 0.9),)
    assert block.moments == (1.0, 2.0, 3.0, 4.0)
    assert (block.sound.state, block.sound.loudest_db, block.sound.clipped) == ("sound", -20.0, True)


def test_a_clip_seen_at_moments_alone_has_no_shares(policy):
    block = video_block(case(measured=video()), policy)
    assert (block.measured_s, block.shares, block.stretches) == (0.0, {}, ())
    assert block.sound.state == "not_measured"
    assert video_block(case(measured=video(audio=None)), policy).sound.state == "none"


def test_only_videos_have_a_block(policy):
    assert judge_item(case(measured=photo()), policy).video is None
    assert judge_item(case(measured=video(decoded=decoded())), policy).video.fps == 30.0
