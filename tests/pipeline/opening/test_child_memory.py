"""Whatever way OpenCV says that memory ran out, a child ends as one that asked for too much."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[2]
CODE = """
import os, resource, cv2, numpy as np
from dataclasses import asdict
from small_limits import LIMITS
from pipeline.opening.child import child
from pipeline.opening.child.measurement import ContentThresholds, Measured, MeasuredView
from validators.evidence import Measurements

noise = np.random.default_rng(1).integers(0, 2, (1500, 1500), dtype=np.uint8)
wide = np.zeros((4000, 4000), np.uint8)
empty = Measurements("v", "image/png")

def enlarge(*_, **__): cv2.resize(noise, (9000, 9000))
def outline(*_, **__): cv2.findContours(noise[:500, :500], cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
def show(*_, **__): return Measured(empty, [MeasuredView("view", wide)], [])
def bare(*_, **__): return Measured(empty, [], [])

child.measure_upload = {how}
pages = int(open("/proc/self/statm").read().split()[0])
resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + ({kib} << 10),) * 2)
job = dict(what="file", version="v", content=asdict(ContentThresholds()))
try:
    child.answer_job(job, -1, os.open(os.devnull, os.O_WRONLY), LIMITS)
    print("answered")
except MemoryError:
    print("out of memory")
"""


def ended(how: str, kib: int) -> str:
    argv = [sys.executable, "-c", CODE.replace("{how}", how).replace("{kib}", str(kib))]
    found = {**os.environ, "PYTHONPATH": os.pathsep.join((str(TESTS.parent), str(TESTS)))}
    done = subprocess.run(argv, capture_output=True, text=True, timeout=120, check=False, env=found)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(("how", "kib"), [("enlarge", 128), ("outline", 4096), ("show", 128)])
def test_want_of_memory_is_told_as_such(how, kib):
    assert ended(how, kib) == "out of memory"


def test_enough_is_enough():
    assert ended("bare", 4096) == "answered"
