"""All that a finished run left behind, read once: the record's tables, the objects, the dead letters, the events."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sqlalchemy import Table, create_engine, make_url, select, text

from storage.database import schema
from storage.errors import ObjectMissingError
from storage.interfaces.objects import Objects
from storage.interfaces.queue import DeadLetter, Depth, UploadQueue

Row = Mapping[str, Any]
_TABLES = (
    schema.uploads,
    schema.attempts,
    schema.object_versions,
    schema.evidence,
    schema.examinations,
    schema.evidence_reports,
    schema.dispute_reports,
    schema.audit,
    schema.audit_nonces,
    schema.outbox,
    schema.due_disputes,
)
_MANY = 100_000


@dataclass
class Remains:
    """What a run left. ``reports`` maps the keys that a report should lie under to its bytes, None: not there."""

    tables: dict[str, list[Row]]
    reports: dict[str, bytes | None]
    objects: frozenset[str]
    dead: Sequence[DeadLetter]
    depth: Depth
    events: Sequence[Mapping[str, Any]] = field(default_factory=list)

    @cached_property
    def revisions(self) -> dict[str, list[Row]]:
        """The reports of each dispute, first to newest."""
        found: dict[str, list[Row]] = defaultdict(list)
        for row in sorted(self.tables["dispute_reports"], key=lambda row: row["revision"]):
            found[row["dispute_id"]].append(row)
        return dict(found)

    @cached_property
    def newest(self) -> dict[str, dict[str, Any]]:
        """The newest report of each dispute, parsed."""
        return {dispute: json.loads(rows[-1]["body"]) for dispute, rows in self.revisions.items()}


def read_remains(
    database_url: str,
    queue: UploadQueue,
    objects: Objects,
    uploads: Objects,
    report_keys: Sequence[str],
    events: Sequence[Mapping[str, Any]],
) -> Remains:
    """Read everything. ``uploads`` holds the reports beside the evidence, ``objects`` the derivatives."""
    return Remains(
        tables=read_tables(database_url),
        reports={key: _object(uploads, key) for key in report_keys},
        objects=frozenset(objects.keys()),
        dead=queue.dead_letters(_MANY),
        depth=queue.depth(),
        events=list(events),
    )


def read_tables(database_url: str, tables: Sequence[Table] = _TABLES) -> dict[str, list[Row]]:
    """Every row of ``tables``, by the table's name, in one transaction."""
    url = make_url(database_url)
    if url.drivername.startswith("postgres"):
        url = url.set(drivername="postgresql+psycopg")
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return {
                table.name: [dict(row._mapping) for row in connection.execute(select(table))]
                for table in tables
            }
    finally:
        engine.dispose()


def schema_revision(database_url: str) -> str:
    """The schema's revision as it stands."""
    url = make_url(database_url)
    if url.drivername.startswith("postgres"):
        url = url.set(drivername="postgresql+psycopg")
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())
    finally:
        engine.dispose()


def _object(objects: Objects, key: str) -> bytes | None:
    try:
        return objects.get(key)
    except ObjectMissingError:
        return None
