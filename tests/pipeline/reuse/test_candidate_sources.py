"""What every source of candidates promises, and that one more needs nothing but its line in the list."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).resolve().parents[2] / "benchmarks"))
sys.path.append(str(Path(__file__).resolve().parents[2] / "validators" / "measures"))

from reuse_engine import POLICY, Engine
from reuse_pictures import jpeg, scene

from pipeline.reuse import sources
from pipeline.reuse.candidates import Candidate


class EveryFile:
    """Proposes every file that it remembers: right for a gallery of ten."""

    def __init__(self):
        self.known = set()

    def remember(self, tenant, examinations, records, objects):
        self.known |= {(tenant, one.sha256) for one in examinations}

    def candidates(self, tenant, examination, records, objects, policy):
        others = sorted(sha for of, sha in self.known if of == tenant and sha != examination.sha256)
        return [Candidate(0, sha256, 0, "toy", votes=1) for sha256 in others]

    def forget(self, tenant, contents, records):
        self.known -= {(tenant, one) for one in contents}

    def compact(self, database):
        return 1


def proposed(source, engine, examination):
    with engine.database.reading() as records:
        found = list(source.candidates("default", examination, records, engine.objects, POLICY))
    return {candidate.sha256 for candidate in found}


@pytest.mark.parametrize(
    "source", [*sources.SOURCES, EveryFile()], ids=lambda source: type(source).__name__.lower()
)
def test_a_source_proposes_what_it_remembers_until_it_forgets(source, monkeypatch):
    monkeypatch.setattr(sources, "SOURCES", (source,))
    engine = Engine()
    engine.add("stored", jpeg(scene(1)))
    _, stored = engine.examined("stored", jpeg(scene(1)))
    _, again = engine.examined("again", jpeg(scene(1), 70))
    assert proposed(source, engine, again) == {stored.sha256}
    assert proposed(source, engine, stored) == set(), "a file is no candidate of itself"
    with engine.database.transaction() as records:
        sources.remember("default", [stored], records, engine.objects)
        sources.forget("other tenant", [stored.sha256], records)
    assert proposed(source, engine, again) == {stored.sha256}
    with engine.database.transaction() as records:
        sources.forget("default", [stored.sha256], records)
        sources.forget("default", [stored.sha256], records)
    assert proposed(source, engine, again) == set()


def test_a_source_that_is_listed_finds_reuse_and_proposes_without_deciding(monkeypatch):
    monkeypatch.setattr(sources, "SOURCES", (EveryFile(),))
    engine = Engine()
    for seed in (1, 2, 3):
        engine.add(f"photo {seed}", jpeg(scene(seed)))
    found = engine.look("query", jpeg(scene(2), 70))
    assert [(name, link.class_) for name, link in found] == [("photo 2", "SAME_PHOTO")]


def test_every_source_is_compacted(monkeypatch):
    monkeypatch.setattr(sources, "SOURCES", (EveryFile(), EveryFile()))
    assert sources.compact(Engine().database) == 2
