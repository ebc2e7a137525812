"""One table for trust: how often each finding is on ordinary uploads, and how often it catches a planted fault.

    ./dev bench trust CORPUS [--each 20] [--photos 240] [--screens 80] [--documents 120] [--videos 6]

Everything goes through ``evidence check`` with the default policy, as uploads of declared disputes of different buyers.
Ordinary: home and shelf photos of the half on which nothing was developed (items/, products/), camera files (photos/),
rendered screens and pages, PDFs of a viewer's tests (documents/) and mails (mail/). Planted: see trust_files.py,
trust_pictures.py, trust_records.py, trust_origins.py and trust_clips.py, made from other photos of that half. Bounds are
Wilson's at 95 %.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from random import Random

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests"), str(REPOSITORY / "tests/benchmarks")]

import numpy as np  # noqa: E402
from blurs import read  # noqa: E402
from harness import EVIDENCE, scratch_folder  # noqa: E402
from reuse_data import Photo, split  # noqa: E402
from reuse_statistics import wilson  # noqa: E402
from trust_cases import AS_OF, Item, MadeDispute, saved  # noqa: E402
from trust_clips import planted_clips  # noqa: E402
from trust_files import planted_files  # noqa: E402
from trust_ordinary import of_cameras, of_documents, of_screens, of_sources  # noqa: E402
from trust_origins import manifests, recordings, stated  # noqa: E402
from trust_pictures import blurred_pages, spoiled, unreadable_pages  # noqa: E402
from trust_records import planted_records  # noqa: E402

from validators.finding import CODES  # noqa: E402

SEED = 20260309
ORDINARY = ("photos", "screens", "documents")
NOT_PLANTED = {
    "FMT_QUARANTINED": "needs a decoder that crashes",
    "FMT_NOT_ACCEPTED": "the default policy accepts all that opens",
    "TXT_ENCODING": "see `./dev bench texts`",
    "TXT_DIFFERS": "needs the optional reader: [numbers](#numbers-on-pages-and-labels)",
    "DUP_SAME_SCENE": "needs two photos of a scene",
    "PRV_CAPTURED": "needs a signer on the trust list",
    "SYS_FORMER_MEASURES": "a fault of ours",
    "SYS_INCONCLUSIVE": "a fault of ours",
    "SYS_NOT_FETCHED": "a fault of ours",
    "SYS_TOOL_MISSING": "a fault of ours",
}
"""Codes for which no fault is planted, and why."""
OF_ALL_CLIPS = ("VID_REENCODED", "VID_SILENT")
DECODABLE = ("VID_BLACK", "VID_FROZEN", "VID_SHAKE", "VID_CUTS")


@dataclass(slots=True)
class Counts:
    """How many uploads of each group there were, how many got each code, and what else the planted ones got."""

    of: Counter[str] = field(default_factory=Counter)
    with_code: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    missed: list[str] = field(default_factory=list)

    def add(self, group: str, codes: set[str], name: str) -> None:
        """Count one upload."""
        self.of[group] += 1
        self.with_code[group].update(codes)
        wanted = group.split(maxsplit=1)[0]
        if wanted in CODES and wanted not in codes:
            self.missed.append(f"{group}: {name} got {', '.join(sorted(codes)) or 'nothing'}")


def ordinary(corpus: Path, photos: list[Photo], options: argparse.Namespace) -> Iterator[MadeDispute]:
    """What nobody changed."""
    yield from of_sources(photos)
    yield from of_cameras(corpus, options.cameras, Random(SEED))
    yield from of_screens(options.screens, SEED)
    yield from of_documents(corpus, options.documents, SEED, Random(SEED))


def planted(photos: list[Photo], scratch: Path, options: argparse.Namespace) -> Iterator[MadeDispute]:
    """One fault in each."""
    each, random, plain = options.each, np.random.default_rng(SEED), Random(SEED)
    views = (read(photo.path) for photo in _round(photos))
    files = (saved(view) for view in views)
    made = (
        planted_files(files, plain, each),
        manifests(files, plain, each),
        stated(plain, each),
        recordings(each),
    )
    for number, (code, file) in enumerate(chain.from_iterable(made)):
        yield MadeDispute(f"file-{number}", (Item(*file, code),))
    pictures = [
        *spoiled(views, random, each),
        *(("CLR_BLUR pages", data) for data in blurred_pages(random, each, SEED)),
        *(("CLR_TEXT_ILLEGIBLE", data) for data in unreadable_pages(random, each)),
    ]
    for number, (code, data) in enumerate(pictures):
        paper = "pages" in code or "TEXT" in code
        item = Item("picture.jpg", data, code, role="order_page" if paper else "item")
        yield MadeDispute(f"picture-{number}", (item,))
    yield from planted_records(views, random, each)
    for number, (code, data) in enumerate(planted_clips(scratch, options.videos, SEED)):
        yield MadeDispute(f"clip-{number}", (Item("clip.mp4", data, code, role="video_of_defect"),))


def _round(photos: list[Photo]) -> Iterator[Photo]:
    """The photos over and over: those that come round again are of other disputes, which a fault in them does not mind."""
    while True:
        yield from photos


def checked(disputes: Iterable[MadeDispute], scratch: Path, name: str, counts: Counts) -> None:
    """Run the product on them and count what it found."""
    folder, out = scratch / name, scratch / f"{name}-out"
    made = []
    for dispute in disputes:
        dispute.write(folder)
        made.append(dispute)
    command = [EVIDENCE, "check", str(folder), "--out", str(out), "--store", str(scratch / f"{name}-store")]
    done = subprocess.run(
        [*command, "--as-of", AS_OF.isoformat(), "--jobs", "2"], stdout=subprocess.DEVNULL, check=False
    )
    if done.returncode not in (0, 1):
        raise SystemExit(f"evidence check ended with status {done.returncode}")
    for dispute in made:
        _count(dispute, json.loads((out / dispute.id / "report.json").read_text("utf-8")), counts)


def _count(dispute: MadeDispute, report: dict, counts: Counts) -> None:
    of_dispute = _codes(report["completeness"])
    if dispute.group:
        counts.add(dispute.group, of_dispute, dispute.id)
    found = {row["file"]: _codes(row) for row in report["evidence"] if not row["parent"]}
    for item in dispute.items:
        if item.group:
            counts.add(
                item.group, found.get(f"buyer/{item.name}", set()) | of_dispute, f"{dispute.id} {item.name}"
            )


def _codes(part: dict) -> set[str]:
    return {finding["code"] for finding in part["findings"]}


def rows(counts: Counts) -> Iterator[tuple[str, ...]]:
    """One row a code, and one more for each further way in which its fault is planted."""
    for code in sorted(CODES):
        shares = [_share(counts.with_code[group][code], counts.of[group]) for group in ORDINARY]
        for way in [group for group in counts.of if group.split()[0] == code] or [code]:
            yield way, _caught(code, way, counts), *shares


def _caught(code: str, way: str, counts: Counts) -> str:
    if code in NOT_PLANTED:
        return NOT_PLANTED[code]
    # Every clip was written by ffmpeg and has no sound.
    groups = DECODABLE if code in OF_ALL_CLIPS else (way,)
    found = sum(counts.with_code[group][code] for group in groups)
    return _bounds(found, sum(counts.of[group] for group in groups))


def _bounds(found: int, of: int) -> str:
    share = wilson(found, of)
    return f"{share.rate:.0%} ({share.low:.0%}–{share.high:.0%}) of {of}".replace("%", "")


def _share(found: int, of: int) -> str:
    share = wilson(found, of)
    return f"{share.rate:.1%} ({share.low:.1%}–{share.high:.1%})".replace("%", "") if found else "0"


def _of(group: str, counts: Counts) -> str:
    return f"{counts.of[group]} {group}: 0 is at most {wilson(0, counts.of[group]).high:.1%}."


def main() -> None:
    """Print the table, and what was missed to the standard error."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--each", type=int, default=20, help="Planted faults of each kind.")
    parser.add_argument("--photos", type=int, default=240, help="Home and shelf photos.")
    parser.add_argument("--cameras", type=int, default=40)
    parser.add_argument("--screens", type=int, default=80)
    parser.add_argument("--documents", type=int, default=120)
    parser.add_argument("--videos", type=int, default=6, help="Videos with each fault.")
    options = parser.parse_args()
    _, report = split([options.corpus / "items", options.corpus / "products"])
    Random(SEED).shuffle(report)
    counts = Counts()
    with scratch_folder() as scratch:
        checked(ordinary(options.corpus, report[: options.photos], options), scratch, "ordinary", counts)
        checked(planted(report[options.photos :], scratch, options), scratch, "planted", counts)
    print("In %, with bounds.", *(_of(group, counts) for group in ORDINARY))
    for row in (("code", "planted, caught", *ORDINARY), ("---",) * 5, *rows(counts)):
        print(f"|{'|'.join(row)}|")
    print(*counts.missed, sep="\n", file=sys.stderr)


if __name__ == "__main__":
    main()
