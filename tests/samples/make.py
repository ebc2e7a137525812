"""Make sample_evidence/ anew: ``python tests/samples/make.py [OUT] [--cache DIR]``.

Needs the packages of requirements/samples.txt in an environment of their own, and ffmpeg. Renders are
kept in the cache folder (default: .evidence/sample-renders), since they take most of the time.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import shutil
import tempfile
from pathlib import Path

from letter_recipes import PAPERS
from model import Sample
from more_cases import SAMPLES
from page_recipes import PAGES
from recipes import PICTURES, Maker

ROOT = Path(__file__).resolve().parents[2]
RECIPES = PICTURES | PAGES | PAPERS
COLUMNS = ("file", "purpose", "source_and_licence", "must_yield", "must_not_yield")


def main() -> None:
    """Write every dispute's folder and the manifest."""
    parser = argparse.ArgumentParser(description="Make the sample evidence anew.")
    parser.add_argument("out", nargs="?", type=Path, default=ROOT / "sample_evidence")
    parser.add_argument("--cache", type=Path, default=ROOT / ".evidence" / "sample-renders")
    request = parser.parse_args()
    request.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        maker = Maker(request.cache, Path(scratch))
        for sample in SAMPLES:
            write_sample(sample, request.out, maker)
    (request.out / "manifest.csv").write_text(manifest(), encoding="utf-8")


def write_sample(sample: Sample, out: Path, maker: Maker) -> None:
    """Replace one dispute's folder."""
    folder = out / sample.id
    shutil.rmtree(folder, ignore_errors=True)
    for item in sample.items:
        name = f"{sample.id}/{item.file}"
        recipe = RECIPES[name]
        target = out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(recipe(maker))
        print(f"{target.stat().st_size:>9}  {name}", flush=True)
    text = json.dumps(sample.dispute_json(), indent=1, ensure_ascii=False)
    (folder / "dispute.json").write_text(text + "\n", encoding="utf-8")


def manifest() -> str:
    """One row for each file but dispute.json."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    rows.writerow(COLUMNS)
    for sample in SAMPLES:
        for item in sample.items:
            rows.writerow((f"{sample.id}/{item.file}", item.purpose, item.source, item.must, item.must_not))
    return out.getvalue()


if __name__ == "__main__":
    main()
