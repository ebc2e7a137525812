"""What the parts of the record share: the transaction's connection."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, CursorResult
from sqlalchemy.sql.base import Executable

from storage.database.statements import texts


class Records:
    """One part of the record, on the connection of one open transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect = connection.dialect.name

    def _run(self, statement: Executable, parameters: Any = None) -> CursorResult[Any]:
        return self._connection.execute(statement, parameters)

    def _texts(self, values: Iterable[str]) -> Any:
        return texts(self._dialect, values)

    def _rows(self, statement: Executable, **parameters: Any) -> Sequence[Any]:
        return self._connection.execute(statement, parameters).all()
