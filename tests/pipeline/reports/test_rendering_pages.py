"""The pages as a parser sees them: inert, self-contained, complete."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markupsafe import escape
from rendering_items import HOSTILE, item
from rendering_samples import long_report, sample_report
from stored_findings import stored_finding

import pipeline.reports
from pipeline.judgement.report_json import from_json
from pipeline.reports.html import report_pages, write_report
from pipeline.reports.index import write_index
from pipeline.reports.item_pictures import media_url
from validators.disputes.party_copy import party_copy
from validators.finding import CODES
from validators.report import STATES, Completeness, Deadline
from validators.safe_text import visible
from validators.sentences import sentences
from validators.sentences.sentences import action

VOID = {"meta", "img", "br", "link", "input"}
ADDRESSES = ("href", "src", "action", "formaction", "data", "poster", "srcset", "xlink:href")


class Page(HTMLParser):
    """Tags, attributes, addresses, text and the style of a page; fails on badly nested tags."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str, str | None]] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag not in VOID:
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_data(self, data):
        if self._open[-1:] != ["style"]:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())

    def values(self, wanted: str) -> list[str]:
        return [value or "" for _, name, value in self.attributes if name == wanted]


def assert_inert(page: Page) -> None:
    forbidden = {"script", "iframe", "object", "embed", "form", "base", "link", "video", "audio", "template"}
    assert forbidden.isdisjoint(page.tags)
    for _, name, value in page.attributes:
        assert not name.startswith("on")
        assert name != "style"
        if name in ADDRESSES:
            assert re.match(
                r"(#|([\w.%-]+/)?media/|[\w.%-]+(/report)?(-\d+)?\.(html|csv)(#|$))", value or ""
            ), value


@pytest.fixture(scope="module")
def page(written) -> Page:
    return Page((written / "report.html").read_text("utf-8"))


def test_the_page_is_inert_and_self_contained(page, written):
    assert_inert(page)
    media = set(page.values("src"))
    assert media
    assert all((written / value).is_file() for value in media)


def test_the_policy_allows_this_style_and_no_script(written):
    text = (written / "report.html").read_text("utf-8")
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = next(value for value in Page(text).values("content") if "default-src" in value)
    assert f"style-src 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert not re.search(r"url\(|@import|https?:", style)


def test_every_item_has_its_card_and_both_verdicts(page):
    items = sample_report().evidence
    assert page.tags.count("article") == len(items)
    assert page.text.count("Usability") == page.text.count("Consistency") == len(items) + 1
    assert len(page.values("id")) == len(set(page.values("id")))


def test_links_within_the_page_lead_somewhere(page):
    targets = {value[1:] for value in page.values("href") if value.startswith("#")}
    assert targets
    assert targets <= set(page.values("id"))


def test_headings_never_skip_a_level(page):
    levels = [int(tag[1]) for tag in page.tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_picture_has_a_text_and_a_size(page):
    count = page.tags.count("img")
    assert len([value for value in page.values("alt") if value]) == count
    assert ("html", "lang", "en") in page.attributes


def test_the_first_screen_says_what_needs_someone(page):
    assert "8 items to review" in page.text
    assert "Missing: Proof of shipment (Seller) The seller's proof of shipment was due" in page.text
    assert "Photo of the packaging: weak (required) from photos/box-outside.jpg" in page.text
    assert "Seller: Evidence window closed 16 Mar 2026. Something required never came" in page.text
    assert "Photo of the packaging: weak (required) from photos/box-outside.jpg" in page.text
    assert "Seller: Evidence window closed 16 Mar 2026. Something required never came" in page.text
    assert "never came: 16 Mar 2026, 23:59 UTC. Source: G4. Rule deadlines.evidence.days" in page.text
    assert "Seller can answer until 24 Mar 2026" in page.text
    assert "7 items in 7 uploads; due 16 Mar 2026, 23:59 UTC" in page.text
    assert "Seller can answer until 24 Mar 2026" in page.text
    assert "7 items in 7 uploads; due 16 Mar 2026, 23:59 UTC" in page.text


def test_findings_show_measurement_threshold_and_action(page):
    assert "Measured: 0.113Threshold: 0.22On a scale from 0 to 1Rule: blur.focus_below" in page.text
    assert "Measured: 34%Threshold: 30%" in page.text
    assert "Ask the uploader: Rest the phone on something" in page.text


def test_matches_name_the_other_item_and_the_edit(page):
    assert (
        "The same photo in another dispute, sent by another account, the other item was sent first"
        in page.text
    )
    assert "the other item was sent first; mirrored." in page.text
    assert "256 bits" not in page.text, "the distance stands in report.json"
    assert "Dispute D-0977, IMG_2231.jpg · Buyer · sent 30 Jan 2026, 08:02 UTC" in page.text


def test_capture_times_are_intervals_where_the_zone_is_unknown(page):
    said = "between 7 Mar 2026, 19:14 UTC and 8 Mar 2026, 23:14 UTC (time zone not recorded)"
    assert said in page.text


def test_absence_is_called_normal_and_nothing_is_vouched_for(page):
    assert "normal for screenshots, chat apps" in page.text
    assert (
        "“Nothing found” means only that: no check confirms that an item is what its sender says it is."
        in page.text
    )
    assert not re.search(r"genuine|authentic|verified|fraud|fake", page.text, re.IGNORECASE)


def test_words_kept_from_people_are_in_no_template_and_no_table():
    folders = (Path(sentences.__file__).parent, Path(pipeline.reports.__file__).parent)
    for path in [
        one for folder in folders for one in folder.rglob("*") if one.suffix in (".py", ".po", ".html")
    ]:
        assert not re.search(r"\bfraud|\bfake", path.read_text("utf-8"), re.IGNORECASE), path


def test_every_code_and_state_has_words():
    known = sentences.sentences_in("en")
    assert {code for code in CODES if not known.has(f"labels.title.{code}")} == set()
    assert {state for state in STATES if not known.has(f"labels.state.{state}.short")} == set()


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_strings_stay_text_wherever_they_stand(name):
    found = stored_finding(name, "warning", "review", name, name, {"unit": name}, 1.0, 2.0, name)
    one = item(
        name, id=name, description=name, roles=(name,), metadata={name: name}, text=name, findings=(found,),
        party=name, kind=name, state=name, evidence_type=name, declared_type=name,
    )  # fmt: skip
    report = replace(
        sample_report(), evidence=(one,), skipped=(name,), notices=(name,), completeness=Completeness(False)
    )
    report = replace(report, dispute=replace(report.dispute, id=name, reason=name))
    (text,) = report_pages(report)
    text.encode("utf-8")
    shown = Page(text)
    assert_inert(shown)
    assert set(re.findall(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)) <= {"\t"}


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=()) | st.sampled_from("<>&\"'\x1b\u202e"), max_size=30))
def test_any_name_and_text_stays_text(name):
    one = item(name, description=name, text=name, metadata={name: name})
    (text,) = report_pages(replace(sample_report(), evidence=(one,), completeness=Completeness(False)))
    text.encode("utf-8")
    assert_inert(Page(text))


@pytest.mark.parametrize("path", ["/etc/x.jpg", "../up.jpg", "media/../../x.jpg", ""])
def test_pictures_lie_below_the_report(path):
    assert media_url(path) is None


def test_a_picture_address_cannot_name_a_scheme():
    assert media_url("javascript:alert(1)") == "javascript%3Aalert%281%29"


def test_a_report_past_200_items_is_split_and_linked(tmp_path):
    write_report(long_report(401), tmp_path)
    pages = [
        Page((tmp_path / name).read_text("utf-8"))
        for name in ("report.html", "report-2.html", "report-3.html")
    ]
    assert [page.tags.count("article") for page in pages] == [200, 200, 1]
    for shown in pages:
        assert_inert(shown)
        assert {"report.html", "report-2.html", "report-3.html"} <= set(shown.values("href"))
    ids = [one for shown in pages for one in shown.values("id") if one.startswith("item-")]
    assert len({one.removesuffix("-name") for one in ids}) == 401
    leads = [href.partition("#") for href in pages[0].values("href") if href.startswith("report-2.html#")]
    assert leads
    assert all(target in pages[1].values("id") for _, _, target in leads)


def test_a_shorter_report_leaves_no_page_behind(tmp_path):
    write_report(long_report(201), tmp_path)
    assert (tmp_path / "report-2.html").exists()
    write_report(long_report(200), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.html", "report.json"]


def test_a_full_disk_leaves_the_former_report_whole(tmp_path, monkeypatch):
    write_report(sample_report(), tmp_path)
    before = (tmp_path / "report.html").read_bytes()

    def full(self, *_args, **_kwargs):
        raise OSError(28, "No space left on device", str(self))

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space"):
        write_report(long_report(3), tmp_path)
    assert (tmp_path / "report.html").read_bytes() == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["report.html", "report.json"]


def test_the_json_beside_the_page_is_the_report(written):
    assert from_json((written / "report.json").read_text("utf-8")) == sample_report()


def test_an_empty_and_undeclared_dispute_has_a_page():
    base = sample_report()
    bare = replace(base, evidence=(), completeness=Completeness(False), deadlines=())
    bare = replace(bare, dispute=replace(base.dispute, declared=False, reason=None, sub_reason=None))
    (text,) = report_pages(bare)
    shown = Page(text)
    assert "Nothing to review" in shown.text
    assert "This dispute has no evidence." in shown.text
    assert "read as one dispute without dispute data" in shown.text


def test_the_index_puts_the_worst_first_and_links_each_report(tmp_path):
    worst = sample_report()
    fine = replace(worst, evidence=(), completeness=Completeness(False), deadlines=())
    quiet = replace(fine, dispute=replace(worst.dispute, id="A-1\u202e<b>"))
    path = write_index([("A-1", quiet), ("D 1001", worst)], tmp_path)
    shown = Page(path.read_text("utf-8"))
    assert_inert(shown)
    assert [href for href in shown.values("href") if "report" in href] == [
        "D%201001/report.html",
        "A-1/report.html",
    ]
    assert "2 disputes, 1 to review" in shown.text
    assert "8 items to review ? 3 reviews ✕ 4 to re-upload ! 1 required item missing" in shown.text
    assert shown.values("src")[0] == "D%201001/media/crack-small.jpg", "a picture of the first item to review"
    assert "Buyer asks for a refund of EUR 18.90, no return" in shown.text
    assert "A-1\\u202e<b>" in shown.text


def test_a_dispute_with_a_picture_of_another_comes_first_on_the_index(tmp_path):
    worse = sample_report()
    worse = replace(worse, dispute=replace(worse.dispute, id="worse"))
    params = {"scope": "other_dispute"}
    again = item(
        "again.jpg", findings=(stored_finding("DUP_SAME_PHOTO", "warning", "review", "Again.", None, params),)
    )
    reused = replace(worse, evidence=(again,), dispute=replace(worse.dispute, id="reused"))
    shown = Page(write_index([("worse", worse), ("reused", reused)], tmp_path).read_text("utf-8"))
    assert [href for href in shown.values("href") if "report" in href] == [
        "reused/report.html",
        "worse/report.html",
    ]
    assert {"show-all", "show-reused"} <= set(shown.values("id"))


def test_the_index_says_whose_clock_has_run_out(tmp_path):
    report, at = sample_report(), sample_report().as_of
    clocks = tuple(
        Deadline(kind, at - timedelta(days=day), "r", "s", party, past_due=True)
        for day, (kind, party) in enumerate(
            [("evidence", "buyer"), ("evidence", "seller"), ("seller_answer", "seller"), ("evidence", "seller"),
             ("protection", "buyer"), ("mediation", None)], 1,
        )
    )  # fmt: skip
    shown = Page(write_index([("a", replace(report, deadlines=clocks))], tmp_path).read_text("utf-8"))
    told = "Past due: Evidence (Buyer), Evidence (Seller), Seller’s answer, Buyer protection, Mediation"
    assert told in shown.text


def test_an_index_past_200_disputes_is_split(tmp_path):
    bare = replace(sample_report(), evidence=(), completeness=Completeness(False), deadlines=())
    write_index(
        [(f"d{i}", replace(bare, dispute=replace(bare.dispute, id=f"D-{i}"))) for i in range(201)], tmp_path
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["index-2.html", "index.html"]


def test_numbers_that_were_looked_for_are_answered_in_words():
    shown = Page("".join(report_pages(sample_report())))
    assert "Order numbercould not be read reliably" in shown.text
    assert "Tracking numbermatches the dispute, read from a barcode" in shown.text


def test_a_copy_for_a_party_says_nothing_of_what_it_withholds():
    report = sample_report()
    (page,) = report_pages(party_copy(report, "seller"))
    assert "Copy for the seller." in page
    others = sum(item.declared.party != "seller" for item in report.evidence)
    assert page.count("Its measurements are not part of this copy.") == others > 0
    theirs = page[page.index('id="group-1"') : page.index('id="group-2"')]
    for untrue in (
        "0 bytes",
        "not read",
        "No metadata",
        "not recorded",
        "Nothing found that conflicts",
        "Can be read",
    ):
        assert untrue not in theirs, untrue
    assert "items to review" not in page


def test_a_copy_tells_its_party_what_to_do():
    report = sample_report()
    wanted = [
        action(f)
        for item in report.evidence
        if item.declared.party == "buyer"
        for f in item.findings
        if action(f) and f.severity != "note"
    ]
    (page,) = report_pages(party_copy(report, "buyer"))
    assert wanted
    assert "What you can do" in page
    for asked in wanted:
        assert str(escape(visible(asked))) in page
