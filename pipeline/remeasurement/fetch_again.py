"""Originals of items that are on the record, fetched once more."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.intake.origin import Origin
from pipeline.intake.receive import ReceiveError, receive_object
from pipeline.opening.limits import limits_of
from pipeline.setup.context import Context
from pipeline.setup.object_keys import original_key
from storage.errors import ObjectRefusedError
from storage.interfaces.objects import Objects
from validators.evidence import Evidence

CHANGED = "changed"
"""Other bytes rest under the key now."""
UNKNOWN = "unknown"
"""No place is known where the original was kept."""


class OriginalLostError(Exception):
    """The original cannot be had any more; ``reason`` says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@contextmanager
def fetched(
    item: Evidence, key: str | None, version: str | None, origin: Origin, context: Context
) -> Iterator[Path]:
    """A private copy of the item's bytes, from the uploads' ``key`` or from the originals that were kept. Raises
    OriginalLostError."""
    kept = original_key(item.sha256)
    if context.objects.exists(kept):
        places: list[tuple[str, str | None, Objects]] = [(kept, None, context.objects)]
    else:
        places = [] if key is None else [(key, version, origin.objects)]
    if not places:
        raise OriginalLostError(UNKNOWN)
    path = _received(item, *places[0], context)
    try:
        yield path
    finally:
        path.unlink()


def _received(item: Evidence, key: str, version: str | None, objects: Objects, context: Context) -> Path:
    try:
        received = receive_object(
            key, version, objects, context.incoming, limits_of(context.policy).file_bytes
        )
    except ReceiveError as error:
        raise OriginalLostError(error.code) from error
    except ObjectRefusedError as error:
        raise OriginalLostError(error.reason) from error
    if received.sha256 != item.sha256:
        received.path.unlink()
        raise OriginalLostError(CHANGED)
    return received.path
