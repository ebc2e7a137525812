"""evidence retain: files and pictures go when their time has run out, and only then; reports and trails stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from typer.testing import CliRunner
from working_kit import NOON, later, picture

from pipeline.commands.program import app
from pipeline.erasure.retention import MEDIA_REMOVED, Retention
from validators.dispute import Dispute

LONG_AGO = NOON + timedelta(days=1)
MUCH_LATER = NOON + timedelta(days=400)
CLOSED = Dispute("D-1", status="CLOSED", closed_at=LONG_AGO)


def retain(bench, *, remove=True, now=MUCH_LATER):
    """Every dispute of which something goes, and how many objects."""
    run = Retention(bench.context.database, bench.context.objects, bench.origin, bench.context.policy, now)
    return {done.plan.dispute_id: done.objects for done in run.run(remove=remove) if done.plan}


def derived_from(bench, dispute_id, file):
    """A picture made of the item, as opening it would leave it."""
    digest = bench.items(dispute_id)[file].sha256
    keys = [f"{kind}/{digest[:2]}/{digest}-1.jpg" for kind in ("derivatives", "features")]
    for key in keys:
        bench.context.objects.put(key, b"made of it")
    return keys


def test_files_and_pictures_go_and_the_report_stays(bench):
    bench.process("D-1/buyer/a.jpg", picture(1))
    bench.put_dispute(CLOSED)
    bench.maintenance.do()
    drawn, described = derived_from(bench, "D-1", "buyer/a.jpg")
    before = bench.report()
    assert retain(bench, remove=False) == {"D-1": 2}
    assert bench.objects.exists("D-1/buyer/a.jpg"), "a dry run removes nothing"
    assert retain(bench) == {"D-1": 2}
    assert not bench.objects.exists("D-1/buyer/a.jpg")
    assert not bench.context.objects.exists(drawn)
    assert bench.context.objects.exists(described), "what finds copies holds no picture"
    assert bench.report() == before
    assert bench.objects.exists("D-1/evidence-report/report.json")
    assert bench.audit()[-1] == MEDIA_REMOVED
    assert retain(bench) == {}, "what went before is not looked for again"
    assert bench.audit().count(MEDIA_REMOVED) == 1


@pytest.mark.parametrize(
    "kept",
    [
        replace(CLOSED, legal_hold=True),
        replace(CLOSED, status="UNDER_REVIEW"),
        replace(CLOSED, closed_at=None),
        replace(CLOSED, closed_at=None, status=None),
        replace(CLOSED, closed_at=MUCH_LATER - timedelta(days=179)),
        replace(CLOSED, withdrawn_at=LONG_AGO, closed_at=MUCH_LATER - timedelta(days=1)),
        None,
    ],
    ids=["held", "open again", "no end", "no status", "too recent", "closed after withdrawal", "no data"],
)
def test_what_is_held_open_recent_or_unknown_is_kept(bench, kept):
    bench.process("D-1/buyer/a.jpg", picture(1))
    if kept is not None:
        bench.put_dispute(kept)
    assert retain(bench) == {}
    assert bench.objects.exists("D-1/buyer/a.jpg")


def test_a_late_upload_starts_the_time_again(bench):
    bench.process("D-1/buyer/a.jpg", picture(1))
    bench.put_dispute(CLOSED)
    assert retain(bench) == {"D-1": 1}
    late = MUCH_LATER - timedelta(days=10)
    bench.process("D-1/buyer/late.jpg", picture(2), event_at=late)
    assert retain(bench) == {}
    assert bench.objects.exists("D-1/buyer/late.jpg")
    assert retain(bench, now=late + timedelta(days=181)) == {"D-1": 2}
    assert not bench.objects.exists("D-1/buyer/late.jpg")


def test_pictures_of_bytes_that_another_dispute_keeps_stay_until_that_one_goes(bench):
    for dispute in ("D-1", "D-2"):
        bench.process(f"{dispute}/buyer/a.jpg", picture(1), event_at=later(1))
    bench.put_dispute(CLOSED)
    bench.put_dispute(replace(CLOSED, id="D-2", legal_hold=True))
    bench.maintenance.do()
    drawn, _ = derived_from(bench, "D-2", "buyer/a.jpg")
    assert retain(bench) == {"D-1": 1}
    assert bench.context.objects.exists(drawn)
    assert bench.objects.exists("D-2/buyer/a.jpg")
    bench.put_dispute(replace(CLOSED, id="D-2"))
    assert retain(bench) == {"D-2": 2}
    assert not bench.context.objects.exists(drawn)


def test_the_command_asks_for_one_of_its_two_options(tmp_path):
    for argv in (["retain"], ["retain", "--dry-run", "--yes"]):
        done = CliRunner().invoke(app, [*argv, "--store", str(tmp_path)])
        assert done.exit_code == 2
        assert "--dry-run" in done.output
