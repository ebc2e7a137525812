"""The report in a real browser: accessible, inert, and whole at every width."""

from __future__ import annotations

from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from rendering_pictures import draw_media
from rendering_samples import long_report, sample_report

from pipeline.reports.html import write_report
from pipeline.reports.index import write_index
from validators.report import Completeness

pytestmark = pytest.mark.browser
OPEN_ALL = "document.querySelectorAll('details').forEach(d => d.open = true)"
TOO_WIDE = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def visit(browser):
    """Opens a file at a width and scheme; afterwards the console must have stayed silent."""
    said: list[str] = []
    opened = []

    def go(path, width=1280, scheme="light", **options):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, **options
        )
        opened.append(context)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: request.url.startswith("file:") or said.append(request.url))
        page.goto(path.as_uri())
        return page

    yield go
    for context in opened:
        context.close()
    assert said == []


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (360, "light")])
def test_axe_finds_nothing_on_the_report_with_everything_open(visit, written, width, scheme):
    page = visit(written / "report.html", width, scheme)
    page.evaluate(OPEN_ALL)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def test_axe_finds_nothing_on_a_later_page_and_the_index(visit, tmp_path):
    write_report(long_report(201), tmp_path)
    fine = replace(sample_report(), evidence=(), completeness=Completeness(False))
    draw_media(tmp_path / "a")
    index = write_index([("a", sample_report()), ("b", fine)], tmp_path)
    for path, width in ((tmp_path / "report-2.html", 1280), (index, 1280), (index, 360)):
        page = visit(path, width)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        assert page.evaluate(TOO_WIDE) <= 0


@pytest.mark.parametrize("width", [320, 360, 640, 1280])
def test_nothing_overflows_sideways(visit, written, width):
    page = visit(written / "report.html", width)
    page.evaluate(OPEN_ALL)
    assert page.evaluate(TOO_WIDE) <= 0


def test_every_picture_loads_under_the_policy(visit, written):
    page = visit(written / "report.html")
    page.evaluate(OPEN_ALL)
    page.evaluate("document.querySelectorAll('img').forEach(i => i.loading = 'eager')")
    page.wait_for_function("[...document.images].every(i => i.complete)")
    assert page.evaluate("document.images.length") >= 10
    assert page.evaluate("[...document.images].filter(i => !i.naturalWidth).map(i => i.src)") == []


def test_the_style_applies_under_the_policy(visit, written):
    page = visit(written / "report.html", scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 23, 26)"


def test_keys_alone_reach_an_item_and_open_its_notes(visit, written):
    page = visit(written / "report.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    first = page.evaluate("location.hash.slice(1)")
    assert page.evaluate("document.querySelector('.need a').hash.slice(1)") == first
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('article').id") == first
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.parentElement.open") is True


def test_the_report_prints(visit, written):
    page = visit(written / "report.html")
    assert page.pdf().startswith(b"%PDF")
