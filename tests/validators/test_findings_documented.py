"""Every code that can be emitted is in the contract and in docs/findings.md, in words fit to be read."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.resources import files
from pathlib import Path

import pytest
from judging_cases import (
    DAY,
    DELIVERED,
    HEALTHY,
    OPENED,
    PLACED,
    POLICY,
    SUBMITTED,
    case,
    decoded,
    dispute,
    document,
    evidence,
    match_side,
    photo,
    taken,
    unopened,
    video,
)
from provocations import variants

from validators.checks.all_checks import examine
from validators.dispute import Order
from validators.disputes.completeness import completeness
from validators.disputes.judge import judge_item
from validators.evidence import (
    PROBLEMS,
    Comparison,
    CutMeasure,
    Fingerprint,
    GlareSpot,
    ImageFacts,
    LegibilityMeasures,
    MemberFacts,
    Problem,
    Reading,
    Region,
    SoundMeasures,
)
from validators.finding import CODES
from validators.sentences.catalogue import ENGLISH, Catalogues
from validators.sentences.sentences import action, sentence

PACKAGE = Path(str(files("validators")))
DOCS = PACKAGE.parent / "docs" / "findings.md"
ROW = re.compile(r"^\| `([A-Z]{3,4}_[A-Z_]+)` \| ([^|]+ / [^|]+) \|(.*)$", re.MULTILINE)
FORBIDDEN = re.compile(
    r"\b(fraud\w*|fake\w*|forge\w*|scam\w*|genuine\w*|authentic\w*|manipulat\w*|suspicious)\b", re.I
)

SOFT = replace(HEALTHY, sharpness=0.13)
DIM = replace(HEALTHY, luma_mean=8.0, luma_p05=1.0, luma_p95=28.0, luma_std=7.0, dark_fraction=1.0)
WASHED = replace(
    HEALTHY, luma_mean=245.0, luma_p05=210.0, luma_p95=255.0, luma_std=12.0, clipped_fraction=0.9
)
FOG = replace(HEALTHY, luma_p05=118.0, luma_p95=130.0, luma_std=3.0)
SHINY = replace(HEALTHY, glare=GlareSpot(0.05, 0.95, 0.95, 110.0, Region(0.3, 0.4, 0.2, 0.2)))
PLAIN = replace(HEALTHY, sharpness=None, edge_count=0, luma_std=0.0, flat_fraction=1.0)


def provocations():
    """Cases that between them draw out every code."""
    for problem in sorted(PROBLEMS):
        for kind in ("unknown", "video"):
            measured = unopened("image/jpeg", Problem(problem, "zip", 5e9, 1e9, "bytes"), kind=kind)
            yield case(measured=measured)
    yield case(
        measured=photo(problems=(Problem("damaged"), Problem("trailing_data", "zip"), Problem("limited")))
    )
    yield case(measured=photo(detected_type="application/zip"))
    yield case(measured=photo(members=(MemberFacts("a.jpg", "0" * 64, 9),)))
    for measures in (SOFT, DIM, WASHED, FOG, SHINY, PLAIN):
        for item in (evidence(), evidence(replaces="E-0"), evidence(roles=("packaging",))):
            yield case(item, photo(clarity=measures))
        yield case(measured=document(HEALTHY, measures))
        yield case(measured=video(*[measures] * 4, audio=None))
    black, still = decoded(brightest=(5.0,) * 48), decoded(change=(0.0,) * 48, shaken=(0.05,) * 48)
    cut = decoded(cuts=(CutMeasure(2.0, "cut", 0.9, 1.0), CutMeasure(9.0, "dip", 0.9, 1.0)))
    for rows in (black, still, cut):
        for role in ("item", "unboxing_video"):
            yield case(
                evidence(roles=(role,)), video(decoded=rows, sound=SoundMeasures((-90.0,), (0.0,), -80.0))
            )
    encoded = video()
    yield case(measured=replace(encoded, video=replace(encoded.video, encoders=("Lavf59",))))
    for kind in ("screenshot", "document", "photo"):
        tiny = LegibilityMeasures(text_height=4.0, text_contrast=90.0, words=30)
        yield case(evidence(roles=("label",)), photo(kind=kind, legibility=tiny))
    yield case(measured=photo(image=ImageFacts(10, 10, "JPEG")))
    yield case(measured=video(*[replace(DIM, luma_p95=2.0)] * 3))
    for at in (PLACED - DAY, DELIVERED - DAY, SUBMITTED + 9 * DAY):
        yield case(measured=photo(times=(taken(at),)))
        yield case(measured=photo(times=(taken(at), taken(at + 9 * DAY, source="xmp:DateTimeOriginal"))))
    yield case(
        measured=photo(times=(taken(DELIVERED), taken(OPENED, source="exif:DateTime", meaning="modified")))
    )
    yield case(evidence(submitted_at=OPENED + 9 * DAY, description=None), photo(times=(), has_gps=True))
    yield case(measured=photo(fingerprint=Fingerprint("phash256", "1", (), "blank")))
    for method in ("sha256", "pixels", "phash256"):
        for shift in (-1, 0, 1):
            at = SUBMITTED + shift * DAY
            yield case(
                match_sides=(
                    match_side(method, 0, 4, submitted_at=at),
                    match_side(id="E-8", dispute_id="D-1"),
                )
            )
            yield case(match_sides=(match_side(method, 0, on_listing=True, dispute_id="D-1"),))
    for parallax_residual in (0.05, 0.9):
        seen = Comparison((1, 0, 0, 0, 1, 0, 0, 0, 1), 40, 300, 1.0, 0.9, 0.95, parallax_residual)
        yield case(match_sides=(replace(match_side("aligned", 256), comparison=seen),))
    another = Reading("order", "8123456789", 1.0, "text")
    yield case(measured=photo(readings=(another,), readers=("text",)), of=dispute(order=Order("8123451111")))
    yield case(match_sides=tuple(match_side(id=f"E{i}", dispute_id=f"D{i}") for i in range(99)))


MESSAGES = set(Catalogues().domain(ENGLISH, "findings").messages)
EMITTED = [finding for seen in provocations() for finding in examine(seen, POLICY)]
EMITTED += variants()
EMITTED += completeness(dispute(), [], POLICY, OPENED + 30 * DAY).findings
for sub_reason, role in (("defective", "video_of_defect"), ("incomplete", "unboxing_video")):
    still = judge_item(case(evidence(roles=(role,))), POLICY)
    EMITTED += completeness(dispute(sub_reason=sub_reason), [still], POLICY, OPENED).findings


def documented():
    return {row[1]: (row[2], row[3]) for row in ROW.finditer(DOCS.read_text("utf-8"))}


def in_code():
    texts = (path.read_text("utf-8") for path in PACKAGE.rglob("*.py") if path.name != "finding.py")
    return {code for text in texts for code in re.findall(r'"([A-Z]{3,4}_[A-Z_]+)"', text) if code in CODES}


def test_the_documentation_has_exactly_the_codes_of_the_contract():
    assert set(documented()) == CODES


def test_the_provocations_draw_out_every_code_in_the_source():
    assert {finding.code for finding in EMITTED} == in_code()


def test_codes_marked_as_not_yet_measured_are_those_nothing_emits():
    waiting = {code for code, (_, rest) in documented().items() if "not yet measured" in rest}
    assert waiting == CODES - in_code()


@pytest.mark.parametrize("code", sorted({finding.code for finding in EMITTED}))
def test_severity_and_kind_are_as_documented(code):
    stated = documented()[code][0]
    for finding in EMITTED:
        if finding.code == code:
            assert finding.severity in stated
            assert finding.kind.replace("_", " ") in stated


def test_sentences_are_plain():
    for finding in EMITTED:
        for text in filter(None, (sentence(finding), action(finding))):
            assert not FORBIDDEN.search(text), text
            assert text[0].isupper()
            assert text.endswith("."), text
            assert "None" not in text, text
            assert "  " not in text, text
            assert "{" not in text, text


def test_every_sentence_of_the_catalogue_is_drawn_out_and_all_its_fields_are_filled():
    said = {msgid for finding in EMITTED for msgid in (finding.message_ids or (finding.code,))}
    asked = {msgid for finding in EMITTED for msgid in finding.action_ids}
    copies = {msgid for msgid in MESSAGES if msgid.endswith(".elsewhere")}  # party_copy.py
    assert said | asked | copies == MESSAGES


def test_findings_that_ask_for_something_say_what():
    silent = {"FMT_TYPE_MISMATCH"}
    for finding in EMITTED:
        if finding.kind == "fail" and finding.code not in silent:
            assert action(finding), finding.code
        if finding.kind != "fail":
            assert action(finding) is None, finding.code


def test_rules_that_findings_name_are_rules():
    for finding in EMITTED:
        if finding.rule is not None:
            known = finding.rule in POLICY.rules or finding.rule.startswith(("reasons.", "dispute."))
            assert known, finding.rule


def test_measured_values_have_a_unit():
    for finding in EMITTED:
        if finding.measured is not None:
            assert finding.params.get("unit"), finding.code


def test_forbidden_words_stand_nowhere_in_policy_or_documentation():
    for path in (DOCS, PACKAGE / "policy.toml"):
        text = path.read_text("utf-8").replace("authenticity_document", "")
        assert FORBIDDEN.findall(text) == [], path.name
