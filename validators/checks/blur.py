"""Blur that everybody sees. What is merely soft is neither called sharp nor blurred.

Of a photo: in a copy of 400 px even the best direction is soft, or the worst falls far behind the best, as after movement;
and no fine texture stands in it.
Of a page or a screen, whose strokes are crisp by nature: the worst direction is soft.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from validators.checks.fault import RESEND, Fault
from validators.evidence import DOCUMENT, PHOTO, SCREENSHOT, VIDEO, ClarityMeasures, Definition, Measurements
from validators.policy import Policy
from validators.rules import Rule

SHARP = "sharp"
BLURRED = "blurred"
UNDETERMINED = "undetermined"

_PER_MOST = 0.4  # of the best direction, that the worst may fall behind it in photos that nothing moved
_PER_SHARPNESS = 0.2  # crisp edges of the view speak against blur: most of all where a copy shows few


@dataclass(frozen=True, slots=True)
class BlurRules:
    """[rules.blur]: from where on blur is reported, and asked for again."""

    table: ClassVar[str] = "blur"

    focus_below: Rule[float]
    definition_below: Rule[float]
    fine_detail_above: float
    severe_focus_below: float
    severe_definition_below: float
    least_places: int
    page_least_places: int
    page_definition_below: Rule[float]
    page_severe_below: float
    page_palette_above: float
    page_patch_below: float
    page_printed_below: float
    video_sharpness_below: Rule[float]
    video_least_edges: int
    sharp_above: float
    noise_above: float


def is_page(measured: Measurements, policy: Policy) -> bool:
    """Whether it is to be as crisp as a page or a screen.

    One that blur has made look like a photo is told by its few colours and the many marks in them. Where much of the detail
    still is print, its letters are told, and it is not blurred like this.
    """
    content, rules = measured.content, policy.group(BlurRules)
    if content is not None and content.printed_fraction >= rules.page_printed_below:
        return False
    if measured.kind != PHOTO or content is None:
        return measured.kind in (SCREENSHOT, DOCUMENT)
    few_colours = content.palette_share >= rules.page_palette_above
    return few_colours and content.largest_patch < rules.page_patch_below


def blur_of(measures: ClarityMeasures, kind: str, policy: Policy, *, is_page: bool) -> Fault | None:
    """CLR_BLUR of one view, None where it has none, or too few places to tell."""
    if kind == VIDEO:
        return _of_frame(measures, policy)
    found = measures.definition
    if found is None or found.places < policy.group(BlurRules).least_places:
        return None
    if is_page:
        return _of_page(measures, found, kind, policy)
    return _of_photo(measures, found, kind, policy)


def is_crisp(measures: ClarityMeasures, policy: Policy) -> bool:
    """Whether edges are crisp, and not merely those of grain."""
    rules = policy.group(BlurRules)
    sharpness = measures.sharpness
    return sharpness is not None and sharpness >= rules.sharp_above and measures.noise <= rules.noise_above


def _of_photo(measures: ClarityMeasures, found: Definition, kind: str, policy: Policy) -> Fault | None:
    rules = policy.group(BlurRules)
    if measures.fine_detail >= rules.fine_detail_above:
        return None
    focus = found.least - _PER_MOST * found.most + _PER_SHARPNESS * (measures.sharpness or 0.0)
    if found.most < rules.definition_below.value:
        severe = _is_severe(measures, rules)
        variant = "severe" if severe else ""
        return _fault(measures, kind, found.most, rules.definition_below, severe=severe, variant=variant)
    if focus < rules.focus_below.value:
        severe = _is_severe(measures, rules)
        variant = "severe" if severe else "moved"
        return _fault(measures, kind, focus, rules.focus_below, severe=severe, variant=variant)
    return None


def _is_severe(measures: ClarityMeasures, rules: BlurRules) -> bool:
    """Whether a copy of 200 px is blurred too."""
    small = measures.definition_small
    if small is None:
        return False
    behind = small.least - _PER_MOST * small.most
    return behind < rules.severe_focus_below or small.most < rules.severe_definition_below


def _of_page(measures: ClarityMeasures, found: Definition, kind: str, policy: Policy) -> Fault | None:
    rules = policy.group(BlurRules)
    if found.least_drawn >= rules.page_definition_below.value or found.places < rules.page_least_places:
        return None
    severe = found.least_drawn < rules.page_severe_below
    variant = "page" if severe else ""
    return _fault(
        measures, kind, found.least_drawn, rules.page_definition_below, severe=severe, variant=variant
    )


def _of_frame(measures: ClarityMeasures, policy: Policy) -> Fault | None:
    rules = policy.group(BlurRules)
    sharpness, limit = measures.sharpness, rules.video_sharpness_below
    if sharpness is None or sharpness >= limit.value or measures.edge_count < rules.video_least_edges:
        return None
    return _fault(measures, VIDEO, sharpness, limit, severe=False)


def _fault(
    measures: ClarityMeasures,
    kind: str,
    measured: float,
    rule: Rule[float],
    *,
    severe: bool,
    variant: str = "",
) -> Fault:
    return Fault(
        code="CLR_BLUR",
        severe=severe,
        retake=RESEND.get(kind, "steady"),
        measured=measured,
        threshold=rule.value,
        rule=rule.name,
        unit="sharpness",
        excess=1.0 - measured / rule.value,
        variant=variant,
        region=measures.weakest,
    )
