"""A small file that asks for much is refused or bounded, within seconds and memory, and the next file is well."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest

from jail.bombs import BOMBS

SECONDS = 10.0
BYTES = 1 << 30


@pytest.mark.parametrize("name", BOMBS)
def test_it_is_bounded(opener, tmp_path, name):
    make, told = BOMBS[name]
    path = tmp_path / "upload"
    path.write_bytes(make())
    start = time.monotonic()
    opened = opener.open(path)
    assert time.monotonic() - start < SECONDS + 2.0  # the limit itself, and its grace
    codes = {problem.code for problem in opened.measurements.problems}
    assert not told or codes & told, codes
    assert "internal" not in codes, opened.measurements.problems
    (tmp_path / "next").write_bytes(b"plain words\n")
    assert opener.open(tmp_path / "next").measurements.text == "plain words\n"


@pytest.mark.parametrize(
    "name",
    [
        "png_whose_profile_inflates",
        "gif_of_a_million_frames",
        "heic_of_a_giant_grid",
        "pdf_whose_content_inflates",
    ],
)
def test_no_child_holds_a_gibibyte(tmp_path, name):
    argv = [sys.executable, str(Path(__file__).with_name("memory_of.py")), name, str(tmp_path)]
    held = subprocess.run(argv, capture_output=True, text=True, check=True)
    assert int(held.stdout) < BYTES
