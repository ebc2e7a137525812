"""Records as JSON text and back, and the canonical JSON that hashes cover. pydantic is loaded at first use."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from storage.database.former_records import up_to_date
from storage.errors import RecordDamagedError

if TYPE_CHECKING:
    from pydantic import TypeAdapter

T = TypeVar("T")


_adapters: dict[type, TypeAdapter[Any]] = {}


def _adapter(kind: type[T]) -> TypeAdapter[T]:
    if kind not in _adapters:
        from pydantic import TypeAdapter  # noqa: PLC0415 - slow to load

        _adapters[kind] = TypeAdapter(kind)
    return _adapters[kind]


def encode(kind: type[T], record: T) -> str:
    """``record`` as ASCII JSON, its times in UTC: any string survives, undecodable file names included.

    Raises ValueError for a time without a zone, and for a number that is not finite: JSON has none, and null
    would not read back.
    """
    plain = _adapter(kind).dump_python(record)
    return json.dumps(plain, separators=(",", ":"), allow_nan=False, default=_utc)


def _utc(value: object) -> str:
    if not isinstance(value, datetime):
        raise TypeError(f"a stored record holds no {type(value).__name__}")
    if value.utcoffset() is None:
        raise ValueError(f"a stored time needs a zone: {value.isoformat()}")
    return value.astimezone(UTC).isoformat()


def decode(kind: type[T], text: str) -> T:
    """The record that ``encode`` was given; fields unknown to this version are left out.

    Raises RecordDamagedError where the text is not such a record.
    """
    return _decoded(kind, _parsed(kind, text))


def encode_many(kind: type[T], records: Sequence[T]) -> str:
    """The same for a sequence, as a JSON array."""
    return "[" + ",".join(encode(kind, record) for record in records) + "]"


def decode_many(kind: type[T], text: str) -> tuple[T, ...]:
    """The records that ``encode_many`` was given."""
    return tuple(_decoded(kind, plain) for plain in _parsed(tuple, text))


def _parsed(kind: type, text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError as error:
        raise RecordDamagedError(f"a stored {kind.__name__} is damaged: {error}") from error


def _decoded(kind: type[T], plain: object) -> T:
    try:
        return _adapter(kind).validate_python(up_to_date(kind, plain))
    except ValueError as error:
        raise RecordDamagedError(_unreadable(kind, error)) from error


def _unreadable(kind: type, error: ValueError) -> str:
    """One line: pydantic's own message has one for each field."""
    first = " ".join(str(error).split("\n")[:2])
    return f"a stored {kind.__name__} cannot be read by this version: {first}"


def canonical_json(value: object) -> str:
    """JSON with one spelling: keys sorted, no spaces, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical_sha256(value: object) -> str:
    """SHA-256 (hex) over the canonical JSON of ``value``."""
    return hashlib.sha256(canonical_json(value).encode("ascii")).hexdigest()
