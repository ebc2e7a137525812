"""What a process gives back is found again: nothing that was written is lost."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).parents[3]

GIVEN_BACK = """
import os, re, sys
import cv2, numpy as np
from pipeline.opening.heap import _code, give_back, give_back_in_child

def held(name):
    return int(re.search(rf"^{name}: +(\\d+)", open("/proc/self/smaps_rollup").read(), re.M)[1])

def work():
    plane = np.arange(640 * 480, dtype=np.uint8).reshape(480, 640)
    found = cv2.SIFT.create(50).detectAndCompute(cv2.GaussianBlur(plane, (3, 3), 1.0), None)[1]
    return float(np.fft.fft2(plane).real.sum()), None if found is None else float(found.sum())

before = work()
kept, files = held("Anonymous"), held("Rss") - held("Anonymous")
give_back(for_children=True)
assert held("Rss") - held("Anonymous") < files / 2, (files, held("Rss"))
assert held("Anonymous") < kept + 4096  # kB: what reading the mappings took
assert work() == before
pid = os.fork()
if pid == 0:
    give_back_in_child()
    os._exit(0 if work() == before else 1)
assert os.waitpid(pid, 0)[1] == 0
writable = [line for line in open("/proc/self/maps") if line.split()[1][1] == "w"]
ranges = [tuple(int(end, 16) for end in line.split()[0].split("-")) for line in writable]
assert not [1 for start, end in _code() for first, last in ranges if start < last and first < end]
print("all there")
"""

LOADED = """
import sys
import numpy as np
told, names = np.__dir__, list(np.__all__)
from validators.measures.reuse import fingerprint
fingerprint.load()
assert "scipy.fftpack" in sys.modules and "numpy.f2py" not in sys.modules and "numpy.testing" not in sys.modules
assert np.__dir__ is told and np.__all__ == names
assert np.f2py and "f2py" in dir(np)
found = fingerprint.fingerprint(np.random.default_rng(1).integers(0, 255, (200, 300, 3), dtype=np.uint8))
assert len(found.orientations) == 8
print("all there")
"""


def run(program: str) -> str:
    command = [sys.executable, "-c", program]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout


def test_code_that_is_given_back_is_there_when_it_is_needed() -> None:
    assert run(GIVEN_BACK) == "all there\n"


def test_scipy_is_loaded_without_the_rest_of_numpy_which_stays_to_be_had() -> None:
    assert run(LOADED) == "all there\n"
