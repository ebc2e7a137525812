"""The queue: one line for each dispute with a report, sorted and searched by the database."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, func, literal, or_, select

from storage.database.base import Records
from storage.database.columns import escape
from storage.database.encoding import decode, encode
from storage.database.schema import dispute_reports, evidence, queue_lines
from storage.database.statements import Insert, among, upsert
from storage.interfaces.dispute_queue import BY_NAME, BY_NEEDS, QueueLine, QueuePage, QueueQuery

_HEX = frozenset("0123456789abcdef")
_SHORTEST_SUM, _WHOLE_SUM = 6, 64
"""From so many hexadecimal digits on a text is also sought among hashes, and from the second number on only there."""


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
    """Implements ``DisputeQueue``."""

    def put_queue_line(self, tenant: str, line: QueueLine) -> None:
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
        wanted = [queue_lines.c.tenant == tenant, *_conditions(query)]
        bound: dict[str, Any] = {}
        if query.text.strip():
            # File names are scanned once, not for the count and again for the page.
            holding = self._run(_holding(tenant, query.text.strip()))
            bound["ids"] = self._texts(row.dispute_id for row in holding)
            wanted.append(_found(self._dialect, query.text.strip()))
        count = select(func.count()).select_from(queue_lines).where(*wanted)
        total = self._run(count, bound).scalar_one()
        page = (
            select(queue_lines.c.body)
            .where(*wanted)
            .order_by(*_order(query.order))
            .offset(query.offset)
            .limit(query.limit)
        )
        return QueuePage(tuple(decode(QueueLine, row.body) for row in self._run(page, bound)), int(total))

    def queue_reasons(self, tenant: str) -> Sequence[str]:
        return [row.reason for row in self._rows(_reasons(), tenant_=tenant)]

    def without_queue_line(self, limit: int) -> Sequence[tuple[str, str]]:
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


def _found(dialect: str, text: str) -> ColumnElement[bool]:
    """Disputes whose id or order holds ``text``, or that are among "ids"."""
    columns = queue_lines.c
    return or_(
        _holds(columns.dispute_id, text),
        _holds(columns.order_id, text),
        among(dialect, columns.dispute_id, "ids"),
    )


def _holding(tenant: str, text: str) -> Select[Any]:
    """Disputes with a current file whose name holds ``text``, or whose hash starts with it."""
    digits = text.lower()
    ways = [_holds(evidence.c.file, text)] if len(digits) < _WHOLE_SUM else []
    if len(digits) >= _SHORTEST_SUM and set(digits) <= _HEX:
        # A range rather than a pattern, so that the index on hashes answers it.
        ways.append(and_(evidence.c.sha256 >= digits, evidence.c.sha256 < digits + "g"))
    mine = (evidence.c.tenant == tenant, evidence.c.current)
    return select(evidence.c.dispute_id).where(*mine, or_(false(), *ways)).distinct()


def _holds(column: ColumnElement[str], text: str) -> ColumnElement[bool]:
    """Whether ``text`` stands in the column, whatever the case of its letters (in SQLite: of ASCII letters)."""
    return func.lower(column).contains(escape(text).lower(), autoescape=True)
