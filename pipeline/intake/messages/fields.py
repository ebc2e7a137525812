"""The fields that messages share, as pydantic types, and their faults in plain words."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, ValidationError

from storage.objects.keys import KEY_BYTES

_MAX_SIZE = 2**63 - 1
_SEQUENCER = re.compile("[0-9A-Fa-f]{1,64}")
_VALUE_ERROR = "Value error, "


def checked_key(key: str) -> str:
    """``key`` itself; ValueError unless it is 1..1,024 bytes of UTF-8 without NUL, as S3 has it."""
    size = len(checked_text(key, "the key").encode())
    if not 0 < size <= KEY_BYTES:
        raise ValueError(f"the key must have 1 to {KEY_BYTES} bytes, not {size}")
    return key


def checked_text(text: str, what: str = "the text") -> str:
    """``text`` itself; ValueError where it, called ``what``, holds a NUL or half of a surrogate pair, which not
    every store keeps."""
    if "\0" in text:
        raise ValueError(f"{what} holds a NUL character")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ValueError(f"{what} holds half of a surrogate pair") from error
    return text


def fault_in(error: ValidationError) -> str:
    """The first fault as "place: what", without the value."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{place}: {first['msg'].removeprefix(_VALUE_ERROR)}{more}"


def _blank_is_none(value: object) -> object:
    return None if value == "" else value


def _unquoted(value: object) -> object:
    return value.strip('"') or None if isinstance(value, str) else value


def _version(value: object) -> object:
    # "null" names whatever is stored while versioning is suspended: it does not distinguish two uploads.
    return None if value in ("", "null") else value


def _sequencer(value: object) -> object:
    # A text of another alphabet, or the constant "0" that some servers send, has no place in the order.
    fits = isinstance(value, str) and _SEQUENCER.fullmatch(value) and value.strip("0")
    return value if fits else None


def _utc(value: datetime) -> datetime:
    try:
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError as error:
        raise ValueError("the time is out of range") from error


def _number_as_text(value: object) -> object:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _checked(value: str) -> str:
    return checked_text(value)


_Line = Annotated[str, Field(min_length=1, max_length=1024), AfterValidator(_checked)]
_Count = Annotated[int, Field(ge=0, le=_MAX_SIZE)]
_Time = Annotated[datetime, AfterValidator(_utc)]

Bucket = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_checked)]
Key = Annotated[str, AfterValidator(checked_key)]
VersionId = Annotated[_Line | None, BeforeValidator(_version)]
ETag = Annotated[_Line | None, BeforeValidator(_unquoted)]
Size = Annotated[_Count | None, BeforeValidator(_blank_is_none)]
Sequencer = Annotated[str | None, BeforeValidator(_sequencer)]
EventTime = Annotated[_Time | None, BeforeValidator(_blank_is_none)]
"""A time without a zone is UTC, as S3 has it."""

ZonedTime = Annotated[AwareDatetime, AfterValidator(_utc)]
Id = Annotated[
    str, Field(min_length=1, max_length=200), AfterValidator(_checked), BeforeValidator(_number_as_text)
]
Path = _Line
Text = Annotated[str, Field(max_length=10_000), AfterValidator(_checked), BeforeValidator(_number_as_text)]
