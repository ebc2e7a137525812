"""What each page says of the case, without a browser."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from console_store import HOSTILE, Filling, sha
from markupsafe import escape
from PIL import Image

from pipeline.reports.comparison import LAYERS
from validators.safe_text import visible

PAGES = (
    "/", "/keys", "/case/D-1", "/case/D-2", "/case/odd%2F%C3%B6%20d", "/item/good", "/item/pdf?page=2", "/item/mail",
    "/item/broken", "/item/film", "/item/hostile-4", "/compare?a=good&b=theirs", "/compare?a=theirs&b=reused",
    "/ask/D-1?party=buyer",
    "/ask/D-1?item=blurred", "/ask/D-1?party=seller", "/before-upload?reason=damaged", "/agreement", "/api",
)  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_whole_strict_and_says_nothing_of_deceit(client, page):
    answer = client.get(page)
    assert answer.status_code == 200
    assert answer.text.rstrip().endswith("</html>")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["cache-control"] == "no-store"
    assert not re.search(r"<script(?! src=\"/static/)|\son\w+=\"|\sstyle=\"|<style", answer.text)
    assert not re.search(r"fraud|\bfake", answer.text, re.IGNORECASE)


def test_the_queue_lists_the_tenants_open_disputes(client):
    text = client.get("/").text
    assert "3 disputes" in text
    assert '<a href="/case/odd%2F%C3%B6%20d"' in text
    assert "D-9" not in text
    assert "items to review" in text


@pytest.mark.parametrize(
    ("query", "found"),
    [("q=O-88", ["D-2"]), ("q=box.jpg", ["D-1"]), (f"q={sha('default/reused')[:12]}", ["D-2"]), ("q=nowhere", []),
     ("show=closed", []), ("order=name&waiting=yes&reason=damaged", ["D-1", "D-2", "odd%2F%C3%B6%20d"]),
     ("page=99999999999999", []), ("limit=-3&order=evil&reason=other", [])],
)  # fmt: skip
def test_the_queue_is_searched_and_narrowed(client, query, found):
    text = client.get(f"/?{query}").text
    assert re.findall(r'<a href="/case/([^"]+)" data-open', text) == found


def test_the_case_says_first_what_needs_the_mediator(client):
    text = client.get("/case/D-1").text
    assert "1 item to review" in text
    places = [
        text.index(one)
        for one in ("1 item to review", "Buyer: 5 items", "Seller: 1 item", "What each side has sent")
    ]
    assert places == sorted(places)
    card = text[places[0] : places[1]]
    assert '<figure class="shot"' in card
    assert 'value="agree" aria-label="Agree: Out of focus"' in card
    assert re.search(r"Photo of the packaging:</b> weak", text)
    assert "deadlines.evidence.days" in text
    assert 'action="/decide"' in text
    assert "/compare?a=theirs&amp;b=reused" in text


def test_a_match_is_decided_on_its_card_with_both_pictures_aligned(client, context):
    Filling(context).judge("D-2")
    text = client.get("/case/D-2").text
    card = text[text.index('<li class="review paired"') : text.index("<article")]
    assert re.findall(r'src="(/layer/[^"]+)"', card) == [
        "/layer/reused/theirs/this",
        "/layer/reused/theirs/other",
    ]
    assert 'href="/compare?a=reused&amp;b=theirs" data-compare' in card


def test_the_bar_leads_to_the_next_waiting_case_and_round_again(client):
    after = {}
    for case in ("D-1", "D-2", "odd%2F%C3%B6%20d"):
        found = re.search(r'href="/case/([^"]+)" data-next-case', client.get(f"/case/{case}").text)
        after[case] = found and found[1]
    waiting = re.findall(r'<a href="/case/([^"]+)" data-open', client.get("/?waiting=yes").text)
    assert [after[case] for case in waiting] == [*waiting[1:], *waiting[:1]]


def test_the_item_shows_where_it_comes_from(client):
    text = client.get("/item/blurred").text
    assert sha("default/blurred") in text
    assert "jail level <bdi>full</bdi>" in text
    assert "report attached" in text.lower()
    assert "data-after>Next</a>" in text
    assert "Ask for a better one" in text
    assert "Accept as it is" in text


def test_the_item_shows_how_it_was_made_as_the_file_states(client):
    text = client.get("/item/hostile-2").text
    assert "How it was made" in text
    assert f"Made by {escape(visible(HOSTILE[2]))}"[:20] in text
    assert "Signed and unchanged, by a signer who is not on the trust list" in text
    assert "How it was made" not in client.get("/item/good").text


def test_a_documents_pages_are_chosen_without_javascript(client):
    first, second = (client.get(f"/item/pdf?page={n}").text for n in (1, 2))
    large = [re.search(r'data-sheet>\s*<img src="([^"]+)"', text)[1] for text in (first, second)]
    assert large[0] != large[1]
    assert 'aria-current="page"' in second
    assert "We sent it." in client.get("/item/mail").text


def test_side_by_side_marks_what_differs_and_what_is_absent(client):
    text = client.get("/compare?a=good&b=theirs").text
    told = re.findall(r'<tr class="([\w-]+)"><th scope="row"><bdi>([^<]+)', text)
    rows = {name: verdict for verdict, name in told}
    assert rows["Make"] == "absent-right"
    assert rows["Sent by"] == "differs"
    assert rows["Kind"] == "same"
    assert "/comparison/" not in text
    matched = client.get("/compare?a=theirs&b=reused").text
    assert "/comparison/theirs/reused" in matched
    assert "mirrored" in matched
    assert client.get("/comparison/theirs/reused").headers["content-type"] == "image/jpeg"
    assert client.get("/comparison/good/theirs").status_code == 404


def test_a_match_is_laid_over_in_layers_of_one_size(client):
    page = client.get("/compare?a=theirs&b=reused").text
    sizes = set()
    for name in LAYERS:
        assert f'src="/layer/theirs/reused/{name}"' in page
        answer = client.get(f"/layer/theirs/reused/{name}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
        sizes.add(Image.open(BytesIO(answer.content)).size)
    assert len(sizes) == 1
    assert client.get("/layer/theirs/reused/original").status_code == 404
    assert client.get("/layer/good/theirs/this").status_code == 404


def test_each_card_compares_its_own_item_with_its_match_else_the_next(client):
    text = client.get("/case/D-1").text
    cards = re.findall(r'<article class="tile.*?</article>', text, re.DOTALL)
    order = [re.search(r'href="/item/(\w+)"', card)[1] for card in cards]
    assert len(order) == 6
    for place, (own, card) in enumerate(zip(order, cards, strict=True)):
        (pair,) = re.findall(r'href="/compare\?a=(\w+)&amp;b=(\w+)" data-compare', card)
        assert pair == (own, "reused" if own == "theirs" else order[(place + 1) % len(order)])
        page = client.get(f"/item/{own}").text
        assert re.findall(r'href="/compare\?a=(\w+)&amp;b=(\w+)" data-compare', page) == [pair]


def test_the_queue_calls_no_deadline_the_next_that_is_past(client_of):
    for after in (0, 400):
        text = client_of(at=timedelta(days=after)).get("/").text
        assert '<th scope="col">Deadline</th>' in text
        assert "next deadline" not in text.lower()


def test_any_item_is_beside_any_other_in_two_clicks(client):
    text = client.get("/item/good").text
    for other in ("blurred", "theirs", "listed", "pdf"):
        assert f"/compare?a=good&amp;b={other}" in text
    assert client.get("/compare?a=good&b=listed").status_code == 200


@pytest.mark.parametrize("address", ["/compare?a=good", "/compare?a=good&b=good", "/compare"])
def test_two_different_items_are_needed(client, address):
    assert client.get(address).status_code == 400


@pytest.mark.parametrize(
    "page",
    ["/case/none", "/item/none", "/item/listed", "/compare?a=good&b=none", "/ask/none?party=buyer", "/nowhere",
     "/export/none?as=json", "/export/D-1?as=exe", "/static/../app.py", "/static/none.js", "/media/good/" + "0" * 64,
     "/media/none/x", "/case/", "/item/", "/case/D-9", "/item/other-D-9"],
)  # fmt: skip
def test_what_is_not_there_is_404(client, page):
    answer = client.get(page)
    assert answer.status_code == 404
    assert "nosniff" in answer.headers["x-content-type-options"]


def test_hostile_strings_are_spelled_out_everywhere(client):
    pages = [client.get(f"/item/hostile-{n}").text for n in range(len(HOSTILE))]
    pages += [client.get("/case/odd%2F%C3%B6%20d").text, client.get("/compare?a=hostile-0&b=hostile-1").text]
    for text in pages:
        assert "taken'</script>" not in text
        assert 'onerror="' not in text
        assert "\u202e" not in text
        assert "\x1b" not in text
        assert "<svg onload" not in text
    for number, hostile in enumerate(HOSTILE):
        assert str(escape(visible(hostile))) in pages[number]


def test_the_draft_asks_for_what_the_findings_say_and_nothing_of_other_cases(client):
    text = client.get("/ask/D-1?party=buyer").text
    assert "1. box.jpg:" in text
    assert "Dispute D-1 (order O-77)" in text
    assert "D-2" not in text
    assert "reused" not in text
    assert "Nothing from this side needs a new upload" in client.get("/ask/D-1?party=seller").text
