"""CPU per photo of the whole job, in units of Pillow's 1/8-scale decode of the same files.

    ./dev bench cpu FOLDER [--rounds N] [--cleanvision PYTHON]

All contenders are alternated in one run. The job's figure is parent, zygote and children together, less a run on
one tiny file. --cleanvision names the Python of an environment that has the package cleanvision.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from harness import camera_files, check, gather, run, scratch_folder, spread, table, tiny_folder

PREAMBLE = """
import sys, pathlib, resource
from PIL import Image, ImageFile
ImageFile.LOAD_TRUNCATED_IMAGES = True
files = sorted(pathlib.Path(sys.argv[1]).iterdir())
"""

EIGHTH = (
    PREAMBLE
    + """
for path in files:
    with Image.open(path) as image:
        image.draft("RGB", (image.width // 8, image.height // 8))
        image.load()
"""
)

NAIVE = (
    PREAMBLE
    + """
import cv2, imagehash, numpy
cv2.setNumThreads(1)
for path in files:
    imagehash.phash(Image.open(path), hash_size=16)
    imagehash.dhash(Image.open(path), hash_size=16)
    cv2.Laplacian(numpy.asarray(Image.open(path).convert("L")), cv2.CV_64F).var()
    Image.open(path).resize((320, 240)).load()
"""
)

CLEANVISION = """
import sys
from PIL import ImageFile
from cleanvision import Imagelab
ImageFile.LOAD_TRUNCATED_IMAGES = True
lab = Imagelab(data_path=sys.argv[1])
lab.find_issues(n_jobs=1, verbose=False)
"""


def script_cpu(python: str, script: str, folder: Path, tiny: Path) -> float:
    """CPU seconds of a script on the folder, less the same script on the tiny one."""
    whole, start = run([python, "-c", script, str(folder)]), run([python, "-c", script, str(tiny)])
    if whole.status or start.status:
        raise SystemExit("a contender failed")
    return whole.cpu - start.cpu


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--cleanvision", metavar="PYTHON")
    options = parser.parse_args()
    with scratch_folder() as scratch:
        files = camera_files(options.folder)
        photos, tiny = gather(files, scratch / "photos"), tiny_folder(scratch)
        units: list[float] = []
        ratios: dict[str, list[float]] = {}
        startups: list[float] = []
        for _ in range(options.rounds):
            unit = script_cpu(sys.executable, EIGHTH, photos, tiny)
            startup = check(tiny, scratch).cpu
            startups.append(startup)
            units.append(unit / len(files) * 1000)
            ratios.setdefault("evidence check, whole", []).append(
                (check(photos, scratch).cpu - startup) / unit
            )
            naive = script_cpu(sys.executable, NAIVE, photos, tiny)
            ratios.setdefault("a decode for each of phash, dhash, Laplacian, thumbnail", []).append(
                naive / unit
            )
            if options.cleanvision:
                peer = script_cpu(options.cleanvision, CLEANVISION, photos, tiny)
                ratios.setdefault("CleanVision", []).append(peer / unit)
        print(f"{len(files)} camera files of 3 megapixels and more, {options.rounds} rounds, one job\n")
        rows = [("what", "CPU a photo in units of Pillow's 1/8 decode: median (range)")]
        rows += [(name, spread(values)) for name, values in ratios.items()]
        table(rows)
        print(
            f"\nthe unit: {spread(units)} ms a photo; start-up of evidence check: {spread(startups)} s of CPU"
        )


if __name__ == "__main__":
    main()
