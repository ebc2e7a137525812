"""Long screenshots from bytes to matches: kept in readable pieces, found again with their rows, and told apart."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "benchmarks"))

from long_chats import drawn, encoded
from reuse_engine import Engine, opened_in_process

CHAT = np.asarray(drawn(1, 3500, 3501))


@pytest.fixture(scope="module")
def gallery():
    engine = Engine()
    engine.add("this chat", encoded(CHAT))
    engine.add("another chat", encoded(drawn(3, 3600, 3601)))
    return engine


def test_a_long_screen_is_kept_in_pieces_at_full_width():
    opened = opened_in_process(encoded(CHAT, jpeg=True))
    shown = [(one.page, one.width, one.height) for one in opened.derivatives if one.kind == "preview"]
    assert shown == [(1, 1080, 1750), (2, 1080, 1750)]
    assert opened.measurements.kind == "screenshot"
    assert opened.measurements.clarity.sharpness is not None
    assert opened.measurements.legibility.text_height > 10


def test_a_part_of_it_is_found_with_its_rows(gallery):
    ((name, link),) = gallery.look("query", encoded(CHAT[120:3420, 6:-6], jpeg=True))
    assert (name, link.class_) == ("this chat", "SAME_PHOTO")
    assert link.match_side.comparison.this_rows == pytest.approx((0, 3300), abs=4)
    assert link.match_side.comparison.other_rows == pytest.approx((120, 3420), abs=6)


def test_one_screen_of_it_is_found(gallery):
    ((name, link),) = gallery.look("query", encoded(CHAT[1000:3200]))
    assert (name, link.class_) == ("this chat", "SAME_PHOTO")
    assert link.match_side.comparison.other_rows == pytest.approx((1000, 3200), abs=6)


def test_another_chat_of_the_same_app_is_not(gallery):
    assert gallery.look("query", encoded(drawn(5, 3400, 3401))) == []
