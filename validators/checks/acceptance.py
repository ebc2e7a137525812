"""Is the file of a size and length that the marketplace takes? Its types are judged in file_format.py.

The limits are the marketplace's (rules.accept), so they are asked of what opens; what cannot be opened has its finding already.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from validators.before_judging import LimitRules
from validators.case import Case
from validators.evidence import PHOTO, SCREENSHOT, VIDEO, Measurements
from validators.finding import ERROR, FAIL, Finding
from validators.policy import Policy
from validators.rules import Rule
from validators.states import was_opened

_MIB = 1024.0 * 1024.0
_PICTURES = (PHOTO, SCREENSHOT)


@dataclass(frozen=True, slots=True)
class AcceptRules:
    """[rules.accept]: the types, sizes and lengths that the marketplace takes."""

    table: ClassVar[str] = "accept"

    types: Rule[tuple[str, ...]]
    trailing_types: Rule[tuple[str, ...]]
    photo_mb: Rule[float]
    document_mb: Rule[float]
    video_mb: Rule[float]
    video_s: Rule[float]
    total_mb: Rule[float]


@dataclass(frozen=True, slots=True)
class StatedLimit:
    """The most that may be sent of something: ``most`` in ``unit`` ("MB", "s")."""

    what: str
    most: float
    unit: str


def stated_limits(policy: Policy) -> tuple[StatedLimit, ...]:
    """What to tell before anything is sent: the marketplace's limits; where it names none, what can be opened at all."""
    rules = policy.group(AcceptRules)
    opened = policy.group(LimitRules)
    found = (
        StatedLimit("picture", rules.photo_mb.value or opened.still_mb.value, "MB"),
        StatedLimit("document", rules.document_mb.value or opened.still_mb.value, "MB"),
        StatedLimit("video", rules.video_mb.value or opened.video_mb.value, "MB"),
        StatedLimit("video_length", rules.video_s.value or opened.video_s.value, "s"),
    )
    total = rules.total_mb.value
    return (*found, StatedLimit("total", total, "MB")) if total else found


def accepted_types(policy: Policy) -> tuple[str, ...]:
    """The MIME types that the marketplace takes."""
    rules = policy.group(AcceptRules)
    return rules.types.value


def acceptance(case: Case, policy: Policy) -> Iterator[Finding]:
    """FMT_NOT_ACCEPTED for a file that is too big, too long, or goes over what its party may send in all."""
    measured = case.measurements
    if not was_opened(measured):
        return
    kinds, rule = _size_rule(measured, policy.group(AcceptRules))
    most = rule.value * _MIB
    if 0 < most < case.evidence.bytes:
        yield _over_bytes(kinds, case, case.evidence.bytes, most, rule)
    yield from _length(measured, policy)
    yield from _total(case, policy)


def _size_rule(measured: Measurements, rules: AcceptRules) -> tuple[str, Rule[float]]:
    if measured.kind == VIDEO:
        return "videos", rules.video_mb
    pictures = measured.kind in _PICTURES or measured.detected_type.startswith("image/")
    return ("pictures", rules.photo_mb) if pictures else ("documents", rules.document_mb)


def _length(measured: Measurements, policy: Policy) -> Iterator[Finding]:
    rules = policy.group(AcceptRules)
    most = rules.video_s.value
    length = measured.video.duration_s if measured.video else None
    if length is not None and 0 < most < length:
        yield Finding(
            code="FMT_NOT_ACCEPTED",
            severity=ERROR,
            kind=FAIL,
            message_ids=("FMT_NOT_ACCEPTED.length",),
            action_ids=("FMT_NOT_ACCEPTED.shorten",),
            params={"unit": "s"},
            measured=length,
            threshold=most,
            rule=rules.video_s.name,
        )


def _total(case: Case, policy: Policy) -> Iterator[Finding]:
    rules = policy.group(AcceptRules)
    most = rules.total_mb.value * _MIB
    total = case.bytes_before + case.evidence.bytes
    if 0 < most < total:
        yield _over_bytes(
            "total_of_party" if case.evidence.declared.party else "total", case, total, most, rules.total_mb
        )


def ask_for_smaller(measured: Measurements) -> str:
    """The id of asking for less of it."""
    return "findings.send.smaller_video" if measured.kind == VIDEO else "findings.send.smaller"


def _over_bytes(variant: str, case: Case, size: int, most: float, rule: Rule[float]) -> Finding:
    return Finding(
        code="FMT_NOT_ACCEPTED",
        severity=ERROR,
        kind=FAIL,
        message_ids=(f"FMT_NOT_ACCEPTED.{variant}",),
        action_ids=(ask_for_smaller(case.measurements),),
        params={"unit": "bytes", "party": case.evidence.declared.party},
        measured=float(size),
        threshold=most,
        rule=rule.name,
    )
