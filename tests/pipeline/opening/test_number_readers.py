"""Numbers read in the jail: off without cost, on by a setting, and never at the expense of the rest."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from importlib.metadata import distributions
from importlib.util import find_spec

import numpy as np
import pytest
from PIL import Image, ImageOps

from pipeline.opening.host.jail import Jail
from pipeline.opening.host.opener import Opener
from pipeline.opening.host.tools import Tools
from pipeline.opening.limits import limits_of
from pipeline.opening.reader_names import MODULES
from pipeline.setup.policies import load_policy
from pipeline.setup.settings import read_settings
from pipeline.wiring.assembly import content_thresholds, readers_of
from storage.errors import StoreMisconfiguredError

ABSENT = [module for module in MODULES.values() if find_spec(module) is None]
needs_extra = pytest.mark.skipif(
    bool(ABSENT) and not os.environ.get("CI"),
    reason="the extra 'text' is not installed: ./dev text installs it",
)
NUMBER = "RR123456785CN"


def opener(jail):
    policy = load_policy(None)
    return Opener(jail, Tools(None, None, None), limits_of(policy), content_thresholds(policy))


@pytest.fixture(scope="module")
def reading():
    with Jail(tuple(MODULES)) as jail:
        yield opener(jail)


@pytest.fixture
def label(tmp_path):
    """A label with a Code 128 on it, saved as JPEG."""
    import zxingcpp

    code = zxingcpp.create_barcode(NUMBER, zxingcpp.BarcodeFormat.Code128)
    bars = Image.fromarray(np.array(code.to_image(scale=3)))
    paper = ImageOps.expand(bars, 300, 255).convert("RGB")
    path = tmp_path / "label.jpg"
    paper.save(path, quality=80)
    return path


def test_off_by_default(monkeypatch, tmp_path):
    monkeypatch.delenv("EVIDENCE_READ_TEXT", raising=False)
    assert readers_of(read_settings(tmp_path)) == ()


def test_asked_for_without_the_extra_says_what_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr("pipeline.wiring.assembly.find_spec", lambda _: None)
    monkeypatch.setenv("EVIDENCE_READ_TEXT", "1")
    with pytest.raises(StoreMisconfiguredError, match=r"needs zxingcpp and rapidocr.*\./dev text"):
        readers_of(read_settings(tmp_path))


@pytest.mark.parametrize("readers", [[], pytest.param(list(MODULES), marks=needs_extra)], ids=["off", "on"])
def test_nothing_of_the_extra_is_imported_unless_asked_for(readers):
    code = (
        "import sys, json; from pipeline.opening.child import zygote; zygote._load_decoders(json.loads(sys.argv[1]), '');"
        "print(json.dumps(sorted(sys.modules)))"
    )
    argv = [sys.executable, "-c", code, json.dumps(readers)]
    done = subprocess.run(argv, capture_output=True, text=True, check=True, timeout=120)
    found = {*MODULES.values(), "onnxruntime"} & set(json.loads(done.stdout))
    assert found >= ({MODULES[name] for name in readers})
    assert bool(found) == bool(readers)
    assert ("pipeline.opening.child.number_readers" in done.stdout) == bool(readers)


@needs_extra
def test_only_the_headless_build_of_opencv_is_there():
    names = {(found.metadata["Name"] or "").lower() for found in distributions()}
    assert {name for name in names if name.startswith("opencv")} == {"opencv-python-headless"}


@needs_extra
def test_a_barcode_is_read_in_the_jail(reading, label):
    measured = reading.open(label).measurements
    assert measured.readers == tuple(MODULES)
    found = next(one for one in measured.readings if one.source == "barcode")
    assert (found.kind, found.value, found.checked) == ("tracking", NUMBER, True)
    assert 0.1 < found.region.x < 0.5 < found.region.x + found.region.w < 0.9


@needs_extra
def test_reading_changes_nothing_else(reading, label):
    with Jail() as jail:
        plain = opener(jail).open(label)
    read = reading.open(label)
    assert plain.measurements.readers == ()
    assert replace(read.measurements, readings=(), readers=()) == plain.measurements
    assert (read.derivatives, read.features) == (plain.derivatives, plain.features)


@needs_extra
@pytest.mark.parametrize("data", [b"", b"plain words\n", b"\xff\xd8\xff\xe0 no picture"])
def test_what_shows_nothing_is_not_read(reading, tmp_path, data):
    path = tmp_path / "upload"
    path.write_bytes(data)
    assert reading.open(path).measurements.readings == ()


@pytest.fixture
def page(tmp_path):
    """A page with a labelled order number and a telephone number."""
    import cv2

    paper = np.full((600, 900, 3), 255, np.uint8)
    rows = (("Order number", "831-2078684-5359312"), ("Telephone", "9675653141"))
    for at, (label, number) in enumerate(rows):
        cv2.putText(paper, label, (40, 100 + 90 * at), (0, 0, 0), cv2.FontFace("sans"), 34)
        cv2.putText(paper, number, (450, 100 + 90 * at), (0, 0, 0), cv2.FontFace("sans"), 34)
    path = tmp_path / "page.png"
    Image.fromarray(paper).save(path)
    return path


@needs_extra
def test_text_is_read_in_the_jail(reading, page):
    found = {(one.kind, one.value, one.source) for one in reading.open(page).measurements.readings}
    assert found == {("order", "83120786845359312", "text"), ("", "9675653141", "text")}


@needs_extra
def test_a_reading_that_takes_too_much_costs_the_numbers_alone(page, caplog):
    """The least memory that measures the page reads no text of it: the models take more than the measures."""
    with Jail(tuple(MODULES)) as jail:
        plain = opener(jail)
        for megabytes in range(32, 512, 16):
            hurried = replace(plain, limits=replace(plain.limits, memory_bytes=megabytes << 20))
            measured = hurried.open(page).measurements
            if not measured.problems:
                break
            assert [problem.code for problem in measured.problems] == ["memory_limit"]
    assert (measured.readings, measured.readers, measured.problems) == ((), (), ())
    assert measured.clarity is not None
    assert "reading numbers ended early" in caplog.text


@needs_extra
def test_reading_starts_no_thread_of_its_own(page):
    """A child may start none: one more thread than without would show it."""
    code = (
        "import os, numpy as np; from pipeline.opening.child import number_readers as n;"
        "from pipeline.opening.reader_names import MODULES; n.load(list(MODULES));"
        "before = len(os.listdir('/proc/self/task'));"
        "n._loaded['text'](np.full((300, 300, 3), 255, np.uint8));"
        "print(len(os.listdir('/proc/self/task')) - before)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "0"
