"""What SQLite and PostgreSQL write differently. Statements are built once, since building them is slow."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Table, Text, any_, bindparam, cast, func, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from storage.database.columns import escape

Insert = sqlite.Insert | postgresql.Insert


def insert(dialect: str, table: Table) -> Insert:
    """An INSERT that can say what to do on conflict."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def insert_new(dialect: str, table: Table) -> Insert:
    """Insert; a row whose key is there already stays as it is."""
    return insert(dialect, table).on_conflict_do_nothing()


def upsert(dialect: str, table: Table, **other: Any) -> Insert:
    """Insert; a row whose primary key is there already is replaced, its columns in ``other`` set as given."""
    statement = insert(dialect, table)
    values = {
        column.name: statement.excluded[column.name] for column in table.columns if not column.primary_key
    }
    key = list(table.primary_key.columns)
    return statement.on_conflict_do_update(index_elements=key, set_=values | other)


def upsert_changed(dialect: str, table: Table) -> Insert:
    """As ``upsert``, but a row that is there already in just this form is not written again."""
    statement = insert(dialect, table)
    columns = [column for column in table.columns if not column.primary_key]
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key.columns),
        set_={column.name: statement.excluded[column.name] for column in columns},
        where=or_(*(column.is_distinct_from(statement.excluded[column.name]) for column in columns)),
    )


def among(dialect: str, column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """``column`` is one of the texts bound to ``name`` by ``texts``: one parameter for any number of them."""
    if dialect == "postgresql":
        return column == any_(bindparam(name, type_=postgresql.ARRAY(Text)))
    each = func.json_each(bindparam(name, type_=Text)).table_valued("value")
    return column.in_(select(each.c.value))


def texts(dialect: str, values: Iterable[str]) -> Any:
    """The parameter for ``among``."""
    escaped = [escape(value) for value in values]
    return escaped if dialect == "postgresql" else json.dumps(escaped, ensure_ascii=False)


def among_integers(dialect: str, column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """``column`` is one of the integers bound to ``name`` by ``integers``."""
    if dialect == "postgresql":
        return column == any_(cast(bindparam(name, type_=Text), postgresql.ARRAY(BigInteger)))
    each = func.json_each(bindparam(name, type_=Text)).table_valued("value")
    return column.in_(select(each.c.value))


def integers(dialect: str, values: Iterable[int]) -> str:
    """The parameter for ``among_integers``, as text: the driver would spend longer on a list of numbers."""
    joined = str(list(values))
    return f"{{{joined[1:-1]}}}" if dialect == "postgresql" else joined
