"""The queue: one line for each dispute with a report, as quick to sort and search as the database is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, literal, or_, select

from storage.columns import escape
from storage.encoding import decode, encode
from storage.interfaces_console import BY_NAME, BY_NEEDS, QueueLine, QueuePage, QueueQuery
from storage.records_base import Records
from storage.schema import dispute_reports, evidence, queue_lines
from storage.statements import Insert, upsert

_HEX = frozenset("0123456789abcdef")
_SHORTEST_SUM = 6
"""Digits from which a text of hexadecimal digits is looked for among sums too."""


@cache
def _put(dialect: str) -> Insert:
    return upsert(dialect, queue_lines)


@cache
def _reasons() -> Select[Any]:
    column = queue_lines.c.reason
    mine = (queue_lines.c.tenant == bindparam("tenant_"), column != "")
    return select(column).where(*mine).distinct().order_by(column)


@cache
def _without_line() -> Select[Any]:
    newest = (
        select(
            dispute_reports.c.tenant,
            dispute_reports.c.dispute_id,
            func.max(dispute_reports.c.revision).label("revision"),
        )
        .group_by(dispute_reports.c.tenant, dispute_reports.c.dispute_id)
        .subquery()
    )
    line = queue_lines.c
    joined = newest.outerjoin(
        queue_lines, and_(line.tenant == newest.c.tenant, line.dispute_id == newest.c.dispute_id)
    )
    return (
        select(newest.c.tenant, newest.c.dispute_id)
        .select_from(joined)
        .where(or_(line.revision.is_(None), line.revision != newest.c.revision))
        .order_by(newest.c.tenant, newest.c.dispute_id)
        .limit(bindparam("limit_"))
    )


class QueueRecords(Records):
    """The part of ``Disputes`` about the queue."""

    def put_queue_line(self, tenant: str, line: QueueLine) -> None:
        """See the interface."""
        row = {
            "tenant": tenant,
            "dispute_id": line.dispute_id,
            "revision": line.revision,
            "reason": line.sub_reason or line.reason,
            "order_id": line.order_id,
            "closed": line.closed,
            "needs": line.needs,
            "undecided": line.undecided,
            "past_due": len(line.past_due),
            "next_due": line.next_due,
            "body": encode(QueueLine, line),
        }
        self._run(_put(self._dialect), row)

    def queue(self, tenant: str, query: QueueQuery) -> QueuePage:
        """See the interface."""
        wanted = [queue_lines.c.tenant == tenant, *_conditions(query)]
        if query.text.strip():
            wanted.append(_found(tenant, query.text.strip()))
        total = self._run(select(func.count()).select_from(queue_lines).where(*wanted)).scalar_one()
        page = (
            select(queue_lines.c.body)
            .where(*wanted)
            .order_by(*_order(query.order))
            .offset(query.offset)
            .limit(query.limit)
        )
        return QueuePage(tuple(decode(QueueLine, row.body) for row in self._run(page)), int(total))

    def queue_reasons(self, tenant: str) -> Sequence[str]:
        """See the interface."""
        return [row.reason for row in self._rows(_reasons(), tenant_=tenant)]

    def without_queue_line(self, limit: int) -> Sequence[tuple[str, str]]:
        """See the interface."""
        return [(row.tenant, row.dispute_id) for row in self._rows(_without_line(), limit_=limit)]


def _conditions(query: QueueQuery) -> list[ColumnElement[bool]]:
    columns = queue_lines.c
    found: list[ColumnElement[bool]] = []
    if query.closed is not None:
        found.append(columns.closed == literal(query.closed))
    if query.reason:
        found.append(columns.reason == query.reason)
    if query.only_undecided:
        found.append(columns.undecided > 0)
    if query.only_past_due:
        found.append(columns.past_due > 0)
    return found


def _order(order: str) -> tuple[ColumnElement[Any], ...]:
    columns = queue_lines.c
    by_due = (columns.next_due.is_(None), columns.next_due, columns.dispute_id)
    if order == BY_NEEDS:
        return (columns.undecided.desc(), *by_due)
    return (columns.dispute_id.asc(),) if order == BY_NAME else by_due


def _found(tenant: str, text: str) -> ColumnElement[bool]:
    """Disputes whose id, order, or one of whose files' names holds ``text``, or a file's sum begins with it."""
    columns = queue_lines.c
    ways = [_holds(columns.dispute_id, text), _holds(columns.order_id, text)]
    files = [_holds(evidence.c.file, text)]
    digits = text.lower()
    if len(digits) >= _SHORTEST_SUM and set(digits) <= _HEX:
        # A range, not a pattern: the index on sums answers it.
        files.append(and_(evidence.c.sha256 >= digits, evidence.c.sha256 < digits + "g"))
    in_files = select(evidence.c.dispute_id).where(
        evidence.c.tenant == tenant, evidence.c.current, or_(*files)
    )
    return or_(*ways, columns.dispute_id.in_(in_files))


def _holds(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """Whether ``text`` stands in the column, whatever the case of its letters (in SQLite: of ASCII letters)."""
    return func.lower(column).contains(escape(text).lower(), autoescape=True)
