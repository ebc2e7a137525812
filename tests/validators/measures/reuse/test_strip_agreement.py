"""Rows that two long screens share are named; a changed message ends them."""

import cv2
import numpy as np
import pytest

from validators.measures.reuse.page_alignment import ScaleShift
from validators.measures.reuse.strip_agreement import compare_strips

WIDE = 320


def chat(seed: int, high: int = 2400) -> np.ndarray:
    """A grey strip of bubbles with numbers, different in every chat."""
    rng = np.random.default_rng(seed)
    plane = np.full((high, WIDE), 235, np.uint8)
    for y in range(20, high - 60, 70):
        left = int(rng.choice([10, 90]))
        cv2.rectangle(plane, (left, y), (left + 210, y + 54), 255 if left == 10 else 150, -1)
        for line in (20, 42):
            words = str(rng.integers(10**10, 10**11))
            cv2.putText(plane, words, (left + 8, y + line), cv2.FONT_HERSHEY_SIMPLEX, 0.6, 20, 1, cv2.LINE_AA)
    return plane


def moved(down: float, scale: float = 1.0) -> ScaleShift:
    return ScaleShift(np.array([scale, scale]), np.array([0.0, down]))


def test_the_rows_of_a_part_are_named():
    whole = chat(1)
    found = compare_strips(whole[500:1900], whole, moved(503), 700)
    assert found is not None
    assert found.rows == pytest.approx((0, 1400), abs=3)
    assert found.other_rows == pytest.approx((500, 1900), abs=4)


def test_half_the_size_is_the_same_chat():
    whole = chat(2)
    half = cv2.resize(whole, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    found = compare_strips(half, whole, moved(0, 2.004), 300)
    assert found is not None
    assert found.other_rows == pytest.approx((0, 2400), abs=8)


def test_a_changed_message_ends_the_rows():
    whole, changed = chat(3), chat(3)
    changed[1700:1760] = chat(4)[1700:1760]
    found = compare_strips(changed, whole, moved(0), 600)
    assert found is not None
    assert found.rows[0] == pytest.approx(0, abs=3)
    assert 1600 < found.rows[1] < 1730
    assert found.overlap == pytest.approx((0, 2400), abs=3)


def test_another_chat_shares_no_rows():
    assert compare_strips(chat(5), chat(6), moved(0), 1200) is None
