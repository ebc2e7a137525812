"""PDF pages from bytes to matches: photos on them are found, and pages of one template are told apart."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

sys.path.append(str(Path(__file__).resolve().parents[2] / "benchmarks"))
sys.path.append(str(Path(__file__).resolve().parents[2] / "validators" / "measures"))

from document_pages import saved
from inputs import in_pdf
from reuse_engine import Engine
from reuse_pictures import jpeg, scene
from reuse_screens import render


@pytest.fixture(scope="module")
def gallery():
    engine = Engine()
    for seed in range(1, 4):
        engine.add(f"photo {seed}", jpeg(scene(seed)))
    engine.add("invoice", saved(render("invoice", 1, dark=False)))
    return engine


@pytest.mark.parametrize("filling", [False, True], ids=["with margins", "filling the page"])
def test_a_photo_on_a_page_is_found_with_its_page(gallery, filling):
    ((name, link),) = gallery.look("query", in_pdf(jpeg(scene(2)), filling=filling))
    assert (name, link.class_) == ("photo 2", "SAME_PHOTO")
    assert link.match_side.comparison.this_area.page == 1


def test_another_photo_on_a_page_matches_nothing(gallery):
    assert gallery.look("query", in_pdf(jpeg(scene(77)), filling=False)) == []


def test_a_page_saved_again_is_found(gallery):
    ((name, link),) = gallery.look("query", saved(render("invoice", 1, dark=False), quality=60, size=0.8))
    assert (name, link.class_) == ("invoice", "SAME_PHOTO")


def test_another_page_of_the_template_is_not(gallery):
    assert gallery.look("query", saved(render("invoice", 2, dark=False))) == []


def test_two_scans_of_one_photo_are_one(gallery):
    engine = Engine()
    picture = np.asarray(scene(5))
    engine.add("scan", saved(Image.fromarray(picture)))
    found = engine.look("query", saved(Image.open(io.BytesIO(jpeg(picture, 70)))))
    assert [(name, link.class_) for name, link in found] == [("scan", "SAME_PHOTO")]
