"""Blur that everybody sees. What is merely soft is neither called sharp nor blurred.

Of a photo: even in a copy of 400 px the worst direction is soft, as it is or beside the best one, and neither fine texture
nor crisp edges speak against it.
Of a page, whose strokes are crisp by nature: the worst direction is soft. What is drawn cannot be blurred, as are screens
and most pages of documents.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import ClassVar

from validators.checks.views.fault import RESEND, Fault
from validators.evidence import (
    DOCUMENT,
    PHOTO,
    SCREENSHOT,
    VIDEO,
    ClarityMeasures,
    Definition,
    Measurements,
    PageMeasures,
)
from validators.policy import Policy
from validators.rules import Rule

SHARP = "sharp"
BLURRED = "blurred"
UNDETERMINED = "undetermined"

# Weights by logistic regression of planted blur against sharp photos, rounded.
_PER_MOST = 0.3  # how far the worst direction may fall behind the best in photos that nothing moved
_PER_SHARPNESS = 0.15  # of the edges of the view, which a copy does not show
_PER_FINE_DETAIL = 0.05  # of its natural logarithm
_LEAST_FINE_DETAIL = 0.2  # less is no blurrier
_PER_MOST_SMALL = 0.4


@dataclass(frozen=True, slots=True)
class BlurRules:
    """[rules.blur]: from where on blur is reported, and asked for again."""

    table: ClassVar[str] = "blur"

    focus_below: Rule[float]
    focus_below_small: Rule[float]
    small_side_below: int
    moved_above: float
    severe_focus_below: float
    severe_definition_below: float
    least_places: int
    page_least_places: int
    page_fine_detail_above: float
    page_definition_below: Rule[float]
    page_severe_below: float
    page_palette_above: float
    page_patch_below: float
    page_printed_below: float
    drawn_pictured_below: float
    drawn_flat_above: float
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


def is_drawn(measured: Measurements, page: PageMeasures | None, policy: Policy) -> bool:
    """Whether the page is drawn from letters and lines for the most part, and no scan; of a still, whether most is even."""
    rules = policy.group(BlurRules)
    if page is not None:
        return page.pictured < rules.drawn_pictured_below
    return measured.content is not None and measured.content.flat_fraction >= rules.drawn_flat_above


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
    limit = rules.focus_below_small if measures.side < rules.small_side_below else rules.focus_below
    focus = _focus(measures, found)
    if focus >= limit.value:
        return None
    if _is_severe(measures, rules):
        return _fault(measures, kind, focus, limit, severe=True, variant="severe")
    moved = found.most >= rules.moved_above
    return _fault(measures, kind, focus, limit, severe=False, variant="moved" if moved else "")


def _focus(measures: ClarityMeasures, found: Definition) -> float:
    """How far the worst direction keeps up with the best, with what speaks for focus besides."""
    texture = math.log(max(measures.fine_detail, _LEAST_FINE_DETAIL))
    edges = measures.sharpness or 0.0
    return found.least - _PER_MOST * found.most + _PER_SHARPNESS * edges + _PER_FINE_DETAIL * texture


def _is_severe(measures: ClarityMeasures, rules: BlurRules) -> bool:
    """Whether a copy of 200 px is blurred too."""
    small = measures.definition_small
    if small is None:
        return False
    behind = small.least - _PER_MOST_SMALL * small.most
    return behind < rules.severe_focus_below or small.most < rules.severe_definition_below


def _of_page(measures: ClarityMeasures, found: Definition, kind: str, policy: Policy) -> Fault | None:
    rules = policy.group(BlurRules)
    strokes = 0.0 < measures.fine_detail < rules.page_fine_detail_above
    if not strokes or found.places < rules.page_least_places:
        return None
    if found.least_drawn >= rules.page_definition_below.value:
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
        excess=min(1.0 - measured / rule.value, 1.0),
        variant=variant,
        region=measures.weakest,
    )
