"""Known answers of the figures that accuracy is reported in."""

from __future__ import annotations

import math

import pytest
from reuse_statistics import (
    false_rate,
    false_table,
    margin,
    mean_recall,
    recall_table,
    table,
    wilson,
    worst,
)


def test_wilson_gives_the_known_interval_of_8_in_10() -> None:
    share = wilson(8, 10)
    assert share.rate == 0.8
    assert share.low == pytest.approx(0.4902, abs=1e-4)
    assert share.high == pytest.approx(0.9433, abs=1e-4)


def test_wilson_stays_within_0_and_1_where_all_or_none_was_found() -> None:
    assert wilson(100, 100).high == 1
    assert wilson(100, 100).low == pytest.approx(0.9630, abs=1e-4)
    assert wilson(0, 100).low == 0
    assert wilson(0, 100).high == pytest.approx(1 - 0.9630, abs=1e-4)


def test_wilson_of_nothing_knows_nothing() -> None:
    share = wilson(0, 0)
    assert math.isnan(share.rate)
    assert (share.low, share.high) == (0, 1)


def test_each_edit_weighs_the_same() -> None:
    assert mean_recall({"mirror": (1000, 1000), "blur": (0, 10)}).rate == 0.5


def test_the_mean_of_equal_edits_is_known_as_well_as_all_trials_together() -> None:
    mean, together = mean_recall({"mirror": (40, 50), "blur": (40, 50)}), wilson(80, 100)
    assert (mean.low, mean.high) == (pytest.approx(together.low), pytest.approx(together.high))


def test_the_mean_of_perfect_edits_has_a_lower_bound_below_1() -> None:
    mean = mean_recall({"mirror": (50, 50), "blur": (50, 50)})
    assert mean.rate == 1
    assert mean.low == pytest.approx(wilson(100, 100).low)


def test_edits_that_were_not_tried_are_left_out() -> None:
    assert mean_recall({"mirror": (5, 10), "blur": (0, 0)}).rate == 0.5
    assert worst({"mirror": (5, 10), "crop": (9, 10), "blur": (0, 0)})[0] == "mirror"


def test_where_none_was_found_the_bound_is_3_in_all_trials() -> None:
    rate = false_rate({str(n): (0, 100) for n in range(30)})
    assert (rate.false, rate.trials, rate.sources, rate.rate, rate.low) == (0, 3000, 30, 0, 0)
    assert rate.high == pytest.approx(0.001)
    assert rate.by_source == pytest.approx(0.1)


def test_no_trial_at_all_bounds_nothing() -> None:
    assert false_rate({}).high == 1


def test_false_matches_of_one_source_are_known_less_well_than_scattered_ones() -> None:
    scattered = false_rate({str(n): (1 if n < 20 else 0, 100) for n in range(100)})
    bundled = false_rate({str(n): (20 if n == 0 else 0, 100) for n in range(100)})
    assert scattered.rate == bundled.rate == pytest.approx(0.002)
    # 20 of 100 sources with one each: as a share of sources 0.2 +- 1.96 sqrt(0.2 x 0.8 / 100), a hundredth of it each.
    assert scattered.low == pytest.approx(0.00122, abs=0.0002)
    assert scattered.high == pytest.approx(0.00278, abs=0.0002)
    assert bundled.low == 0
    assert bundled.high > 2 * scattered.high


def test_the_same_seed_gives_the_same_interval() -> None:
    counts = {str(n): (n % 3, 50 + n) for n in range(40)}
    assert false_rate(counts) == false_rate(counts)
    assert false_rate(counts).high != false_rate(counts, seed=1).high


def test_the_margin_is_negative_where_scores_overlap() -> None:
    assert margin([0.9, 0.8], [0.3, 0.5]) == pytest.approx(0.3)
    assert margin([0.4, 0.8], [0.3, 0.5]) == pytest.approx(-0.1)
    assert math.isnan(margin([], [0.3]))


def test_tables_are_markdown() -> None:
    assert table([("a", "b"), ("1", "2")]) == "| a | b |\n|---|---|\n| 1 | 2 |"
    lines = recall_table({"mirror": (50, 50), "blur": (40, 50)}).splitlines()
    assert lines[2] == "| mirror | 50 | 50 | 100.0% (92.9%–100.0%) |"
    assert "90.0%" in lines[4]
    assert lines[5].startswith("| **worst: blur** |")
    none = false_table({"items": false_rate({str(n): (0, 1000) for n in range(300)})})
    assert none.splitlines()[2] == "| items | 0 | 300,000 | 300 | 0 | ≤ 10 | 10,000 |"
