"""How often other photographs of one product are taken for copies: every pair of one source that aligns at all.

    python tests/benchmarks/reuse_reshots.py ITEMS PRODUCTS [--half report] [--most 12] [--list 10]

A pair is of one sender or product class (reuse_data.py), and counts where ten features agree on a movement. Candidates are not
searched: each pair is aligned and judged as if it had been found.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import cv2

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests"), str(REPOSITORY / "tests/benchmarks")]

from reuse_data import Photo, pixels, split  # noqa: E402
from reuse_engine import POLICY, view_of  # noqa: E402
from reuse_statistics import wilson  # noqa: E402

from pipeline.reuse.verification import best_alignment  # noqa: E402
from validators.checks.match_class import SAME_PHOTO, ReuseRules, class_of  # noqa: E402
from validators.evidence import Comparison  # noqa: E402
from validators.measures.reuse.agreement import compare_aligned  # noqa: E402
from validators.measures.reuse.appearance import compare_appearance  # noqa: E402
from validators.measures.reuse.local_features import extract  # noqa: E402

RULES = POLICY.group(ReuseRules)


def compared(photos: list[Photo]) -> Iterator[tuple[str, str, Comparison]]:
    """Every pair of one source that aligns, with what was measured."""
    views = [view_of(pixels(photo.path)) for photo in photos]
    features = [extract(view) for view in views]
    greys = [cv2.cvtColor(view, cv2.COLOR_RGB2GRAY) for view in views]
    for i, j in combinations(range(len(photos)), 2):
        found = best_alignment(features[i], features[j])
        if found is None or found.inliers < RULES.least_inliers:
            continue
        measured = compare_aligned(greys[i], greys[j], found.matrix)
        if measured is None:
            continue
        seen = compare_appearance(views[i], views[j], measured.matrix) if measured.correlated >= 0.5 else None
        yield photos[i].path.name, photos[j].path.name, Comparison(
            matrix=(), inliers=found.inliers, tiles=measured.tiles, shared=measured.shared,
            correlated=measured.correlated, correlation=measured.correlation,
            parallax_residual=measured.parallax_residual, tone=seen.tone if seen else None,
            recoloured=seen.recoloured if seen else None, differing=seen.changed if seen else 0.0,
        )  # fmt: skip


def main() -> None:
    """Print how many pairs are called one photo, and those that come nearest."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--half", choices=["develop", "report"], default="report")
    parser.add_argument("--most", type=int, help="Photos of a source; all without it.")
    parser.add_argument("--list", type=int, default=10, help="How many of the nearest pairs are listed.")
    options = parser.parse_args()
    develop, report = split(options.folders)
    sources: dict[str, list[Photo]] = defaultdict(list)
    for photo in report if options.half == "report" else develop:
        sources[photo.source].append(photo)
    by_source = {source: photos[: options.most] for source, photos in sources.items()}
    pairs = [pair for photos in by_source.values() for pair in compared(photos)]
    same = [pair for pair in pairs if class_of(pair[2], RULES) == SAME_PHOTO]
    of = sum(len(photos) * (len(photos) - 1) // 2 for photos in by_source.values())
    share = wilson(len(same), of)
    print(
        f"{len(same)} of {of:,} pairs of one source called the same photo (at most {share.high:.3%} at 95 %); "
        f"{len(pairs)} align."
    )
    for first, second, seen in [*same, *_nearest(pairs)[: options.list]]:
        print(
            f"- {first} · {second} · {seen.inliers} inliers, {seen.correlated:.2f} correlated, "
            f"residual {seen.parallax_residual:.3f}, tone {seen.tone}, recoloured {seen.recoloured}"
        )


def _nearest(pairs: list[tuple[str, str, Comparison]]) -> list[tuple[str, str, Comparison]]:
    agreeing = [pair for pair in pairs if pair[2].correlated >= RULES.correlated_min.value]
    return sorted(agreeing, key=lambda pair: pair[2].parallax_residual)


if __name__ == "__main__":
    main()
