"""The action fits the moment: nobody is asked for a new photo of goods that are with somebody else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from judging_cases import (
    AS_OF,
    DAY,
    DELIVERED,
    HEALTHY,
    PLACED,
    POLICY,
    SMEARED,
    case,
    dispute,
    evidence,
    only,
    photo,
    video,
)

from validators.checks.clarity import clarity
from validators.dispute import Order, OrderEvent
from validators.evidence import ContentMeasures
from validators.in_hand import may_be_in_hand
from validators.sentences.sentences import action

BLURRED = replace(HEALTHY, sharpness=0.3, definition=SMEARED)


def with_events(*events, **changes):
    order = Order(id="O-1", events=tuple(OrderEvent(kind, at) for kind, at in events))
    return dispute(order=order, **changes)


def held(party, of, as_of=AS_OF):
    return may_be_in_hand(replace(case(evidence(party=party)), dispute=of, as_of=as_of), POLICY)


def test_the_buyer_has_what_was_delivered_until_it_is_returned():
    came = (("placed", PLACED), ("delivered", DELIVERED))
    assert held("buyer", with_events(*came))
    sent_back = with_events(*came, ("return_shipped", DELIVERED + DAY))
    assert not held("buyer", sent_back)
    assert held("buyer", sent_back, as_of=DELIVERED + DAY / 2)


def test_the_seller_has_it_until_it_is_shipped_and_again_once_it_is_back():
    assert held("seller", with_events(("placed", PLACED)))
    shipped = (("placed", PLACED), ("shipped", PLACED + DAY))
    assert not held("seller", with_events(*shipped))
    assert held("seller", with_events(*shipped, ("returned", DELIVERED + DAY)))


@pytest.mark.parametrize("sub_reason", ["delivered_to_other", "returned_to_seller"])
def test_what_somebody_else_received_never_was_with_the_buyer(sub_reason):
    of = with_events(("placed", PLACED), ("delivered", DELIVERED), sub_reason=sub_reason)
    assert not held("buyer", of)


def test_where_nothing_is_known_it_may_be_in_hand():
    assert held(None, with_events(("returned", DELIVERED)))
    assert held("buyer", with_events())


RETURNED = with_events(("placed", PLACED), ("delivered", DELIVERED), ("returned", DELIVERED + DAY))


def asked(measured, of=RETURNED, **declared):
    judged = replace(case(evidence(**{"party": "buyer", **declared}), measured), dispute=of)
    return action(only(clarity(judged, POLICY), "CLR_BLUR"))


def test_after_a_return_another_photo_taken_then_is_asked_for():
    for measured in (photo(clarity=BLURRED), video(BLURRED, BLURRED)):
        assert asked(measured).startswith(
            "If another photo or video was taken at the time, send that one too."
        )
        assert "gain" not in asked(measured)
    assert "photograph it again" in asked(photo(clarity=BLURRED), of=dispute())


def test_papers_and_screens_can_still_be_had():
    page = ContentMeasures(0.2, 0.85, 0.0, 0.9, largest_patch=0.3)
    assert "photograph it again" in asked(photo(clarity=BLURRED), roles=("invoice",))
    assert "photograph it again" in asked(photo(clarity=BLURRED, content=page))
    assert "Take the screenshot again" in asked(photo(clarity=BLURRED, kind="screenshot"))
