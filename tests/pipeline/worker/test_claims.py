"""Several deliveries of one upload, and a database that breaks off at any moment: nothing is written twice or lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from working_kit import FaultyDatabase, failing, later, picture

from pipeline.intake.arrival import arrival_of
from pipeline.intake.messages.notice import DELETED
from pipeline.intake.messages.own import own_message
from pipeline.opening.host.jail import ChildKilledError
from pipeline.setup.opened import MEASURES_VERSION
from pipeline.worker.disposition import ACKNOWLEDGE, DONE, RELEASE
from storage.errors import StoreUnavailableError
from storage.interfaces.claims import Claim

KEY = "D-1/buyer/lid.jpg"


def claim_of(bench, notice, message, holder, until):
    """Another delivery's claim of that upload."""
    arrival = arrival_of(notice, message, bench.origin)
    return Claim(
        arrival.id, MEASURES_VERSION, "D-1", holder, "another receipt", datetime.now(UTC), until, later(0)
    )


def claim(bench, claim_):
    with bench.context.database.transaction() as records:
        assert records.claim_upload(claim_).granted


def test_a_claim_lost_while_opening_writes_nothing(bench):
    notice = bench.upload(KEY, picture(1))
    message = bench.receive()

    def lose(_deadline):
        claim(bench, claim_of(bench, notice, message, message.id, datetime.now(UTC) + timedelta(minutes=1)))

    bench.opener.script = [lose]
    disposition = bench.handle(message)
    assert disposition.action == RELEASE
    assert (bench.report(), bench.posted(), bench.audit()) == (None, [], [])
    assert (bench.upload_states(), bench.outcomes()) == (["open"], ["vanished", None])


def test_an_upload_that_a_redelivery_finished_meanwhile_is_written_once(bench):
    bench.upload(KEY, picture(1))
    message = bench.receive()

    def overtaken(_deadline):
        redelivered = replace(message, receipt="a later one")
        assert bench.handle(redelivered).action == ACKNOWLEDGE

    bench.opener.script = [overtaken]
    assert bench.handle(message).action == RELEASE
    bench.maintenance.do()
    assert bench.audit() == ["report_attached"]
    assert (len(bench.posted()), bench.report().revision) == (1, 1)
    assert bench.outcomes() == ["vanished", "finished"]
    assert bench.handle(message) == DONE


@pytest.mark.parametrize(("left_s", "most"), [(60.0, 10.0), (3.0, 3.0), (0.01, 0.5)])
def test_what_another_message_is_busy_with_is_handed_back_for_a_while(bench, left_s, most):
    notice = bench.upload(KEY, picture(1))
    message = bench.receive()
    until = datetime.now(UTC) + timedelta(seconds=left_s)
    claim(bench, claim_of(bench, notice, message, "another message", until))
    disposition = bench.handle(message)
    if left_s > 1:
        assert (disposition.action, bench.opener.opened) == (RELEASE, [])
        assert most - 1.0 < disposition.delay_s <= most
    else:
        assert disposition.action == ACKNOWLEDGE or 0 < disposition.delay_s <= most


def test_a_claim_whose_time_ran_out_is_taken_over(bench):
    notice = bench.upload(KEY, picture(1))
    message = bench.receive()
    ran_out = datetime.now(UTC) - timedelta(seconds=1)
    claim(bench, claim_of(bench, notice, message, "another message", ran_out))
    assert bench.handle(message).action == ACKNOWLEDGE
    assert bench.outcomes() == ["vanished", "finished"]


def an_upload(bench):
    bench.upload("D-1/buyer/b.jpg", picture(1, copy=2), submitted_at=later(60))


def a_crash(bench):
    an_upload(bench)
    bench.opener.script = [failing("crashed")]


def a_killed_child(bench):
    an_upload(bench)
    bench.opener.script = [ChildKilledError("killed from outside")]


def a_deletion(bench):
    bench.queue.send([own_message(bench.notice(KEY, kind=DELETED))])


FLOWS = {an_upload: 99, a_crash: 3, a_killed_child: 3, a_deletion: 1}
"""How many of its first transactions are broken: the later ones of a second attempt are those of any upload."""


def standing(bench):
    """Everything that must be there once: reports, trail, events, attempts, states. Events may be told twice."""
    disputes = ("D-0", "D-1")
    events = [(event["dispute"], event["revision"]) for event in bench.posted()]
    return {
        "revisions": [bench.report(dispute) and bench.report(dispute).revision for dispute in disputes],
        "items": [{file: item.state for file, item in bench.items(dispute).items()} for dispute in disputes],
        "matches": [sum(len(item.matches) for item in bench.items(dispute).values()) for dispute in disputes],
        "trail": [bench.audit(dispute) for dispute in disputes],
        "events": sorted(events),
        "told": {(event["dispute"], event["revision"]) for event in bench.events.taken},
        "attempts": bench.outcomes(),
        "states": bench.upload_states(),
        "due": bench.due(),
    }


def drained(bench, flow, forward, **fault):
    """Everything there is once ``flow`` was worked off with that fault, and how many transactions it took."""
    bench.process("D-0/buyer/a.jpg", picture(1))
    bench.maintenance.do()
    flow(bench)
    inner, faulty = bench.context.database, FaultyDatabase(bench.context.database, **fault)
    bench.context = replace(bench.context, database=faulty)
    while bench.queue.depth().total:
        bench.deliver()
    while does_chores(bench, forward):
        pass
    bench.context = replace(bench.context, database=inner)
    return standing(bench), faulty.transactions


def does_chores(bench, forward):
    """One round, as the housekeeper does it: again after a fault, here once every lease has run out."""
    try:
        return bench.maintenance.do()
    except StoreUnavailableError:
        forward(1000)
        return True


@pytest.mark.parametrize(("flow", "broken"), FLOWS.items(), ids=[flow.__name__ for flow in FLOWS])
@pytest.mark.parametrize("after_commit", [False, True], ids=["before", "after"])
def test_a_broken_connection_changes_nothing_in_the_end(benches, telling_clock, flow, broken, after_commit):
    wanted, transactions = drained(benches(), flow, telling_clock)
    assert transactions > 1
    for at in range(min(transactions, broken)):
        found, taken = drained(benches(), flow, telling_clock, at=at, after_commit=after_commit)
        assert found == wanted, f"transaction {at} of {transactions}"
        assert taken > at
