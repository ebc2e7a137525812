"""Recall by edit and rates of false matches with what they may really be, as Markdown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

_Z = 1.959964  # of 95 % of a normal distribution, both sides
_NONE_FOUND = 3.0  # "rule of three": with no event in n trials, at most 3 / n at 95 %
_SEED = 20260309


@dataclass(frozen=True, slots=True)
class Share:
    """A rate with its 95 % interval."""

    rate: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.rate:.1%} ({self.low:.1%}–{self.high:.1%})"


@dataclass(frozen=True, slots=True)
class FalseRate:
    """False matches among trials that come from sources.

    ``high`` is the bootstrap's bound, or 3 / trials where no false match was found: right for trials that have
    nothing to do with one another. ``by_source`` is 3 / sources then, or else ``high``: right whatever they share.
    """

    false: int
    trials: int
    sources: int
    rate: float
    low: float
    high: float
    by_source: float


def wilson(found: float, of: float) -> Share:
    """Wilson's interval of a share; ``of`` may be a number of trials that others are worth."""
    if of <= 0:
        return Share(float("nan"), 0.0, 1.0)
    rate, spare = found / of, _Z * _Z / of
    middle = (rate + spare / 2) / (1 + spare)
    reach = _Z / (1 + spare) * sqrt(rate * (1 - rate) / of + spare / (4 * of))
    return Share(rate, max(0.0, middle - reach), min(1.0, middle + reach))


def mean_recall(by_edit: Mapping[str, tuple[int, int]]) -> Share:
    """The mean over edits, each of the same weight, of (found, of).

    Wilson's interval for as many trials as would make a plain share vary as this mean does; where every edit has all
    or nothing, for all trials together.
    """
    shares = [(found / of, of) for found, of in by_edit.values() if of]
    if not shares:
        return wilson(0, 0)
    rate = sum(share for share, _ in shares) / len(shares)
    variance = sum(share * (1 - share) / of for share, of in shares) / len(shares) ** 2
    worth = rate * (1 - rate) / variance if variance else float(sum(of for _, of in shares))
    return wilson(rate * worth, worth)


def worst(by_edit: Mapping[str, tuple[int, int]]) -> tuple[str, Share]:
    """The edit found least often."""
    shares = {name: wilson(*counts) for name, counts in by_edit.items() if counts[1]}
    name = min(shares, key=lambda edit: shares[edit].rate)
    return name, shares[name]


def false_rate(by_source: Mapping[str, tuple[int, int]], rounds: int = 2000, seed: int = _SEED) -> FalseRate:
    """The rate of false matches of (false, trials) by source, its interval from drawing the sources anew."""
    counts = np.array(list(by_source.values()), np.float64).reshape(-1, 2)
    false, trials = counts.sum(axis=0)
    if not trials:
        return FalseRate(0, 0, len(counts), float("nan"), 0.0, 1.0, 1.0)
    if not false:
        alone, together = (min(1.0, _NONE_FOUND / n) for n in (trials, len(counts)))
        return FalseRate(0, int(trials), len(counts), 0.0, 0.0, alone, together)
    rates = _resampled(counts, rounds, seed)
    low, high = (float(v) for v in np.quantile(rates, (0.025, 0.975)))
    return FalseRate(int(false), int(trials), len(counts), float(false / trials), low, high, high)


def _resampled(counts: np.ndarray, rounds: int, seed: int) -> np.ndarray:
    """The rate of each round, in which as many sources are drawn as there are, with replacement."""
    random = np.random.default_rng(seed)
    rates = []
    for _ in range(rounds):  # one by one: all at once would take sources x rounds of memory
        false, trials = counts[random.integers(0, len(counts), len(counts))].sum(axis=0)
        rates.append(false / trials if trials else 0.0)
    return np.array(rates)


def margin(true_scores: Sequence[float], false_scores: Sequence[float]) -> float:
    """Worst true score less best false one: above 0 where one threshold would part them, with room on both sides."""
    if not true_scores or not false_scores:
        return float("nan")
    return min(true_scores) - max(false_scores)


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows as a Markdown table, the first as its head."""
    lines = ["| " + " | ".join(row) + " |" for row in rows]
    lines.insert(1, "|" + "---|" * len(rows[0]))
    return "\n".join(lines)


def recall_table(by_edit: Mapping[str, tuple[int, int]]) -> str:
    """Recall by edit, with the mean of equal weights and the worst edit at the end."""
    rows = [("edit", "found", "of", "recall (95 %)")]
    rows += [(name, f"{n:,}", f"{of:,}", str(wilson(n, of))) for name, (n, of) in by_edit.items() if of]
    name, least = worst(by_edit)
    found, tried = (sum(counts[i] for counts in by_edit.values()) for i in (0, 1))
    rows.append(("**mean, equal weights**", f"{found:,}", f"{tried:,}", str(mean_recall(by_edit))))
    rows.append((f"**worst: {name}**", "", "", str(least)))
    return table(rows)


def false_table(rates: Mapping[str, FalseRate]) -> str:
    """False matches by what was compared; rates in parts per million."""
    rows = [
        ("compared", "false", "trials", "sources", "rate, ppm", "95 %, ppm", "if sources alone count, ≤ ppm")
    ]
    for name, r in rates.items():
        interval = f"{_ppm(r.low)}–{_ppm(r.high)}" if r.false else f"≤ {_ppm(r.high)}"
        counts = (f"{n:,}" for n in (r.false, r.trials, r.sources))
        rows.append((name, *counts, _ppm(r.rate), interval, _ppm(r.by_source)))
    return table(rows)


def _ppm(rate: float) -> str:
    parts = rate * 1e6
    return f"{parts:,.0f}" if parts >= 10 or parts == 0 else f"{parts:.2g}"
