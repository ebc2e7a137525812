"""Size, length and total that a marketplace takes."""

from __future__ import annotations

import pytest
from judging_cases import case, codes, document, evidence, only, photo, unopened, video

from pipeline.judgement.judge import bytes_before
from pipeline.setup.policies import load_policy
from validators.checks.acceptance import acceptance
from validators.evidence import Problem
from validators.sentences.sentences import sentence

MIB = 1024 * 1024


def found(policy: str, size: int, measured: object = None, **more: object) -> list:
    return list(acceptance(case(evidence(bytes=size), measured or photo(), **more), load_policy(policy)))


@pytest.mark.parametrize("policy", ["shopee", "paypal"])
def test_a_photo_of_ten_megabytes_is_the_largest(policy):
    assert found(policy, 10 * MIB) == []
    (told,) = found(policy, 11 * MIB)
    assert (told.code, told.rule, told.measured, told.threshold) == (
        "FMT_NOT_ACCEPTED", "accept.photo_mb", 11.0 * MIB, 10.0 * MIB,
    )  # fmt: skip
    assert sentence(told) == "The file is too large: 11 MB. The marketplace accepts pictures of up to 10 MB."


def test_documents_and_videos_have_limits_of_their_own():
    assert codes(found("paypal", 11 * MIB, document())) == ["FMT_NOT_ACCEPTED"]
    assert found("shopee", 11 * MIB, document()) == []
    assert found("shopee", 30 * MIB, video()) == []
    assert only(found("shopee", 31 * MIB, video()), "FMT_NOT_ACCEPTED").rule == "accept.video_mb"


def test_a_video_of_over_a_minute():
    from dataclasses import replace

    long = video()
    long = replace(long, video=replace(long.video, duration_s=61.5))
    (told,) = found("shopee", 100, long)
    assert (told.rule, told.measured, told.threshold) == ("accept.video_s", 61.5, 60.0)


def test_what_one_party_sent_adds_up_in_the_order_it_came():
    assert found("stripe", 2 * MIB, bytes_before=2 * MIB) == []
    (told,) = found("stripe", 3 * MIB, bytes_before=2 * MIB)
    assert told.rule == "accept.total_mb"
    assert (
        sentence(told)
        == "With this file, the evidence from the buyer comes to 5 MB. The marketplace accepts 4.5 MB in all."
    )
    items = [
        evidence(id="b", bytes=5, file="b.jpg"), evidence(id="a", bytes=7, file="a.jpg"),
        evidence(id="s", bytes=3, party="seller"),
    ]  # fmt: skip
    assert bytes_before(items) == {"a": 0, "b": 7, "s": 0}


def test_the_default_takes_any_size_and_what_does_not_open_has_its_finding_already():
    assert found("default", 500 * MIB) == []
    assert found("paypal", 500 * MIB, unopened("image/jpeg", Problem("corrupt"))) == []
