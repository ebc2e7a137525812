"""Cases that draw out the sentences that the codes alone do not: one for each variant of the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files

from judging_cases import (
    DAY,
    DELIVERED,
    HEALTHY,
    PLACED,
    POLICY,
    SMEARED,
    SUBMITTED,
    case,
    cells,
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

from validators.case import Case
from validators.checks.all_checks import examine
from validators.declared import REFERENCE
from validators.dispute import Order
from validators.evidence import (
    AlignedSegment,
    AudioFacts,
    Comparison,
    DecoderErrors,
    Fingerprint,
    ImageFacts,
    Measurements,
    MemberFacts,
    Problem,
    Reading,
    Region,
    SoundMeasures,
)
from validators.finding import Finding
from validators.policy import Policy, parse_policy
from validators.stated_origin import AI_LABEL, NAME, PARAMETERS, SOURCE_TYPE, OriginStatement, SignedOrigin

SOFT = replace(HEALTHY, sharpness=0.13, definition=SMEARED)
DARK = replace(HEALTHY, luma_mean=8.0, luma_p05=1.0, luma_p95=28.0, luma_std=7.0, dark_fraction=1.0)
SAME = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)


def policy_with(rules: str) -> Policy:
    default = files("validators").joinpath("policy.toml").read_text("utf-8")
    tables = [f'[rules.{name.strip()}]\nvalue = {value}\nsource = "a test"\nwhy = "A test."\n'
              for name, _, value in (line.partition("=") for line in rules.strip().splitlines())]  # fmt: skip
    return parse_policy(default, 'id = "other"\nversion = "1"\n' + "".join(tables))


SMALL = policy_with("""
    accept.photo_mb = 0.0001
    accept.document_mb = 0.0001
    accept.video_mb = 0.0001
    accept.video_s = 5.0
    accept.total_mb = 0.0002
""")
NAMES_COUNT = policy_with('capture_time.decisive_meanings = ["named"]')


def of_clarity() -> Iterator[Case]:
    for measures in (
        replace(SOFT, definition_small=SMEARED),
        replace(HEALTHY, definition=replace(SMEARED, least=0.1, most=0.48)),
        replace(DARK, luma_p95=4.0),
    ):
        yield case(measured=photo(clarity=measures))
    yield case(of=dispute(sub_reason="delivered_to_other"), measured=photo(clarity=SOFT))
    yield case(measured=photo(image=ImageFacts(100, 1000, "JPEG")))
    yield case(measured=photo(kind="screenshot", clarity=SOFT))
    yield case(measured=document(HEALTHY, SOFT, replace(SOFT, definition=replace(SMEARED, least=0.1))))
    yield case(measured=document(HEALTHY, SOFT))
    yield case(measured=video(*[replace(DARK, luma_p95=2.0)] * 3, HEALTHY))
    yield case(measured=video(decoded=decoded(brightest=cells(5.0, 220.0, 12, 36))))


def of_format() -> Iterator[Case]:
    yield case(measured=document(problems=(Problem("damaged"),)))
    yield case(measured=photo(members=(MemberFacts("a.jpg", "0" * 64, 9),)))
    yield case(measured=photo(members=(MemberFacts("a.jpg", "0" * 64, 9), MemberFacts("b.jpg", "1" * 64, 9))))
    yield case(measured=photo(problems=(Problem("limited", limit=3.0, unit="pages"),)))
    yield case(measured=photo(problems=(Problem("time_limit", "the metadata"),)))
    recording = Measurements("1", "audio/ogg", kind="audio", audio=AudioFacts(2.0, "opus"))
    for clipped, loudest in ((0.0, -80.0), (0.5, -9.0)):
        yield case(measured=replace(recording, sound=SoundMeasures((loudest,), (clipped,), loudest)))
    heard = replace(recording, sound=SoundMeasures((-9.0,), (0.0,), -3.0))
    yield case(measured=replace(heard, problems=(Problem("damaged"),)))
    yield case(measured=replace(heard, decoder_errors=DecoderErrors(9, (1,))))
    yield case(measured=replace(video(), decoder_errors=DecoderErrors(9, (1,))))
    early = video()
    yield case(measured=replace(early, video=replace(early.video, decoded_to_end=False)))
    yield case(measured=unopened("image/jpeg", Problem("crashed")))
    yield case(measured=unopened("image/jpeg", Problem("too_large", limit=5e6, unit="bytes")))
    yield case(measured=unopened("", Problem("unsupported")))
    yield case(measured=unopened("", Problem("zeros")))
    yield case(measured=replace(unopened("text/plain", kind="text"), text=" "))
    yield case(measured=replace(unopened("message/rfc822", kind="text"), text=""))
    doubtful = unopened("text/plain", Problem("encoding_uncertain", "cp1252, cp1250"), kind="text")
    yield case(measured=replace(doubtful, text="words"))
    yield case(evidence(file="a.jpg"), unopened("text/html", Problem("unsupported")))
    yield case(measured=unopened("video/mp4", Problem("tool_missing")))
    yield case(measured=photo(problems=(Problem("not_measured_again", "gone"),)))
    for reason in ("archived", "denied", "encrypted"):
        yield case(measured=unopened("", Problem("not_fetched", reason)))
    yield case(evidence(file="upload", declared_type="image/png"))


def of_time() -> Iterator[Case]:
    for at in (PLACED - 9 * DAY, DELIVERED - 3 * DAY):
        for meaning in ("modified", "container"):
            yield case(measured=photo(times=(taken(at, source="x:y", meaning=meaning),)))
        yield case(measured=photo(times=(taken(at, at + DAY),)))
    late = taken(SUBMITTED + 9 * DAY)
    yield case(evidence(submitted_at=None), photo(times=(late,)))
    saved = taken(DELIVERED - 9 * DAY, source="exif:DateTime", meaning="modified")
    yield case(measured=photo(times=(taken(DELIVERED + DAY), saved)))


def of_reuse() -> Iterator[Case]:
    for kind in ("near_uniform", "split", "new_reason"):
        yield case(measured=photo(fingerprint=Fingerprint("phash256", "1", (), kind)))
    for shift in (-1, 0, 1):
        for account, party in (("b-9", "buyer"), ("b-1", "buyer"), ("s-1", "seller"), (None, None)):
            of = {"account": account, "party": party, "submitted_at": SUBMITTED + shift * DAY}
            yield case(match_sides=(match_side(**of), match_side(id="E-7", dispute_id="D-7", **of)))
    scene = Comparison(SAME, 400, 300, 1.0, 0.1, 0.1, 0.9)
    page = Comparison(SAME, 40, 300, 1.0, 0.9, 0.95, 0.05, changed=0)
    clip = Comparison(SAME, 40, 300, 1.0, 0.9, 0.95, 0.05, stretches=(AlignedSegment(1.0, 9.0, 3.0, 11.0),))
    painted = Comparison(
        SAME, 400, 300, 1.0, 0.97, 0.95, 0.02, differing=0.02, this_difference=Region(0.4, 0.4, 0.2, 0.1)
    )
    for seen in (scene, page, clip, painted):
        for of in ({}, {"dispute_id": "D-1"}, {"on_listing": True}):
            yield case(match_sides=(replace(match_side("aligned", 256, **of), comparison=seen),))
    yield case(match_sides=(match_side("sha256", 0, dispute_id="D-1", party="seller"),))
    rows = replace(page, this_rows=(0, 8000), other_rows=(200, 8200), widths=7.4)
    yield case(match_sides=(replace(match_side("aligned", 256), comparison=rows),))
    for of in ({"dispute_id": "D-1"}, {}, {"evidence_type": REFERENCE}):
        yield case(match_sides=(match_side("phash256", 0, on_listing=True, kind="screenshot", **of),))
        yield case(match_sides=(match_side("phash256", 0, on_listing=True, **of),))
        other = match_side("phash256", 0, on_listing=True, **of)
        yield case(match_sides=(replace(other, comparison=painted),))
        yield case(match_sides=(replace(other, comparison=painted, other_kind="screenshot"),))


def of_numbers() -> Iterator[Case]:
    for read, own in (("9923456789", "8123456789"), ("8123996789", "8123456789")):
        reading = Reading("order", read, 1.0, "text")
        yield case(measured=photo(readings=(reading,), readers=("text",)), of=dispute(order=Order(own)))


def of_origin() -> Iterator[Case]:
    for kind, values in (
        (SOURCE_TYPE, ("trainedAlgorithmicMedia", "composite")),
        (AI_LABEL, ("1", "2", "3")),
        (PARAMETERS, ("ComfyUI",)),
        (NAME, ("Midjourney", "Apple Photos Clean Up")),
    ):
        for value in values:
            source = "xmp:Credit" if kind == NAME else "xmp:AIGC"
            for roles in (("item",), ("communication",)):
                stated = (OriginStatement(source, kind, value),)
                yield case(evidence(roles=roles), photo(statements=stated))
    for state, code in (
        ("invalid", "assertion.dataHash.mismatch"),
        ("valid", "signingCredential.untrusted"),
        ("valid", "signingCredential.expired"),
    ):
        for roles in (("item",), ("communication",)):
            yield case(
                evidence(roles=roles), photo(signed=SignedOrigin(state, "A Camera Maker", codes=(code,)))
            )
    captured = (OriginStatement("c2pa:created", SOURCE_TYPE, "digitalCapture"),)
    yield case(measured=photo(statements=captured, signed=SignedOrigin("trusted", "A Camera Maker")))


def variants() -> Iterator[Finding]:
    """The findings on all of these cases."""
    for cases in (of_clarity, of_format, of_time, of_reuse, of_numbers, of_origin):
        for seen in cases():
            yield from examine(seen, POLICY)
    for measured in (photo(), document(), video()):
        for item in (evidence(), evidence(party=None)):
            yield from examine(case(item, measured), SMALL)
    for at in (PLACED - 9 * DAY, DELIVERED - 3 * DAY):
        named = taken(at, source="filename", meaning="named")
        yield from examine(case(measured=photo(times=(named,))), NAMES_COUNT)
    yield from examine(case(), POLICY, (_broken,))


def _broken(case: Case, policy: Policy) -> Iterator[Finding]:
    raise ZeroDivisionError
    yield
