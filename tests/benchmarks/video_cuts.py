"""How well cuts are told from all else that happens in a clip: precision and recall on generated clips, by kind.

    ./dev bench video_cuts [--half report] [--clips 40] [--photos FOLDER]
    ./dev bench video_cuts --real FILE...

Clips come from fixed seeds (video_clips.py); thresholds were chosen on the tuning half alone. With --photos places are cut from
photographs instead of being drawn. A cut counts as found within a quarter of a second, a fade within 0.8 s of its middle. Clips
are opened in the product's own jail. --real lists what is found in clips of which nobody noted the cuts; no share is
claimed for these.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY), str(REPOSITORY / "tests/benchmarks")]

from harness import table  # noqa: E402
from real_opening import real_opener  # noqa: E402
from video_clips import DIP, DISSOLVE, HARD, JUMP, Clip, made_clip  # noqa: E402

from pipeline.setup.policies import load_policy  # noqa: E402
from validators.checks.video_segments import cuts_of  # noqa: E402
from validators.clip_time import clock  # noqa: E402

FIRST_SEED = {("tune", False): 1000, ("report", False): 2000, ("tune", True): 3000, ("report", True): 4000}
NEAR = {HARD: 0.25, JUMP: 0.25, DISSOLVE: 0.8, DIP: 0.8}


def matched(clip: Clip, found: list[float]) -> tuple[list[str], list[float]]:
    """The kinds of the cuts that were found, and the times that are none."""
    left, hits = list(found), []
    for time_s, kind in clip.cuts:
        near = [at for at in left if abs(at - time_s) <= NEAR[kind]]
        if near:
            left.remove(min(near, key=lambda at: abs(at - time_s)))
            hits.append(kind)
    return hits, left


def measure(half: str, clips: int, photos: Path | None) -> None:
    """Print the table of one half."""
    policy = load_policy()
    pictures = sorted(photos.rglob("*.jpg")) if photos else None
    had, hit, false, events, without = Counter[str](), Counter[str](), 0, Counter[str](), 0
    with real_opener() as (opener, scratch):
        for seed in range(FIRST_SEED[half, photos is not None], FIRST_SEED[half, photos is not None] + clips):
            clip = made_clip(scratch / f"{seed}.mp4", seed, pictures)
            found = [cut.time_s for cut in cuts_of(opener.open(clip.path).measurements, policy)]
            hits, wrong = matched(clip, found)
            had.update(kind for _, kind in clip.cuts)
            hit.update(hits)
            events.update(clip.events)
            false += len(wrong)
            without += not clip.cuts
            missed = [
                f"{kind} at {at:.2f}"
                for at, kind in clip.cuts
                if not matched(Clip(clip.path, 0, [(at, kind)]), found)[0]
            ]
            if missed or wrong:
                print(f"seed {seed}: missed {missed}, false {wrong}", file=sys.stderr, flush=True)
            clip.path.unlink()
    told = sum(hit.values()) + false
    where = "places cut from photographs" if photos else "drawn places"
    print(f"### {half} half: {clips} clips of {where}, {without} of them in one take\n")
    rows = [("what", "there", "found")]
    rows += [(kind, str(had[kind]), str(hit[kind])) for kind in (HARD, JUMP, DISSOLVE, DIP)]
    rows.append(
        (
            "**recall** (goal 0.95)",
            str(sum(had.values())),
            f"{sum(hit.values()) / max(1, sum(had.values())):.3f}",
        )
    )
    rows.append(
        (
            "**precision** (goal 0.95)",
            f"{told} told, {false} false",
            f"{sum(hit.values()) / max(1, told):.3f}",
        )
    )
    table(rows)
    print(
        "\nNo cuts, and there to be taken for one: "
        + ", ".join(f"{n} × {name}" for name, n in events.most_common())
    )


def real(paths: list[Path]) -> None:
    """List the cuts found in clips."""
    policy = load_policy()
    rows = [("clip", "length, s", "cuts found at")]
    with real_opener() as (opener, _):
        for path in paths:
            measured = opener.open(path).measurements
            times = ", ".join(f"{clock(cut.time_s)} ({cut.kind})" for cut in cuts_of(measured, policy))
            rows.append(
                (path.name, f"{measured.film.measured_s:.1f}" if measured.decoded else "–", times or "none")
            )
    table(rows)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--half", choices=["tune", "report"], default="report")
    parser.add_argument("--clips", type=int, default=40)
    parser.add_argument("--photos", type=Path)
    parser.add_argument("--real", type=Path, nargs="+")
    options = parser.parse_args()
    if options.real:
        real(options.real)
    else:
        measure(options.half, options.clips, options.photos)


if __name__ == "__main__":
    main()
