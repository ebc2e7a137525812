"""Shared by the rendering tests: the sample written once, and a browser where one is installed."""

from __future__ import annotations

from pathlib import Path

import pytest
from rendering_pictures import draw_media
from rendering_samples import sample_report

from pipeline.reports.html import write_report


@pytest.fixture(scope="session")
def written(tmp_path_factory) -> Path:
    """The folder of the sample's report, with pictures."""
    folder = tmp_path_factory.mktemp("report")
    draw_media(folder)
    write_report(sample_report(), folder)
    return folder
