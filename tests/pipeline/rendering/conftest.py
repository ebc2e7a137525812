"""Shared by the rendering tests: the sample written once, and a browser where one is installed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright
from rendering_pictures import draw_media
from rendering_samples import sample_report

from pipeline.rendering.html import write_report

CHROMIUM = Path("/usr/bin/chromium")


@pytest.fixture(scope="session")
def written(tmp_path_factory) -> Path:
    """The folder of the sample's report, with pictures."""
    folder = tmp_path_factory.mktemp("report")
    draw_media(folder)
    write_report(sample_report(), folder)
    return folder


@pytest.fixture(scope="session")
def browser():
    """Debian's Chromium: skipped where it is not installed, but never in CI."""
    if not CHROMIUM.exists():
        if os.environ.get("CI"):
            pytest.fail("CI needs Chromium: apt-get install chromium")
        pytest.skip("Chromium is not installed")
    flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=flags)
        yield chromium
        chromium.close()
