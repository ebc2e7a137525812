"""CPU per file at 150 and at 1,500 files, each from an empty store, alternated.

./dev bench growth FOLDER... [--rounds N]
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

from harness import check, gather, scratch_folder, spread, table, tiny_folder

SEED = 20260309
FEW, MANY = 150, 1500


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    files = sorted(path for folder in options.folders for path in folder.iterdir() if path.suffix == ".jpg")
    random.Random(SEED).shuffle(files)
    with scratch_folder() as scratch:
        few, many = gather(files[:FEW], scratch / "few"), gather(files[:MANY], scratch / "many")
        tiny = tiny_folder(scratch)
        costs: dict[int, list[float]] = {FEW: [], MANY: []}
        for _ in range(options.rounds):
            start = check(tiny, scratch).cpu
            costs[FEW].append((check(few, scratch).cpu - start) / FEW * 1000)
            costs[MANY].append((check(many, scratch).cpu - start) / MANY * 1000)
        ratios = [many_ / few_ for few_, many_ in zip(costs[FEW], costs[MANY], strict=True)]
        rows = [("files", "CPU a file, ms: median (range)")]
        table([*rows, *((str(count), spread(values)) for count, values in costs.items())])
        print(f"\ncost a file at {MANY} over cost a file at {FEW}: {spread(ratios)}")


if __name__ == "__main__":
    main()
