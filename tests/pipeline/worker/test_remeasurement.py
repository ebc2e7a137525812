"""Stored evidence measured again at a new version: measurements change, and nothing that was stated."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager

import pytest
import working_kit
from sqlalchemy import select
from working_kit import codes, later, picture, s3_event

from pipeline.commands import remeasure as command
from pipeline.intake.messages.own import own_message
from pipeline.remeasurement import pruning
from pipeline.remeasurement import remeasurement as remeasuring
from pipeline.remeasurement.pruning import prune
from pipeline.remeasurement.remeasurement import LOST, MEASURED, Remeasurement
from pipeline.setup.opened import MEASURES_VERSION
from storage.database.schema import evidence_reports, examinations, uploads
from storage.errors import ObjectRefusedError, StoreUnavailableError

NEXT = str(int(MEASURES_VERSION) + 1)
STATED = {"party": "seller", "evidence_type": "photo", "roles": ("item",), "description": "the lid"}


@pytest.fixture
def upgrade(monkeypatch):
    """Raises the version of the measures for the rest of the test."""

    def raised():
        for name, module in list(sys.modules.items()):
            ours = name.startswith("pipeline.") or module is working_kit
            if ours and getattr(module, "MEASURES_VERSION", None) == MEASURES_VERSION:
                monkeypatch.setattr(module, "MEASURES_VERSION", NEXT)

    return raised


def remeasurement(bench):
    return Remeasurement(bench.context, bench.origin)


def run(bench):
    """Measure everything that is behind, as the command does; the outcomes."""
    work = remeasurement(bench)
    outcomes = [work.measure_upload(upload) for upload in work.uploads()]
    outcomes += [work.measure_item(*item) for item in work.items()]
    work.judge()
    prune(bench.context.database, bench.context.objects)
    return outcomes


def facts(bench, *dispute_ids):
    """What is said of every item, and who was first."""
    found = {}
    for dispute_id in dispute_ids:
        for file, item in bench.items(dispute_id).items():
            first = [(match.direction, match.evidence_id) for match in item.matches]
            found[dispute_id, file] = (item.id, item.declared, item.received_at, first)
    return found


def files(bench):
    with bench.context.database.reading() as records:
        found = records.measured_files(NEXT)
    return found.measured, found.lost, found.files


def versions(bench, column):
    return {version for (version,) in bench._rows(select(column))}


def test_facts_stay_and_former_measurements_go(any_bench, upgrade, monkeypatch):
    bench = any_bench
    monkeypatch.setattr(remeasuring, "_PAGE", 2)
    monkeypatch.setattr(pruning, "_AT_ONCE", 1)
    bench.process("D-1/buyer/a.jpg", picture(1), submitted_at=later(-60), version_id="v1", **STATED)
    bench.process("D-2/buyer/b.jpg", picture(1, copy=2), submitted_at=later(-120), **STATED)
    bench.process("D-2/buyer/same.jpg", picture(1), party="buyer")
    bench.process("D-3/c.jpg", picture(3))
    bench.maintenance.do()
    before = facts(bench, "D-1", "D-2", "D-3")
    (item,) = bench.report("D-1").evidence
    former = f"derivatives/{item.sha256[:2]}/{item.sha256}-preview-v{MEASURES_VERSION}.jpg"
    bench.context.objects.put(former, b"a picture")
    messages = len(bench.opener.opened)
    upgrade()
    assert files(bench) == (0, 0, 3)
    assert run(bench) == [MEASURED] * 4
    assert len(bench.opener.opened) == messages + 3, "files with the same bytes are opened once"
    assert facts(bench, "D-1", "D-2", "D-3") == before
    assert (files(bench), run(bench)) == ((3, 0, 3), [])
    for column in (examinations.c.version, uploads.c.pipeline_version, evidence_reports.c.version):
        assert versions(bench, column) == {NEXT}
    assert not bench.context.objects.exists(former)
    assert bench.process("D-1/buyer/a.jpg", picture(1), version_id="v1").action == "acknowledge"
    assert len(bench.opener.opened) == messages + 3, "an old message finds its upload done"


MANY = int(os.environ.get("EVIDENCE_REMEASURED", "24"))
"""How many uploads the next test takes; docs/benchmarks.md has the figure for 2,000."""


def test_facts_of_many_uploads_stay_through_two_versions_and_thin_messages(bench, upgrade):
    for number in range(MANY):
        shown, copy = (number - 3, 2) if number % 4 == 3 else (number, 1)
        bench.process(
            f"D-{number // 3}/seller/{number}.jpg", picture(shown, copy), version_id=str(number),
            party=("buyer", "seller")[number % 2], evidence_type=f"type {number % 5}", roles=("item",),
            description=f"number {number}", submitted_at=later(-number), event_at=later(number),
        )  # fmt: skip
    judged(bench)
    disputes = [f"D-{number}" for number in range(-(-MANY // 3))]
    before = facts(bench, *disputes)
    assert len(before) == MANY
    assert sum(len(first) for *_, first in before.values()) >= MANY // 4
    upgrade()
    bench.opener.script = [None] * (MANY // 3) + [StoreUnavailableError("interrupted")]
    with pytest.raises(StoreUnavailableError):
        run(bench)
    assert len(run(bench)) == MANY - MANY // 3
    assert files(bench) == (MANY, 0, MANY)
    after = facts(bench, *disputes)
    assert [key for key in before if after[key] != before[key]] == []
    for number in range(MANY):
        bench.queue.send([s3_event(f"D-{number // 3}/seller/{number}.jpg", versionId=f"again {number}")])
        bench.deliver()
    judged(bench)
    assert facts(bench, *disputes) == before


def judged(bench):
    """Every due dispute judged: a round takes fifty at most."""
    while bench.maintenance.do():
        pass


def test_a_run_that_was_interrupted_goes_on_where_it_stopped(bench, upgrade, monkeypatch):
    for number in range(4):
        bench.process(f"D-{number}/a.jpg", picture(number))
    upgrade()
    opened = len(bench.opener.opened)
    bench.opener.script = [None, None, StoreUnavailableError("gone for now")]
    with pytest.raises(StoreUnavailableError):
        run(bench)
    assert files(bench) == (2, 0, 4)
    assert run(bench) == [MEASURED] * 2
    assert len(bench.opener.opened) - opened == 5
    assert list(bench.context.incoming.iterdir()) == []


@pytest.mark.parametrize("loss", ["gone", "changed", "archived"])
def test_a_lost_original_keeps_its_measurements_and_says_so_until_it_is_back(
    any_bench, upgrade, monkeypatch, loss
):
    bench, key = any_bench, "D-1/buyer/a.jpg"
    bench.process(key, picture(1), **STATED)
    bench.process("D-1/buyer/b.jpg", picture(2))
    before = facts(bench, "D-1")
    upgrade()
    with monkeypatch.context() as patch:
        if loss == "gone":
            bench.objects.delete(key)
        elif loss == "changed":
            bench.objects.put(key, picture(9))
        else:
            refuse(patch, bench, key)
        assert sorted(run(bench)) == [LOST, MEASURED]
    assert (facts(bench, "D-1"), files(bench)) == (before, (1, 1, 2))
    items = bench.items()
    assert "SYS_FORMER_MEASURES" in codes(items["buyer/a.jpg"])
    assert "SYS_FORMER_MEASURES" not in codes(items["buyer/b.jpg"])
    assert items["buyer/a.jpg"].state == "USABLE"
    bench.objects.put(key, picture(1))
    assert run(bench) == [MEASURED]
    assert "SYS_FORMER_MEASURES" not in codes(bench.items()["buyer/a.jpg"])
    assert (facts(bench, "D-1"), files(bench)) == (before, (2, 0, 2))


def test_a_message_that_found_the_object_gone_does_not_hide_its_upload(any_bench, upgrade):
    bench, key = any_bench, "D-1/buyer/a.jpg"
    bench.process(key, picture(1), version_id="v1")
    upgrade()
    bench.objects.delete(key)
    bench.queue.send([own_message(bench.notice(key, picture(1), version_id="v1"))])
    assert bench.deliver().action == "acknowledge"
    assert sorted(bench.upload_states()) == ["done", "gone"]
    assert run(bench) == [LOST]
    bench.objects.put(key, picture(1))
    assert run(bench) == [MEASURED]
    assert (bench.upload_states(), versions(bench, uploads.c.pipeline_version)) == (["done"], {NEXT})


def refuse(patch, bench, refused):
    fetch = bench.objects.fetch

    def fetched(key, *rest):
        if key == refused:
            raise ObjectRefusedError("archived", "archived")
        fetch(key, *rest)

    patch.setattr(bench.objects, "fetch", fetched)


def test_an_item_without_an_upload_says_so_too(bench, upgrade):
    bench.process("D-1/a.jpg", picture(1))
    with bench.context.database.transaction() as records:
        records.erase_uploads("default", records.uploaded_objects("default", [], "D-1"))
    upgrade()
    assert run(bench) == [LOST]
    assert "SYS_FORMER_MEASURES" in codes(bench.items()["a.jpg"])


def test_the_command_keeps_to_its_rate_and_says_how_far_it_came(
    bench, upgrade, monkeypatch, capsys, tmp_path
):
    for number in range(3):
        bench.process(f"D-{number}/a.jpg", picture(number))
    upgrade()

    @contextmanager
    def opened(*_, **__):
        yield remeasurement(bench)

    slept = []
    monkeypatch.setattr(command, "open_remeasurement", opened)
    monkeypatch.setattr(command, "store_exists", lambda _: True)
    monkeypatch.setattr(command.time, "sleep", slept.append)
    options = command.RemeasureOptions(tmp_path, None, rate=60.0, limit=2, jobs=2)
    assert command.run_remeasure(options) == 0
    assert [round(seconds) for seconds in slept][:1] == [1]
    said = capsys.readouterr().out
    assert "2 files measured again." in said
    assert f"measured: 2 of 3 files at version {NEXT}" in said
    bench.maintenance.count_files()
    text = bench.metrics.text().decode()
    assert 'evidence_files{state="measured"} 2.0' in text
    assert 'evidence_files{state="behind"} 1.0' in text
