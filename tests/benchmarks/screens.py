"""The pages as people see them: pictures for docs/screens, and what is on the first screen, counted.

    ./dev bench screens [--store FOLDER] [--out FOLDER]

Checks sample_evidence/ into a store of its own, unless --store names one, serves it, and opens its pages in Chromium at
1280 × 800 and 390 × 844. Writes a JPEG a page into --out (docs/screens). Prints for each case: where the first picture begins,
the words before it and the words that are visible, captions of items counted apart; then the size of styles and scripts.
"""

from __future__ import annotations

import argparse
import gzip
import io
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "pipeline" / "console")]

from browsers import chromium  # noqa: E402
from PIL import Image  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
EVIDENCE = Path(sys.executable).with_name("evidence")
AS_OF = "2026-05-10T12:00:00Z"
SHOTS = (
    ("queue", "/"),
    ("case", "/case/D-1006"),
    ("case-nothing-found", "/case/D-1007"),
    ("item", "/item/{item}"),
)
SIZES = ((1280, 800, "light"), (390, 844, "dark"))
MOST_BYTES = 100_000
COUNTED = """() => {
  const all = document.body.innerText;
  const words = (text) => text.split(/\\s+/).filter((one) => /[\\p{L}\\p{N}]/u.test(one)).length;
  const picture = document.querySelector('main img, main svg[role=img]');
  const range = document.createRange();
  range.setStart(document.body, 0);
  range.setEndBefore(picture);
  const tiles = [...document.querySelectorAll('.tile')].map((one) => one.innerText).join(' ');
  const before = [...range.cloneContents().querySelectorAll('header, h2, nav, p')].filter((one) => !one.closest('dialog'))
    .map((one) => one.textContent).join(' ');
  return [Math.round(picture.getBoundingClientRect().top), words(before), words(all) - words(tiles), words(tiles)];
}"""


def main() -> None:
    """Write the pictures and print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--store", type=Path)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "screens")
    given = parser.parse_args()
    with checked(given.store) as store, serving(store) as address:
        for browser in chromium():
            look(browser, address, given.out)
    sizes()


@contextmanager
def checked(store: Path | None) -> Iterator[Path]:
    """The store with the samples in it."""
    with nullcontext(store) if store else TemporaryDirectory() as folder:
        kept = store or Path(str(folder)) / "store"
        if not store:
            out = str(Path(str(folder)) / "out")
            subprocess.run(
                [
                    EVIDENCE,
                    "check",
                    ROOT / "sample_evidence",
                    "--as-of",
                    AS_OF,
                    "--store",
                    kept,
                    "--out",
                    out,
                    "--quiet",
                ],
                check=False,
            )
        yield kept


@contextmanager
def serving(store: Path) -> Iterator[str]:
    """The console over the store, as it is started by hand."""
    served = subprocess.Popen(
        [EVIDENCE, "serve", "--store", store, "--port", "0", "--name", "ann"],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert served.stdout is not None
        yield next(word for word in served.stdout.readline().split() if word.startswith("http")).rstrip("/")
    finally:
        served.terminate()
        served.wait(10)


def look(browser: Any, address: str, out: Path) -> None:
    """Every page at every size, and the words of the cases."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    page.goto(address + "/case/D-1006")
    item = page.locator(".tile h3 a").first.get_attribute("href").rsplit("/", 1)[-1]
    print(f"{'case':8} {'first picture':>14} {'words before':>13} {'visible':>8} {'of items':>9}")
    for number in range(1001, 1008):
        page.goto(f"{address}/case/D-{number}")
        top, before, visible, tiles = page.evaluate(COUNTED)
        print(f"D-{number:<6} {top:>11} px {before:>13} {visible:>8} {tiles:>9}")
    page.close()
    for width, height, scheme in SIZES:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)
        for name, path in SHOTS:
            page = context.new_page()
            page.goto(address + path.format(item=item))
            page.wait_for_load_state("networkidle")
            save(page.screenshot(), out / f"{name}-{width}-{scheme}.jpg")
            page.close()
        context.close()


def save(png: bytes, path: Path) -> None:
    """As a JPEG of at most 100 kB."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for quality in range(84, 30, -6):
        picture.save(path, quality=quality, optimize=True)
        if path.stat().st_size <= MOST_BYTES:
            return


def sizes() -> None:
    """What a browser loads once, compressed."""
    files = [
        ROOT / "pipeline/reports/pages/report.css",
        *sorted((ROOT / "pipeline/console/static").glob("*.[cj]s*")),
    ]
    total = sum(len(gzip.compress(path.read_bytes())) for path in files)
    print(f"styles and scripts: {total / 1024:.1f} kB compressed, {len(files)} files")


if __name__ == "__main__":
    main()
