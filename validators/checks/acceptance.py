"""Is the file of a size and length that the marketplace takes? Its types are judged in file_format.py.

The limits are the marketplace's (rules.accept), so they are asked of what opens; what cannot be opened has its finding already.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from validators.case import Case
from validators.evidence import PHOTO, SCREENSHOT, VIDEO, Measurements
from validators.finding import ERROR, FAIL, Finding, Param
from validators.policy import Policy
from validators.sentences.wording import quantity
from validators.states import was_opened

_MIB = 1024.0 * 1024.0
_PICTURES = (PHOTO, SCREENSHOT)


@dataclass(frozen=True, slots=True)
class StatedLimit:
    """The most that may be sent of something: ``most`` in ``unit`` ("MB", "s")."""

    what: str
    most: float
    unit: str


def stated_limits(policy: Policy) -> tuple[StatedLimit, ...]:
    """What to tell before anything is sent: the marketplace's limits; where it names none, what can be opened at all."""
    found = [
        StatedLimit(what, policy.number(accepted) or policy.number(opened), unit)
        for what, accepted, opened, unit in (
            ("picture", "accept.photo_mb", "limits.still_mb", "MB"),
            ("document", "accept.document_mb", "limits.still_mb", "MB"),
            ("video", "accept.video_mb", "limits.video_mb", "MB"),
            ("video_length", "accept.video_s", "limits.video_s", "s"),
        )
    ]
    total = policy.number("accept.total_mb")
    return (*found, StatedLimit("total", total, "MB")) if total else tuple(found)


def accepted_types(policy: Policy) -> tuple[str, ...]:
    """The MIME types that the marketplace takes."""
    return policy.names("accept.types")


def acceptance(case: Case, policy: Policy) -> Iterator[Finding]:
    """FMT_NOT_ACCEPTED for a file that is too big, too long, or goes over what its party may send in all."""
    measured = case.measurements
    if not was_opened(measured):
        return
    name, rule = _size_rule(measured)
    most = policy.number(rule) * _MIB
    if 0 < most < case.evidence.bytes:
        has, may = quantity(case.evidence.bytes, "bytes"), quantity(most, "bytes")
        told = f"The file has {has}; the marketplace accepts {name} of up to {may}."
        yield _finding(told, _smaller(measured), case.evidence.bytes, most, "bytes", rule)
    yield from _length(measured, policy)
    yield from _total(case, policy)


def _size_rule(measured: Measurements) -> tuple[str, str]:
    if measured.kind == VIDEO:
        return "videos", "accept.video_mb"
    pictures = measured.kind in _PICTURES or measured.detected_type.startswith("image/")
    return ("pictures", "accept.photo_mb") if pictures else ("documents", "accept.document_mb")


def _length(measured: Measurements, policy: Policy) -> Iterator[Finding]:
    most = policy.number("accept.video_s")
    length = measured.video.duration_s if measured.video else None
    if length is not None and 0 < most < length:
        told = f"The video lasts {length:,.1f} seconds; the marketplace accepts up to {quantity(most, 's')}."
        yield _finding(told, "Send the part of it that shows the point.", length, most, "s", "accept.video_s")


def _total(case: Case, policy: Policy) -> Iterator[Finding]:
    most = policy.number("accept.total_mb") * _MIB
    total = case.bytes_before + case.evidence.bytes
    if 0 < most < total:
        has, may = quantity(total, "bytes"), quantity(most, "bytes")
        whose = f"the {case.evidence.party}'s evidence" if case.evidence.party else "the evidence"
        told = f"With this file {whose} has {has}; the marketplace accepts {may} in all."
        yield _finding(told, _smaller(case.measurements), total, most, "bytes", "accept.total_mb")


def _smaller(measured: Measurements) -> str:
    return "Send a shorter or smaller video." if measured.kind == VIDEO else "Send a smaller copy of it."


def _finding(message: str, action: str, measured: float, most: float, unit: str, rule: str) -> Finding:
    params: dict[str, Param] = {"unit": unit}
    return Finding("FMT_NOT_ACCEPTED", ERROR, FAIL, message, action, params, float(measured), most, rule)
