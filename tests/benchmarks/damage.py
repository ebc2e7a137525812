"""How often damage is found, and how often healthy files are called damaged.

    python tests/benchmarks/damage.py FOLDER... [--each 40] [--holes 6] [--seed 5]

Every file goes through the product's own opening, jail included; it is *told* when it comes back truncated, damaged,
corrupt or as a type that cannot be opened. First all files of the folders are opened as they are: those told are listed,
with why, and take no part in what follows. Folders named fuzzed are left out; a name that holds "ImageTestSuite",
"PngSuite__x" or "Exception." is broken on purpose and not counted as healthy. Then at most ``--each`` healthy files of a
type, and files of further types made on the spot, are damaged: holes of 512 bytes, container headers, lost ends. Misses
are named.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import damage_made as made
from damage_more import made_files
from harness import table
from real_opening import real_opener

from pipeline.opening.host.opener import Opener
from pipeline.setup.policies import load_policy
from validators.checks.video_segments import MovingRules
from validators.evidence import Measurements
from validators.measures.containers.file_type import SUPPORTED, sniff
from validators.measures.containers.jpeg_structure import scan_jpeg

TOLD = frozenset(
    {"truncated", "damaged", "corrupt", "no_decode", "unsupported", "empty", "crashed", "no_video_stream"}
)
ERRORS_LEAST = load_policy().group(MovingRules).decoder_errors_least.value
OURS = frozenset({"internal", "time_limit", "memory_limit", "output_limit", "tool_missing"})
BROKEN_ON_PURPOSE = ("ImageTestSuite", "PngSuite__x", "Exception.")
NOT_MEDIA = frozenset({".json", ".csv", ".md", ".txt", ".eml"})


def what_is_told(found: Measurements) -> list[str]:
    """The problems that say of damage, and the decoder's errors where they are as many as the default policy wants."""
    told = [f"{p.code}: {p.detail[:100]}" for p in found.problems if p.code in TOLD]
    errors = found.decoder_errors
    if errors is not None and errors.lines >= ERRORS_LEAST:
        told.append(f"{errors.lines} errors of the decoder")
    return told


class Bench:
    """The product's opening, and the counts of what it told."""

    def __init__(self, opener: Opener, scratch: Path) -> None:
        self.opener = opener
        self.path = scratch / "upload"
        self.counts: dict[tuple[str, str], Counter[bool]] = defaultdict(Counter)
        self.misses: dict[tuple[str, str], list[str]] = defaultdict(list)

    def opened(self, data: bytes) -> Measurements:
        self.path.write_bytes(data)
        found = self.opener.open(self.path).measurements
        ours = [p for p in found.problems if p.code in OURS]
        if ours:
            print(f"a fault of ours: {ours}")
        return found

    def count(self, what: str, mime: str, name: str, data: bytes | None) -> None:
        """Open what was made of a file and note whether it was told."""
        if data is None:
            return
        told = bool(what_is_told(self.opened(data)))
        self.counts[what, mime][told] += 1
        if not told:
            self.misses[what, mime].append(name)


def files_of(folders: list[Path]) -> Iterator[tuple[str, bytes]]:
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            if path.suffix.lower() in NOT_MEDIA or "fuzzed" in path.parts:
                continue
            yield f"{folder.name}/{path.relative_to(folder).as_posix()}", path.read_bytes()


def healthy_files(folders: list[Path], run: Bench) -> dict[str, list[tuple[str, bytes]]]:
    """Files by type of which nothing is told; what is told of the others is printed."""
    by_type: dict[str, list[tuple[str, bytes]]] = defaultdict(list)
    seen: dict[tuple[str, str], Counter[bool]] = defaultdict(Counter)
    for name, data in files_of(folders):
        mime = sniff(data[: 1 << 16], len(data))
        found = what_is_told(run.opened(data))
        if not any(word in name for word in BROKEN_ON_PURPOSE):
            seen[name.partition("/")[0], mime][bool(found)] += 1
            for problem in found:
                print(f"told of {name}: {problem}")
        if not found and mime in SUPPORTED:
            by_type[mime].append((name, data))
    rows = [("folder", "type", "healthy files", "told damaged")]
    rows += [(f, m, str(c.total()), str(c[True])) for (f, m), c in sorted(seen.items())]
    table(rows)
    for name, data in made_files().items():
        mime = sniff(data[: 1 << 16], len(data))
        found = what_is_told(run.opened(data))
        if found:
            print(f"told of {name}: {found}")
        else:
            by_type[mime].append((name, data))
    return by_type


def damage(mime: str, name: str, data: bytes, run: Bench, holes: int, rng: random.Random) -> None:
    """Everything that is done to one file."""
    for share, short in made.shortened(data):
        whole = mime == "image/jpeg" and len(short) >= scan_jpeg(data).end_offset
        what = "lost end, of what follows the whole picture" if whole else "lost end"
        run.count(what, mime, f"{name} without {share:.0%}", short)
    spans: dict[str, list[made.Span]] = {}
    if mime == "image/jpeg":
        spans["picture data"] = list(made.scan_holes(data, holes, rng))
    elif mime == "image/png":
        spans["critical chunk"] = list(made.chunk_holes(data, rng, holes))
    elif mime == "image/webp":
        spans["container header"] = list(made.webp_headers(data))
        spans["container header, 512 bytes from it"] = [
            (at, min(at + made.HOLE, len(data))) for at, _ in made.webp_headers(data)
        ]
        spans["picture data"] = list(made.webp_stream(data, holes, rng))
    else:
        spans["anywhere"] = list(made.anywhere(data, holes, rng))
    for what, each in spans.items():
        for span in each:
            for how in ("randomised", "zeroed"):
                run.count(
                    f"{what}, {how}", mime, f"{name} at {span[0]}", made.overwritten(data, span, how, rng)
                )


def report(run: Bench) -> None:
    rows = [("type", "damage", "told of", "share")]
    for (what, mime), count in sorted(run.counts.items(), key=lambda item: (item[0][1], item[0][0])):
        total = count.total()
        share = f"{count[True] / total:.1%}" if total >= 30 else "-"
        rows.append((mime, what, f"{count[True]} of {total}", share))
    table(rows)
    for (what, mime), names in sorted(run.misses.items()):
        print(f"\nmissed, {mime}, {what}: {len(names)}")
        for name in names[:20]:
            print(f"  {name}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--each", type=int, default=40, help="files of a type at most")
    parser.add_argument("--holes", type=int, default=6, help="holes a file")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--only", default="", help="types that hold this word")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    with real_opener() as (opener, scratch):
        run = Bench(opener, scratch)
        by_type = healthy_files(options.folders, run)
        for mime, files in sorted(by_type.items()):
            if options.only not in mime:
                continue
            for name, data in rng.sample(files, min(options.each, len(files))):
                damage(mime, name, data, run, options.holes, rng)
        report(run)


if __name__ == "__main__":
    main()
