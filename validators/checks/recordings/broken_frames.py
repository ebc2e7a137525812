"""A video or a recording whose decoder reports broken data: parts are missing, grey or smeared there, or cannot be heard."""

from __future__ import annotations

from collections.abc import Iterator

from validators.case import Case
from validators.checks.video_segments import MovingRules
from validators.clip_time import clock
from validators.evidence import AUDIO
from validators.finding import FAIL, WARNING, Finding
from validators.policy import Policy

_ONE_CAUSE = ("truncated", "damaged", "corrupt", "no_decode", "crashed", "encrypted")


def broken_frames(case: Case, policy: Policy) -> Iterator[Finding]:
    """FMT_DAMAGED where the decoder's errors are the only sign of it."""
    measured = case.measurements
    errors, rule = measured.decoder_errors, policy.group(MovingRules).decoder_errors_least
    if errors is None or errors.lines < rule.value or measured.problem(*_ONE_CAUSE) is not None:
        return
    yield Finding(
        code="FMT_DAMAGED",
        severity=WARNING,
        kind=FAIL,
        message_ids=("FMT_DAMAGED.sound_moments" if measured.kind == AUDIO else "FMT_DAMAGED.moments",),
        action_ids=("FMT_DAMAGED.send",),
        params={"unit": "reports", "spans": _spans(errors.seconds)},
        measured=float(errors.lines),
        threshold=float(rule.value),
        rule=rule.name,
    )


def _spans(seconds: tuple[int, ...]) -> str:
    """ "0:03-0:07, 0:12-0:13": each second that was reported, those in a row together."""
    runs: list[list[int]] = []
    for second in seconds:
        if runs and second <= runs[-1][1]:
            runs[-1][1] = second + 1
        else:
            runs.append([second, second + 1])
    return ", ".join(f"{clock(start)}-{clock(end)}" for start, end in runs)
