"""Documents against another viewer: of the PDFs of a folder, which are called blank or broken here though poppler shows
content on their first page?

    ./dev bench documents FOLDER

Needs Debian's poppler-utils (pdftoppm). The last column names the files of each disagreement.
"""

from __future__ import annotations

import argparse
import mmap
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

sys.path[:0] = [str(Path(__file__).resolve().parents[1])]

from small_limits import LIMITS  # noqa: E402

from pipeline.opening.child.document import open_document, warm_up  # noqa: E402
from validators.exhibit import Exhibit  # noqa: E402

SHOWN_STD = 1.0
"""Luma levels: a page with one short line of text has more."""


def shown_here(path: Path) -> str:
    """ "shown", "blank", or the problem that kept the first page from being seen."""
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, prot=mmap.PROT_READ) as data:
        exhibit = Exhibit("application/pdf")
        open_document(data, exhibit, LIMITS)
    if not exhibit.views or exhibit.views[0].page != 1:
        return exhibit.problems[-1].code if exhibit.problems else "nothing"
    return "shown" if exhibit.views[0].pixels.mean(axis=2).std() >= SHOWN_STD else "blank"


def shown_there(path: Path, folder: Path) -> str:
    """The same by poppler."""
    argv = [
        "pdftoppm",
        "-f",
        "1",
        "-l",
        "1",
        "-r",
        "72",
        "-png",
        "-singlefile",
        str(path),
        str(folder / "page"),
    ]
    try:
        subprocess.run(argv, capture_output=True, timeout=30, check=False)
        with Image.open(folder / "page.png") as image:
            pixels = np.asarray(image.convert("L"), float)
    except (OSError, subprocess.TimeoutExpired):
        return "nothing"
    finally:
        (folder / "page.png").unlink(missing_ok=True)
    return "shown" if pixels.std() >= SHOWN_STD else "blank"


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    files = sorted(parser.parse_args().folder.rglob("*.pdf"))
    warm_up()
    table: dict[tuple[str, str], list[str]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for path in files:
            key = shown_here(path), shown_there(path, Path(folder))
            table.setdefault(key, []).append(path.name)
    print(f"{len(files)} documents\n\n| here | poppler | files | which |\n|---|---|---|---|")
    for (here, there), names in sorted(table.items()):
        which = "" if here == there == "shown" else ", ".join(names[:40])
        print(f"| {here} | {there} | {len(names)} | {which} |")


if __name__ == "__main__":
    main()
