"""A file as a jail is handed it: an open descriptor."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def opened_upload(folder: Path, data: bytes) -> Iterator[int]:
    """A descriptor of a new file in ``folder`` with these bytes, open to be read."""
    (folder / "upload").write_bytes(data)
    descriptor = os.open(folder / "upload", os.O_RDONLY)
    try:
        yield descriptor
    finally:
        os.close(descriptor)
