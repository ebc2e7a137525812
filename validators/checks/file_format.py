"""Can the file be opened, whole, and is it of a type that the marketplace takes?"""

from __future__ import annotations

from collections.abc import Iterator

from validators.before_judging import LimitRules
from validators.case import Case
from validators.checks.acceptance import AcceptRules, ask_for_smaller
from validators.checks.file_types import NAMED, extension_of, is_named, normal, promised_types
from validators.checks.upload_failed import upload_failed
from validators.evidence import AUDIO, DOCUMENT, VIDEO, Measurements, Problem
from validators.finding import ERROR, FAIL, NOT_APPLICABLE, NOTE, PASS, REVIEW, WARNING, Finding
from validators.measures.containers.file_type import SUPPORTED
from validators.policy import Policy
from validators.rules import Rule
from validators.safe_text import shorten
from validators.states import was_opened

_ORIGINAL, _FORMATS = "findings.send.original", "findings.send.formats"

_PLAIN = {
    "empty": ("FMT_EMPTY", "FMT_EMPTY", _ORIGINAL),
    "missing": ("FMT_MISSING", "FMT_MISSING.absent", "FMT_MISSING.send"),
    "gone": ("FMT_MISSING", "FMT_MISSING.gone", "findings.send.again"),
    "unsafe_path": ("FMT_UNSUPPORTED", "FMT_UNSUPPORTED.link", "FMT_UNSUPPORTED.send"),
    "corrupt": ("FMT_CORRUPT", "FMT_CORRUPT", _ORIGINAL),
    "no_decode": ("FMT_CORRUPT", "FMT_CORRUPT", _ORIGINAL),
    "encrypted": ("FMT_ENCRYPTED", "FMT_ENCRYPTED", "FMT_ENCRYPTED.send"),
    "crashed": ("FMT_QUARANTINED", "FMT_QUARANTINED", "FMT_QUARANTINED.send"),
    "truncated": ("FMT_TRUNCATED", "FMT_TRUNCATED", _ORIGINAL),
}
"""By problem: the code, what is said and what is asked for."""
_BOUNDED = ("too_large", "time_limit", "memory_limit", "output_limit")
_OURS = ("unreadable_path", "internal")
_REASONS = ("archived", "denied", "encrypted")
_FIRST = (
    "missing",
    "gone",
    "unsafe_path",
    "not_fetched",
    *_OURS,
    "empty",
    *_BOUNDED,
    "encrypted",
    "unsupported",
    "corrupt",
    "crashed",
)
_ORDER = (*_FIRST, "truncated", "no_decode")
"""One cause makes one finding: of several problems the first in this order is told."""

_OVER = {"time_limit": "time", "memory_limit": "memory", "output_limit": "unpacked"}
_PARTS = {VIDEO: "video", AUDIO: "sound", DOCUMENT: "document"}


def file_format(case: Case, policy: Policy) -> Iterator[Finding]:
    """FMT_* findings, and SYS_* where a fault or a missing tool of ours kept the file from being opened."""
    measured = case.measurements
    failed = upload_failed(case)
    if failed is not None:
        yield failed
        return
    fatal = _fatal_problem(measured)
    if fatal is not None:
        yield _fatal(fatal, measured, policy)
    missing_tool = measured.problem("tool_missing")
    if missing_tool is not None:
        yield _tool_missing(missing_tool)
    damaged = measured.problem("damaged")
    if damaged is not None and fatal is None:
        yield _damaged(measured, damaged)
    if fatal is None or fatal.code == "truncated":
        yield from _type_findings(case, policy)
    yield from _trailing(measured, policy)
    yield from _limited(measured)
    former = measured.problem("not_measured_again")
    if former is not None:
        yield _former(former)


def _fatal_problem(measured: Measurements) -> Problem | None:
    """The problem to tell as an error; a limit that only part of an opened file ran into is none."""
    opened = was_opened(measured)
    for code in _ORDER:
        problem = measured.problem(code)
        if (
            problem is None
            or (code in _BOUNDED and opened)
            or (code == "no_decode" and measured.kind == VIDEO)
        ):
            continue
        return problem
    return None


def _fatal(problem: Problem, measured: Measurements, policy: Policy) -> Finding:
    if problem.code == "not_fetched":
        return _not_fetched(problem)
    if problem.code in _OURS:
        return _ours(problem)
    if problem.code in _BOUNDED:
        return _too_large(problem, measured, policy)
    if problem.code == "unsupported":
        return _unsupported(measured)
    code, message_id, action_id = _PLAIN[problem.code]
    if problem.code == "crashed" and (problem.actual or 0) > 1:
        message_id = "FMT_QUARANTINED.twice"
    return Finding(
        code=code,
        severity=ERROR,
        kind=FAIL,
        message_ids=(message_id,),
        action_ids=(action_id,),
        params={
            "detected_type": measured.detected_type,
            "detail": shorten(problem.detail),
            "unit": problem.unit,
        },
        measured=problem.actual,
        threshold=problem.limit,
    )


def _unsupported(measured: Measurements) -> Finding:
    return Finding(
        code="FMT_UNSUPPORTED",
        severity=ERROR,
        kind=FAIL,
        message_ids=(
            "FMT_UNSUPPORTED.type" if is_named(measured.detected_type) else "FMT_UNSUPPORTED.unknown",
        ),
        action_ids=(_FORMATS,),
        params={"detected_type": measured.detected_type},
    )


def _ours(problem: Problem) -> Finding:
    unreadable = problem.code == "unreadable_path"
    return Finding(
        code="SYS_INCONCLUSIVE",
        severity=NOTE,
        kind=NOT_APPLICABLE,
        message_ids=("SYS_INCONCLUSIVE.unreadable" if unreadable else "SYS_INCONCLUSIVE.internal",),
        params={"problem": problem.code},
    )


def _not_fetched(problem: Problem) -> Finding:
    reason = problem.detail if problem.detail in _REASONS else "unreadable"
    return Finding(
        code="SYS_NOT_FETCHED",
        severity=NOTE,
        kind=NOT_APPLICABLE,
        message_ids=(f"SYS_NOT_FETCHED.{reason}",),
        params={"reason": reason},
    )


def _former(problem: Problem) -> Finding:
    return Finding(
        code="SYS_FORMER_MEASURES",
        severity=NOTE,
        kind=NOT_APPLICABLE,
        params={"reason": shorten(problem.detail)},
    )


def _tool_missing(problem: Problem) -> Finding:
    tool = shorten(problem.detail)
    return Finding(
        code="SYS_TOOL_MISSING",
        severity=NOTE,
        kind=NOT_APPLICABLE,
        message_ids=() if tool else ("SYS_TOOL_MISSING.unnamed",),
        params={"tool": tool},
    )


def _too_large(problem: Problem, measured: Measurements, policy: Policy) -> Finding:
    rule, limit, unit = _bound(problem, measured, policy)
    by_size = "over" if problem.actual is None else "size"
    return Finding(
        code="FMT_TOO_LARGE",
        severity=ERROR,
        kind=FAIL,
        message_ids=(f"FMT_TOO_LARGE.{_OVER.get(problem.code, by_size)}",),
        action_ids=(ask_for_smaller(measured),),
        params={"problem": problem.code, "unit": unit, "detected_type": measured.detected_type},
        measured=problem.actual,
        threshold=limit,
        rule=rule,
    )


def _bound(problem: Problem, measured: Measurements, policy: Policy) -> tuple[str | None, float, str]:
    """The rule that bounds, the limit and its unit; the limit that opening ran into goes before today's."""
    rule, factor, unit = _rule_of(problem, measured, policy.group(LimitRules))
    if problem.limit is not None:
        known = problem.unit is None or problem.unit == unit
        return rule.name if known else None, problem.limit, problem.unit or unit
    return rule.name, rule.value * factor, unit


def _rule_of(
    problem: Problem, measured: Measurements, rules: LimitRules
) -> tuple[Rule[float] | Rule[int], float, str]:
    mib = 1024.0 * 1024.0
    if problem.code == "time_limit":
        return rules.seconds, 1.0, "s"
    if problem.code == "memory_limit":
        return rules.memory_mb, mib, "bytes"
    if problem.code == "output_limit":
        return rules.output_mb, mib, "bytes"
    by_unit: dict[str, tuple[Rule[float] | Rule[int], float, str]] = {
        "pixels": (rules.megapixels, 1e6, "pixels"),
        "px": (rules.side_px, 1.0, "px"),
        "pages": (rules.pages_read, 1.0, "pages"),
        "s": (rules.video_s, 1.0, "s"),
    }
    of_bytes = (rules.video_mb if _is_video(measured) else rules.still_mb, mib, "bytes")
    return by_unit.get(problem.unit or "bytes", of_bytes)


def _is_video(measured: Measurements) -> bool:
    """Whether the limit of videos bounds it: also of what is larger than any file may be, and was not opened."""
    of_videos = ("video/", "audio/", "application/zip")
    never_opened = not measured.detected_type
    return never_opened or measured.kind == VIDEO or measured.detected_type.startswith(of_videos)


def _damaged(measured: Measurements, problem: Problem) -> Finding:
    return Finding(
        code="FMT_DAMAGED",
        severity=WARNING,
        kind=FAIL,
        message_ids=(f"FMT_DAMAGED.{_PARTS.get(measured.kind, 'picture')}",),
        action_ids=("FMT_DAMAGED.send",),
        params={"detail": shorten(problem.detail)},
    )


def _type_findings(case: Case, policy: Policy) -> Iterator[Finding]:
    rules = policy.group(AcceptRules)
    detected = normal(case.measurements.detected_type)
    if not is_named(detected):
        return
    accepted = rules.types.value
    # a list that takes all that can be read here was narrowed by nobody: what a person can open is no fault then
    openable = case.measurements.problem("unchecked", "members_left") or case.measurements.members
    taken = bool(openable) and set(accepted) >= SUPPORTED
    if detected not in accepted and not taken:
        yield Finding(
            code="FMT_NOT_ACCEPTED",
            severity=ERROR,
            kind=FAIL,
            message_ids=("FMT_NOT_ACCEPTED.type",),
            action_ids=("FMT_NOT_ACCEPTED.send" if accepted else _FORMATS,),
            params={"detected_type": detected, "accepted": ", ".join(accepted)},
            rule=rules.types.name,
        )
    promised_by, promised = promised_types(case.evidence)
    if promised and detected not in promised:
        named = promised_by == NAMED
        yield Finding(
            code="FMT_TYPE_MISMATCH",
            severity=WARNING,
            kind=FAIL,
            message_ids=("FMT_TYPE_MISMATCH.named" if named else "FMT_TYPE_MISMATCH.declared",),
            params={
                "detected_type": detected,
                "declared_type": case.evidence.declared.declared_type,
                "promised_by": promised_by,
                "extension": extension_of(case.evidence),
            },
        )


def _trailing(measured: Measurements, policy: Policy) -> Iterator[Finding]:
    rules = policy.group(AcceptRules)
    problem = measured.problem("trailing_data")
    if problem is not None and problem.detail in rules.trailing_types.value:
        yield Finding(
            code="FMT_TRAILING_DATA",
            severity=WARNING,
            kind=REVIEW,
            params={"class": problem.detail, "unit": problem.unit},
            measured=problem.actual,
            rule=rules.trailing_types.name,
        )


def _limited(measured: Measurements) -> Iterator[Finding]:
    variant = _what_was_left_out(measured)
    if variant is not None:
        problem = measured.problem("limited", *_BOUNDED) or Problem("limited")
        yield Finding(
            code="FMT_LIMITED",
            severity=NOTE,
            kind=PASS,
            message_ids=(f"FMT_LIMITED.{variant}",),
            params={
                "unit": problem.unit,
                "detail": shorten(problem.detail),
                "problem": problem.code,
                "frames": len(measured.pages),
            },
            measured=problem.actual,
            threshold=problem.limit,
        )


def _what_was_left_out(measured: Measurements) -> str | None:
    limited = measured.problem("limited")
    if limited is not None:
        if limited.limit is None or not limited.unit:
            return "part"
        return "first" if limited.actual is None else "first_of"
    if not was_opened(measured):
        return None
    if measured.problem(*_BOUNDED) is not None:
        return "over"
    if measured.video is not None and not measured.video.decoded_to_end:
        return "video_end"
    return None
