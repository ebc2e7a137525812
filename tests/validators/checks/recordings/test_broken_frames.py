"""Damage that only a decoder reports is a warning, with its times, and never said twice."""

from dataclasses import replace

import pytest
from judging_cases import case, codes, only, video

from validators.checks.recordings.broken_frames import broken_frames
from validators.evidence import DecoderErrors, Problem
from validators.sentences.sentences import sentence


def found(policy, lines, *seconds, **changes):
    measured = replace(video(), decoder_errors=DecoderErrors(lines, seconds), **changes)
    return tuple(broken_frames(case(measured=measured), policy))


def test_the_times_are_said(policy):
    finding = only(found(policy, 40, 3, 4, 5, 61), "FMT_DAMAGED")
    assert (
        sentence(finding)
        == "Part of the video is damaged, around 0:03 to 0:06 and 1:01 to 1:02. The rest can be seen."
    )
    assert finding.asks


def test_of_a_recording(policy):
    finding = only(found(policy, 40, 3, kind="audio"), "FMT_DAMAGED")
    assert (
        sentence(finding) == "Part of the recording is damaged, around 0:03 to 0:04. The rest can be heard."
    )


def test_one_or_two_reports_are_nothing(policy):
    assert found(policy, 2, 0) == ()
    assert codes(found(policy, 3, 0)) == ["FMT_DAMAGED"]


@pytest.mark.parametrize("code", ["truncated", "damaged"])
def test_one_cause_is_one_finding(policy, code):
    assert found(policy, 40, 3, problems=(Problem(code),)) == ()
