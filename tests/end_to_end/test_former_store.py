"""A store that the version before ``Declared`` wrote: it opens, its items read the same, and judging goes on from it."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine

import storage.database.migrations
from pipeline.judgement.judge import judge_and_attach
from pipeline.judgement.remarks import Remarks
from pipeline.judgement.trail_checks import Trail, faults_of
from pipeline.setup.policies import load_policy
from storage.database.database import SqlDatabase, open_database
from validators.report import ToolStamp

WRITTEN = Path(__file__).parent / "former_store.sql"
"""What ``evidence check sample_evidence/D-1007`` recorded under schema 0007, but for the indexes."""
AS_OF = datetime(2026, 5, 1, tzinfo=UTC)


@pytest.fixture
def database(tmp_path):
    address = f"sqlite:///{tmp_path / 'evidence.sqlite'}"
    config = Config()
    config.set_main_option("script_location", storage.database.migrations.__path__[0].replace("%", "%%"))
    engine = create_engine(address)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0007")
    engine.dispose()
    with sqlite3.connect(tmp_path / "evidence.sqlite") as connection:
        connection.executescript(WRITTEN.read_text("utf-8"))
    database = open_database(address)
    database.migrate()
    yield database
    database.close()


def newest(database: SqlDatabase) -> dict:
    with database.reading() as records:
        return json.loads(records.report("default", "D-1007").body)


def test_its_items_and_its_dispute_say_what_they_said(database):
    with database.reading() as records:
        items = {item.file: item for item in records.evidence_of("default", "D-1007")}
        (photo, *_) = records.dispute("default", "D-1007").declared_evidence
    said = items["buyer/IMG_20260427_081530.jpg"].declared
    assert (said.party, said.evidence_type, said.roles) == ("buyer", "photo", ("item",))
    assert said.description == "Thin grey ware, no spoon: nothing like the picture."
    assert (said.submitted_at, said.received_at) == (datetime(2026, 4, 27, 6, 33, tzinfo=UTC), None)
    assert said.declared_type == "image/jpeg"
    assert [file for file, item in items.items() if item.declared.on_listing] == ["listing/cup.jpg"]
    assert (photo.file, photo.declared.roles) == ("buyer/IMG_20260427_081530.jpg", ("item",))


def test_its_dispute_is_judged_again_without_opening_anything(database):
    before = newest(database)
    context = SimpleNamespace(policy=load_policy(), tool=ToolStamp("1", {}, "full"))
    with database.transaction() as records:
        judge_and_attach("default", "D-1007", context, records, AS_OF, AS_OF, Remarks())
    after = newest(database)
    assert after["revision"] == 2
    same = ("id", "file", "sha256", "party", "evidence_type", "roles", "description", "submitted_at", "state")
    for was, now in zip(before["evidence"], after["evidence"], strict=True):
        assert {name: now[name] for name in same} == {name: was[name] for name in same}
        assert was.keys() <= now.keys()


def test_its_audit_trail_still_holds(database):
    with database.reading() as records:
        assert list(faults_of(Trail.of("default", "D-1007", records), records)) == []
