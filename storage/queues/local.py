"""A queue in one SQLite file, for any number of processes and threads of one machine."""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from urllib.parse import quote, quote_plus

from storage.interfaces.queue import DeadLetter, Depth, Message
from storage.queues.limits import (
    MAX_DELAY_S,
    MAX_HIDDEN_S,
    MAX_WAIT_S,
    checked_body,
    checked_seconds,
    kept_reason,
)
from storage.queues.local_file import QueueFile

POLL_S = 0.05
"""How often a waiting ``receive`` looks."""
SEND_AT_ONCE = 1000
"""Messages of one transaction."""

_SEND = "INSERT INTO messages (name, id, body, sent_at, visible_at) VALUES (?, ?, ?, ?, ?)"
_LOOK = "SELECT 1 FROM messages WHERE name = ? AND visible_at <= ? LIMIT 1"
_TAKE = """
UPDATE messages SET receipt = ?, visible_at = ?, receives = receives + 1
WHERE number = (SELECT number FROM messages WHERE name = ? AND visible_at <= ? ORDER BY visible_at, number LIMIT 1)
RETURNING id, receipt, body, receives, sent_at
"""
_HELD = "WHERE id = ? AND receipt = ? AND visible_at > ?"
_DEPTH = """
SELECT coalesce(sum(visible_at <= :now), 0),
       coalesce(sum(visible_at > :now AND receipt IS NOT NULL), 0),
       coalesce(sum(visible_at > :now AND receipt IS NULL), 0),
       min(sent_at)
FROM messages WHERE name = :name
"""


class LocalQueue:
    """Implements ``storage.interfaces.queue.UploadQueue`` in the SQLite file ``path``; None: in memory.

    One file holds any number of queues by ``name``, each with its dead letters. First in, first out, by when a
    message became visible. A message that was received is on disk as received before ``receive`` returns. Serves
    any number of threads; forked children need their own. ``clock`` gives seconds since 1970, in all processes
    alike. ``read_only``: for looking at the queue where it may not be written.

    Raises StoreMisconfiguredError where the file cannot be opened or is none of ours.
    """

    def __init__(
        self,
        path: Path | None,
        name: str = "uploads",
        *,
        clock: Callable[[], float] = time.time,
        read_only: bool = False,
    ) -> None:
        self._name = name
        self._clock = clock
        self._file = QueueFile(path, read_only=read_only)
        self._closed = threading.Event()

    def send(self, bodies: Iterable[str], delay_s: float = 0.0) -> None:
        """A thousand messages are one transaction: where a later one fails, these stay."""
        checked_seconds(delay_s, MAX_DELAY_S, "the delay")
        left = iter(bodies)
        while batch := [checked_body(body) for body in islice(left, SEND_AT_ONCE)]:
            with self._file.writing() as connection:
                connection.executemany(_SEND, self._rows(batch, delay_s))

    def receive(self, wait_s: float, visibility_s: float) -> Message | None:
        checked_seconds(wait_s, MAX_WAIT_S, "the wait")
        checked_seconds(visibility_s, MAX_HIDDEN_S, "the visibility")
        until = time.monotonic() + wait_s
        while True:
            message = self._take(visibility_s)
            left = until - time.monotonic()
            if message is not None or left <= 0:
                return message
            self._closed.wait(min(POLL_S, left))

    def glance(self, visibility_s: float) -> Message | None:
        """Misses none."""
        return self.receive(0.0, visibility_s)

    def renew(self, message: Message, visibility_s: float) -> bool:
        """False also once the visibility ran out, whether or not another has the message."""
        checked_seconds(visibility_s, MAX_HIDDEN_S, "the visibility")
        now = self._clock()
        with self._file.writing() as connection:
            changed = connection.execute(
                f"UPDATE messages SET visible_at = ? {_HELD}",  # noqa: S608 - a constant
                (now + visibility_s, message.id, message.receipt, now),
            )
            return changed.rowcount == 1

    def acknowledge(self, message: Message) -> None:
        """Late, but before another has the message, it still counts."""
        with self._file.writing() as connection:
            connection.execute(
                "DELETE FROM messages WHERE id = ? AND receipt = ?", (message.id, message.receipt)
            )

    def release(self, message: Message, delay_s: float = 0.0) -> None:
        """``delay_s`` in 0..43,200."""
        checked_seconds(delay_s, MAX_HIDDEN_S, "the delay")
        now = self._clock()
        with self._file.writing() as connection:
            connection.execute(
                f"UPDATE messages SET visible_at = ?, receipt = NULL {_HELD}",  # noqa: S608 - a constant
                (now + delay_s, message.id, message.receipt, now),
            )

    def dead_letter(self, message: Message, reason: str) -> None:
        """With a receipt that no longer holds it changes nothing."""
        now = self._clock()
        with self._file.writing() as connection:
            held = connection.execute(
                f"DELETE FROM messages {_HELD}",  # noqa: S608 - a constant
                (message.id, message.receipt, now),
            )
            if held.rowcount == 1:
                connection.execute(
                    "INSERT INTO dead_letters (name, id, body, reason, buried_at) VALUES (?, ?, ?, ?, ?)",
                    (self._name, message.id, message.body, kept_reason(reason), now),
                )

    def depth(self) -> Depth:
        """The oldest of an empty queue is 0 s old."""
        now = self._clock()
        with self._file.reading() as connection:
            row = connection.execute(_DEPTH, {"name": self._name, "now": now}).fetchone()
        waiting, in_flight, delayed, oldest = row
        return Depth(waiting, in_flight, delayed, 0.0 if oldest is None else max(0.0, now - oldest))

    def dead_count(self) -> int:
        with self._file.reading() as connection:
            row = connection.execute("SELECT count(*) FROM dead_letters WHERE name = ?", (self._name,))
            (count,) = row.fetchone()
        return int(count)

    def dead_letters(self, limit: int) -> Sequence[DeadLetter]:
        """The oldest first."""
        with self._file.reading() as connection:
            rows = connection.execute(
                "SELECT id, body, reason, buried_at FROM dead_letters WHERE name = ? ORDER BY number LIMIT ?",
                (self._name, max(0, limit)),
            ).fetchall()
        return [DeadLetter(id_, body, reason, _utc(at)) for id_, body, reason, at in rows]

    def redrive(self, limit: int) -> int:
        """The oldest first, all or none."""
        with self._file.writing() as connection:
            rows = connection.execute(
                "SELECT number, body FROM dead_letters WHERE name = ? ORDER BY number LIMIT ?",
                (self._name, max(0, limit)),
            ).fetchall()
            connection.executemany(_SEND, self._rows([body for _, body in rows], 0.0))
            connection.executemany(
                "DELETE FROM dead_letters WHERE number = ?", [(number,) for number, _ in rows]
            )
        return len(rows)

    def erase(self, keys: Sequence[str]) -> bool:
        """The file is made anew, so that nothing of them is left in it."""
        named = {form for key in keys for form in (key, json.dumps(key)[1:-1], quote(key), quote_plus(key))}
        with self._file.writing() as connection:
            for table in ("messages", "dead_letters"):
                rows = connection.execute(f"SELECT number, body FROM {table}").fetchall()  # noqa: S608 - ours
                found = [(number,) for number, body in rows if any(form in body for form in named)]
                connection.executemany(f"DELETE FROM {table} WHERE number = ?", found)  # noqa: S608 - ours
        self._file.rewrite()
        return True

    def close(self) -> None:
        """Later calls raise StorageError."""
        self._closed.set()
        self._file.close()

    def _take(self, visibility_s: float) -> Message | None:
        now = self._clock()
        # Looking needs no lock: a hundred idle workers do not keep one another from writing.
        with self._file.reading() as connection:
            if connection.execute(_LOOK, (self._name, now)).fetchone() is None:
                return None
        with self._file.writing() as connection:
            now = self._clock()  # the lock may have taken a while
            receipt = secrets.token_hex(16)
            row = connection.execute(_TAKE, (receipt, now + visibility_s, self._name, now)).fetchone()
        return None if row is None else Message(row[0], row[1], row[2], row[3], _utc(row[4]))

    def _rows(self, bodies: Iterable[str], delay_s: float) -> list[tuple[str, str, str, float, float]]:
        now = self._clock()
        return [(self._name, secrets.token_hex(16), body, now, now + delay_s) for body in bodies]


def _utc(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
