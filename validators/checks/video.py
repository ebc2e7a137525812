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
from validators.evidence import VIDEO, Measurements, PageMeasures, Region, VideoMeasures
from validators.finding import ERROR, FAIL, NOTE, PASS, REVIEW, WARNING, Finding
from validators.policy import Policy
from validators.sentences.wording import clock, counted, shown

_RECORD_AGAIN = "Record it again, or send the original file from the phone."
_AS_IT_IS = "If that can no longer be done, the mediator may accept it as it is."
_TIMES_NAMED = 3
_CUTS_NAMED = 6
_TOLD_ALREADY = ("truncated", "corrupt", "encrypted", "crashed", "time_limit", "memory_limit", "output_limit")
"""The format validator has named the cause; one cause makes one finding."""

SOUND, SILENT, NO_SOUND, UNKNOWN_SOUND = "sound", "silent", "none", "not_measured"


def moving(case: Case, policy: Policy) -> Iterator[Finding]:
    """VID_* findings. A missing tool is told by the format validator, once."""
    measured = case.measurements
    if measured.kind != VIDEO:
        return
    if measured.problem("no_video_stream") is not None:
        message = "The file has no moving picture in it."
        yield Finding("VID_NO_DECODE", ERROR, FAIL, message, _RECORD_AGAIN, {"problem": "no_video_stream"})
    elif measured.problem("no_decode") is not None and measured.problem(*_TOLD_ALREADY) is None:
        message = "The video cannot be played: no picture of it could be read."
        yield Finding("VID_NO_DECODE", ERROR, FAIL, message, _RECORD_AGAIN, {"problem": "no_decode"})
    if measured.video is None or not measured.pages:
        return
    if measured.decoded is None:
        yield from _black_moments(measured.pages, policy)
    else:
        stretches = segments_of(measured, policy)
        yield from _black(measured.decoded, stretches, policy)
        yield from _frozen(stretches, policy)
        yield from _shaky(measured.decoded, stretches, policy)
        yield from _cuts(case, policy)
    yield from _sound(measured, policy)
    yield from _reencoded(measured, policy)


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
    by_share, by_length = rules.black_share, rules.black_s
    if part >= 0.99:
        message = "The video is black throughout."
    else:
        message = f"The video is black for {_seconds(longest)}: {_spans(black)}."
    if part >= by_share.value:
        params: dict[str, str | int | float | bool | None] = {
            "unit": "share of the time",
            "stretches": len(black),
        }
        measured, rule = part, by_share
    elif longest >= by_length.value:
        params, measured, rule = {"unit": "s", "stretches": len(black)}, longest, by_length
    else:
        return
    action = f"Record it again in light, with nothing before the lens. {_AS_IT_IS}"
    yield Finding(
        "VID_BLACK",
        WARNING,
        FAIL,
        message,
        action,
        params,
        measured,
        rule.value,
        rule.name,
        _at(black[0].start_s),
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
    if len(black) == len(seen):
        message = "The video is black throughout."
    else:
        times = ", ".join(clock(frame.time_s or 0.0) for frame in black[:_TIMES_NAMED])
        message = f"The video is black in {len(black)} of the {len(seen)} moments looked at, as at {times}."
    yield Finding(
        "VID_BLACK",
        WARNING,
        FAIL,
        message,
        f"Record it again in light, with nothing before the lens. {_AS_IT_IS}",
        {"unit": "share of frames", "black": len(black), "frames": len(seen)},
        part,
        rules.black_share.value,
        rules.black_share.name,
        _at(black[0].time_s or 0.0),
    )


def _frozen(stretches: Sequence[VideoSegment], policy: Policy) -> Iterator[Finding]:
    rules = policy.group(MovingRules)
    frozen = [one for one in stretches if one.kind == FROZEN]
    if not frozen:
        return
    longest = max(one.length_s for one in frozen)
    yield Finding(
        "VID_FROZEN",
        WARNING,
        FAIL,
        f"The picture stands still for {_seconds(longest)}: {_spans(frozen)}.",
        "If it was not filmed so, send the original video from the phone. If it was, leave it as it is.",
        {"unit": "s", "stretches": len(frozen)},
        longest,
        rules.frozen_s.value,
        rules.frozen_s.name,
        _at(frozen[0].start_s),
    )


def _shaky(decoded: VideoMeasures, stretches: Sequence[VideoSegment], policy: Policy) -> Iterator[Finding]:
    rules = policy.group(MovingRules)
    shaky = [one for one in stretches if one.kind == SHAKY]
    part = share(shaky, SHAKY, decoded)
    if part < rules.shake_share.value:
        return
    yield Finding(
        "VID_SHAKE",
        WARNING,
        FAIL,
        f"The camera shakes for {part:.0%} of the time: {_spans(shaky)}.",
        f"Record it again: rest your elbows on something, hold the phone with both hands and move slowly. {_AS_IT_IS}",
        {"unit": "share of the time", "stretches": len(shaky), "strongest": round(max(decoded.shaken), 4)},
        part,
        rules.shake_share.value,
        rules.shake_share.name,
        _at(shaky[0].start_s),
    )


def _cuts(case: Case, policy: Policy) -> Iterator[Finding]:
    rules = policy.group(MovingRules)
    cuts = cuts_of(case.measurements, policy)
    most = rules.cuts_most.value
    if len(cuts) <= most:
        return
    roles = case.evidence.declared.all_roles
    wanted = not roles.isdisjoint(rules.one_take_roles)
    times = [clock(cut.time_s) for cut in cuts]
    named = ", ".join(times[:_CUTS_NAMED]) + (
        f" and {len(times) - _CUTS_NAMED} more" if len(times) > _CUTS_NAMED else ""
    )
    continuous = ", where one continuous take is asked for" if wanted else ""
    yield Finding(
        "VID_CUTS",
        WARNING if wanted else NOTE,
        REVIEW if wanted else PASS,
        f"There {'is' if len(cuts) == 1 else 'are'} {counted(len(cuts), 'cut')}, at {named}{continuous}.",
        None,
        {
            "unit": "cuts",
            "times": ", ".join(times),
            "one_take": wanted,
            "unlike": round(max(c.unlike for c in cuts), 3),
        },
        float(len(cuts)),
        float(most),
        rules.cuts_most.name,
        _at(cuts[0].time_s),
    )


def _sound(measured: Measurements, policy: Policy) -> Iterator[Finding]:
    state = sound_state(measured, policy)
    if state == NO_SOUND:
        yield Finding("VID_SILENT", NOTE, PASS, "The video has no sound.")
    elif state == SILENT and measured.sound is not None:
        limit = policy.group(MovingRules).silent_db_below
        loudest = max(measured.sound.loudness, default=-96.0)
        message = "The video has a sound track, but nothing can be heard on it."
        yield Finding(
            "VID_SILENT", NOTE, PASS, message, None, {"unit": "dB"}, loudest, limit.value, limit.name
        )


def _reencoded(measured: Measurements, policy: Policy) -> Iterator[Finding]:
    """By the names of programs that encode again: a phone's recorder writes none of them."""
    rules = policy.group(MovingRules)
    encoders = measured.video.encoders if measured.video else ()
    names = rules.reencoders.value
    found = next((one for one in encoders if any(name.lower() in one.lower() for name in names)), None)
    if found is not None:
        message = f"It was encoded again after it was recorded, by {shown(found)}. Common for clips from chats and websites."
        params = {"encoder": shown(found)}
        yield Finding("VID_REENCODED", NOTE, PASS, message, None, {**params}, rule=rules.reencoders.name)


def _spans(stretches: Sequence[VideoSegment]) -> str:
    """ "0:03 to 0:07, 0:12 to 0:14 and 2 more"."""
    named = ", ".join(f"{clock(one.start_s)} to {clock(one.end_s)}" for one in stretches[:_TIMES_NAMED])
    left = len(stretches) - _TIMES_NAMED
    return f"{named} and {left} more" if left > 0 else named


def _seconds(length_s: float) -> str:
    return f"{length_s:.1f} seconds" if length_s < 10 else f"{length_s:.0f} seconds"


def _at(time_s: float) -> Region:
    return Region(0.0, 0.0, 1.0, 1.0, time_s=time_s)
