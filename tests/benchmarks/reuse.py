"""How well reused photos are found, and how often others are taken for them.

    python tests/benchmarks/reuse.py ITEMS PRODUCTS [--half report] [--queries 40] [--gallery 500] [--part photos screens]

Photos: half of the sources of every folder (senders.csv, product classes) are for development, the others are
reported. The gallery holds one half's photos; queries are edits of some of them (reuse_edits.py), with pictures of the
other half beside them in collages. Every match of a query with a photo of another source is a false one. Then every
photo of products is a query itself, and matches within its class are counted. Screens: reuse_screens.py, with TUNING
for develop and REPORTING for report. Seeds and thresholds are fixed; true repeats in the folders: photos
Issue_600_(1) and Issue_600_(2).
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

import numpy as np

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests"), str(REPOSITORY / "tests/benchmarks")]

import reuse_screens  # noqa: E402
from reuse_data import Photo, pixels, split  # noqa: E402
from reuse_edits import EDITS, Edit  # noqa: E402
from reuse_engine import Engine  # noqa: E402
from reuse_harder_edits import HARDER  # noqa: E402
from reuse_statistics import false_rate, false_table, mean_recall, recall_table, worst  # noqa: E402

from validators.checks.match_class import LISTING_COPY, SAME_FILE, SAME_PHOTO  # noqa: E402

REUSED = (SAME_FILE, SAME_PHOTO, LISTING_COPY)
SEED = 20260309
_SHOWN = 30


def gallery_of(chosen: list[Photo]) -> Engine:
    """The photos as uploads of their own disputes."""
    engine = Engine()
    for photo in chosen:
        engine.add(photo.path.name, photo.path.read_bytes())
    return engine


def edited(
    engine: Engine, chosen: list[Photo], beside: list[Photo], queries: int, edits: Mapping[str, Edit]
) -> None:
    """Recall by edit, and false matches of the edited."""
    sources = {photo.path.name: photo.source for photo in chosen}
    random = np.random.default_rng(SEED)
    picked = [chosen[i] for i in random.choice(len(chosen), min(queries, len(chosen)), replace=False)]
    recall: dict[str, tuple[int, int]] = {}
    false: dict[str, tuple[int, int]] = defaultdict(lambda: (0, 0))
    missed, wrong, spent = [], [], []
    for edit, make in edits.items():
        hits = 0
        for photo in picked:
            others = [pixels(beside[i].path) for i in random.choice(len(beside), 3, replace=False)]
            data = make(pixels(photo.path), random, others).data
            start = time.process_time()
            found = engine.look(f"query {photo.path.name}", data)
            spent.append(time.process_time() - start)
            reused = {name for name, link in found if link.class_ in REUSED}
            hits += photo.path.name in reused
            if photo.path.name not in reused:
                missed.append(
                    (
                        edit,
                        photo.path.name,
                        next((seen(link) for name, link in found if name == photo.path.name), "-"),
                    )
                )
            unrelated = [name for name in reused if sources[name] != photo.source]
            wrong += [(edit, photo.path.name, name) for name in unrelated]
            before = false[photo.source]
            false[photo.source] = before[0] + bool(unrelated), before[1] + 1
        recall[edit] = hits, len(picked)
        print(f"{edit}: {hits} of {len(picked)}", file=sys.stderr, flush=True)
    print(f"\n### Recall by edit: {len(picked)} photos against {len(chosen)}\n\n{recall_table(recall)}")
    name, least = worst(recall)
    print(f"\nMean {mean_recall(recall).rate:.1%}, worst {name} {least.rate:.1%}.")
    pairs = sum(of for _, of in false.values()) * (len(chosen) - 1)
    print(
        f"\n### False matches of edited photos ({pairs:,} pairs)\n\n{false_table({'uploads with one': false_rate(false)})}"
    )
    _list("Missed", missed)
    _list("False", wrong)
    print(
        f"\nCPU a query, opening included: {np.median(spent) * 1e3:.0f} ms (p95 {np.percentile(spent, 95) * 1e3:.0f})."
    )


def unedited(engine: Engine, chosen: list[Photo]) -> None:
    """Every photo as a query: matches with others of its source, and with unrelated ones."""
    sources = {photo.path.name: photo.source for photo in chosen}
    within, across = [], []
    for photo in chosen:
        evidence, examination = engine.examined(photo.path.name, photo.path.read_bytes())
        for name, link in engine.look_examined(evidence, examination):
            if link.class_ in REUSED and name != photo.path.name:
                pair = tuple(sorted((photo.path.name, name)))
                (within if sources[name] == photo.source else across).append((pair, seen(link)))
    sizes = np.array([sum(p.source == source for p in chosen) for source in set(sources.values())])
    related = int((sizes * (sizes - 1) // 2).sum())
    unrelated = len(chosen) * (len(chosen) - 1) // 2 - related
    print("\n### Different photos as they are\n\n| pairs | called the same photo |\n|---|---|")
    print(f"| {related:,} of one sender or product | {len({pair for pair, _ in within})} |")
    print(f"| {unrelated:,} unrelated | {len({pair for pair, _ in across})} |")
    _list("Of one source", within)
    _list("Unrelated", across)


def seen(link: object) -> str:
    """The figures of a link."""
    match_side = link.match_side
    one = match_side.comparison
    laid = (
        f", {one.inliers} inliers, {one.correlated:.2f} correlated, residual {one.parallax_residual:.3f}, tone {one.tone}"
        if one
        else ""
    )
    return f"{link.class_} {match_side.method} {match_side.distance}{laid}"


def screens(templates: list[str], contents: int, looked_at: int, sent_as: str, *, dark: bool) -> None:
    """Pages of one template against one another, all sent as one variant, and the same page again in every variant."""
    false: dict[str, tuple[int, int]] = {}
    again: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    kinds: dict[str, int] = defaultdict(int)
    wrong, missed = [], []
    random = np.random.default_rng(SEED)
    for template in templates:
        engine = Engine()
        chosen = list(range(contents // 2)) + list(range(30 - contents // 2, 30))  # the last are minimal
        opened = {}
        for content in chosen:
            data = reuse_screens.variants(reuse_screens.render(template, content, dark), random)[sent_as]
            name = f"{template} {content}"
            engine.add(name, data)
            opened[content] = engine.examined(name, data)
            kinds[opened[content][1].measurements.kind] += 1
        count = 0
        for content in chosen:
            for name, link in engine.look_examined(*opened[content]):
                if name != f"{template} {content}" and link.class_ in REUSED:
                    count += 1
                    wrong.append((template, content, name, seen(link)))
        false[template] = count, len(chosen) * (len(chosen) - 1)
        for content in chosen[:looked_at]:
            made = reuse_screens.variants(reuse_screens.render(template, content, dark), random)
            for variant, data in made.items():
                found = engine.look(f"again {content} {variant}", data)
                hit = any(n == f"{template} {content}" and link.class_ in REUSED for n, link in found)
                again[variant][0] += hit
                again[variant][1] += 1
                if not hit:
                    missed.append((template, content, variant))
                wrong += [
                    (template, content, variant, n, seen(link))
                    for n, link in found
                    if link.class_ in REUSED and n != f"{template} {content}"
                ]
        print(f"{template}: {count} false", file=sys.stderr, flush=True)
    table = false_table({"other contents of the template": false_rate(false)})
    shade = "dark" if dark else "light"
    print(f"\n### Screens and pages ({shade}, sent as {sent_as}; {dict(kinds)})\n\n{table}\n")
    print(recall_table({variant: (hit, of) for variant, (hit, of) in again.items()}))
    _list("False", wrong)
    _list("Missed", missed)


def _list(what: str, rows: list[tuple[object, ...]]) -> None:
    if rows:
        print(f"\n{what} ({len(rows)}):\n")
        for row in rows[:_SHOWN]:
            print("- " + " · ".join(str(part) for part in row))


def main() -> None:
    """Run the parts asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--half", choices=["develop", "report"], default="report")
    parser.add_argument("--queries", type=int, default=40)
    parser.add_argument("--gallery", type=int, help="How many photos; all without it.")
    parser.add_argument("--edits", nargs="+", help="Only these, and no photos as they are.")
    parser.add_argument("--contents", type=int, default=12)
    parser.add_argument(
        "--again", type=int, default=3, help="Contents whose page is sent again in every variant."
    )
    parser.add_argument("--part", nargs="+", choices=["photos", "screens"], default=["photos", "screens"])
    parser.add_argument(
        "--sent-as", default="resaved_png", help="A variant of reuse_screens, as which pages are sent."
    )
    parser.add_argument("--dark", action="store_true", help="Dark screens; printed pages are left out.")
    options = parser.parse_args()
    mine = options.half == "report"
    if "photos" in options.part:
        develop, report = split(options.folders)
        chosen, beside = (report, develop) if mine else (develop, report)
        if options.gallery:
            random = np.random.default_rng(SEED)
            chosen = [chosen[i] for i in random.choice(len(chosen), options.gallery, replace=False)]
        engine = gallery_of(chosen)
        every = {**EDITS, **HARDER}
        edited(
            engine, chosen, beside, options.queries, {name: every[name] for name in options.edits or every}
        )
        if not options.edits:
            unedited(engine, chosen)
    if "screens" in options.part:
        templates = reuse_screens.REPORTING if mine else reuse_screens.TUNING
        if options.dark:
            templates = [name for name in templates if not reuse_screens.is_document(name)]
        screens(list(templates), options.contents, options.again, options.sent_as, dark=options.dark)


if __name__ == "__main__":
    main()
