"""What a worker makes of an opening that fails: by the file's fault, by nobody's, by ours, by the world's."""

from __future__ import annotations

import time

import pytest
from working_kit import codes, failing, picture

from pipeline.observability.health import JAIL, OBJECTS
from pipeline.opening.host.jail import ChildKilledError, JailError
from pipeline.setup.opened import OutOfTimeError
from pipeline.worker.consumer import Consumer, full_wait_s
from pipeline.worker.disposition import ACKNOWLEDGE, DEAD_LETTER, DONE, RELEASE
from pipeline.worker.upload_work import MAX_FULL, MAX_VANISHED
from storage.errors import StoreFullError, StoreUnavailableError
from validators.sentences.sentences import sentence

KEY = "D-1/buyer/lid.jpg"
KILLED = ChildKilledError("the process that opened the file was killed from outside")


def counted(bench, name):
    """The value of a metric."""
    line = next(line for line in bench.metrics.text().decode().splitlines() if line.startswith(f"{name} "))
    return float(line.split()[-1])


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("crashed", "FMT_QUARANTINED"),
        ("time_limit", "FMT_TOO_LARGE"),
        ("memory_limit", "FMT_TOO_LARGE"),
        ("output_limit", "FMT_TOO_LARGE"),
    ],
)
def test_a_file_that_ends_its_child_twice_is_quarantined_and_named(bench, fault, code):
    bench.opener.script = [failing(fault, "ended by SIGSEGV")] * 9
    assert bench.process(KEY, picture(1)).action == RELEASE
    assert bench.attempts() == [("crashed", f"{fault}: ended by SIGSEGV")]
    assert (bench.report(), bench.upload_states()) == (None, ["open"])
    assert bench.deliver() == DONE
    item = bench.items()["buyer/lid.jpg"]
    assert (code in codes(item), item.state) == (True, "UNREADABLE")
    assert (bench.upload_states(), bench.outcomes()) == (["quarantined"], ["crashed", "finished"])
    assert counted(bench, "evidence_quarantines_total") == 1
    bench.upload(KEY, picture(1))
    bench.upload("D-2/again.jpg", picture(1))
    assert [bench.deliver(), bench.deliver()] == [DONE, DONE]
    assert len(bench.opener.opened) == 2
    assert code in codes(bench.items("D-2")["again.jpg"])
    assert bench.upload_states() == ["quarantined"] * 2


def test_the_finding_says_twice(bench):
    bench.opener.script = [failing("crashed")] * 2
    bench.process(KEY, picture(1))
    bench.deliver()
    said = [
        finding for finding in bench.items()["buyer/lid.jpg"].findings if finding.code == "FMT_QUARANTINED"
    ]
    assert [(sentence(finding), finding.measured) for finding in said] == [
        ("The file could not be opened in two attempts.", 2.0)
    ]


def test_a_crash_that_does_not_come_again_leaves_no_trace_in_the_report(bench):
    bench.opener.script = [failing("crashed")]
    bench.process(KEY, picture(1))
    bench.deliver()
    item = bench.items()["buyer/lid.jpg"]
    assert (item.state, bench.upload_states()) == ("USABLE", ["done"])
    assert not any(code.startswith("FMT_") for code in codes(item))


def test_a_child_killed_from_outside_counts_for_nothing(bench):
    bench.opener.script = [KILLED] * 4 + [failing("crashed")]
    bench.upload(KEY, picture(1))
    assert [bench.deliver().action for _ in range(5)] == [RELEASE] * 5
    assert bench.deliver() == DONE
    assert (bench.upload_states(), bench.items()["buyer/lid.jpg"].state) == (["done"], "USABLE")
    assert bench.outcomes() == ["vanished"] * 4 + ["crashed", "finished"]


def given_up(bench):
    bench.opener.script = [KILLED] * MAX_VANISHED
    bench.upload(KEY, picture(1))
    for _ in range(MAX_VANISHED):
        assert bench.deliver().action == RELEASE
    return bench.deliver()


def test_after_five_unexplained_ends_the_upload_is_given_up(bench):
    assert given_up(bench).action == DEAD_LETTER
    assert len(bench.opener.opened) == MAX_VANISHED == 5
    bench.maintenance.do()
    assert bench.items()["buyer/lid.jpg"].state == "PROCESSING_FAILED"
    assert bench.upload_states() == ["given_up"]
    (letter,) = bench.queue.dead_letters(9)
    assert letter.reason == "5 attempts ended without a result and without a known cause."


def test_a_redriven_upload_starts_anew(bench):
    given_up(bench)
    assert bench.queue.redrive(9) == 1
    bench.opener.script = [KILLED] * (MAX_VANISHED - 1) + [failing("crashed")]
    assert [bench.deliver().action for _ in range(MAX_VANISHED)] == [RELEASE] * MAX_VANISHED
    assert bench.deliver() == DONE
    assert [item.state for item in bench.report().evidence] == ["USABLE"]
    assert (bench.upload_states(), bench.queue.dead_count()) == (["done"], 0)


def test_a_worker_that_died_with_the_file_open_counts_as_vanished(bench):
    bench.upload(KEY, picture(1))
    for _ in range(MAX_VANISHED):
        message = bench.receive()

        def die(_deadline):
            raise KeyboardInterrupt

        bench.opener.script = [die]
        with pytest.raises(KeyboardInterrupt):
            bench.handle(message)
        bench.queue.release(message)  # what the end of its visibility does
    assert bench.deliver().action == DEAD_LETTER
    assert bench.outcomes() == ["vanished"] * MAX_VANISHED + ["finished"]
    assert len(bench.opener.opened) == MAX_VANISHED


def test_a_jail_that_cannot_work_ends_the_attempt_as_returned(bench):
    bench.opener.script = [JailError("the process that opens files did not start")] * 9
    bench.upload(KEY, picture(1))
    for _ in range(9):
        message = bench.receive()
        with pytest.raises(JailError):
            bench.handle(message)
        bench.queue.release(message)
    assert bench.deliver() == DONE
    assert bench.outcomes() == ["returned"] * 9 + ["finished"]
    assert "did not start" in bench.attempts()[0][1]


@pytest.mark.parametrize(
    ("error", "part"),
    [
        (JailError("no jail"), JAIL),
        (StoreFullError("no space left in the incoming folder"), OBJECTS),
        (StoreUnavailableError("S3 does not serve just now"), None),
    ],
)
def test_a_slot_hands_back_what_the_world_kept_it_from(bench, error, part):
    worker = bench.worker()
    for able in (JAIL, OBJECTS):
        bench.health.able(able)
    bench.upload(KEY, picture(1))
    bench.opener.script = [error]
    bench.settings = worker.parts.settings
    slot, message = Consumer(1, worker.parts), bench.receive()
    if part is None:
        bench.stopping.set()  # no second try within the same delivery
    disposition = slot._handled(message, time.monotonic() + 5)
    assert disposition.action == RELEASE
    assert (disposition.delay_s > 0) == (part is not None)
    troubles = bench.health.ready().troubles
    assert (JAIL in troubles, OBJECTS in troubles) == (part == JAIL, part == OBJECTS)
    assert bench.outcomes() == ["returned"]
    bench.queue.release(message)
    bench.stopping.clear()
    assert slot._handled(bench.receive(), time.monotonic() + 5).action == ACKNOWLEDGE
    assert not {JAIL, OBJECTS} & set(bench.health.ready().troubles)


def test_a_store_that_comes_back_in_time_is_waited_for(bench):
    bench.opener.script = [StoreUnavailableError("S3 does not serve just now")] * 2
    assert bench.process(KEY, picture(1)) == DONE
    assert bench.outcomes() == ["finished"]


def test_an_outage_that_used_up_the_time_counts_against_no_file(bench):
    bench.opener.script = [OutOfTimeError("0.2 s are left")] * 9
    bench.upload(KEY, picture(1))
    for _ in range(9):
        message = bench.receive()
        assert bench.handler.handle(message, time.monotonic() + 5).action == RELEASE
        bench.queue.release(message)
    assert bench.deliver() == DONE
    assert bench.outcomes() == ["returned"] * 9 + ["finished"]
    assert bench.items()["buyer/lid.jpg"].state == "USABLE"


def test_a_fault_of_ours_is_told_and_the_file_opened_again_next_time(bench):
    bench.opener.script = [failing("internal", "our own check failed")]
    assert bench.process(KEY, picture(1)) == DONE
    assert bench.items()["buyer/lid.jpg"].state == "PROCESSING_FAILED"
    bench.process("D-2/a.jpg", picture(1))
    assert bench.items("D-2")["a.jpg"].state == "USABLE"


FULL = "no space is left in /scratch, where uploads are copied to"


def test_an_upload_without_room_is_handed_back_then_reported_and_can_be_sent_back(bench):
    bench.upload(KEY, picture(1))
    bench.opener.script = [StoreFullError(FULL)] * MAX_FULL
    for _ in range(MAX_FULL - 1):
        message = bench.receive()
        with pytest.raises(StoreFullError):
            bench.handle(message)
        bench.queue.release(message)
    assert bench.deliver().action == DEAD_LETTER
    assert bench.outcomes() == ["returned"] * (MAX_FULL - 1) + ["finished"]
    bench.maintenance.do()
    assert bench.items()["buyer/lid.jpg"].state == "PROCESSING_FAILED"
    assert bench.queue.dead_letters(9)[0].reason == FULL
    assert bench.queue.redrive(9) == 1
    assert bench.deliver() == DONE
    assert [item.state for item in bench.report().evidence] == ["USABLE"]


def test_the_wait_for_room_doubles_to_an_hour_in_all():
    waits = [full_wait_s(receives) for receives in range(1, MAX_FULL)]
    assert waits[:3] == [15.0, 30.0, 60.0]
    assert waits == sorted(waits)
    assert max(waits) == 900.0
    assert 3000 < sum(waits) < 4500
