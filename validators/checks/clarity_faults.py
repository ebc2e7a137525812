"""The faults of one view, told apart: the first that applies is the cause and the others follow from it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import ClassVar

from validators.checks.mostly_text import shows_mostly_text
from validators.checks.views.blur import blur_of
from validators.checks.views.fault import RESEND, Fault
from validators.evidence import DOCUMENT, PHOTO, SCREENSHOT, VIDEO, ClarityMeasures, Measurements
from validators.policy import Policy
from validators.rules import Rule

_LARGER = {SCREENSHOT: "screenshot_full_size", DOCUMENT: "document_full_size"}


@dataclass(frozen=True, slots=True)
class ClarityRules:
    """[rules.clarity]: what each kind of item must show to be read by a person."""

    table: ClassVar[str] = "clarity"

    dark_mean_below: float
    dark_fraction_above: float
    dark_p95_below: Rule[float]
    severe_dark_p95_below: float
    clipped_fraction_above: Rule[float]
    washed_fraction_above: float
    overexposed_p05_above: float
    glare_area_above: Rule[float]
    glare_solidity_above: float
    glare_softness_above: float
    glare_around_below: float
    contrast_below: Rule[float]
    contrast_range_below: float
    blank_std_below: Rule[float]
    blank_flat_above: float
    min_long_side: Rule[float]
    min_short_side: Rule[float]
    severe_long_side: float
    page_text_characters: int
    text_height_below: Rule[float]
    text_words_least: int
    text_contrast_least: float
    text_roles: tuple[str, ...]
    frames_share: float
    checks_photo: tuple[str, ...]
    checks_screenshot: tuple[str, ...]
    checks_document: tuple[str, ...]
    checks_video: tuple[str, ...]
    roles_gone: tuple[str, ...]


def fault_of(
    measures: ClarityMeasures, kind: str, policy: Policy, *, is_page: bool = False, is_drawn: bool = False
) -> Fault | None:
    """The first fault of the view among those that the policy looks for in this kind of item.

    What ``is_drawn`` from letters and lines is crisp by nature: its blur is not sought.
    """
    wanted = [name for name in _wanted(kind, policy) if not (is_drawn and name == "blur")]
    for name, test in _TESTS_OF_PAGES if is_page else _TESTS:
        fault = test(measures, kind, policy) if name in wanted else None
        if fault is not None:
            return fault
    return None


def low_resolution(measured: Measurements, policy: Policy) -> Fault | None:
    """CLR_LOW_RES of a still or a video, by its own size; pages are rendered by us and have none."""
    rules = policy.group(ClarityRules)
    geometry = measured.image or measured.video
    if geometry is None or "low_res" not in _wanted(measured.kind, policy):
        return None
    long, short = max(geometry.width, geometry.height), min(geometry.width, geometry.height)
    which, side, least = "long", long, rules.min_long_side
    if side >= least.value:
        which, side, least = "short", short, rules.min_short_side
    if side >= least.value:
        return None
    return Fault(
        code="CLR_LOW_RES",
        severe=long < rules.severe_long_side,
        retake=RESEND[VIDEO] if measured.kind == VIDEO else "full_size",
        measured=float(side),
        threshold=least.value,
        rule=least.name,
        unit="px",
        excess=1.0 - side / least.value,
        variant=which,
        params={"width": geometry.width, "height": geometry.height},
    )


def illegible(measured: Measurements, roles: Collection[str], policy: Policy) -> Fault | None:
    """CLR_TEXT_ILLEGIBLE of a still: a screen, a page, or a photo that shows mostly text or whose role is to show some.

    Nothing is said where no text was found or too little to tell, nor of photos of things that happen to bear some.
    """
    rules = policy.group(ClarityRules)
    text, kind = measured.legibility, measured.kind
    if text is None or text.text_height is None or "text" not in _wanted(kind, policy):
        return None
    faint = not text.lines and (text.text_contrast or 0.0) < rules.text_contrast_least
    if faint or text.words < rules.text_words_least:
        return None
    limit = rules.text_height_below.value
    asked_for = not set(rules.text_roles).isdisjoint(roles)
    shows_text = kind != PHOTO or asked_for or shows_mostly_text(measured, policy)
    if not shows_text or text.text_height >= limit:
        return None
    return Fault(
        code="CLR_TEXT_ILLEGIBLE",
        severe=True,
        retake=_LARGER.get(kind, "closer"),
        measured=text.text_height,
        threshold=limit,
        rule=rules.text_height_below.name,
        unit="px",
        excess=1.0 - text.text_height / limit,
        params={} if text.text_contrast is None else {"contrast": round(text.text_contrast, 1)},
    )


def _wanted(kind: str, policy: Policy) -> tuple[str, ...]:
    rules = policy.group(ClarityRules)
    by_kind = {
        PHOTO: rules.checks_photo,
        SCREENSHOT: rules.checks_screenshot,
        DOCUMENT: rules.checks_document,
        VIDEO: rules.checks_video,
    }
    return by_kind.get(kind, ())


def _blank(m: ClarityMeasures, kind: str, policy: Policy) -> Fault | None:
    rules = policy.group(ClarityRules)
    limit = rules.blank_std_below.value
    if m.luma_std >= limit or m.flat_fraction < rules.blank_flat_above:
        return None
    return Fault(
        code="CLR_BLANK",
        severe=True,
        retake=RESEND.get(kind, "uncover"),
        measured=m.luma_std,
        threshold=limit,
        rule=rules.blank_std_below.name,
        unit="luma levels",
        excess=1.0,
    )


def _dark(m: ClarityMeasures, kind: str, policy: Policy) -> Fault | None:
    rules = policy.group(ClarityRules)
    limit = rules.dark_p95_below.value
    is_dark = (
        m.luma_mean < rules.dark_mean_below
        and m.dark_fraction > rules.dark_fraction_above
        and m.luma_p95 < limit
    )
    if not is_dark:
        return None
    severe = m.luma_p95 < rules.severe_dark_p95_below
    return Fault(
        code="CLR_DARK",
        severe=severe,
        retake=RESEND.get(kind, "light"),
        measured=m.luma_p95,
        threshold=limit,
        rule=rules.dark_p95_below.name,
        unit="luma levels",
        excess=1.0 - m.luma_p95 / limit,
        variant="severe" if severe else "",
    )


def _overexposed(m: ClarityMeasures, kind: str, policy: Policy) -> Fault | None:
    rules = policy.group(ClarityRules)
    limit = rules.clipped_fraction_above.value
    washed = m.washed_fraction > rules.washed_fraction_above
    if m.clipped_fraction <= limit or m.luma_p05 < rules.overexposed_p05_above or not washed:
        return None
    return Fault(
        code="CLR_OVEREXPOSED",
        severe=False,
        retake=RESEND.get(kind, "softer"),
        measured=m.clipped_fraction,
        threshold=limit,
        rule=rules.clipped_fraction_above.name,
        unit="share of tiles",
        excess=m.clipped_fraction - limit,
    )


def _low_contrast(m: ClarityMeasures, kind: str, policy: Policy) -> Fault | None:
    rules = policy.group(ClarityRules)
    limit = rules.contrast_below.value
    spread = m.luma_p95 - m.luma_p05
    if m.luma_std >= limit or spread >= rules.contrast_range_below:
        return None
    return Fault(
        code="CLR_LOW_CONTRAST",
        severe=False,
        retake=RESEND.get(kind, "wipe"),
        measured=m.luma_std,
        threshold=limit,
        rule=rules.contrast_below.name,
        unit="luma levels",
        excess=1.0 - m.luma_std / limit,
    )


def _blur(m: ClarityMeasures, kind: str, policy: Policy) -> Fault | None:
    return blur_of(m, kind, policy, is_page=False)


def _blur_of_page(m: ClarityMeasures, kind: str, policy: Policy) -> Fault | None:
    return blur_of(m, kind, policy, is_page=True)


def _glare(m: ClarityMeasures, kind: str, policy: Policy) -> Fault | None:
    rules = policy.group(ClarityRules)
    spot, rule = m.glare, rules.glare_area_above
    limit = rule.value
    is_glare = (
        spot is not None
        and spot.area > limit
        and spot.solidity > rules.glare_solidity_above
        and spot.softness > rules.glare_softness_above
        and spot.around < rules.glare_around_below
    )
    if spot is None or not is_glare:
        return None
    return Fault(
        code="CLR_GLARE",
        severe=False,
        retake=RESEND.get(kind, "tilt"),
        measured=spot.area,
        threshold=limit,
        rule=rule.name,
        unit="share of the picture",
        excess=spot.area - limit,
        region=spot.region,
    )


_Test = Callable[[ClarityMeasures, str, Policy], Fault | None]
_TESTS: tuple[tuple[str, _Test], ...] = (
    ("blank", _blank),
    ("dark", _dark),
    ("overexposed", _overexposed),
    ("low_contrast", _low_contrast),
    ("blur", _blur),
    ("glare", _glare),
)
_TESTS_OF_PAGES = (_TESTS[0], ("blur", _blur_of_page), *_TESTS[1:4], _TESTS[5])
"""Paper is white by design, and blurred print has little contrast: a page's blur is sought before a fault of exposure."""
