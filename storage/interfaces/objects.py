"""Bytes under keys: originals, views and previews."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class ObjectEntry:
    """An object in a listing. ``etag`` changes whenever the bytes do; ``modified_at`` is aware UTC."""

    key: str
    size: int
    etag: str
    modified_at: datetime


class Objects(Protocol):
    """Bytes under keys. Keys are relative paths of printable segments. Writing is atomic and may be repeated."""

    def put(self, key: str, data: bytes, content_type: str = "application/octet-stream") -> None:
        """Store ``data``; a reader sees the old bytes or the new, never a part."""

    def put_file(self, key: str, path: Path) -> None:
        """Store the bytes of the file ``path`` as ``put`` does, without holding them in memory."""

    def get(self, key: str) -> bytes:
        """The bytes; raises ObjectMissingError."""

    def fetch(self, key: str, path: Path, version: str | None = None, most: int | None = None) -> None:
        """Stream the object into the new file ``path``; raises ObjectMissingError, and ObjectRefusedError where the store
        serves, but not this object.

        ``version`` is S3's version id; a store without versions returns what is there now. Raises ObjectTooLargeError
        for more bytes than ``most``: before the first is written where the store states the size, else before more are.
        """

    def exists(self, key: str) -> bool:
        """Whether the key holds an object."""

    def delete(self, key: str) -> None:
        """Remove the object; absent keys are no error."""

    def erase(self, key: str) -> None:
        """Remove the object with every version of it that the store keeps; absent keys are no error."""

    def keys(self, prefix: str = "") -> Iterator[str]:
        """Every key that starts with ``prefix``, sorted."""

    def entries(self, prefix: str = "") -> Iterator[ObjectEntry]:
        """The same with size, ETag and time of each. An object removed meanwhile is left out."""
