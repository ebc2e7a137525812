"""Can the file be opened, whole, and is it of a type that the marketplace takes?"""

from __future__ import annotations

from collections.abc import Iterator

from validators.before_judging import LimitRules
from validators.case import Case
from validators.checks.acceptance import AcceptRules
from validators.checks.file_types import is_named, normal, promised_types, type_name, type_names
from validators.evidence import DOCUMENT, VIDEO, Measurements, Problem
from validators.finding import ERROR, FAIL, NOT_APPLICABLE, NOTE, PASS, REVIEW, WARNING, Finding
from validators.policy import Policy
from validators.rules import Rule
from validators.sentences.wording import counted, quantity, shown
from validators.states import was_opened

_SEND_AGAIN = "Send the original file again."
_FORMATS = "Send it as a JPEG or PNG picture, a PDF or an MP4 video."
_OTHERWISE = "Save it in another format, or take a picture of it, and send that."
_BROKEN = ("FMT_CORRUPT", "The file is broken: nothing in it can be shown.", _SEND_AGAIN)

_PLAIN = {
    "empty": ("FMT_EMPTY", "The file is empty: it has 0 bytes.", _SEND_AGAIN),
    "missing": ("FMT_MISSING", "The dispute names this file, but it is not there.", "Send the file."),
    "gone": ("FMT_MISSING", "The file was removed before it could be read.", "Send the file again."),
    "unsafe_path": (
        "FMT_UNSUPPORTED",
        "This is a link or a special file, not a file with content, and was not opened.",
        "Send the file itself.",
    ),
    "corrupt": _BROKEN,
    "no_decode": _BROKEN,
    "encrypted": (
        "FMT_ENCRYPTED",
        "The file is protected by a password and cannot be opened.",
        "Remove the password and send the file again.",
    ),
    "crashed": ("FMT_QUARANTINED", "Opening this file failed.", _OTHERWISE),
    "truncated": ("FMT_TRUNCATED", "The end of the file is missing.", _SEND_AGAIN),
}
_BOUNDED = ("too_large", "time_limit", "memory_limit", "output_limit")
_OURS = ("unreadable_path", "internal")
_FIRST = (
    "missing",
    "gone",
    "unsafe_path",
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

_TRAILING = {
    "zip": "an archive (ZIP)",
    "rar": "an archive (RAR)",
    "7z": "an archive (7z)",
    "gzip": "an archive (gzip)",
    "html": "a web page",
    "script": "a script",
    "executable": "a program",
}


def file_format(case: Case, policy: Policy) -> Iterator[Finding]:
    """FMT_* findings, and SYS_* where a fault or a missing tool of ours kept the file from being opened."""
    measured = case.measurements
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
    if problem.code in _OURS:
        return _ours(problem)
    if problem.code in _BOUNDED:
        return _too_large(problem, measured, policy)
    if problem.code == "unsupported":
        return _unsupported(measured)
    code, message, action = _PLAIN[problem.code]
    if problem.code == "crashed" and (problem.actual or 0) > 1:
        message = "Opening this file failed twice."
    return Finding(
        code,
        ERROR,
        FAIL,
        message,
        action,
        {"detected_type": measured.detected_type, "detail": shown(problem.detail), "unit": problem.unit},
        problem.actual,
        problem.limit,
    )


def _unsupported(measured: Measurements) -> Finding:
    if is_named(measured.detected_type):
        message = f"This is {type_name(measured.detected_type)}, which cannot be opened here."
    else:
        message = "What this file holds is not known, so it cannot be opened."
    return Finding(
        "FMT_UNSUPPORTED", ERROR, FAIL, message, _FORMATS, {"detected_type": measured.detected_type}
    )


def _ours(problem: Problem) -> Finding:
    if problem.code == "unreadable_path":
        message = "The file could not be read from where it lies, so nothing was checked."
    else:
        message = "This file was not checked: our own check failed."
    return Finding("SYS_INCONCLUSIVE", NOTE, NOT_APPLICABLE, message, None, {"problem": problem.code})


def _tool_missing(problem: Problem) -> Finding:
    tool = shown(problem.detail) or "a tool"
    message = f"This file was not checked: {tool} is not installed here."
    return Finding("SYS_TOOL_MISSING", NOTE, NOT_APPLICABLE, message, None, {"tool": tool})


def _too_large(problem: Problem, measured: Measurements, policy: Policy) -> Finding:
    rule, limit, unit = _bound(problem, measured, policy)
    most = quantity(limit, unit)
    if problem.code == "time_limit":
        message = f"Opening this file takes longer than {most}."
    elif problem.code == "memory_limit":
        message = f"Opening this file takes more than {most} of memory."
    elif problem.code == "output_limit":
        message = f"What this file unpacks to is more than {most}."
    elif problem.actual is None:
        message = f"The file has more than the {most} that can be opened."
    else:
        message = f"The file has {quantity(problem.actual, unit)}; at most {most} can be opened."
    action = "Send a shorter or smaller video." if measured.kind == VIDEO else "Send a smaller copy of it."
    return Finding(
        "FMT_TOO_LARGE",
        ERROR,
        FAIL,
        message,
        action,
        {"problem": problem.code, "unit": unit, "detected_type": measured.detected_type},
        problem.actual,
        limit,
        rule,
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
    return measured.kind == VIDEO or measured.detected_type.startswith("video/")


def _damaged(measured: Measurements, problem: Problem) -> Finding:
    what = {VIDEO: "video", DOCUMENT: "document"}.get(measured.kind, "picture")
    return Finding(
        "FMT_DAMAGED",
        WARNING,
        FAIL,
        f"Part of the {what} data is damaged; the rest can be seen.",
        "Send the original file again, if you still have it.",
        {"detail": shown(problem.detail)},
    )


def _type_findings(case: Case, policy: Policy) -> Iterator[Finding]:
    rules = policy.group(AcceptRules)
    detected = normal(case.measurements.detected_type)
    if not is_named(detected):
        return
    accepted = rules.types.value
    if detected not in accepted:
        yield Finding(
            "FMT_NOT_ACCEPTED",
            ERROR,
            FAIL,
            f"This is {type_name(detected)}, which the marketplace does not accept.",
            f"Send it as {type_names(accepted)}." if accepted else _FORMATS,
            {"detected_type": detected},
            rule=rules.types.name,
        )
    calls, promised = promised_types(case.evidence)
    if promised and detected not in promised:
        yield Finding(
            "FMT_TYPE_MISMATCH",
            WARNING,
            FAIL,
            f"{calls} but is {type_name(detected)}.",
            None,
            {
                "detected_type": detected,
                "declared_type": case.evidence.declared.declared_type,
                "promised": calls,
            },
        )


def _trailing(measured: Measurements, policy: Policy) -> Iterator[Finding]:
    rules = policy.group(AcceptRules)
    problem = measured.problem("trailing_data")
    if problem is not None and problem.detail in rules.trailing_types.value:
        what = _TRAILING.get(problem.detail, shown(problem.detail))
        yield Finding(
            "FMT_TRAILING_DATA",
            WARNING,
            REVIEW,
            f"After its end the file holds {what}.",
            None,
            {"class": problem.detail, "unit": problem.unit},
            problem.actual,
            rule=rules.trailing_types.name,
        )


def _limited(measured: Measurements) -> Iterator[Finding]:
    message = _what_was_left_out(measured)
    if message is not None:
        problem = measured.problem("limited", *_BOUNDED) or Problem("limited")
        yield Finding(
            "FMT_LIMITED",
            NOTE,
            PASS,
            message,
            None,
            {"unit": problem.unit, "detail": shown(problem.detail)},
            problem.actual,
            problem.limit,
        )


def _what_was_left_out(measured: Measurements) -> str | None:
    limited = measured.problem("limited")
    if limited is not None:
        return _part_read(limited)
    if not was_opened(measured):
        return None
    bounded = measured.problem(*_BOUNDED)
    if bounded is not None:
        what = shown(bounded.detail) or bounded.code
        return f"Part of the file was not read: it is over a limit of opening ({what})."
    if measured.video is not None and not measured.video.decoded_to_end:
        seen = counted(len(measured.pages), "moment")
        return f"The video could not be read to its end; {seen} of it could be seen."
    return None


def _part_read(limited: Problem) -> str:
    if limited.limit is None or not limited.unit:
        return "Only part of the file was read."
    of = "" if limited.actual is None else f" of {limited.actual:,.0f}"
    if limited.limit == 1 and of:
        return f"Only the first{of} {shown(limited.unit)} was read."
    return f"Only the first {limited.limit:,.0f}{of} {shown(limited.unit)} were read."
