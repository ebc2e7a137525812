"""Objects that the store refuses: that item's finding, after a while, and nobody else's trouble."""

from __future__ import annotations

from dataclasses import replace

import pytest
from working_kit import codes, picture

from pipeline.setup.opened import MEASURES_VERSION
from pipeline.worker import upload_work
from pipeline.worker.disposition import DEAD_LETTER, DONE, RELEASE
from pipeline.worker.upload_work import MAX_REFUSED
from storage.errors import (
    REFUSALS,
    ObjectMissingError,
    ObjectRefusedError,
    ObjectUnavailableError,
    StoreUnavailableError,
)
from validators.sentences.sentences import sentence

NEXT = str(int(MEASURES_VERSION) + 1)
KEY, OTHER = "D-1/buyer/lid.jpg", "D-1/buyer/box.jpg"


@pytest.fixture
def refuse(bench, monkeypatch):
    """Makes the store refuse one key from now on, with an error."""
    fetch, refused = bench.objects.fetch, {}

    def fetched(key, *rest):
        if key in refused:
            raise refused[key]
        fetch(key, *rest)

    monkeypatch.setattr(bench.objects, "fetch", fetched)
    monkeypatch.setattr(upload_work, "_REFUSED_S", 0.01)
    return refused


def said(bench, code):
    found = [one for one in bench.items()["buyer/lid.jpg"].findings if one.code == code]
    return [sentence(one) for one in found]


@pytest.mark.parametrize("reason", REFUSALS)
def test_a_refused_object_is_its_items_finding_and_the_worker_ends(bench, refuse, reason):
    refuse[KEY] = ObjectRefusedError("refused", reason)
    bench.upload(KEY, picture(1))
    bench.upload(OTHER, picture(2))
    bench.run(once=True)
    items = bench.items()
    assert items["buyer/box.jpg"].state == "USABLE"
    assert items["buyer/lid.jpg"].state == "PROCESSING_FAILED"
    (sentence_,) = said(bench, "SYS_NOT_FETCHED")
    assert sentence_.startswith("The file could not be fetched: ")
    assert bench.outcomes().count("returned") == (0 if reason == "archived" else MAX_REFUSED - 1)
    assert sorted(bench.upload_states()) == ["done", "given_up"]
    assert bench.queue.dead_count() == 1


def test_a_restored_object_is_examined_when_its_message_is_redriven(bench, refuse):
    refuse[KEY] = ObjectRefusedError("archived", "archived")
    assert bench.process(KEY, picture(1), description="the lid").action == DEAD_LETTER
    bench.maintenance.do()
    del refuse[KEY]
    bench.queue.redrive(9)
    assert bench.deliver() == DONE
    (item,) = bench.report().evidence
    assert (item.state, item.declared.description) == ("USABLE", "the lid")


def test_permissions_that_spread_late_cost_nothing(bench, refuse):
    refuse[KEY] = ObjectRefusedError("not yet", "denied")
    assert [bench.process(KEY, picture(1)).action, bench.deliver().action] == [RELEASE] * 2
    del refuse[KEY]
    assert bench.deliver() == DONE
    assert bench.items()["buyer/lid.jpg"].state == "USABLE"


def test_an_object_that_never_comes_from_a_store_that_serves_is_given_up(bench, refuse, monkeypatch):
    bench.settings = replace(bench.settings, deadline_s=0.05)
    refuse[KEY] = ObjectUnavailableError("a chunk is lost")
    bench.upload(KEY, picture(1))
    for _ in range(MAX_REFUSED - 1):
        unavailable(bench)
    with monkeypatch.context() as patch:
        patch.setattr(bench.objects, "exists", away)
        unavailable(bench)
    assert bench.deliver().action == DEAD_LETTER
    bench.maintenance.do()
    assert len(said(bench, "SYS_NOT_FETCHED")) == 1


def unavailable(bench):
    """The next delivery, which finds the store of uploads unavailable."""
    message = bench.receive()
    with pytest.raises(StoreUnavailableError):
        bench.handle(message)
    bench.queue.release(message, 0.0)


def away(_):
    raise StoreUnavailableError("nobody answers")


@pytest.mark.parametrize("fault", [ObjectMissingError("removed"), ObjectRefusedError("archived", "archived")])
@pytest.mark.parametrize("version_id", ["v1", "spelled otherwise"])
def test_an_upload_measured_before_keeps_its_measurements_and_says_so(
    bench, refuse, monkeypatch, fault, version_id
):
    bench.process(KEY, picture(1), version_id="v1", description="the lid")
    before = bench.items()["buyer/lid.jpg"]
    for module in ("pipeline.worker.upload_work", "pipeline.path", "pipeline.judgement.judge"):
        monkeypatch.setattr(f"{module}.MEASURES_VERSION", NEXT)
    refuse[KEY] = fault
    assert bench.process(KEY, picture(1), version_id=version_id) == DONE
    bench.maintenance.do()
    after = bench.items()["buyer/lid.jpg"]
    assert (after.id, after.state, after.declared) == (before.id, before.state, before.declared)
    assert codes(after) - codes(before) == {"SYS_FORMER_MEASURES"}
    assert bench.queue.dead_count() == 0
