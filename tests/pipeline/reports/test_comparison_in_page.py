"""A comparison picture on the page: as wide as its card, leading to its full size, accessible."""

from __future__ import annotations

from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from comparison_scenes import mirrored_crop, scene
from PIL import Image
from rendering_samples import sample_report

from pipeline.reports.comparison import draw_comparison
from pipeline.reports.html import write_report
from validators.report import DerivativeRecord

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser, tmp_path):
    """Opens a report whose first match has its picture, at a width."""
    other = scene()
    this, matrix = mirrored_crop(other, 120, 60, 360, 300)
    picture = Image.fromarray(draw_comparison(this, other, matrix))
    (tmp_path / "media").mkdir()
    picture.save(tmp_path / "media" / "comparison-1.jpg")
    made = DerivativeRecord("comparison", "media/comparison-1.jpg", picture.width, picture.height, "0" * 64)
    base = sample_report()
    item = next(item for item in base.evidence if item.matches)
    first = replace(item.matches[0], comparison=made.path)
    shown = replace(item, matches=(first, *item.matches[1:]), derivatives=(made,))
    write_report(replace(base, evidence=(shown,)), tmp_path)
    opened = []

    def go(width: int, scheme: str):
        context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        opened.append(context)
        there = context.new_page()
        there.goto((tmp_path / "report.html").as_uri())
        return there

    yield go
    for context in opened:
        context.close()


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (1280, "dark"), (360, "light")])
def test_the_picture_fills_its_card_and_is_accessible(page, width, scheme):
    there = page(width, scheme)
    found = Axe().run(there)
    assert found.violations_count == 0, found.generate_report()
    assert there.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    inner, card = there.evaluate(
        "[document.querySelector('.compared img').clientWidth, document.querySelector('.matches').clientWidth]"
    )
    assert card - inner <= 4
    link = there.get_attribute(".compared a", "href")
    assert link == "media/comparison-1.jpg"
    there.focus(".compared a")
    assert there.evaluate("document.activeElement.querySelector('img').alt").endswith(
        "with the shared area and the differences marked"
    )
