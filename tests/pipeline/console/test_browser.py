"""The console in a real browser: journeys by mouse and by keyboard alone, accessible, inert and whole at every width."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from console_access import LOCAL
from console_store import BLURRED, NOW, ORDER, Filling, photo
from playwright.sync_api import expect
from serving import served, until

from pipeline.console.core.console_context import Console
from pipeline.judgement.report_json import from_json
from pipeline.reports.html import order_of

pytestmark = pytest.mark.browser
SHOTS = Path(__file__).resolve().parents[3] / ".screenshots"
"""Kept for eyes; not part of the repository."""
OPEN_ALL = "document.querySelectorAll('details').forEach(d => d.open = true)"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PAGES = (
    "/", "/?q=nowhere", "/keys", "/case/D-1", "/case/odd%2F%C3%B6%20d", "/item/blurred", "/item/pdf", "/item/mail",
    "/item/hostile-1", "/compare?a=good&b=theirs", "/compare?a=theirs&b=reused", "/compare?a=hostile-0&b=hostile-5",
    "/ask/D-1?party=buyer", "/before-upload?reason=damaged", "/agreement", "/api", "/nowhere",
)  # fmt: skip


@pytest.fixture
def address(context):
    with served(Console(context, LOCAL, lambda: NOW)) as where:
        yield where


@pytest.fixture
def visit(browser, address):
    """Opens a page; afterwards no script of a stranger's has run and no policy was broken."""
    said: list[str] = []
    opened = []

    def go(path, width=1280, scheme="light", **options):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            timezone_id="Europe/Riga",
            **options,
        )
        opened.append(context)
        page = context.new_page()
        page.on("console", lambda message: "404" in message.text or said.append(message.text))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: request.url.startswith(address) or said.append(request.url))
        page.goto(address + path)
        return page

    yield go
    for context in opened:
        context.close()
    assert said == []


@pytest.mark.parametrize("path", PAGES)
def test_axe_finds_nothing_nothing_overflows_and_no_script_runs(visit, path):
    for width, scheme in ((1280, "light"), (360, "dark")):  # 640 px, as at 200 % zoom, lies between them
        page = visit(path, width, scheme)
        page.wait_for_load_state("networkidle")
        name = re.sub(r"\W+", "-", path).strip("-") or "queue"
        page.screenshot(path=SHOTS / f"{name}-{width}-{scheme}.png", full_page=True)
        page.evaluate(OPEN_ALL)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate(TOO_WIDE) <= 0, (width, scheme)
        assert page.title() != "taken", "what the hostile strings would do"
        if width == 1280:
            page.evaluate("document.querySelectorAll('img').forEach(i => i.loading = 'eager')")
            until(page, "[...document.images].every(i => i.complete)")
            assert page.evaluate("[...document.images].filter(i => !i.naturalWidth).map(i => i.src)") == []


def test_axe_finds_nothing_in_the_list_of_keys(visit):
    page = visit("/case/D-1")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    assert Axe().run(page).violations_count == 0
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_hidden()


def test_a_case_is_decided_by_mouse(visit, context):
    page = visit("/")
    page.get_by_role("link", name="D-1", exact=True).click()
    page.get_by_role("link", name="buyer/box.jpg").first.click()
    card = page.locator("article", has=page.get_by_role("link", name="buyer/box.jpg"))
    card.get_by_label("Disagree: Out of focus").click()
    card.get_by_label("Why").fill("The label can be read.")
    card.get_by_role("button", name="Disagree").click()
    expect(page.locator("#needs")).to_have_text("Nothing to review")
    expect(card.locator(".said")).to_contain_text("Disagreed by ann")
    expect(card.locator(".said")).to_contain_text("The label can be read.")
    card.get_by_role("link", name="buyer/box.jpg").click()
    page.get_by_role("button", name="Accept as it is").click()
    expect(page.get_by_role("button", name="Withdraw the acceptance")).to_be_visible()
    with context.database.reading() as records:
        assert [one.act for one in records.decisions("default", "D-1")] == ["disagree", "accept_weak"]


def test_a_case_is_decided_by_keyboard_alone(visit, context):
    page = visit("/?order=name")
    press = page.keyboard.press
    press("j")
    press("o")
    page.wait_for_url("**/case/D-1")
    page.wait_for_load_state()
    press("j")
    assert page.evaluate("document.activeElement.closest('.need') !== null"), "first what needs the mediator"
    press("o")
    until(page, "document.activeElement.matches('article .finding')")
    press("k")
    press("n")
    assert page.evaluate("document.activeElement.matches('.finding[data-stop]')")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    press("d")
    page.keyboard.type("sharp enough?")
    press("Enter")
    expect(page.locator("#needs")).to_have_text("Nothing to review")
    until(page, "document.activeElement.matches('.finding[data-stop]')")  # where one was
    press("o")
    page.wait_for_url("**/item/blurred*")
    press("w")
    expect(page.locator("main")).to_contain_text("Accepted as it is")
    page.wait_for_load_state()
    press("c")
    page.wait_for_url("**/compare?*")
    press("u")
    page.wait_for_url("**/item/blurred")
    press("]")
    page.wait_for_url(lambda url: "/item/" in url and "blurred" not in url)
    press("u")
    page.wait_for_url("**/case/D-1*")
    press("u")
    page.wait_for_url(lambda url: url.endswith("/"))
    press("/")
    page.keyboard.type("O-88")
    press("Enter")
    expect(page.locator(".queue tbody tr")).to_have_count(1)
    with context.database.reading() as records:
        made = records.decisions("default", "D-1")
    assert [(one.act, one.note) for one in made] == [("disagree", "sharp enough?"), ("accept_weak", "")]


def test_keys_act_on_the_item_one_is_at_and_on_no_other(visit, context):
    """Of two weak items the second in the order of the case."""
    Filling(context).item("dim", "D-1", photo(clarity=BLURRED), file="buyer/dim.jpg", roles=("packaging",))
    Filling(context).judge("D-1")
    with context.database.reading() as records:
        report = from_json(records.report("default", "D-1").body)
    order = [report.evidence[place].id for place in order_of(report)]
    second = max(("dim", "blurred"), key=order.index)
    following = order[(order.index(second) + 1) % len(order)]
    page = visit("/case/D-1")
    for key in "cwe":
        page.keyboard.press(key)
    page.wait_for_timeout(200)
    assert page.url.endswith("/case/D-1"), "at no item they do nothing"
    names = {"dim": "buyer/dim.jpg", "blurred": "buyer/box.jpg"}
    places = (
        page.locator(".need li", has_text=names[second]),
        page.locator(f"article:has(h3 a[href='/item/{second}']) .finding[data-stop]").first,
    )
    focus = "e => { for (let d = e.closest('details'); d; d = d.parentElement.closest('details')) d.open = true; e.focus(); }"
    for place in places:
        place.evaluate(focus)
        page.keyboard.press("c")
        page.wait_for_url(f"**/compare?a={second}&b={following}")
        page.go_back()
        page.wait_for_load_state()
        place.evaluate(focus)
        page.keyboard.press("e")
        page.wait_for_url(f"**/ask/D-1?item={second}")
        page.go_back()
        page.wait_for_load_state()
    page.keyboard.press("n")
    page.keyboard.press("n")
    page.keyboard.press("c")
    page.wait_for_url(f"**/compare?a={second}&b={following}")
    page.go_back()
    page.wait_for_load_state()
    places[0].evaluate("e => e.focus()")
    page.keyboard.press("w")
    expect(page.locator("[data-accept][value=unaccept]")).to_have_count(1)
    with context.database.reading() as records:
        assert [(one.act, one.evidence_id) for one in records.decisions("default", "D-1")] == [
            ("accept_weak", second)
        ]


def test_asking_by_keyboard_gives_the_text_and_writes_it_down(visit, context):
    page = visit("/item/blurred", permissions=["clipboard-read", "clipboard-write"])
    page.keyboard.press("e")
    page.wait_for_url("**/ask/D-1?item=blurred")
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("status")).to_have_text("Copied.")
    assert "box.jpg" in page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("button", name="Log this request").click()
    expect(page.locator(".said").first).to_contain_text("Asked for better evidence")


def test_what_is_missing_is_asked_of_the_side_that_owes_it(visit, context):
    Filling(context).dispute("D-2", sub_reason="wrong_item", order=ORDER)
    Filling(context).judge("D-2")
    page = visit("/case/D-2")
    missing = page.locator(".need li", has_text="Photo of the packing")
    expect(missing).to_contain_text("(Seller)")
    missing.evaluate("e => e.focus()")
    page.keyboard.press("e")
    page.wait_for_url("**/ask/D-2?party=seller")
    page.get_by_role("button", name="Log this request").click()
    expect(page.locator("#needs")).to_be_visible()
    page.get_by_text("1 decided").click()
    expect(page.locator(".need li", has_text="Photo of the packing")).to_be_visible()


def test_single_keys_can_be_turned_off_and_typing_is_no_key(visit):
    page = visit("/case/D-1")
    page.keyboard.press("?")
    page.locator("#keys [data-keys-on]").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("u")
    page.wait_for_timeout(200)
    assert page.url.endswith("/case/D-1")
    page.goto(page.url.replace("/case/D-1", "/"))
    page.locator("[data-search]").fill("jk?u")
    assert page.locator("[data-search]").input_value() == "jk?u"


def test_the_first_screen_decides_the_case_by_keys_filters_and_slider(visit, context):
    page = visit("/case/D-2")
    pair = page.locator("[data-pair]").first
    pair.get_by_role("button", name="Overlay").click()
    pair.locator("[data-edge]").fill("30")
    assert pair.locator("[data-other]").evaluate("i => i.style.clipPath").startswith("inset(0px 0px 0px 30%")
    boxes = pair.locator("img").evaluate_all("all => all.map(i => JSON.stringify(i.getBoundingClientRect()))")
    assert boxes[0] == boxes[1], "one over the other"
    waiting = page.locator(".reviews div[data-undecided]")
    left = waiting.count()
    page.keyboard.press("n")
    page.keyboard.press("a")
    expect(waiting).to_have_count(left - 1)
    page.wait_for_load_state()
    page.keyboard.press("g")
    page.wait_for_url(lambda url: not url.endswith("/D-2") and "/case/" in url and "#" not in url)
    page = visit("/case/D-1", java_script_enabled=False)
    page.get_by_role("radio", name="Seller").check()
    assert [tile.is_visible() for tile in page.locator("article.tile").all()].count(True) == 1
    with context.database.reading() as records:
        assert [one.act for one in records.decisions("default", "D-2")] == ["agree"]


def test_two_mediators_at_once_on_one_case_both_stay(browser, context):
    def note(page, text):
        card = page.locator(".review", has=page.get_by_role("link", name="buyer/box.jpg"))
        card.get_by_label("Disagree: Out of focus").click()
        card.get_by_label("Why").fill(text)
        return card.get_by_role("button", name="Disagree")

    bob = replace(LOCAL, who="bob")
    with (
        served(Console(context, LOCAL, lambda: NOW)) as hers,
        served(Console(context, bob, lambda: NOW)) as his,
    ):
        pages = [browser.new_page(), browser.new_page()]
        for page, where in zip(pages, (hers, his), strict=True):
            page.goto(f"{where}/case/D-1")
        buttons = [note(page, text) for page, text in zip(pages, ("hers", "his"), strict=True)]
        for button in buttons:
            button.click()
        for page in pages:
            page.reload()
            expect(page.locator(".said").first).to_contain_text("hers")
            expect(page.locator(".said").first).to_contain_text("his")
            page.close()
    with context.database.reading() as records:
        assert {(one.by, one.note) for one in records.decisions("default", "D-1")} == {
            ("ann", "hers"),
            ("bob", "his"),
        }


def test_without_javascript_all_reads_and_forms_post(visit, context):
    page = visit("/case/D-1", java_script_enabled=False)
    card = page.locator(".review", has=page.get_by_role("link", name="buyer/box.jpg"))
    card.get_by_role("button", name="Agree: Out of focus").click()
    expect(page.locator("#needs")).to_have_text("Nothing to review")
    page.goto(page.url.split("/case")[0] + "/item/pdf")
    page.locator(".thumbs a").nth(1).click()
    assert page.url.endswith("?page=2")
    expect(page.locator("[data-tools]")).to_be_hidden()
    page.goto(page.url.split("/item")[0] + "/before-upload")
    page.get_by_label("Reason of the dispute").select_option("damaged")
    page.get_by_role("button", name="Show what it needs").click()
    page.get_by_label("File").set_input_files(
        {"name": "a.txt", "mimeType": "text/plain", "buffer": b"We sent it."}
    )
    page.get_by_role("button", name="Check it").click()
    expect(page.locator("#answer")).to_have_text("a.txt")
    with context.database.reading() as records:
        assert [one.act for one in records.decisions("default", "D-1")] == ["agree"]


def test_pictures_are_enlarged_turned_and_moved_together(visit):
    page = visit("/compare?a=good&b=theirs")
    sheets = page.locator("[data-sheet]")
    page.keyboard.press("+")
    transforms = [sheets.nth(n).evaluate("e => e.style.transform") for n in (0, 1)]
    assert all("scale(1.5)" in one for one in transforms), transforms
    page.locator("[data-stage]").first.focus()
    page.keyboard.press("ArrowLeft")
    moved = [sheets.nth(n).evaluate("e => e.style.transform") for n in (0, 1)]
    assert all(new != old for new, old in zip(moved, transforms, strict=True))
    page.keyboard.press("r")
    turned = [sheets.nth(n).evaluate("e => e.style.transform") for n in (0, 1)]
    assert "rotate(90deg)" in turned[0]
    assert "rotate(0deg)" in turned[1], "each is turned on its own"
    page.keyboard.press("0")
    assert "scale(1" in sheets.nth(1).evaluate("e => e.style.transform")
    page.keyboard.press("x")
    page.wait_for_url("**/compare?a=theirs&b=good")


def test_times_are_in_the_readers_zone_with_the_original_beside(visit):
    page = visit("/item/good")
    told = page.locator("header time").first.inner_text().replace("\u00a0", " ")
    assert told == "9 Mar 2026, 12:04 (10:04 UTC)"


def test_at_200_percent_zoom_nothing_is_lost(visit):
    page = visit("/case/D-1", 640)
    assert page.evaluate(TOO_WIDE) <= 0
    expect(page.locator("#needs")).to_be_visible()


def test_two_aligned_pictures_slide_blink_and_show_what_differs(visit):
    page = visit("/compare?a=theirs&b=reused")
    until(page, "[...document.querySelectorAll('[data-layer]')].every(i => i.complete && i.naturalWidth)")
    other, marked = (page.locator(f'[data-layer="{name}"]') for name in ("other", "differences"))
    page.locator("[data-edge]").fill("30")
    assert other.evaluate("i => i.style.clipPath").startswith("inset(0px 0px 0px 30%")
    expect(marked).to_be_hidden()
    page.keyboard.press("3")
    expect(marked).to_be_visible()
    expect(other).to_be_hidden()
    page.keyboard.press("2")
    expect(other).to_be_visible()
    expect(page.locator("[data-shown]")).to_have_text("The other item, aligned")
    expect(page.locator("[data-shown]")).to_have_text("This item")
    page.keyboard.press("2")  # by hand now
    shown = page.locator("[data-shown]").text_content()
    page.wait_for_timeout(1600)
    assert page.locator("[data-shown]").text_content() == shown
    boxes = page.evaluate(
        "[...document.querySelectorAll('[data-layer]:not([hidden])')].map(i => i.getBoundingClientRect().width)"
    )
    assert len(set(boxes)) == 1
