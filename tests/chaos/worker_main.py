"""The real command line, with a zygote that obeys hostile files and with deaths that the harness orders.

Its own environment variables, all optional:

CHAOS_ZYGOTE              "as-is": the product's zygote; default: tests/chaos/hostile_zygote.py
CHAOS_KILL_AT_COMMIT      "N:before" or "N:after": SIGKILL itself around its N-th commit to a SQLite file
CHAOS_COMMITS             a file that gets one byte for each commit
CHAOS_NOTES               a file that gets one JSON line for each opening and each renewal
CHAOS_LEASE_S             seconds for which a worker leases what it takes from the outbox
CHAOS_HANG_IN             "module:function" of the product that never returns
"""

from __future__ import annotations

import hashlib
import importlib
import json
import os
import signal
import sqlite3
import sqlite3.dbapi2
import sys
import threading
import time
from pathlib import Path
from typing import Any

from pipeline.opening.host import jail

HOSTILE_ZYGOTE = Path(__file__).with_name("hostile_zygote.py")


class CountedCommits:
    """Counts commits of transactions that may write, over all connections; dies where it was told to."""

    def __init__(self, order: str | None, tally: str | None) -> None:
        number, _, self._when = (order or "0:before").partition(":")
        self._fatal = int(number)
        self._tally = None if tally is None else os.open(tally, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._lock = threading.Lock()
        self._count = 0

    def before(self) -> bool:
        """Call before a commit; whether to die after it."""
        with self._lock:
            self._count += 1
            fatal = self._count == self._fatal
            if fatal and self._when == "before":
                os.kill(os.getpid(), signal.SIGKILL)
            if self._tally is not None:
                os.write(self._tally, b".")
            return fatal

    def after(self) -> None:
        """Call after the commit that was told to be the last."""
        os.kill(os.getpid(), signal.SIGKILL)


def watch_commits(commits: CountedCommits) -> None:
    """Make every SQLite connection of this process tell of its commits."""

    class Connection(sqlite3.Connection):
        writes = False

        def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
            word = sql.strip().upper()
            if word.startswith("BEGIN"):
                self.writes = word.startswith("BEGIN IMMEDIATE")
            if word == "COMMIT":
                return self._counted(lambda: super(Connection, self).execute(sql, *parameters))
            return super().execute(sql, *parameters)

        def commit(self) -> None:
            self._counted(super().commit)

        def _counted(self, commit: Any) -> Any:
            if not (self.writes and self.in_transaction):
                return commit()
            dies = commits.before()
            done = commit()
            if dies:
                commits.after()
            return done

    plain = sqlite3.connect

    def connect(*arguments: Any, **options: Any) -> sqlite3.Connection:
        return plain(*arguments, **{"factory": Connection, **options})

    sqlite3.connect = sqlite3.dbapi2.connect = connect


def take_notes(path: str) -> None:
    """Write down each opening and each renewal, as it begins."""
    from pipeline.opening.host.opener import Opener
    from storage.queues.local import LocalQueue

    notes = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def note(what: str, about: str) -> None:
        line = {"what": what, "about": about, "at": time.time(), "pid": os.getpid()}
        os.write(notes, json.dumps(line).encode() + b"\n")

    opening, renewing = Opener.open, LocalQueue.renew

    def noted_open(self: Any, path: Path, *arguments: Any, **named: Any) -> Any:
        note("open", hashlib.sha256(path.read_bytes()).hexdigest())
        return opening(self, path, *arguments, **named)

    def noted_renew(self: Any, message: Any, visibility_s: float) -> bool:
        note("renew", message.id)
        return renewing(self, message, visibility_s)

    Opener.open, LocalQueue.renew = noted_open, noted_renew


def keep_every_revision() -> None:
    """The checks afterwards look at what each revision said, of which the product keeps the hashes alone."""
    from storage.database.reports import ReportRecords

    ReportRecords._shorten = lambda *_: None


def hang_in(place: str) -> None:
    """Let a function of the product sleep for ever when it is called: our own code that hangs."""
    module_name, _, name = place.partition(":")

    def hang(*_: Any, **__: Any) -> None:
        while True:
            time.sleep(3600)

    setattr(importlib.import_module(module_name), name, hang)


def main() -> None:
    """See the module."""
    environment = os.environ
    jail.in_namespaces = lambda _: None  # the herd finds zygotes and children by whose children they are
    if environment.get("CHAOS_ZYGOTE") != "as-is":
        jail.ZYGOTE = (sys.executable, "-I", str(HOSTILE_ZYGOTE))
    if "CHAOS_KILL_AT_COMMIT" in environment or "CHAOS_COMMITS" in environment:
        order, tally = environment.get("CHAOS_KILL_AT_COMMIT"), environment.get("CHAOS_COMMITS")
        watch_commits(CountedCommits(order, tally))
    if "CHAOS_NOTES" in environment:
        take_notes(environment["CHAOS_NOTES"])
    if "CHAOS_LEASE_S" in environment:
        from pipeline.worker import outbox_relay as telling

        telling.LEASE_S = float(environment["CHAOS_LEASE_S"])
    if "CHAOS_HANG_IN" in environment:
        hang_in(environment["CHAOS_HANG_IN"])
    keep_every_revision()
    from pipeline.commands.app import main as evidence

    evidence()


if __name__ == "__main__":
    main()
