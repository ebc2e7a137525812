"""SQLite files that may not be written: on a read-only disk, in a backup, or in another user's folder."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from urllib.parse import quote


def may_write(path: Path) -> bool:
    """Whether this process may write the file and the journal beside it. True for a file that does not exist yet."""
    return not path.exists() or (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))


def connect_to_read(path: Path, timeout_s: float) -> sqlite3.Connection:
    """A connection that writes nothing, not even the files that SQLite keeps beside a database.

    A file without a journal is read as one that nobody changes: SQLite could not read it otherwise, since it may not
    make its index of the journal. A journal with something in it needs that index, which whoever writes has made.
    """
    journal = path.with_name(f"{path.name}-wal")
    at_rest = not journal.exists() or journal.stat().st_size == 0
    options = "mode=ro&immutable=1" if at_rest else "mode=ro"
    address = f"file:{quote(str(path.absolute()))}?{options}"
    return sqlite3.connect(
        address, uri=True, timeout=timeout_s, isolation_level=None, check_same_thread=False
    )
