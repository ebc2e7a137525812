"""Video: can it be played, does it show anything, is it steady and in one piece, has it sound?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from validators.case import Case
from validators.checks.video_segments import (
    BLACK,
    FROZEN,
    SHAKY,
    MovingRules,
    VideoSegment,
    cuts_of,
    segments_of,
    share,
)
from validators.clip_time import clock
from validators.evidence import VIDEO, Measurements, PageMeasures, Region, VideoMeasures
from validators.finding import ERROR, FAIL, NOTE, PASS, REVIEW, WARNING, Finding
from validators.policy import Policy

_AS_IT_IS = "findings.retake.or_as_it_is"
_TIMES_NAMED = 3
_TOLD_ALREADY = ("truncated", "corrupt", "encrypted", "crashed", "time_limit", "memory_limit", "output_limit")
"""The format validator has named the cause; one cause makes one finding."""

SOUND, SILENT, NO_SOUND, UNKNOWN_SOUND = "sound", "silent", "none", "not_measured"


def moving(case: Case, policy: Policy) -> Iterator[Finding]:
    """VID_* findings. A missing tool is told by the format validator, once."""
    measured = case.measurements
    if measured.kind != VIDEO:
        return
    yield from _no_decode(measured)
    if measured.video is None or not measured.pages:
        return
    if measured.decoded is None:
        yield from _black_moments(measured.pages, policy)
    else:
        stretches = case.once(segments_of, policy)
        yield from _black(measured.decoded, stretches, policy)
        yield from _frozen(stretches, policy)
        yield from _shaky(measured.decoded, stretches, policy)
        yield from _cuts(case, policy)
    yield from _sound(measured, policy)
    yield from _reencoded(measured, policy)


def _no_decode(measured: Measurements) -> Iterator[Finding]:
    if measured.problem("no_video_stream") is not None:
        problem, variant = "no_video_stream", "VID_NO_DECODE.no_stream"
    elif measured.problem("no_decode") is not None and measured.problem(*_TOLD_ALREADY) is None:
        problem, variant = "no_decode", "VID_NO_DECODE"
    else:
        return
    yield Finding(
        code="VID_NO_DECODE",
        severity=ERROR,
        kind=FAIL,
        message_ids=(variant,),
        action_ids=("findings.send.recording",),
        params={"problem": problem},
    )


def sound_state(measured: Measurements, policy: Policy) -> str:
    """One of SOUND, SILENT, NO_SOUND, UNKNOWN_SOUND."""
    rules = policy.group(MovingRules)
    if measured.video is None or measured.video.audio_codec is None:
        return NO_SOUND
    if measured.sound is None:
        return UNKNOWN_SOUND
    loudest = max(measured.sound.loudness, default=-96.0)
    return SILENT if loudest < rules.silent_db_below.value else SOUND


def _black(decoded: VideoMeasures, stretches: Sequence[VideoSegment], policy: Policy) -> Iterator[Finding]:
    black = [one for one in stretches if one.kind == BLACK]
    part, longest = share(black, BLACK, decoded), max((one.length_s for one in black), default=0.0)
    rules = policy.group(MovingRules)
    if part >= rules.black_share.value:
        unit, measured, rule = "share of the time", part, rules.black_share
    elif longest >= rules.black_s.value:
        unit, measured, rule = "s", longest, rules.black_s
    else:
        return
    yield Finding(
        code="VID_BLACK",
        severity=WARNING,
        kind=FAIL,
        message_ids=("VID_BLACK.throughout" if part >= 0.99 else "VID_BLACK.spans",),
        action_ids=("VID_BLACK.record", _AS_IT_IS),
        params={"unit": unit, "stretches": len(black), "longest_s": longest, "spans": _spans(black)},
        measured=measured,
        threshold=rule.value,
        rule=rule.name,
        region=_at(black[0].start_s),
    )


def _black_moments(frames: tuple[PageMeasures, ...], policy: Policy) -> Iterator[Finding]:
    """Of a clip of which only single moments were looked at."""
    rules = policy.group(MovingRules)
    seen = [frame for frame in frames if frame.clarity is not None]
    limit = rules.black_p95_below
    black = [frame for frame in seen if frame.clarity is not None and frame.clarity.luma_p95 < limit]
    part = len(black) / len(seen) if seen else 0.0
    if not black or part < rules.black_share.value:
        return
    yield Finding(
        code="VID_BLACK",
        severity=WARNING,
        kind=FAIL,
        message_ids=("VID_BLACK.throughout" if len(black) == len(seen) else "VID_BLACK.frames",),
        action_ids=("VID_BLACK.record", _AS_IT_IS),
        params={
            "unit": "share of frames",
            "black": len(black),
            "frames": len(seen),
            "times": ", ".join(clock(frame.time_s or 0.0) for frame in black[:_TIMES_NAMED]),
        },
        measured=part,
        threshold=rules.black_share.value,
        rule=rules.black_share.name,
        region=_at(black[0].time_s or 0.0),
    )


def _frozen(stretches: Sequence[VideoSegment], policy: Policy) -> Iterator[Finding]:
    rules = policy.group(MovingRules)
    frozen = [one for one in stretches if one.kind == FROZEN]
    if not frozen:
        return
    longest = max(one.length_s for one in frozen)
    yield Finding(
        code="VID_FROZEN",
        severity=WARNING,
        kind=FAIL,
        action_ids=("VID_FROZEN.send",),
        params={"unit": "s", "stretches": len(frozen), "spans": _spans(frozen)},
        measured=longest,
        threshold=rules.frozen_s.value,
        rule=rules.frozen_s.name,
        region=_at(frozen[0].start_s),
    )


def _shaky(decoded: VideoMeasures, stretches: Sequence[VideoSegment], policy: Policy) -> Iterator[Finding]:
    rules = policy.group(MovingRules)
    shaky = [one for one in stretches if one.kind == SHAKY]
    part = share(shaky, SHAKY, decoded)
    if part < rules.shake_share.value:
        return
    yield Finding(
        code="VID_SHAKE",
        severity=WARNING,
        kind=FAIL,
        action_ids=("VID_SHAKE.record", _AS_IT_IS),
        params={
            "unit": "share of the time",
            "stretches": len(shaky),
            "strongest": round(max(decoded.shaken), 4),
            "spans": _spans(shaky),
        },
        measured=part,
        threshold=rules.shake_share.value,
        rule=rules.shake_share.name,
        region=_at(shaky[0].start_s),
    )


def _cuts(case: Case, policy: Policy) -> Iterator[Finding]:
    rules = policy.group(MovingRules)
    cuts = cuts_of(case.measurements, policy)
    most = rules.cuts_most.value
    if len(cuts) <= most:
        return
    roles = case.evidence.declared.all_roles
    wanted = not roles.isdisjoint(rules.one_take_roles)
    yield Finding(
        code="VID_CUTS",
        severity=WARNING if wanted else NOTE,
        kind=REVIEW if wanted else PASS,
        message_ids=("VID_CUTS", "VID_CUTS.one_take") if wanted else (),
        params={
            "unit": "cuts",
            "times": ", ".join(clock(cut.time_s) for cut in cuts),
            "one_take": wanted,
            "unlike": round(max(c.unlike for c in cuts), 3),
        },
        measured=float(len(cuts)),
        threshold=float(most),
        rule=rules.cuts_most.name,
        region=_at(cuts[0].time_s),
    )


def _sound(measured: Measurements, policy: Policy) -> Iterator[Finding]:
    state = sound_state(measured, policy)
    if state == NO_SOUND:
        yield Finding(code="VID_SILENT", severity=NOTE, kind=PASS, message_ids=("VID_SILENT.no_sound",))
    elif state == SILENT and measured.sound is not None:
        limit = policy.group(MovingRules).silent_db_below
        loudest = max(measured.sound.loudness, default=-96.0)
        yield Finding(
            code="VID_SILENT",
            severity=NOTE,
            kind=PASS,
            params={"unit": "dB"},
            measured=loudest,
            threshold=limit.value,
            rule=limit.name,
        )


def _reencoded(measured: Measurements, policy: Policy) -> Iterator[Finding]:
    """By the names of programs that encode again: a phone's recorder writes none of them."""
    rules = policy.group(MovingRules)
    encoders = measured.video.encoders if measured.video else ()
    names = rules.reencoders.value
    found = next((one for one in encoders if any(name.lower() in one.lower() for name in names)), None)
    if found is not None:
        yield Finding(
            code="VID_REENCODED",
            severity=NOTE,
            kind=PASS,
            params={"encoder": found},
            rule=rules.reencoders.name,
        )


def _spans(stretches: Sequence[VideoSegment]) -> str:
    """ "0:03-0:07, 0:12-0:14"."""
    return ", ".join(f"{clock(one.start_s)}-{clock(one.end_s)}" for one in stretches)


def _at(time_s: float) -> Region:
    return Region(0.0, 0.0, 1.0, 1.0, time_s=time_s)
