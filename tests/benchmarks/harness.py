"""What the benchmarks share: running the real command and reading the operating system's accounts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

# Within bubblewrap the processes that open files are nobody's children, and their processor time is lost to who waits.
os.environ["EVIDENCE_BUBBLEWRAP"] = "0"
EVIDENCE = str(Path(sys.executable).with_name("evidence"))
CAMERA_PIXELS = 3_000_000


@dataclass(frozen=True)
class Run:
    """One finished process with all it waited for: CPU and wall seconds, exit status."""

    cpu: float
    wall: float
    status: int


def run(argv: list[str]) -> Run:
    """Run a command to its end and account for its whole tree."""
    start = time.perf_counter()
    process = subprocess.Popen(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Run(usage.ru_utime + usage.ru_stime, time.perf_counter() - start, process.returncode)


def check_argv(folder: Path, scratch: Path, jobs: int = 1) -> list[str]:
    """The main job on ``folder`` with an empty store."""
    base = Path(tempfile.mkdtemp(dir=scratch))
    return [
        EVIDENCE,
        "check",
        str(folder),
        "--out",
        str(base / "out"),
        "--store",
        str(base / "store"),
        "--jobs",
        str(jobs),
    ]


def check(folder: Path, scratch: Path, jobs: int = 1) -> Run:
    """Run the main job; fails unless it ended by saying so."""
    done = run(check_argv(folder, scratch, jobs))
    if done.status not in (0, 1):
        raise SystemExit(f"evidence check ended with status {done.status}")
    return done


@contextmanager
def scratch_folder():
    """A temporary folder, removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="evidence-bench-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def camera_files(folder: Path) -> list[Path]:
    """JPEG files of 3 megapixels and more."""
    found = []
    for path in sorted(folder.iterdir()):
        try:
            with Image.open(path, formats=["JPEG"]) as image:
                if image.size[0] * image.size[1] >= CAMERA_PIXELS:
                    found.append(path)
        except OSError:
            continue
    return found


def gather(files: list[Path], target: Path) -> Path:
    """Copies of ``files`` in a folder of their own."""
    target.mkdir(parents=True)
    for number, path in enumerate(files):
        shutil.copyfile(path, target / f"{number:05d}-{path.name}")
    return target


def tiny_folder(scratch: Path) -> Path:
    """A folder with one picture of 16 x 16 pixels: what is left is start-up."""
    folder = scratch / "tiny"
    folder.mkdir()
    Image.linear_gradient("L").resize((16, 16)).convert("RGB").save(folder / "tiny.png")
    return folder


def table(rows: list[tuple[str, ...]]) -> None:
    """Print rows as a Markdown table, the first as its head."""
    print("| " + " | ".join(rows[0]) + " |")
    print("|" + "---|" * len(rows[0]))
    for row in rows[1:]:
        print("| " + " | ".join(row) + " |")


def spread(values: list[float], digits: int = 2) -> str:
    """Median (lowest–highest)."""
    ordered = sorted(values)
    return f"{ordered[len(ordered) // 2]:.{digits}f} ({ordered[0]:.{digits}f}–{ordered[-1]:.{digits}f})"
