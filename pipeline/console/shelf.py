"""Originals that are fetched, as files: the store gives whole objects only, and browsers ask for ranges."""

from __future__ import annotations

import threading
import uuid
from collections import OrderedDict
from pathlib import Path

from storage.errors import ObjectMissingError
from storage.interfaces import Objects

_KEPT = 4


class Shelf:
    """The originals fetched last, as files in ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: OrderedDict[str, Path] = OrderedDict()
        self._turn = threading.Lock()

    def take(self, key: str, objects: Objects) -> Path:
        """The original under ``key``. Raises ObjectMissingError, also where it was removed since it was fetched."""
        with self._turn:
            if key in self._files and not objects.exists(key):
                self._files.pop(key).unlink()
            if key not in self._files:
                path = self._folder / f"original-{uuid.uuid4().hex}"
                try:
                    objects.fetch(key, path)
                except ObjectMissingError:
                    path.unlink(missing_ok=True)
                    raise
                self._files[key] = path
                while len(self._files) > _KEPT:
                    self._files.popitem(last=False)[1].unlink()
            self._files.move_to_end(key)
            return self._files[key]
