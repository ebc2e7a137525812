"""A complete store in memory, for dry runs and tests: gone when the process ends."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from storage.errors import ObjectMissingError
from storage.interfaces.objects import ObjectEntry
from storage.objects.folder import check_size, new_file, translated
from storage.objects.keys import checked_key, checked_prefix

if TYPE_CHECKING:
    from storage.database.database import SqlDatabase
    from storage.queues.local import LocalQueue


class MemoryObjects:
    """Implements ``storage.interfaces.objects.Objects``; serves any number of threads."""

    def __init__(self) -> None:
        self._objects: dict[str, bytes] = {}
        self._lock = threading.Lock()

    def put(self, key: str, data: bytes, content_type: str = "application/octet-stream") -> None:
        with self._lock:
            self._objects[checked_key(key)] = bytes(data)

    def put_file(self, key: str, path: Path) -> None:
        self.put(key, path.read_bytes())

    def get(self, key: str) -> bytes:
        with self._lock:
            try:
                return self._objects[checked_key(key)]
            except KeyError as error:
                raise ObjectMissingError(f"there is no object under {key!r}") from error

    def fetch(self, key: str, path: Path, version: str | None = None, most: int | None = None) -> None:
        """FileExistsError where ``path`` is there already."""
        data = self.get(key)
        check_size(key, len(data), most)
        with translated(path.parent), new_file(path) as file:
            file.write(data)

    def exists(self, key: str) -> bool:
        with self._lock:
            return checked_key(key) in self._objects

    def delete(self, key: str) -> None:
        with self._lock:
            self._objects.pop(checked_key(key), None)

    def erase(self, key: str) -> None:
        """There is one version."""
        self.delete(key)

    def keys(self, prefix: str = "") -> Iterator[str]:
        checked_prefix(prefix)
        with self._lock:
            found = sorted(key for key in self._objects if key.startswith(prefix))
        yield from found

    def entries(self, prefix: str = "") -> Iterator[ObjectEntry]:
        """Objects have no age here: every one is modified now."""
        now = datetime.now(UTC)
        for key in self.keys(prefix):
            data = self.get(key)
            yield ObjectEntry(key, len(data), hashlib.sha256(data).hexdigest(), now)


def memory_database() -> SqlDatabase:
    """A migrated database in memory: the product's own SQL on SQLite."""
    from storage.database.connections.engines import sqlite_engine  # noqa: PLC0415
    from storage.database.database import SqlDatabase  # noqa: PLC0415 - slow to load

    engine = sqlite_engine(None)
    database = SqlDatabase(engine, engine)
    database.migrate()
    return database


def memory_uploads(name: str = "uploads") -> LocalQueue:
    """A queue in memory: the embedded queue's own SQL."""
    from storage.queues.local import LocalQueue  # noqa: PLC0415 - slow to load

    return LocalQueue(None, name)
