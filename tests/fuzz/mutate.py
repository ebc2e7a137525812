"""Seeded mutations of the samples through the whole job: no crash, no hang, one entry a file, and a healthy run after.

./dev fuzz [--seed N] [--files N]
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
EVIDENCE = str(Path(sys.executable).with_name("evidence"))
SECONDS_A_FILE = 10


def mutate(data: bytearray, chance: random.Random) -> bytearray:
    """One to three of: flipped bytes, a hole of zeros, a cut, a repeated stretch, lengths set to extremes."""
    for _ in range(chance.randint(1, 3)):
        if not data:
            return bytearray(chance.randbytes(chance.randint(0, 64)))
        at = chance.randrange(min(len(data), 4096) if chance.random() < 0.5 else len(data))
        kind = chance.randrange(6)
        if kind == 0:
            for _ in range(chance.randint(1, 40)):
                data[chance.randrange(len(data))] = chance.randrange(256)
        elif kind == 1:
            data[at : at + 512] = bytes(len(data[at : at + 512]))
        elif kind == 2:
            del data[at:]
        elif kind == 3:
            data[at:at] = data[at : at + chance.randint(1, 2048)]
        elif kind == 4:
            data[at : at + 4] = chance.choice(
                (b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", b"\0\0\0\0", b"\0\0\0\1")
            )
        else:
            data[at : at + 64] = chance.randbytes(64)
    return data


def make_folder(folder: Path, seed: int, files: int) -> None:
    """Mutated copies of the sample files under their own extensions."""
    chance = random.Random(seed)
    samples = sorted(
        path for path in (ROOT / "sample_evidence").rglob("*") if path.is_file() and path.suffix != ".json"
    )
    for number in range(files):
        path = chance.choice(samples)
        (folder / f"{number:05d}{path.suffix}").write_bytes(mutate(bytearray(path.read_bytes()), chance))


def check(folder: Path, base: Path, seconds: float) -> list[dict[str, object]]:
    """Run the job; the entries of its reports. Fails on any status but 0 or 1, and on a traceback."""
    out = base / f"out-{folder.name}"
    argv = [EVIDENCE, "check", str(folder), "--out", str(out), "--store", str(base / "store")]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=seconds, check=False)
    if done.returncode not in (0, 1) or "Traceback" in done.stdout + done.stderr:
        raise SystemExit(f"status {done.returncode}\n{done.stdout[-3000:]}\n{done.stderr[-6000:]}")
    return [entry for path in out.rglob("report.json") for entry in json.loads(path.read_text())["evidence"]]


def report(folder: Path, base: Path, files: int, what: str) -> None:
    """Run the job over ``files`` files, then over the samples; print how it went. SystemExit where it did not hold."""
    entries = check(folder, base, SECONDS_A_FILE * files)
    if len(entries) != files:
        raise SystemExit(f"{files} files gave {len(entries)} entries")
    ours = [
        entry["file"] for entry in entries if any(f["code"] == "SYS_INCONCLUSIVE" for f in entry["findings"])
    ]
    healthy = check(ROOT / "sample_evidence", base, 600)
    print(f"{what}, {files} entries, no traceback")
    print(f"a check of ours failed on {len(ours)} of them{': ' + ', '.join(ours[:20]) if ours else ''}")
    print(f"the healthy run after it: {len(healthy)} entries")
    print(f"{files - len(ours)} passed, {len(ours)} failed")
    if ours:
        raise SystemExit(1)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--files", type=int, default=2000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        base = Path(name)
        folder = base / "mutated"
        folder.mkdir()
        make_folder(folder, options.seed, options.files)
        report(folder, base, options.files, f"seed {options.seed}: {options.files} mutated files")


if __name__ == "__main__":
    main()
