"""What a look at a large gallery costs an upload, and how often it calls a new photo reused.

    python tests/benchmarks/reuse_gallery.py --tiles PHOTOS --queries ITEMS PRODUCTS [--sizes 2000 10000 100000] [--postgresql]

The gallery: distinct and half overlapping squares of the large photos of PHOTOS, frames of its videos, and the
develop half of ITEMS and PRODUCTS, each a photo of its own dispute with the features, words, hashes and view that the
product keeps. From where these end up to the size requested for, parts are mixed of stored ones: every word and hash of
another, at the places of a third; those cost what real ones do but have no picture that could be laid over, so
the false matches are of the real ones and the number of these is shown. A query is a photo of the report half, as
it is and edited (reuse_edits.py): no source is on both sides, so every match is a false one.

The cost is of camera photos of 3 megapixels and more of PHOTOS that are in no tile. CPU in units of Pillow's decode
of the same files at 1/8 scale; of the first looks after the gallery was filled, and once so many others were looked at, as
by a worker that runs.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from PIL import Image

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests"), str(REPOSITORY / "tests/benchmarks")]

from reuse_data import frames, pixels, split, tiles  # noqa: E402
from reuse_edits import EDITS  # noqa: E402
from reuse_engine import Engine  # noqa: E402
from reuse_statistics import false_rate, false_table  # noqa: E402
from servers import running_postgres  # noqa: E402

from pipeline.reuse.codebook import SCHEME, codebook  # noqa: E402
from pipeline.reuse.compaction import compact  # noqa: E402
from storage.database.database import open_database  # noqa: E402
from storage.interfaces.record import Database  # noqa: E402
from storage.objects.folder import FolderObjects  # noqa: E402
from validators.checks.match_class import LISTING_COPY, SAME_FILE, SAME_PHOTO  # noqa: E402
from validators.evidence import Fingerprint  # noqa: E402
from validators.measures.reuse.fingerprint import ALGORITHM  # noqa: E402
from validators.measures.reuse.fingerprint import VERSION as HASH_VERSION  # noqa: E402
from validators.measures.reuse.local_features import extract  # noqa: E402
from validators.measures.reuse.visual_words import entries  # noqa: E402

REUSED = (SAME_FILE, SAME_PHOTO, LISTING_COPY)
SEED = 20260309
_LARGE = 3_000_000
_EVERY = 2  # of the large photos, every second is cut into tiles, the others are queries of cost
_BATCH = 500


@dataclass(slots=True)
class Gallery:
    """An engine, and what its mixed parts are made of."""

    engine: Engine
    real: int = 0
    stored: int = 0
    hashes: list[Fingerprint] = field(default_factory=list)
    words: list[np.ndarray] = field(default_factory=list)

    def add(self, name: str, rgb: np.ndarray) -> None:
        """A photo, by its pixels."""
        found, features = self.engine.add_pixels(name, rgb)
        if features is not None:
            self.hashes.append(found)
            self.words.append(entries(features, codebook()))
        self.real += 1
        self.stored += 1

    def mix(self, size: int, random: np.random.Generator) -> None:
        """Parts without pictures up to ``size``."""
        while self.stored < size:
            prints, words = [], []
            for _ in range(min(_BATCH, size - self.stored)):
                sha256 = hashlib.sha256(f"mixed {self.stored}".encode()).hexdigest()
                prints.append((sha256, 0, _mixed_hash(self.hashes, random)))
                words.append((sha256, 0, _mixed_words(self.words, random)))
                self.stored += 1
            with self.engine.database.transaction() as records:
                records.add_fingerprints("default", prints)
                records.add_words("default", SCHEME, words)
            compact(self.engine.database)


def _mixed_hash(hashes: list[Fingerprint], random: np.random.Generator) -> Fingerprint:
    first, second = (hashes[i].orientations for i in random.integers(0, len(hashes), 2))
    mask = int.from_bytes(random.bytes(32), "big")
    mixed = tuple(
        f"{(int(a, 16) & mask) | (int(b, 16) & ~mask & (1 << 256) - 1):064x}"
        for a, b in zip(first, second, strict=True)
    )
    return Fingerprint(ALGORITHM, HASH_VERSION, mixed)


def _mixed_words(words: list[np.ndarray], random: np.random.Generator) -> np.ndarray:
    first, second = (words[i] for i in random.integers(0, len(words), 2))
    places = random.permutation(np.resize(second & np.uint64(0xFFFFFFFF), len(first)))
    return np.unique((first & ~np.uint64(0xFFFFFFFF)) | places)


def large(folder: Path) -> list[Path]:
    """Camera files of 3 megapixels and more that open."""
    found = []
    for path in sorted(folder.glob("*.[jJ]*")):
        try:
            with Image.open(path) as image:
                if image.width * image.height >= _LARGE and "ImageTestSuite" not in path.name:
                    found.append(path)
        except (OSError, SyntaxError, ValueError):
            continue
    return found


def real_pictures(
    cut: list[Path], clips: list[Path], chosen: list[Path], step: float
) -> Iterator[tuple[str, np.ndarray]]:
    """Names and pixels, photos first; squares lie ``step`` of their side apart."""
    for path in chosen:
        yield path.name, pixels(path)
    for path in clips:
        for number, frame in enumerate(frames(path)):
            yield f"{path.name} {number}", decoded(frame)
    for path in cut:
        for tile in tiles(path, step=step):
            yield tile.name, decoded(tile.data)


def decoded(data: bytes) -> np.ndarray:
    """RGB pixels of an encoded picture."""
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"))


def unit_of(path: Path) -> float:
    """CPU seconds of Pillow's decode at 1/8."""
    start = time.process_time()
    with Image.open(path) as image:
        image.draft("RGB", (image.width // 8, image.height // 8))
        image.load()
    return time.process_time() - start


def cost(gallery: Gallery, queries: list[Path], before: int) -> str:
    """A row: features and look, CPU in units and wall, after ``before`` other looks."""
    units, found, looked, wall, matched = [], [], [], [], 0
    for path in queries:
        units.append(unit_of(path))
        opened = gallery.engine.examined(path.name, path.read_bytes())
        view = gallery.engine.view(opened[1])
        start = time.process_time()
        extract(view)
        found.append(time.process_time() - start)
        start, began = time.process_time(), time.perf_counter()
        links = gallery.engine.look_examined(*opened)
        looked.append(time.process_time() - start)
        wall.append((time.perf_counter() - began) * 1e3)
        matched += bool([link for _, link in links if link.class_ in REUSED])
    unit = float(np.mean(units))
    features, look = np.mean(found) / unit, np.mean(looked) / unit
    return (
        f"| {gallery.stored:,} ({gallery.real:,}) | {before} | {features:.2f} | {look:.2f} | {features + look:.2f} "
        f"| {np.median(wall):.0f} | {np.percentile(wall, 95):.0f} | {max(wall):.0f} | {matched} |"
    )


def false_matches(gallery: Gallery, queries: list, beside: list, edited: int) -> None:
    """Photos of the report half as they are, and each edited in ``edited`` ways: every match is wrong."""
    random = np.random.default_rng(SEED)
    counts: dict[str, dict[str, tuple[int, int]]] = {
        "as they are": defaultdict(lambda: (0, 0)),
        "edited": defaultdict(lambda: (0, 0)),
    }
    wrong = []
    for number, photo in enumerate(queries):
        for edit, data in _uploads(photo.path, beside, edited, random):
            kind = "edited" if edit else "as they are"
            links = gallery.engine.look(f"query {edit} {photo.path.name}", data)
            names = [name for name, link in links if link.class_ in REUSED]
            if edit == "collage_2x2":  # pictures of the other half stand beside it, and are in the gallery
                names = []
            before = counts[kind][photo.source]
            counts[kind][photo.source] = before[0] + bool(names), before[1] + 1
            wrong += [(edit or "as it is", photo.path.name, name) for name in names]
        if number % 100 == 99:
            print(f"{number + 1} photos requested for, {len(wrong)} false", file=sys.stderr, flush=True)
    print(f"\n### False matches against {gallery.real:,} real pictures\n")
    print(false_table({f"uploads {kind}": false_rate(found) for kind, found in counts.items()}))
    for row in wrong:
        print("- " + " · ".join(row), flush=True)


def _uploads(
    path: Path, beside: list, edited: int, random: np.random.Generator
) -> Iterator[tuple[str, bytes]]:
    """(name of the edit, bytes): the file itself under no name, then in different edits."""
    yield "", path.read_bytes()
    rgb, names = pixels(path), list(EDITS)
    for at in random.choice(len(names), edited, replace=False):
        others = [pixels(beside[i].path) for i in random.choice(len(beside), 3, replace=False)]
        yield names[at], EDITS[names[at]](rgb, random, others).data


def measure(database: Database, options: argparse.Namespace, scratch: Path) -> None:
    """Fill, and print a row for each size."""
    develop, report = split(options.queries)
    files = large(options.tiles)
    requested = [] if options.all else files[1::_EVERY]
    clips = sorted(options.videos.iterdir()) if options.videos else []
    gallery = Gallery(Engine(database, FolderObjects(scratch / "objects")))
    waiting = real_pictures(
        files if options.all else files[::_EVERY],
        [c for c in clips if c.suffix == ".mp4"],
        [p.path for p in develop],
        options.step,
    )
    random = np.random.default_rng(SEED)
    rows = []
    for size in sorted(options.sizes):
        while gallery.stored < size and (found := next(waiting, None)) is not None:
            gallery.add(*found)
            if gallery.real % 1000 == 0:
                print(f"{gallery.real:,} real pictures", file=sys.stderr, flush=True)
                compact(database)
        gallery.mix(size, random)
        compact(database)
        if size == options.false_at:
            false_matches(gallery, report[:: options.every], develop, options.edited)
        if not requested:
            continue
        rows.append(cost(gallery, requested, 0))
        print(rows[-1], file=sys.stderr, flush=True)
        others = report[:: max(1, len(report) // options.before)][: options.before]
        for photo in others:
            gallery.engine.look(f"before {photo.path.name}", photo.path.read_bytes())
        rows.append(cost(gallery, requested, len(others)))
        print(rows[-1], file=sys.stderr, flush=True)
    if not rows:
        return
    print(
        f"\n### Cost of a look, {len(requested)} camera photos\n\n"
        "| gallery (real) | looks before | features, units | look, units | both | wall p50, ms | p95 | max | matched |\n"
        "|---|---|---|---|---|---|---|---|---|"
    )
    print("\n".join(rows))


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--tiles", type=Path, required=True, help="A folder of large photos.")
    parser.add_argument("--queries", type=Path, nargs="+", required=True)
    parser.add_argument("--videos", type=Path, help="A folder whose clips' frames go into the gallery.")
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument(
        "--false-at", type=int, default=10_000, help="The size at which false matches are counted."
    )
    parser.add_argument(
        "--every", type=int, default=1, help="Of the report half's photos, every n-th is a query."
    )
    parser.add_argument("--edited", type=int, default=1, help="In how many edits each of these asks as well.")
    parser.add_argument(
        "--before", type=int, default=200, help="After how many other looks the cost is taken again."
    )
    parser.add_argument(
        "--step", type=float, default=0.5, help="How far apart squares lie, in sides of theirs."
    )
    parser.add_argument("--all", action="store_true", help="Cut every large photo, and ask for no cost.")
    parser.add_argument("--postgresql", action="store_true")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as scratch,
        running_postgres(shared_buffers="128MB") if options.postgresql else nullcontext() as server,
    ):
        database = open_database(server.create_database() if server else Path(scratch) / "gallery.sqlite")
        database.migrate()
        measure(database, options, Path(scratch))
        database.close()


if __name__ == "__main__":
    main()
