"""Can a person read it? Focus, exposure, contrast and size, by the demands of each kind of item.

One cause makes one finding: a blank picture is not also called dark, nor a dark one soft.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from validators.case import Case
from validators.checks.clarity_faults import (
    ClarityRules,
    Fault,
    clarity_verdict,
    fault_of,
    illegible,
    low_resolution,
)
from validators.checks.video_segments import MovingRules
from validators.evidence import VIDEO, ClarityMeasures, Measurements, Region
from validators.finding import ERROR, FAIL, WARNING, Finding, Param
from validators.policy import Policy
from validators.report import Clarity

__all__ = ["clarity", "clarity_block", "clarity_verdict"]

_WHOLE = Region(0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class _Seen:
    """One view that was measured: a still, a page, or a frame."""

    measures: ClarityMeasures
    page: int | None = None
    time_s: float | None = None


@dataclass(frozen=True, slots=True)
class _Told:
    """A fault, the view that shows it worst, and how many of the views share it."""

    fault: Fault
    view: _Seen | None = None
    sharing: int = 1
    of: int = 1


def clarity(case: Case, policy: Policy) -> Iterator[Finding]:
    """CLR_* findings: at most one of focus, exposure and text, and one of size.

    Text that is too small explains a picture that is too small, and is told in its place.
    """
    rules = policy.group(MovingRules)
    measured = case.measurements
    views = _views(measured, policy)
    if measured.kind == VIDEO:  # black frames have their own finding
        black = rules.black_p95_below
        views = [view for view in views if view.measures.luma_p95 >= black]
    search = _in_most_frames if measured.kind == VIDEO else _worst
    worst = search(views, measured.kind, policy)
    roles = case.evidence.declared.all_roles
    shiny = (
        worst is not None and worst.fault.code == "CLR_GLARE"
    )  # makes no letters small: the text is told before it
    text = illegible(measured, roles, policy) if worst is None or shiny else None
    if text is not None:
        yield _finding(_Told(text, views[0] if views else None), case, policy)
        return
    small = low_resolution(measured, policy)
    if worst is not None and not (small is not None and worst.fault.code == "CLR_BLUR"):
        yield _finding(worst, case, policy)
    if small is not None:
        yield _finding(_Told(small), case, policy)


def clarity_block(measured: Measurements, policy: Policy) -> Clarity | None:
    """The report's clarity block: of a document its worst page, of a video its best frame."""
    views = _views(measured, policy)
    if not views:
        return None
    ordered = sorted(views, key=lambda view: _softness(view.measures))
    chosen = ordered[0] if measured.kind == VIDEO else ordered[-1]
    found = chosen.measures
    return Clarity(
        verdict=clarity_verdict(found, measured.kind, policy),
        sharpness=found.sharpness,
        noise=found.noise,
        luma_mean=found.luma_mean,
        contrast=found.luma_std,
        dark_fraction=found.dark_fraction,
        clipped_fraction=found.clipped_fraction,
        weakest=_placed(found.weakest, chosen) if found.weakest else None,
    )


def _views(measured: Measurements, policy: Policy) -> list[_Seen]:
    """What there is to judge. A page with text of its own is legible however its picture measures."""
    rules = policy.group(ClarityRules)
    pages = measured.seconds or measured.pages
    if pages:
        own_text = rules.page_text_characters
        return [
            _Seen(page.clarity, None if measured.kind == VIDEO else page.number, page.time_s)
            for page in pages
            if page.clarity is not None and page.characters < own_text
        ]
    return [_Seen(measured.clarity)] if measured.clarity is not None else []


def _softness(measures: ClarityMeasures) -> float:
    """Orders views from sharp to soft; one that cannot be told stands before every measured one."""
    return -1.0 if measures.sharpness is None else 1.0 - measures.sharpness


def _worst(views: list[_Seen], kind: str, policy: Policy) -> _Told | None:
    """The worst page and how many share its fault. Blank pages count only where all are blank."""
    faults = [(fault, view) for view in views if (fault := fault_of(view.measures, kind, policy))]
    if any(fault.code != "CLR_BLANK" for fault, _ in faults) or len(faults) < len(views):
        faults = [(fault, view) for fault, view in faults if fault.code != "CLR_BLANK"]
    if not faults:
        return None
    worst, where = max(faults, key=lambda item: (item[0].severe, item[0].excess))
    return _Told(worst, where, sum(fault.code == worst.code for fault, _ in faults), len(views))


def _in_most_frames(views: list[_Seen], kind: str, policy: Policy) -> _Told | None:
    """A fault that most frames share, shown where it is worst; single soft frames are normal."""
    rules = policy.group(ClarityRules)
    faults = [(fault, view) for view in views if (fault := fault_of(view.measures, kind, policy))]
    for code in dict.fromkeys(fault.code for fault, _ in faults):
        sharing = [(fault, view) for fault, view in faults if fault.code == code]
        if len(sharing) >= rules.frames_share * len(views):
            worst, where = max(sharing, key=lambda item: item[0].excess)
            severe = all(fault.severe for fault, _ in sharing)
            return _Told(replace(worst, severe=severe), where, len(sharing), len(views))
    return None


def _placed(region: Region, view: _Seen) -> Region:
    return replace(region, page=view.page, time_s=view.time_s)


def _finding(told: _Told, case: Case, policy: Policy) -> Finding:
    fault, region = told.fault, None
    if told.view is not None:
        region = _placed(fault.region or _WHOLE, told.view)
    params: dict[str, Param] = {"unit": fault.unit, "views": told.of, "views_sharing": told.sharing}
    if told.view is not None and told.view.page is not None:
        params["page"] = told.view.page
    return Finding(
        code=fault.code,
        severity=ERROR if fault.severe else WARNING,
        kind=FAIL,
        message_ids=(fault.message_id, *_views_sharing(told)),
        action_ids=_actions(fault, case, policy),
        params={**params, **fault.params},
        measured=fault.measured,
        threshold=fault.threshold,
        rule=fault.rule,
        region=region,
    )


def _views_sharing(told: _Told) -> tuple[str, ...]:
    """Of how many pages or frames it speaks; nothing where there is one."""
    if told.view is None or told.of == 1:
        return ()
    if told.view.page is None:
        return ("findings.views.frames",)
    return ("findings.views.page",) if told.sharing == 1 else ("findings.views.pages",)


def _actions(fault: Fault, case: Case, policy: Policy) -> tuple[str, ...]:
    """How to take it again; nobody is asked twice for what cannot be had."""
    rules = policy.group(ClarityRules)
    if case.evidence.declared.replaces is not None:
        return ("findings.retake.not_again",)
    gone = not set(rules.roles_gone).isdisjoint(case.evidence.declared.all_roles)
    retake = f"findings.retake.{fault.retake}"
    return (retake, "findings.retake.only_if_possible" if gone else "findings.retake.or_as_it_is")
