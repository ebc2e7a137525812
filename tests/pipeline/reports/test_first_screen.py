"""The first screen of a case: what is asked, the pictures that decide it, and what is told in words."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from rendering_items import item, preview
from rendering_samples import sample_report

from pipeline.reports.cards.case_head import case_head
from pipeline.reports.cards.copies import copies_line
from pipeline.reports.cards.item_filters import filter_classes, item_filters
from pipeline.reports.clock_rows import clock_rows
from pipeline.reports.html import report_pages
from pipeline.reports.item_pictures import Picture
from validators.disputes.attention import needs
from validators.report import Completeness, Match, QualityReport, ResolutionView
from validators.sentences.labels import Labels
from validators.sentences.sentences import sentences_in

ENGLISH = Labels(sentences_in("en"))


def head_of(report: QualityReport, now: timedelta = timedelta()):
    return case_head(report, needs(report), clock_rows(report), ENGLISH, report.as_of + now)


@pytest.mark.parametrize(
    ("asked", "claim"),
    [
        (None, ""),
        (ResolutionView("refund", "EUR 21.00", False), "Buyer asks for a refund of EUR 21.00, no return"),
        (
            ResolutionView("return_and_refund", "5 USD", True),
            "Buyer asks for a return and refund of 5 USD, with return",
        ),
        (ResolutionView("REPLACEMENT_PARTS"), "Buyer asks for replacement parts"),
    ],
)
def test_the_claim_is_one_line(asked, claim):
    report = sample_report()
    report = replace(report, dispute=replace(report.dispute, requested_resolution=asked))
    assert head_of(report).claim == claim
    (page,) = report_pages(report)
    assert (claim or "Dispute D-1001") == re.sub("<[^>]+>", "", re.search("<h1>.*?</h1>", page)[0])


def test_the_next_deadline_says_how_far_it_is():
    head = head_of(sample_report(), timedelta(days=2))
    assert head.deadline.text == "Seller can answer until 24 Mar 2026"
    assert head.distance == "in 4 days"
    assert head.facts == ("Not as described \u00b7 Damaged", "Negotiation")


def test_two_sentences_say_what_was_found_and_what_is_missing():
    asked, rest = head_of(sample_report()).summary
    assert asked.startswith("7 of 12 items need a review: taken before the order, same photo elsewhere,")
    assert rest == "8 of 12 can be used as sent. Still missing: proof of shipment (seller)."
    fine = replace(sample_report(), evidence=(item("a.jpg"),), completeness=Completeness(True))
    assert head_of(fine).summary == (
        "No item needs a review.",
        "1 of 1 can be used as sent, and nothing required is missing.",
    )


def test_a_card_shows_both_dates_and_the_weak_part_at_full_size():
    (page,) = report_pages(sample_report())
    first = page[: page.index("<article")]
    cards = re.findall(r'<li class="review.*?</div>\n</li>', first, re.DOTALL)
    assert len(cards) == 7
    dated = next(card for card in cards if "crack-in-the-lid" in card)
    assert re.sub("<[^>]+>", " ", dated[dated.index('class="dates"') :]).split()[1:10] == [
        "Taken", "8", "Feb", "2026", "11", "days", "Order", "placed", "20",
    ]  # fmt: skip
    blurred = next(card for card in cards if "box-outside" in card)
    assert '<svg viewBox="64 210 400 300"' in blurred, "the region of 800 x 600, pixel by pixel"


def test_a_case_without_findings_opens_with_what_came_beside_the_listing():
    pictures = tuple(
        item(name, party=party, roles=(role,), derivatives=(preview(name),))
        for name, party, role in (
            ("parcel", "buyer", "packaging"),
            ("mug", "buyer", "item"),
            ("packed", "seller", ""),
        )
    )
    report = replace(sample_report(), evidence=pictures, completeness=Completeness(True))
    listed = Picture("media/listed.jpg", 10, 8, "Picture of the listing")
    (page,) = report_pages(report, listing=[listed])
    opening = page[: page.index("<article")]
    assert re.findall(r'<img src="media/(\w+)', opening) == ["listed", "mug", "parcel", "packed"]
    assert "Nothing to review" in opening


def test_copies_of_one_picture_are_one_line():
    def match(scope: str, dispute: str, number: int, class_: str = "SAME_PHOTO") -> Match:
        return Match(class_, scope, "", "", dispute, f"m{number}", "a.jpg", "0" * 64, None, None, 0)

    many = [match("other_dispute", "D-1001", n) for n in range(3)]
    one = item(
        "a", matches=(*many, match("same_dispute", "D-2", 4), match("listing", "D-2", 5, "LISTING_COPY"))
    )
    assert (
        copies_line(one, ENGLISH)
        == "Also in D-1001: 3 copies \u00b7 1 copy in this case \u00b7 On the listing"
    )
    assert copies_line(item("b", matches=(match("other_dispute", "D-3", 1, "SAME_SCENE"),)), ENGLISH) == ""


def test_filters_offer_only_what_leaves_some_but_not_all():
    report = sample_report()
    offered = {one.code: one.count for one in item_filters(report, ENGLISH)}
    assert offered["all"] == len(report.evidence)
    assert offered["review"] == sum("of-review" in filter_classes(one) for one in report.evidence) == 7
    assert "audio" not in offered
    same = replace(report, evidence=(item("a.jpg"), item("b.jpg")))
    assert [one.code for one in item_filters(same, ENGLISH)] == ["all"]
    assert filter_classes(item("c", kind='"><script>', party="x y")) == ()
