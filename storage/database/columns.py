"""Column types with the same meaning in SQLite and PostgreSQL. Migrations use them, so their meaning never changes."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Integer, Text
from sqlalchemy.dialects.postgresql import TEXT, TIMESTAMP
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

# PostgreSQL refuses NUL, and both refuse lone surrogates, which stand for undecodable bytes in file names.
# Each is stored as the noncharacter U+FDD0 and four hexadecimal digits, and so is U+FDD0 itself.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff\ufdd0]")
_ESCAPED = re.compile("\ufdd0([0-9a-f]{4})")


def escape(text: str) -> str:
    """Any Python string as text that every database accepts; reversible."""
    if text.isascii() and "\x00" not in text:
        return text
    return _UNSTORABLE.sub(lambda found: f"\ufdd0{ord(found[0]):04x}", text)


def unescape(text: str) -> str:
    """The string that ``escape`` was given."""
    if text.isascii():
        return text
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


class AnyText(TypeDecorator[str]):
    """Any Python string, compared and ordered by code point in both databases."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """PostgreSQL orders by its locale unless told otherwise."""
        return dialect.type_descriptor(TEXT(collation="C") if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Escape what the databases refuse."""
        return None if value is None else escape(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Undo the escape."""
        return None if value is None else unescape(value)


class UtcTime(TypeDecorator[datetime]):
    """An aware time, to the microsecond; read as UTC. SQLite keeps ISO 8601 of fixed width, which sorts."""

    impl = DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """``timestamptz`` in PostgreSQL, text in SQLite."""
        return dialect.type_descriptor(TIMESTAMP(timezone=True) if dialect.name == "postgresql" else Text())

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        """Convert to UTC; ValueError for a time without a zone, which is a fault of the caller."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError(f"a stored time needs a zone: {value.isoformat()}")
        at = value.astimezone(UTC)
        return at if dialect.name == "postgresql" else at.isoformat(timespec="microseconds")

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """An aware time in UTC."""
        if value is None:
            return None
        return (value if isinstance(value, datetime) else datetime.fromisoformat(value)).astimezone(UTC)


BIG = BigInteger().with_variant(Integer(), "sqlite")
"""64 bits in both."""
