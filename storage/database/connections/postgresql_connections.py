"""Connections to PostgreSQL on which no call waits for ever, whatever the server or a proxy does.

Loads psycopg: to be imported where a PostgreSQL is used.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack, contextmanager
from time import monotonic
from typing import Any, TypeVar

import psycopg
import sqlalchemy
from psycopg.abc import PQGen
from sqlalchemy import URL

from storage.errors import StoreMisconfiguredError

CONNECT_S = 5
"""How long connecting may take."""
ANSWER_S = 12.0
"""How long to wait for a silent server: longer than the server's own limits."""

_SERVER_LIMITS = {
    "statement_timeout": 10_000,
    "lock_timeout": 8_000,
    "idle_in_transaction_session_timeout": 30_000,
}
"""In ms. The last one frees the locks of a worker that is cut off."""

_TRANSACTION_LIMIT = "transaction_timeout"
_KNOWS_TRANSACTION_LIMITS = 170_000

# For a host that is gone: the kernel then ends the connection. In seconds, but for the last one, in ms.
_TCP = {
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 12_000,
}

RV = TypeVar("RV")


class LimitedConnection(psycopg.Connection[Any]):
    """A connection that closes, with OperationalError, when the server is silent for ``answer_s`` seconds.

    COMMIT and ROLLBACK come through here as well. ``answer_s`` None: no limit.
    """

    answer_s: float | None = ANSWER_S

    def wait(self, gen: PQGen[RV], *arguments: Any, **options: Any) -> RV:
        """psycopg resumes ``gen`` every tenth of a second."""
        return super().wait(self._watched(gen), *arguments, **options)

    def _watched(self, gen: PQGen[RV]) -> Generator[Any, Any, RV]:
        try:
            wanted = next(gen)
            heard = monotonic()
            while True:
                ready = yield wanted
                if ready:
                    heard = monotonic()
                elif self.answer_s is not None and monotonic() - heard > self.answer_s:
                    self.close()  # a later answer would belong to no call
                    raise psycopg.OperationalError(f"no answer within {self.answer_s:g} s")
                wanted = gen.send(ready)
        except StopIteration as end:
            answer: RV = end.value
            return answer


Connector = Callable[[object, object, list[Any], dict[str, Any]], LimitedConnection]


def connector(transaction_s: float | None) -> Connector:
    """For SQLAlchemy's event ``do_connect``. The server ends a transaction after ``transaction_s`` seconds, if any.

    A client that is cut off in the middle of a statement's messages leaves a session that the server does not see as idle,
    and that keeps its locks while the connection stands. Only this limit, of PostgreSQL 17 and later, ends it.
    """

    def connect(
        _dialect: object, _record: object, arguments: list[Any], options: dict[str, Any]
    ) -> LimitedConnection:
        connection = LimitedConnection.connect(*arguments, **options)
        with ExitStack() as on_failure:
            on_failure.callback(connection.close)
            _insist_on_utf8(connection)
            if transaction_s is not None and connection.info.server_version >= _KNOWS_TRANSACTION_LIMITS:
                connection.autocommit = True
                connection.execute(f"SET {_TRANSACTION_LIMIT} = {round(1000 * transaction_s)}".encode())
                connection.autocommit = False
            on_failure.pop_all()
        return connection

    return connect


def _insist_on_utf8(connection: LimitedConnection) -> None:
    """A database of another encoding cannot hold every file's name; one of SQL_ASCII gives bytes for text."""
    encoding = connection.info.parameter_status("server_encoding")
    if encoding not in (None, "UTF8"):
        raise StoreMisconfiguredError(
            f"the database's encoding is {encoding}: create it with ENCODING 'UTF8' TEMPLATE template0"
        )


def connection_options(address: URL) -> dict[str, Any]:
    """Connection parameters. Server settings in the address's own ``options`` come after ours, and win."""
    given = address.query.get("options", ())
    ours = [f"-c {name}={limit}" for name, limit in _SERVER_LIMITS.items()]
    return {
        "connect_timeout": CONNECT_S,
        "application_name": "dispute-evidence",
        "options": " ".join([*ours, *([given] if isinstance(given, str) else given)]),
        **_TCP,
    }


@contextmanager
def unlimited(connection: sqlalchemy.Connection) -> Iterator[None]:
    """Within the block, and the connection's open transaction, statements may take any time: for migrations."""
    driver: Any = connection.connection.dbapi_connection
    knows = driver.info.server_version >= _KNOWS_TRANSACTION_LIMITS
    for name in (*_SERVER_LIMITS, *((_TRANSACTION_LIMIT,) if knows else ())):
        connection.exec_driver_sql(f"SET LOCAL {name} = 0")
    driver.answer_s = None
    try:
        yield
    finally:
        driver.answer_s = LimitedConnection.answer_s
