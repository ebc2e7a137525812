"""The whole way with a real jail: bytes of a bucket to a report with what was measured in them."""

from __future__ import annotations

import io
import os
import signal
import threading
import time
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image
from working_kit import codes, wait_until
from zygotes import zygote_of

from pipeline.opening.host.jail import Jail
from pipeline.opening.host.opener import Opener
from pipeline.opening.host.tools import find_tools
from pipeline.opening.limits import limits_of
from pipeline.setup.opened import OutOfTimeError
from pipeline.wiring.assembly import content_thresholds, stamp


@pytest.fixture(scope="module")
def jail():
    """One jail for all: it takes seconds to start."""
    with Jail() as made:
        yield made


@pytest.fixture
def bench(benches, policy, jail):
    """A bench that opens files in the jail, under a time limit of three seconds."""
    made = benches()
    tools = find_tools()
    limits = replace(limits_of(policy), seconds=3.0)
    opener = Opener(jail, tools, limits, content_thresholds(policy), tries=1)
    made.context = replace(made.context, opener=opener, tool=stamp(jail, tools))
    made.settings = replace(made.settings, deadline_s=30.0, visibility_s=30.0)
    return made


def jpeg(seed: int) -> bytes:
    """A small, textured photo."""
    chance = np.random.default_rng(seed)
    coarse = Image.fromarray(chance.integers(30, 220, (12, 16, 3), np.uint8))
    stream = io.BytesIO()
    coarse.resize((640, 480), Image.Resampling.BICUBIC).save(stream, "JPEG", quality=90)
    return stream.getvalue()


def test_a_file_is_not_opened_with_less_time_than_it_may_take(bench, tmp_path):
    opener = replace(bench.context.opener, least_s=2.0)
    (tmp_path / "page.txt").write_text("words")
    with pytest.raises(OutOfTimeError):
        opener.open(tmp_path / "page.txt", time.monotonic() + 1.0)
    assert not opener.open(tmp_path / "page.txt", time.monotonic() + 4.0).measurements.problems


def test_good_and_bad_files_come_to_their_reports_and_copies_are_found(bench):
    photo = jpeg(1)
    files = {
        "D-1/buyer/lid.jpg": photo,
        "D-1/seller/half.jpg": jpeg(2)[:4000],
        "D-1/seller/none.jpg": b"",
        "D-2/buyer/again.jpg": photo + b"\0",
    }
    for key, data in files.items():
        bench.upload(key, data)
    bench.run(jobs=2, once=True)
    item = bench.items("D-1")["buyer/lid.jpg"]
    assert (item.detected_type, item.width, item.height) == ("image/jpeg", 640, 480)
    assert item.derivatives
    assert list(bench.context.objects.keys("derivatives/"))
    assert "FMT_TRUNCATED" in codes(bench.items("D-1")["seller/half.jpg"])
    assert "FMT_EMPTY" in codes(bench.items("D-1")["seller/none.jpg"])
    assert [match.dispute_id for match in item.matches] == ["D-2"]
    assert bench.upload_states() == ["done"] * 4
    assert (bench.queue.depth().total, bench.queue.dead_count()) == (0, 0)
    assert not list(bench.context.incoming.iterdir())


def test_a_jail_that_is_closed_under_a_file_hands_its_message_back(bench, jail):
    """The last test of the module: the jail is closed."""
    bench.settings = replace(bench.settings, grace_s=0.1)
    bench.upload("D-1/buyer/lid.jpg", jpeg(1))
    os.kill(zygote_of(jail), signal.SIGSTOP)  # so that opening takes as long as the test wants
    worker = bench.worker()
    thread = threading.Thread(target=worker.run)
    thread.start()
    wait_until(lambda: bench.outcomes() == [None])
    worker.asked_to_stop = True
    thread.join(10)
    assert not thread.is_alive()
    assert bench.outcomes() == ["returned"]
    assert (bench.queue.depth().waiting, bench.receive().receives) == (1, 2)
    assert not list(bench.context.incoming.iterdir())
