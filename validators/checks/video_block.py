"""The report's block on a video: its stretches, cuts and sound, as the policy tells them apart."""

from __future__ import annotations

from validators.case import Case
from validators.checks.recordings.audio import clipped_share
from validators.checks.video import sound_state
from validators.checks.video_segments import KINDS, MovingRules, cuts_of, segments_of, share
from validators.evidence import Measurements
from validators.policy import Policy
from validators.report import ReportedSegment, VideoCut, VideoReport, VideoSound


def video_block(case: Case, policy: Policy) -> VideoReport | None:
    """None for what is no video, or one that was not opened."""
    measured = case.measurements
    facts, decoded = measured.video, measured.decoded
    if facts is None:
        return None
    stretches = case.once(segments_of, policy)
    found = {kind: share(stretches, kind, decoded) for kind in KINDS} if decoded is not None else {}
    return VideoReport(
        fps=facts.fps,
        video_codec=facts.video_codec,
        audio_codec=facts.audio_codec,
        rotation_deg=facts.rotation_deg,
        measured_s=decoded.measured_s if decoded is not None else 0.0,
        moments=tuple(page.time_s for page in measured.pages if page.time_s is not None),
        shares=found,
        stretches=tuple(ReportedSegment(one.kind, one.start_s, one.end_s) for one in stretches),
        cuts=tuple(VideoCut(cut.time_s, cut.kind, cut.unlike) for cut in cuts_of(measured, policy)),
        sound=_sound(measured, policy),
    )


def _sound(measured: Measurements, policy: Policy) -> VideoSound:
    rules = policy.group(MovingRules)
    state, sound = sound_state(measured, policy), measured.sound
    if sound is None:
        return VideoSound(state)
    clipped = clipped_share(sound)
    return VideoSound(state, max(sound.loudness), clipped, clipped >= rules.clipped_share_above.value)
