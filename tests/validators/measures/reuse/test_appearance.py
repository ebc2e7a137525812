"""Colours and what was painted: a tint is taken off, a variant in another colour stands out, a crack is outlined."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from reuse_pictures import (
    BLUE,
    GREEN,
    RED,
    carton,
    cracked,
    jpeg,
    overlap,
    scene,
    stained,
    tinted,
    turned_by,
)

from pipeline.reuse.verification import best_alignment
from validators.measures.reuse.agreement import compare_aligned
from validators.measures.reuse.appearance import compare_appearance
from validators.measures.reuse.local_features import extract

TINTS = ("grey", "sepia", "cool", "warm", "bright", "faded")


def saved(picture, quality=85):
    return cv2.imdecode(np.frombuffer(jpeg(picture, quality), np.uint8), cv2.IMREAD_COLOR)[:, :, ::-1].copy()


def compared(query, other):
    found = best_alignment(extract(query), extract(other))
    assert found is not None
    grey = [cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY) for picture in (query, other)]
    agreement = compare_aligned(*grey, found.matrix)
    assert agreement is not None
    appearance = compare_appearance(query, other, agreement.matrix)
    assert appearance is not None
    return appearance


def box(outline, picture):
    long = max(picture.shape[:2])
    return (*(outline.min(axis=0) * long), *(outline.max(axis=0) * long))


@pytest.mark.parametrize("how", TINTS)
@pytest.mark.parametrize("picture", [carton(RED), scene(3)], ids=["carton", "photo"])
def test_one_tint_explains_the_colours_of_a_copy_either_way(picture, how):
    copy = saved(tinted(picture, how))
    for query, other in ((copy, picture), (picture, copy)):
        found = compared(query, other)
        assert found.recoloured is None or found.recoloured < 0.05


@pytest.mark.parametrize(("one", "other"), [(RED, GREEN), (GREEN, RED), (RED, BLUE), (BLUE, GREEN)])
def test_no_tint_explains_a_variant_in_another_colour(one, other):
    found = compared(saved(carton(one)), saved(carton(other, "SKIM")))
    assert found.recoloured is not None
    assert found.recoloured > 0.3


@pytest.mark.parametrize("quality", [40, 85])
@pytest.mark.parametrize("paint", [cracked, stained])
def test_what_was_painted_over_a_copy_is_outlined(paint, quality):
    photo = cv2.resize(scene(5), None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    painted, where = paint(photo)
    found = compared(saved(painted, quality), photo)
    assert found.outline is not None
    assert overlap(box(found.outline, photo), where) > 0.4
    assert 0.001 < found.changed < 0.1


@pytest.mark.parametrize(
    "edit",
    [
        lambda p: saved(p, 30),
        lambda p: saved(cv2.resize(p, None, fx=0.4, fy=0.4, interpolation=cv2.INTER_AREA)),
        lambda p: saved(cv2.GaussianBlur(p, (0, 0), 1.5)),
        lambda p: saved(p[60:560, 80:760].copy()),
        lambda p: saved(turned_by(p, 4.0)),
        lambda p: saved(tinted(p, "warm")),
        lambda p: saved(tinted(p, "sepia")),
    ],
    ids=["saved", "smaller", "blurred", "cropped", "turned", "warm", "sepia"],
)
def test_a_plain_copy_differs_nowhere(edit):
    photo = cv2.resize(scene(5), None, fx=2, fy=2, interpolation=cv2.INTER_CUBIC)
    assert compared(edit(photo), photo).outline is None


def test_another_light_is_no_tint():
    photo = scene(6)
    across = np.linspace(0.55, 1.0, photo.shape[1])[None, :, None]
    lit = (photo * across).astype(np.uint8)
    assert compared(saved(tinted(photo, "bright")), photo).tone < 5
    assert compared(saved(lit), photo).tone > 8
