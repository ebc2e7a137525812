"""Numeric libraries run on one thread each, in the command and in the zygote: nothing loads them before that is said."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest


def said(code: str, **environment: str) -> str:
    """What a fresh interpreter prints."""
    bare = {name: value for name, value in os.environ.items() if not name.endswith(("_THREADS", "_NUM"))}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=bare | environment
    )
    return done.stdout.strip()


@pytest.mark.parametrize("entry", ["pipeline.commands.program", "pipeline.opening.child.zygote"])
def test_an_entry_point_loads_nothing_that_would_have_read_it_before(entry):
    loaded = said(f"import sys, {entry}; print(sorted({{'numpy', 'cv2', 'scipy'}} & set(sys.modules)))")
    assert loaded == "[]"


def test_what_is_loaded_afterwards_has_one_thread():
    code = "from pipeline.opening.one_thread import one_thread; one_thread(); import cv2; print(cv2.getNumThreads())"
    assert said(code) == "1"


def test_what_the_environment_says_stands():
    code = (
        "import os; from pipeline.opening.one_thread import one_thread; one_thread(); "
        "print(os.environ['OPENBLAS_NUM_THREADS'])"
    )
    assert said(code, OPENBLAS_NUM_THREADS="2") == "2"
    assert said(code) == "1"
