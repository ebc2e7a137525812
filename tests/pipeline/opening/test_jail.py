"""The jail: one file's crash, hang, hunger or lie costs that file alone."""

from __future__ import annotations

import os
import signal
from dataclasses import replace

import pytest
from small_limits import LIMITS
from uploads_opened import opened_upload
from zygotes import zygote_of

from pipeline.opening.child.confinement.confine import find_out
from pipeline.opening.host.jail import Jail
from pipeline.opening.host.namespaces import PART


@pytest.fixture(scope="module")
def jail():
    with Jail() as running:
        yield running


@pytest.fixture
def upload(tmp_path):
    with opened_upload(tmp_path, b"plain words\n" * 10) as descriptor:
        yield descriptor


def tool(jail, upload, script, limits=LIMITS):
    """Run a shell script under the jail's limits, as ffmpeg would be."""
    return jail.run_tool(upload, ["/bin/sh", "-c", script], limits)


def test_a_tool_reads_the_upload_on_descriptor_3(jail, upload):
    script = 'while read -r line <&3; do echo "$line"; done'
    assert tool(jail, upload, script).output == b"plain words\n" * 10


def test_a_tool_sees_an_empty_environment_and_no_other_descriptor(jail, upload):
    seen = tool(
        jail, upload, "export -p; for n in 4 5 6 7 8 9; do if : <&$n; then echo open $n; fi 2>/dev/null; done"
    ).output.decode()
    assert "HOME" not in seen
    assert "open" not in seen
    assert "open 3" in tool(jail, upload, "if : <&3; then echo open 3; fi").output.decode()
    exported = {line.split("=")[0] for line in seen.splitlines() if line.startswith("export")}
    assert exported <= {"export LC_ALL", "export PWD", "export OLDPWD", "export PATH"}


def test_a_hang_ends_at_the_time_limit(jail, upload):
    outcome = tool(jail, upload, "while :; do :; done", replace(LIMITS, seconds=0.5))
    assert outcome.fault == "time_limit"


def test_a_flood_ends_at_the_output_limit(jail, upload):
    outcome = tool(jail, upload, "while :; do echo yes; done", replace(LIMITS, output_bytes=100_000))
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
        os.kill(zygote_of(jail), signal.SIGKILL)
        jail._process.wait()
        assert tool(jail, upload, "echo here").output == b"here\n"


def test_many_threads_share_one_jail(jail, upload):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        outputs = list(pool.map(lambda n: tool(jail, upload, f"echo {n}").output, range(40)))
    assert outputs == [f"{n}\n".encode() for n in range(40)]


def test_the_level_is_told(jail):
    assert jail.level.removesuffix(f"+{PART}") == find_out().level
    assert jail.libraries["pillow"].startswith("13")


def test_a_tool_may_write_one_file_of_bounded_size_and_open_it_again(jail, upload):
    argv = ["/bin/sh", "-c", "printf 'one two'"]
    assert jail.run_tool_to_file(upload, argv, LIMITS, 100).output == b"one two"
    again = ["/bin/sh", "-c", "printf 'one'; printf 'two' > /proc/self/fd/1"]
    assert jail.run_tool_to_file(upload, again, LIMITS, 100).output == b"two"
    flood = jail.run_tool_to_file(
        upload, ["/bin/sh", "-c", "while echo yes; do :; done; exit 3"], LIMITS, 1000
    )
    assert (flood.fault, flood.output) == ("failed", b"")
    hang = ["/bin/sh", "-c", "while :; do :; done"]
    assert jail.run_tool_to_file(upload, hang, replace(LIMITS, seconds=0.5), 100).fault == "time_limit"


SOUND = {"content": {}, "version": "1", "what": "sound", "read_s": 2.0}


def test_a_tools_output_is_measured_as_it_comes(jail, upload):
    tone = (
        "while [ ${n:=0} -lt 4000 ]; do n=$((n+1)); printf '\\377\\077\\001\\300\\377\\077\\001\\300'; done"
    )
    told, measured = jail.measure_output(upload, ["/bin/sh", "-c", tone], SOUND, LIMITS, LIMITS)
    assert (told.fault, measured.fault) == (None, None)
    assert measured.body["sound"]["peak"] == pytest.approx(-6.0, abs=0.1)
    assert len(measured.body["sound"]["loudness"]) == 1


def test_a_tool_that_fails_does_not_spoil_what_was_measured(jail, upload):
    told, measured = jail.measure_output(
        upload, ["/bin/sh", "-c", "printf 'abcd'; exit 3"], SOUND, LIMITS, LIMITS
    )
    assert (told.fault, measured.fault) == ("failed", None)
    assert measured.body["sound"] is not None


def test_a_tool_that_never_ends_is_stopped_when_the_child_has_read_enough(jail, upload):
    job = {**SOUND, "read_s": 0.5}
    told, measured = jail.measure_output(
        upload, ["/bin/sh", "-c", "while :; do echo yes; done"], job, LIMITS, LIMITS
    )
    assert measured.fault is None
    assert told.fault in (None, "failed", "crashed")
