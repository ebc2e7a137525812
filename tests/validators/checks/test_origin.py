"""What a file states about its origin: reviewed on pictures of goods, a note elsewhere, and never for a camera."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from judging_cases import case, codes, evidence, only, photo

from pipeline.reports.origin_views import chain
from validators.checks.origin import judged, origin, origin_block
from validators.sentences.labels import Labels
from validators.sentences.sentences import Sentences, sentence
from validators.stated_origin import (
    AI_LABEL,
    NAME,
    PARAMETERS,
    SOURCE_TYPE,
    OriginStatement,
    SignedAction,
    SignedIngredient,
    SignedOrigin,
)

GENERATED = OriginStatement("xmp:DigitalSourceType", SOURCE_TYPE, "trainedAlgorithmicMedia")
COMPOSED = OriginStatement("xmp:DigitalSourceType", SOURCE_TYPE, "compositeWithTrainedAlgorithmicMedia")
CAPTURED = OriginStatement("xmp:DigitalSourceType", SOURCE_TYPE, "computationalCapture")


def stating(*statements: OriginStatement, kind: str = "photo", **of: object):
    return case(evidence(**of), photo(kind=kind, statements=statements))


@pytest.mark.parametrize(
    ("of", "severity", "kind"),
    [
        ({"roles": ("item",)}, "warning", "review"),
        ({"roles": ("packing_photo",), "party": "seller"}, "warning", "review"),
        ({"party": None}, "warning", "review"),
        ({"roles": ("communication",)}, "note", "pass"),
        ({"evidence_type": "chat"}, "note", "pass"),
    ],
)
def test_a_generated_picture_is_reviewed_where_it_stands_for_goods(policy, of, severity, kind):
    found = only(origin(stating(GENERATED, **of), policy), "PRV_GENERATED")
    assert (found.severity, found.kind) == (severity, kind)
    assert "digital source type in XMP" in sentence(found)
    assert "absence says nothing" in sentence(found)


def test_a_composed_picture_is_a_note_and_a_captured_one_nothing(policy):
    found = only(origin(stating(COMPOSED, roles=("item",)), policy), "PRV_COMPOSITE")
    assert (found.severity, found.kind) == ("note", "pass")
    assert "clean-up tools" in sentence(found)
    assert codes(origin(stating(CAPTURED, roles=("item",)), policy)) == []
    assert origin_block(stating(CAPTURED), policy).statements[0].says == "captured"


def test_an_item_gets_one_finding_however_often_it_is_stated(policy):
    prompt = OriginStatement("png:prompt", PARAMETERS, "ComfyUI")
    assert codes(origin(stating(COMPOSED, prompt, GENERATED), policy)) == ["PRV_GENERATED"]


@pytest.mark.parametrize(("label", "word"), [("1", "of AI-generated"), ("2", "possibly"), ("3", "suspects")])
def test_the_chinese_label_is_said_as_it_is(policy, label, word):
    found = only(origin(stating(OriginStatement("xmp:AIGC", AI_LABEL, label, "x")), policy), "PRV_GENERATED")
    assert word in sentence(found)


@pytest.mark.parametrize(
    ("source", "value", "says"),
    [
        ("exif:Software", "Adobe Firefly 2.0", "generated"),
        ("exif:Software", "Stable-Diffusion_WebUI", "generated"),
        ("exif:Software", "Imagen 3", "generated"),
        ("exif:Software", "Imagenomic Portraiture", None),
        ("exif:Software", "Imagen AI Culling", None),
        ("exif:Software", "Adobe Photoshop 25.0", None),
        ("exif:Software", "Gemini v2.5 Flash", "generated"),
        ("exif:Software", "Midjourneyed", None),
        ("xmp:Credit", "Midjourney", "generated"),
        ("xmp:Credit", "Midjourney Mike", None),
        ("iptc:Credit", "Apple Photos Clean Up", "composed"),
        ("exif:Make", "Ideogram AI", "generated"),
        ("exif:Make", "Midjourney", None),
    ],
)
def test_names_count_whole_and_in_their_place(policy, source, value, says):
    found = judged([OriginStatement(source, NAME, value)], policy)
    assert [one.says for one in found] == ([says] if says else [])


def signing(state: str, *codes: str, statement: OriginStatement = CAPTURED, **of: object):
    signed = SignedOrigin(state, "A Camera Maker", codes=codes)
    return case(evidence(**of), photo(statements=(replace(statement, source="c2pa:created"),), signed=signed))


@pytest.mark.parametrize(
    ("state", "code", "found", "kind"),
    [
        ("trusted", (), "PRV_CAPTURED", "pass"),
        ("invalid", ("assertion.dataHash.mismatch", "signingCredential.untrusted"), "PRV_CHANGED", "review"),
        ("invalid", ("claimSignature.mismatch",), "PRV_CHANGED", "review"),
        ("valid", ("signingCredential.untrusted",), "PRV_UNTRUSTED", "pass"),
        ("invalid", ("signingCredential.expired",), "PRV_UNTRUSTED", "pass"),
        ("invalid", ("claim.malformed",), None, None),
        ("unreadable", (), None, None),
    ],
)
def test_a_signature_says_what_it_is_worth(policy, state, code, found, kind):
    findings = list(origin(signing(state, *code, roles=("item",)), policy))
    assert [(one.code, one.kind) for one in findings] == ([(found, kind)] if found else [])
    quiet = origin(signing(state, *code, roles=("communication",)), policy)
    assert {one.severity for one in quiet} <= {"note"}


def test_a_signed_screenshot_is_no_capture_by_a_camera(policy):
    screen = OriginStatement("xmp:DigitalSourceType", SOURCE_TYPE, "screenCapture")
    assert codes(origin(signing("trusted", statement=screen), policy)) == []


def test_a_signed_statement_that_a_model_made_it_is_reviewed_and_its_ingredients_are_parts(policy):
    trusted = signing("trusted", statement=GENERATED, roles=("item",))
    assert codes(origin(trusted, policy)) == ["PRV_GENERATED"]
    part = replace(GENERATED, source="c2pa:ingredient")
    assert codes(origin(stating(replace(CAPTURED, source="c2pa:created"), part), policy)) == ["PRV_COMPOSITE"]
    camera = replace(CAPTURED, source="c2pa:ingredient")
    assert judged([camera], policy)[0].says == "other"


def test_the_report_has_what_the_manifest_says(policy):
    at = datetime(2026, 3, 9, tzinfo=UTC)
    actions = (
        SignedAction("c2pa.created", "Camera", "digitalCapture", "2026-03-09"),
        SignedAction("c2pa.cropped", "Editor"),
    )
    parts = (SignedIngredient("first.jpg", "parentOf", "Camera"),)
    block = origin_block(
        case(measured=photo(signed=SignedOrigin("valid", "Maker", at, ("x",), actions, parts))), policy
    )
    assert (block.c2pa.state, block.c2pa.signer, block.c2pa.time) == ("valid", "Maker", at)
    assert [(one.action, one.source_type) for one in block.c2pa.actions] == [
        ("c2pa.created", "digitalCapture"),
        ("c2pa.cropped", None),
    ]
    assert chain(block.c2pa, Labels(Sentences())) == "Made by Camera → edited with Editor"


def test_nothing_is_said_of_a_file_that_states_nothing(policy):
    assert codes(origin(case(), policy)) == []
    assert origin_block(case(), policy) is None
