"""The jail: one file's crash, hang, hunger or lie costs that file alone."""

from __future__ import annotations

import os
from dataclasses import replace

import pytest

from pipeline.opening import zygote
from pipeline.opening.jail import Jail
from pipeline.opening.limits import Limits

LIMITS = Limits(
    still_bytes=1 << 26, video_bytes=1 << 28, pixels=10**8, side=30_000, pages=5, frames=5, text_characters=1000,
    seconds=5.0, memory_bytes=1 << 29, output_bytes=1 << 26, video_seconds=60,
)  # fmt: skip


@pytest.fixture(scope="module")
def jail():
    with Jail() as running:
        yield running


@pytest.fixture
def upload(tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(b"plain words\n" * 10)
    descriptor = os.open(path, os.O_RDONLY)
    yield descriptor
    os.close(descriptor)


def tool(jail, upload, script, limits=LIMITS):
    """Run a shell script under the jail's limits, as ffmpeg would be."""
    return jail.run_tool(upload, ["/bin/sh", "-c", script], limits)


def test_a_tool_reads_the_upload_on_descriptor_3(jail, upload):
    assert tool(jail, upload, "cat <&3").output == b"plain words\n" * 10


def test_a_tool_sees_an_empty_environment_and_no_other_descriptor(jail, upload):
    seen = tool(jail, upload, "env; ls /proc/self/fd").output.decode()
    assert "PATH=/" not in seen.replace("PWD=/", "")
    assert "HOME" not in seen
    assert set(seen.split()) & {str(n) for n in range(5, 64)} == set()


def test_a_hang_ends_at_the_time_limit(jail, upload):
    outcome = tool(jail, upload, "sleep 60", replace(LIMITS, seconds=0.5))
    assert outcome.fault == "time_limit"


def test_a_flood_ends_at_the_output_limit(jail, upload):
    outcome = tool(jail, upload, "yes", replace(LIMITS, output_bytes=100_000))
    assert outcome.fault == "output_limit"


def test_a_death_by_signal_is_a_crash(jail, upload):
    outcome = tool(jail, upload, "kill -SEGV $$")
    assert outcome.fault == "crashed"
    assert "SIGSEGV" in outcome.detail


def test_a_tool_that_says_no_has_failed_not_crashed(jail, upload):
    assert tool(jail, upload, "exit 3").fault == "failed"


def test_nothing_can_be_written(jail, upload, tmp_path):
    target = tmp_path / "written"
    tool(jail, upload, f"echo text > {target}")
    assert not target.exists() or target.read_bytes() == b""


def test_processor_time_is_bounded(jail, upload):
    outcome = tool(jail, upload, "while :; do :; done", replace(LIMITS, seconds=1.0))
    assert outcome.fault in ("time_limit", "crashed")


def test_the_zygote_is_started_again_when_it_dies(upload):
    with Jail() as jail:
        jail._process.kill()
        jail._process.wait()
        assert tool(jail, upload, "echo here").output == b"here\n"


def test_many_threads_share_one_jail(jail, upload):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        outputs = list(pool.map(lambda n: tool(jail, upload, f"echo {n}").output, range(40)))
    assert outputs == [f"{n}\n".encode() for n in range(40)]


def test_the_level_is_told(jail):
    assert jail.level == zygote.JAIL_LEVEL
    assert jail.libraries["pillow"].startswith("13")
