"""Can a person read it? Focus, exposure, contrast and size, by the demands of each kind of item.

One cause makes one finding: a blank picture is not also called dark, nor a dark one soft.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from validators.case import Case
from validators.checks.clarity_faults import ClarityRules, fault_of, illegible, low_resolution
from validators.checks.mostly_text import shows_mostly_text
from validators.checks.video_segments import MovingRules
from validators.checks.views.blur import BLURRED, SHARP, UNDETERMINED, is_crisp, is_drawn, is_page
from validators.checks.views.fault import Fault
from validators.evidence import PHOTO, VIDEO, ClarityMeasures, Measurements, Region
from validators.finding import ERROR, FAIL, WARNING, Finding, Param
from validators.in_hand import may_be_in_hand
from validators.policy import Policy
from validators.report import Clarity

_WHOLE = Region(0.0, 0.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class _Seen:
    """One view that was measured: a still, a page, or a frame."""

    measures: ClarityMeasures
    page: int | None = None
    time_s: float | None = None
    is_drawn: bool = False


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
    measured = case.measurements
    worst = _worst_fault(measured, policy)
    roles = case.evidence.declared.all_roles
    shiny = (
        worst is not None and worst.fault.code == "CLR_GLARE"
    )  # makes no letters small: the text is told before it
    text = illegible(measured, roles, policy) if worst is None or shiny else None
    if text is not None:
        views = _views(measured, policy)
        yield _finding(_Told(text, views[0] if views else None), case, policy)
        return
    if worst is not None:
        yield _finding(worst, case, policy)
    small = low_resolution(measured, policy)
    if small is not None:
        yield _finding(_Told(small), case, policy)


def _worst_fault(measured: Measurements, policy: Policy) -> _Told | None:
    """The fault of focus, light or exposure that is told of an item; a picture that is too small is soft by its size."""
    views = _views(measured, policy)
    if measured.kind == VIDEO:  # black frames have their own finding
        black = policy.group(MovingRules).black_p95_below
        views = [view for view in views if view.measures.luma_p95 >= black]
    search = _in_most_frames if measured.kind == VIDEO else _worst
    worst = search(views, measured, policy)
    soft = worst is not None and worst.fault.code == "CLR_BLUR"
    return None if soft and low_resolution(measured, policy) is not None else worst


def clarity_block(measured: Measurements, policy: Policy) -> Clarity | None:
    """The report's clarity block: the view whose blur is told, else of a document its worst page, of a video its best frame."""
    views = _views(measured, policy)
    if not views:
        return None
    worst = _worst_fault(measured, policy)
    blurred = worst.view if worst is not None and worst.fault.code == "CLR_BLUR" else None
    ordered = sorted(views, key=lambda view: _softness(view.measures))
    chosen = blurred or (ordered[0] if measured.kind == VIDEO else ordered[-1])
    found = chosen.measures
    return Clarity(
        verdict=BLURRED if blurred else SHARP if is_crisp(found, policy) else UNDETERMINED,
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
    if measured.kind == VIDEO:
        frames = measured.seconds or measured.pages
        return [_Seen(frame.clarity, None, frame.time_s) for frame in frames if frame.clarity is not None]
    if measured.pages:
        own_text = rules.page_text_characters
        return [
            _Seen(page.clarity, page.number, is_drawn=is_drawn(measured, page, policy))
            for page in measured.pages
            if page.clarity is not None and page.characters < own_text
        ]
    if measured.clarity is None:
        return []
    return [_Seen(measured.clarity, is_drawn=is_drawn(measured, None, policy))]


def _softness(measures: ClarityMeasures) -> float:
    """Orders views from sharp to soft; one that cannot be told stands before every measured one."""
    return -1.0 if measures.sharpness is None else 1.0 - measures.sharpness


def _worst(views: list[_Seen], measured: Measurements, policy: Policy) -> _Told | None:
    """The worst page and how many share its fault. Blank pages count only where all are blank."""
    page, kind = is_page(measured, policy), measured.kind
    told = ((fault_of(v.measures, kind, policy, is_page=page, is_drawn=v.is_drawn), v) for v in views)
    faults = [(fault, view) for fault, view in told if fault is not None]
    if any(fault.code != "CLR_BLANK" for fault, _ in faults) or len(faults) < len(views):
        faults = [(fault, view) for fault, view in faults if fault.code != "CLR_BLANK"]
    if not faults:
        return None
    worst, where = max(faults, key=lambda item: (item[0].severe, item[0].excess))
    return _Told(worst, where, sum(fault.code == worst.code for fault, _ in faults), len(views))


def _in_most_frames(views: list[_Seen], measured: Measurements, policy: Policy) -> _Told | None:
    """A fault that most frames share, shown where it is worst; single soft frames are normal."""
    rules = policy.group(ClarityRules)
    faults = [(fault, view) for view in views if (fault := fault_of(view.measures, measured.kind, policy))]
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
    """How to take it again; nobody is asked twice, nor for what cannot be had."""
    rules = policy.group(ClarityRules)
    if case.evidence.declared.replaces is not None:
        return ("findings.retake.not_again",)
    if _shows_goods(case, policy) and not may_be_in_hand(case, policy):
        return ("findings.retake.another_then",)
    gone = not set(rules.roles_gone).isdisjoint(case.evidence.declared.all_roles)
    retake = f"findings.retake.{fault.retake}"
    return (retake, "findings.retake.only_if_possible" if gone else "findings.retake.or_as_it_is")


def _shows_goods(case: Case, policy: Policy) -> bool:
    """Whether it is a picture of a thing: a page or a screen can be had again by whoever has it."""
    measured, paper = case.measurements, set(policy.group(ClarityRules).text_roles)
    if measured.kind not in (PHOTO, VIDEO) or not paper.isdisjoint(case.evidence.declared.all_roles):
        return False
    return not (is_page(measured, policy) or shows_mostly_text(measured, policy))
