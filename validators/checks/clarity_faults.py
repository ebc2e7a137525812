"""The faults of one view, told apart: the first that applies is the cause and the others follow from it."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from validators.evidence import DOCUMENT, PHOTO, SCREENSHOT, VIDEO, ClarityMeasures, Measurements, Region
from validators.policy import Policy

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
    if measures is None or measures.sharpness is None:
        return UNDETERMINED
    smeared = kind == PHOTO and _is_smeared(measures, policy)
    if measures.sharpness >= policy.number("clarity.sharp_above") and not smeared:
        return SHARP if measures.noise <= policy.number("clarity.noise_above") else UNDETERMINED
    few = policy.number("clarity.min_edges_screen" if _is_page(kind) else "clarity.min_edges")
    soft = "clarity.soft_below" if kind == PHOTO else _blur_rule(kind)
    if measures.edge_count < few or (measures.sharpness >= policy.number(soft) and not smeared):
        return UNDETERMINED
    return BLURRED


def _is_smeared(measures: ClarityMeasures, policy: Policy) -> bool:
    """Whether even a thumbnail shows no edge: what is crisp in the view is then grain, or a date printed on it."""
    thumbnail = measures.sharpness_thumbnail
    return thumbnail is not None and thumbnail < policy.number("clarity.severe_blur_below")


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
    geometry = measured.image or measured.video
    if geometry is None or "low_res" not in _wanted(measured.kind, policy):
        return None
    long, short = max(geometry.width, geometry.height), min(geometry.width, geometry.height)
    side, name, least = long, "clarity.min_long_side", policy.number("clarity.min_long_side")
    if long >= least:
        side, name, least = short, "clarity.min_short_side", policy.number("clarity.min_short_side")
    if side >= least:
        return None
    which = "long" if name == "clarity.min_long_side" else "short"
    return Fault(
        "CLR_LOW_RES",
        long < policy.number("clarity.severe_long_side"),
        f"It is only {geometry.width} × {geometry.height} pixels; "
        f"the {which} side should have at least {least:.0f}.",
        _RESEND[VIDEO] if measured.kind == VIDEO else _FULL_SIZE,
        float(side),
        least,
        name,
        "px",
        1.0 - side / least,
    )


def illegible(measured: Measurements, roles: Collection[str], policy: Policy) -> Fault | None:
    """CLR_TEXT_ILLEGIBLE of a still: a screen, a page, or a photo whose role is to show text.

    Nothing is said where no text was found or too little to tell, nor of photos of things that happen to bear some.
    """
    text, kind = measured.legibility, measured.kind
    if text is None or text.text_height is None or "text" not in _wanted(kind, policy):
        return None
    faint = (text.text_contrast or 0.0) < policy.number("clarity.text_contrast_least")
    if faint or text.words < policy.integer("clarity.text_words_least"):
        return None
    limit = policy.number("clarity.text_height_below")
    shows_text = kind != PHOTO or not set(policy.names("clarity.text_roles")).isdisjoint(roles)
    if not shows_text or text.text_height >= limit:
        return None
    return Fault(
        "CLR_TEXT_ILLEGIBLE",
        True,
        f"Its text is only about {text.text_height:.1f} px high, too small to read.",
        _LARGER.get(kind, _CLOSER),
        text.text_height,
        limit,
        "clarity.text_height_below",
        "px",
        1.0 - text.text_height / limit,
        text.text_contrast,
    )


def _wanted(kind: str, policy: Policy) -> tuple[str, ...]:
    known = kind if kind in (PHOTO, SCREENSHOT, DOCUMENT, VIDEO) else None
    return policy.names(f"clarity.checks_{known}") if known else ()


def _blank(m: ClarityMeasures, kind: str, policy: Policy) -> Fault | None:
    limit = policy.number("clarity.blank_std_below")
    if m.luma_std >= limit or m.flat_fraction < policy.number("clarity.blank_flat_above"):
        return None
    message = "Nothing can be seen: it is all of one tone."
    retake = _RESEND.get(kind, _UNCOVER)
    return Fault(
        "CLR_BLANK", True, message, retake, m.luma_std, limit, "clarity.blank_std_below", "luma levels", 1.0
    )


def _dark(m: ClarityMeasures, kind: str, policy: Policy) -> Fault | None:
    limit = policy.number("clarity.dark_p95_below")
    is_dark = (
        m.luma_mean < policy.number("clarity.dark_mean_below")
        and m.dark_fraction > policy.number("clarity.dark_fraction_above")
        and m.luma_p95 < limit
    )
    if not is_dark:
        return None
    severe = m.luma_p95 < policy.number("clarity.severe_dark_p95_below")
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
        "clarity.dark_p95_below",
        "luma levels",
        excess,
    )


def _overexposed(m: ClarityMeasures, kind: str, policy: Policy) -> Fault | None:
    limit = policy.number("clarity.clipped_fraction_above")
    if m.clipped_fraction <= limit or m.luma_p05 < policy.number("clarity.overexposed_p05_above"):
        return None
    message = "It is over-exposed: most of it is washed out to white."
    retake = _RESEND.get(kind, _SOFTER)
    rule = "clarity.clipped_fraction_above"
    excess = m.clipped_fraction - limit
    return Fault(
        "CLR_OVEREXPOSED", False, message, retake, m.clipped_fraction, limit, rule, "share of tiles", excess
    )


def _low_contrast(m: ClarityMeasures, kind: str, policy: Policy) -> Fault | None:
    limit = policy.number("clarity.contrast_below")
    spread = m.luma_p95 - m.luma_p05
    if m.luma_std >= limit or spread >= policy.number("clarity.contrast_range_below"):
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
        "clarity.contrast_below",
        "luma levels",
        excess,
    )


def _blur(m: ClarityMeasures, kind: str, policy: Policy) -> Fault | None:
    if m.sharpness is None or clarity_verdict(m, kind, policy) != BLURRED:
        return None
    rule = _blur_rule(kind)
    limit = policy.number(rule)
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
        rule,
        "sharpness",
        excess,
        region=m.weakest,
    )


def _glare(m: ClarityMeasures, kind: str, policy: Policy) -> Fault | None:
    spot, rule = m.glare, "clarity.glare_area_above"
    limit = policy.number(rule)
    is_glare = (
        spot is not None
        and spot.area > limit
        and spot.solidity > policy.number("clarity.glare_solidity_above")
        and spot.softness > policy.number("clarity.glare_softness_above")
        and spot.around < policy.number("clarity.glare_around_below")
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
        rule,
        "share of the picture",
        spot.area - limit,
        region=spot.region,
    )


def _is_page(kind: str) -> bool:
    """Screens and documents, and whatever is not known to come from a camera."""
    return kind not in (PHOTO, VIDEO)


def _blur_rule(kind: str) -> str:
    return "clarity.blurred_below_screen" if _is_page(kind) else "clarity.blurred_below"


_Test = Callable[[ClarityMeasures, str, Policy], Fault | None]
_TESTS: tuple[tuple[str, _Test], ...] = (
    ("blank", _blank),
    ("dark", _dark),
    ("overexposed", _overexposed),
    ("low_contrast", _low_contrast),
    ("blur", _blur),
    ("glare", _glare),
)
