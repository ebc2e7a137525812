"""The faults of one view, told apart: the first that applies is the cause and the others follow from it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import ClassVar

from validators.evidence import DOCUMENT, PHOTO, SCREENSHOT, VIDEO, ClarityMeasures, Measurements, Region
from validators.policy import Policy
from validators.rules import Rule

SHARP = "sharp"
BLURRED = "blurred"
UNDETERMINED = "undetermined"

_LIGHT = "Photograph it again in daylight or with a lamp beside it, not behind it."
_SOFTER = "Photograph it again without flash, out of direct sun, and tap the item to set the exposure."
_TILT = "Photograph it again without flash, and tilt it or step aside until no lamp shines back."
_STEADY = "Hold still, tap the item to focus, and photograph again in daylight."
_WIPE = "Wipe the lens, and photograph it again from closer, in daylight."
_UNCOVER = "Photograph it again with nothing before the lens, and look at the picture before you send it."
_FULL_SIZE = "Send the original picture in its full size, not a preview or a cut-out."
_CLOSER = "Move closer, so that the text fills the picture, and photograph it again in daylight."
_LARGER = {
    SCREENSHOT: "Send the original screenshot, not a smaller copy of it.",
    DOCUMENT: "Send the original file or PDF, or scan the page again at a higher resolution.",
}
_RESEND = {
    SCREENSHOT: "Take the screenshot again and send the file itself, not a photo or a preview of it.",
    DOCUMENT: "Send the original file, or scan or photograph the page again in daylight.",
    VIDEO: "Record it again: hold still, tap the item to focus, and use daylight.",
}


@dataclass(frozen=True, slots=True)
class ClarityRules:
    """[rules.clarity]: what each kind of item must show to be read by a person."""

    table: ClassVar[str] = "clarity"

    blurred_below: Rule[float]
    soft_below: float
    sharp_above: float
    severe_blur_below: float
    blurred_below_screen: Rule[float]
    min_edges: float
    min_edges_screen: float
    noise_above: float
    dark_mean_below: float
    dark_fraction_above: float
    dark_p95_below: Rule[float]
    severe_dark_p95_below: float
    clipped_fraction_above: Rule[float]
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


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of one view. ``excess`` is how far it goes beyond the threshold, 0..1, to find the worst.

    ``contrast`` between ink and paper in luma levels, of faults of text; ``region``: where it is, None for all of it.
    """

    code: str
    severe: bool
    message: str
    retake: str
    measured: float
    threshold: float
    rule: str
    unit: str
    excess: float
    contrast: float | None = None
    region: Region | None = None


def clarity_verdict(measures: ClarityMeasures | None, kind: str, policy: Policy) -> str:
    """One of SHARP, BLURRED, UNDETERMINED: nothing is claimed on few edges, in noise, or in between."""
    rules = policy.group(ClarityRules)
    if measures is None or measures.sharpness is None:
        return UNDETERMINED
    smeared = kind == PHOTO and _is_smeared(measures, policy)
    if measures.sharpness >= rules.sharp_above and not smeared:
        return SHARP if measures.noise <= rules.noise_above else UNDETERMINED
    few = rules.min_edges_screen if _is_page(kind) else rules.min_edges
    soft = rules.soft_below if kind == PHOTO else _blur_rule(kind, rules).value
    if measures.edge_count < few or (measures.sharpness >= soft and not smeared):
        return UNDETERMINED
    return BLURRED


def _is_smeared(measures: ClarityMeasures, policy: Policy) -> bool:
    """Whether even a thumbnail shows no edge: what is crisp in the view is then grain, or a date printed on it."""
    rules = policy.group(ClarityRules)
    thumbnail = measures.sharpness_thumbnail
    return thumbnail is not None and thumbnail < rules.severe_blur_below


def fault_of(measures: ClarityMeasures, kind: str, policy: Policy) -> Fault | None:
    """The first fault of the view among those that the policy looks for in this kind of item."""
    wanted = _wanted(kind, policy)
    for name, test in _TESTS:
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
        "CLR_LOW_RES",
        long < rules.severe_long_side,
        f"It is only {geometry.width} × {geometry.height} pixels; "
        f"the {which} side should have at least {least.value:.0f}.",
        _RESEND[VIDEO] if measured.kind == VIDEO else _FULL_SIZE,
        float(side),
        least.value,
        least.name,
        "px",
        1.0 - side / least.value,
    )


def illegible(measured: Measurements, roles: Collection[str], policy: Policy) -> Fault | None:
    """CLR_TEXT_ILLEGIBLE of a still: a screen, a page, or a photo whose role is to show text.

    Nothing is said where no text was found or too little to tell, nor of photos of things that happen to bear some.
    """
    rules = policy.group(ClarityRules)
    text, kind = measured.legibility, measured.kind
    if text is None or text.text_height is None or "text" not in _wanted(kind, policy):
        return None
    faint = (text.text_contrast or 0.0) < rules.text_contrast_least
    if faint or text.words < rules.text_words_least:
        return None
    limit = rules.text_height_below.value
    shows_text = kind != PHOTO or not set(rules.text_roles).isdisjoint(roles)
    if not shows_text or text.text_height >= limit:
        return None
    return Fault(
        "CLR_TEXT_ILLEGIBLE",
        True,
        f"Its text is only about {text.text_height:.1f} px high, too small to read.",
        _LARGER.get(kind, _CLOSER),
        text.text_height,
        limit,
        rules.text_height_below.name,
        "px",
        1.0 - text.text_height / limit,
        text.text_contrast,
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
    message = "Nothing can be seen: it is all of one tone."
    retake = _RESEND.get(kind, _UNCOVER)
    return Fault(
        "CLR_BLANK", True, message, retake, m.luma_std, limit, rules.blank_std_below.name, "luma levels", 1.0
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
    message = (
        "It is so dark that nothing can be made out." if severe else "It is too dark to make out details."
    )
    retake = _RESEND.get(kind, _LIGHT)
    excess = 1.0 - m.luma_p95 / limit
    return Fault(
        "CLR_DARK",
        severe,
        message,
        retake,
        m.luma_p95,
        limit,
        rules.dark_p95_below.name,
        "luma levels",
        excess,
    )


def _overexposed(m: ClarityMeasures, kind: str, policy: Policy) -> Fault | None:
    rules = policy.group(ClarityRules)
    limit = rules.clipped_fraction_above.value
    if m.clipped_fraction <= limit or m.luma_p05 < rules.overexposed_p05_above:
        return None
    message = "It is over-exposed: most of it is washed out to white."
    retake = _RESEND.get(kind, _SOFTER)
    rule = rules.clipped_fraction_above.name
    excess = m.clipped_fraction - limit
    return Fault(
        "CLR_OVEREXPOSED", False, message, retake, m.clipped_fraction, limit, rule, "share of tiles", excess
    )


def _low_contrast(m: ClarityMeasures, kind: str, policy: Policy) -> Fault | None:
    rules = policy.group(ClarityRules)
    limit = rules.contrast_below.value
    spread = m.luma_p95 - m.luma_p05
    if m.luma_std >= limit or spread >= rules.contrast_range_below:
        return None
    message = "It has hardly any contrast: everything has nearly one tone."
    retake = _RESEND.get(kind, _WIPE)
    excess = 1.0 - m.luma_std / limit
    return Fault(
        "CLR_LOW_CONTRAST",
        False,
        message,
        retake,
        m.luma_std,
        limit,
        rules.contrast_below.name,
        "luma levels",
        excess,
    )


def _blur(m: ClarityMeasures, kind: str, policy: Policy) -> Fault | None:
    if m.sharpness is None or clarity_verdict(m, kind, policy) != BLURRED:
        return None
    rule = _blur_rule(kind, policy.group(ClarityRules))
    limit = rule.value
    sharpness = m.sharpness
    if kind == PHOTO and m.sharpness_coarse is not None:  # long movement leaves streaks that pass for detail
        sharpness = min(sharpness, m.sharpness_coarse)
    if sharpness >= limit:  # soft, but nobody is asked again for that
        return None
    severe = _is_smeared(m, policy)
    soft, softest = (
        "It is blurred: no detail in it is sharp.",
        "It is so blurred that hardly anything can be made out.",
    )
    if sharpness < m.sharpness:
        soft = "It is blurred: even in a copy of 400 px no detail in it is sharp."
    message = softest if severe else soft
    excess = 1.0 - sharpness / limit
    return Fault(
        "CLR_BLUR",
        severe,
        message,
        _RESEND.get(kind, _STEADY),
        sharpness,
        limit,
        rule.name,
        "sharpness",
        excess,
        region=m.weakest,
    )


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
    message = "Light shines back from part of it, and washes out what is there."
    retake = _RESEND.get(kind, _TILT)
    return Fault(
        "CLR_GLARE",
        False,
        message,
        retake,
        spot.area,
        limit,
        rule.name,
        "share of the picture",
        spot.area - limit,
        region=spot.region,
    )


def _is_page(kind: str) -> bool:
    """Screens and documents, and whatever is not known to come from a camera."""
    return kind not in (PHOTO, VIDEO)


def _blur_rule(kind: str, rules: ClarityRules) -> Rule[float]:
    return rules.blurred_below_screen if _is_page(kind) else rules.blurred_below


_Test = Callable[[ClarityMeasures, str, Policy], Fault | None]
_TESTS: tuple[tuple[str, _Test], ...] = (
    ("blank", _blank),
    ("dark", _dark),
    ("overexposed", _overexposed),
    ("low_contrast", _low_contrast),
    ("blur", _blur),
    ("glare", _glare),
)
