"""How many ordinary photos are requested to be taken again, each by name, and how many findings a healthy one carries.

./dev bench retakes FOLDER
"""

from __future__ import annotations

import argparse
import json
import statistics
from pathlib import Path

from harness import check_argv, run, scratch_folder, table


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    with scratch_folder() as scratch:
        argv = check_argv(options.folder, scratch, options.jobs)
        if run(argv).status not in (0, 1):
            raise SystemExit("the run failed")
        out = Path(argv[argv.index("--out") + 1])
        items = [
            item
            for path in sorted(out.rglob("report.json"))
            for item in json.loads(path.read_text())["evidence"]
        ]
    photos = [item for item in items if item["detected_type"].startswith("image/")]
    requested, above = [], []
    for item in photos:
        told = [f for f in item["findings"] if f["severity"] != "note"]
        unclear = [f["code"] for f in told if f["code"].startswith("CLR_")]
        above.append(len(told))
        if unclear:
            requested.append((item["file"], " ".join(unclear)))
    for name, codes in requested:
        print(f"{name}: {codes}")
    print()
    table(
        [
            ("photos", "requested to be taken again", "share", "median findings above a note", "kinds"),
            (
                str(len(photos)),
                str(len(requested)),
                f"{len(requested) / len(photos):.2%}",
                str(statistics.median(above)),
                ", ".join(
                    f"{kind} {sum(p['kind'] == kind for p in photos)}"
                    for kind in sorted({p["kind"] for p in photos})
                ),
            ),
        ]
    )


if __name__ == "__main__":
    main()
