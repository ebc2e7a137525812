"""Is the original named among many copies of it?

    python tests/benchmarks/reuse_copies.py ITEMS PRODUCTS [--sources 20] [--gallery 200]

Each source is sent first, then in 20 edits by others (reuse_edits.py, the same for every source), in between photos of the half
kept for the report. Then each of the 20 copies and the original once more are looked up, as sent last. The original counts as
named where it is among the matches that a report shows.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests"), str(REPOSITORY / "tests/benchmarks")]

from reuse_data import pixels, split  # noqa: E402
from reuse_edits import EDITS  # noqa: E402
from reuse_engine import POLICY, Engine  # noqa: E402
from reuse_statistics import wilson  # noqa: E402

from validators.checks.match_class import SAME_FILE, SAME_PHOTO, ReuseRules  # noqa: E402

SEED = 20260309
LEFT_OUT = ("watermark", "perspective_noise", "crop_40", "combination", "evasion_metadata")
"""So that 20 are left: those found least, and one whose pixels are the original's."""


def main() -> None:
    """Print how often the original is named, and how often first."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--half", choices=["develop", "report"], default="report")
    parser.add_argument("--sources", type=int, default=20)
    parser.add_argument("--gallery", type=int, default=200)
    options = parser.parse_args()
    develop, report = split(options.folders)
    photos, beside = (report, develop) if options.half == "report" else (develop, report)
    random = np.random.default_rng(SEED)
    chosen = [photos[i] for i in random.choice(len(photos), min(options.gallery, len(photos)), replace=False)]
    most = POLICY.group(ReuseRules).max_matches_shown
    named = first = of = 0
    missed = []
    engine = Engine()
    for photo in chosen:
        engine.add_paired(photo.path.name, photo.path.read_bytes())
    for photo in chosen[: options.sources]:
        rgb = pixels(photo.path)
        copies = {"again": photo.path.read_bytes()}
        for edit, make in EDITS.items():
            if edit not in LEFT_OUT:
                others = [pixels(beside[i].path) for i in random.choice(len(beside), 3, replace=False)]
                copies[edit] = make(rgb, random, others).data
        for edit, data in copies.items():
            if edit != "again":
                engine.add_paired(f"{edit} of {photo.path.name}", data)
        for edit, data in copies.items():
            shown = engine.look(f"asked {edit} of {photo.path.name}", data)[:most]
            names = [name for name, link in shown if link.class_ in (SAME_FILE, SAME_PHOTO)]
            of += 1
            named += photo.path.name in names
            first += names[:1] == [photo.path.name]
            if photo.path.name not in names:
                missed.append((photo.path.name, edit, len(names)))
        print(f"{photo.path.name}: {named} of {of}", file=sys.stderr, flush=True)
    print(f"The original is named by {named} of {of}: {wilson(named, of)}; first by {first}.")
    for row in missed:
        print("- " + " · ".join(str(part) for part in row))


if __name__ == "__main__":
    main()
