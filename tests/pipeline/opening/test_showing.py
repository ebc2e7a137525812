"""Which view stands for a clip, the sheet with its times, and the map of the sprite."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from pipeline.opening.host.answer_stream import Plane
from pipeline.opening.host.frame_choice import contact_sheet, planes_to_keep, poster
from pipeline.opening.host.sprite_map import sprite_map
from validators.evidence import (
    ClarityMeasures,
    CutMeasure,
    Fingerprint,
    PageMeasures,
    SpriteFacts,
    VideoFacts,
    VideoMeasures,
)

GOOD = ClarityMeasures(0.8, 50_000, 2.0, 120.0, 30.0, 220.0, 55.0, 0.05, 0.02, 0.1)
SOFT, BLACK, FLAT = replace(GOOD, sharpness=0.3), replace(GOOD, luma_p95=12.0), replace(GOOD, luma_std=2.0)
FACTS = VideoFacts(4.2, 640, 360, 0, 30.0, "h264", None)


def pages(*clarities, prints=None):
    prints = prints or ["0" * 64] * len(clarities)
    return tuple(
        PageMeasures(i, 640, 360, clarity, Fingerprint("phash256", "1", (one,)), float(i))
        for i, (clarity, one) in enumerate(zip(clarities, prints, strict=True))
    )


def decoded(*cuts):
    return VideoMeasures(10.0, 0.25, 300, cuts=cuts)


def test_the_poster_is_sharp_and_never_black_or_flat():
    assert poster(pages(BLACK, SOFT, FLAT, GOOD, BLACK)) == 3
    assert poster(pages(BLACK, BLACK, BLACK)) == 1
    assert poster(pages(BLACK, SOFT, BLACK)) == 1


def test_the_poster_is_like_most_of_the_clip():
    odd, usual = "f" * 64, "0" * 64
    assert poster(pages(GOOD, GOOD, GOOD, GOOD, prints=[odd, usual, usual, usual])) in (1, 2, 3)
    sharper = replace(GOOD, sharpness=0.85)
    assert poster(pages(GOOD, sharper, GOOD, GOOD, prints=[usual, odd, usual, usual])) != 1


def test_the_poster_lies_in_no_fade_while_there_is_another_view():
    fade = CutMeasure(2.2, "dissolve", 0.9, 1.0)
    assert poster(pages(SOFT, SOFT, GOOD), decoded(fade)) in (0, 1)
    assert poster(pages(SOFT, SOFT, GOOD), decoded(CutMeasure(2.4, "cut", 0.9, 1.0))) == 2


def tiles(count, width=320, height=180, step=1.5):
    return [
        Plane("thumbnail", width, height, bytes([90]) * (width * height * 3), time_s=i * step)
        for i in range(count)
    ]


def test_the_sheet_has_a_tile_for_each_moment_with_its_time_in_the_corner():
    sheet = contact_sheet(tiles(14))
    assert (sheet.kind, sheet.width, sheet.height) == ("contact_sheet", 4 * 324 + 4, 4 * 184 + 4)
    pixels = np.frombuffer(sheet.pixels, np.uint8).reshape(sheet.height, sheet.width, 3)
    corners = [
        pixels[4 + 184 * (i // 4) + 157 : 4 + 184 * (i // 4) + 180, 4 + 324 * (i % 4) :][:, :40]
        for i in range(14)
    ]
    assert all(corner.min() == 0 and corner.max() > 200 for corner in corners)
    assert any((corners[0] != other).any() for other in corners[1:])
    assert (pixels[4:150, 4:324] == 90).all()


def test_moments_closer_than_a_second_have_tenths():
    near, far = contact_sheet(tiles(4, step=0.25)), contact_sheet(tiles(4, step=25.0))
    label = [
        np.frombuffer(s.pixels, np.uint8).reshape(s.height, s.width, 3)[165:180, 4:60] for s in (near, far)
    ]
    widths = [np.flatnonzero((one == 0).all(axis=2).any(axis=0)).max() for one in label]
    assert widths[0] > widths[1]


def test_tiles_too_small_for_letters_stay_as_they_are():
    sheet = contact_sheet(tiles(2, 40, 30))
    pixels = np.frombuffer(sheet.pixels, np.uint8).reshape(sheet.height, sheet.width, 3)
    assert set(np.unique(pixels)) == {90, 255}


def test_a_child_that_sends_other_numbers_of_planes_than_pages_is_shown_nothing_of():
    planes = tuple(replace(tile, kind=kind) for tile in tiles(2) for kind in ("tile", "thumbnail"))
    assert {p.kind for p in planes_to_keep(planes, pages(GOOD, GOOD), None)} == {
        "poster", "thumbnail", "contact_sheet", "frame",
    }  # fmt: skip
    assert list(planes_to_keep(planes, pages(GOOD), None)) == []


def test_the_map_of_a_sprite_covers_the_clip_without_gaps():
    facts = replace(FACTS, sprite=SpriteFacts(2, 160, 90, (0.1, 1.0, 2.0)))
    assert sprite_map(facts, "x.jpg").split("\n\n") == [
        "WEBVTT",
        "00:00:00.000 --> 00:00:01.000\nx.jpg#xywh=0,0,160,90",
        "00:00:01.000 --> 00:00:02.000\nx.jpg#xywh=160,0,160,90",
        "00:00:02.000 --> 00:00:04.200\nx.jpg#xywh=0,90,160,90\n",
    ]


@pytest.mark.parametrize("facts", [FACTS, replace(FACTS, sprite=SpriteFacts(10, 160, 90, ()))])
def test_without_a_sprite_the_map_is_empty(facts):
    assert sprite_map(facts, "x.jpg") == "WEBVTT\n"
