"""A recording of sound alone: can anything be heard, and was it too loud for the recorder?"""

from __future__ import annotations

from collections.abc import Iterator

from validators.case import Case
from validators.checks.video_segments import MovingRules
from validators.evidence import AUDIO, SoundMeasures
from validators.finding import FAIL, NOTE, PASS, WARNING, Finding
from validators.policy import Policy
from validators.report import AudioReport, VideoSound


def audio(case: Case, policy: Policy) -> Iterator[Finding]:
    """AUD_* findings."""
    measured = case.measurements
    if measured.kind != AUDIO or measured.sound is None:
        return
    rules = policy.group(MovingRules)
    loudest, clipped = max(measured.sound.loudness), clipped_share(measured.sound)
    if loudest < rules.silent_db_below.value:
        yield Finding(
            code="AUD_SILENT",
            severity=WARNING,
            kind=FAIL,
            action_ids=("AUD_SILENT.send", "findings.retake.or_as_it_is"),
            params={"unit": "dB"},
            measured=loudest,
            threshold=rules.silent_db_below.value,
            rule=rules.silent_db_below.name,
        )
    elif clipped >= rules.clipped_share_above.value:
        yield Finding(
            code="AUD_CLIPPED",
            severity=NOTE,
            kind=PASS,
            params={"unit": "share of the time"},
            measured=clipped,
            threshold=rules.clipped_share_above.value,
            rule=rules.clipped_share_above.name,
        )


def audio_block(case: Case, policy: Policy) -> AudioReport | None:
    """The report's block on a recording of sound; None for anything else, and for what was not opened."""
    measured = case.measurements
    if measured.audio is None or measured.sound is None:
        return None
    rules = policy.group(MovingRules)
    loudest, clipped = max(measured.sound.loudness), clipped_share(measured.sound)
    state = "silent" if loudest < rules.silent_db_below.value else "sound"
    sound = VideoSound(state, loudest, clipped, clipped >= rules.clipped_share_above.value)
    return AudioReport(measured.audio.codec, sound)


def clipped_share(sound: SoundMeasures) -> float:
    """The share of all samples that is cut off at full scale."""
    return sum(sound.clipped) / len(sound.clipped)
