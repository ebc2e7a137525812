"""What the console needs, asked every few seconds for ``/readyz``."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pipeline.observability.health import DATABASE, JAIL, OBJECTS, Health
from pipeline.setup.context import Context
from storage.errors import StorageError

log = logging.getLogger(__name__)

PARTS = (DATABASE, OBJECTS, JAIL)
PROBE_S = 5.0
_ASK_S = 60.0
_PROBE = "probe"


@contextmanager
def probing(context: Context, health: Health) -> Iterator[None]:
    """Ask in a thread of its own during the block."""
    stopping = threading.Event()

    def run() -> None:
        while not stopping.is_set():
            health.beat("probe", time.monotonic() + _ASK_S)
            probe(context, health)
            stopping.wait(PROBE_S)

    thread = threading.Thread(target=run, name="probe", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(PROBE_S)


def probe(context: Context, health: Health) -> None:
    """Ask each part once; only what is away is reported as away."""

    def read() -> None:
        with context.database.reading() as records:
            records.dispute("default", _PROBE)

    _ask(DATABASE, read, health)
    _ask(OBJECTS, lambda: context.objects.exists(_PROBE), health)
    if context.opener.is_running():
        health.able(JAIL)
    else:
        health.unable(JAIL, "the process that opens files is gone; the next file starts another")


def _ask(part: str, question: Callable[[], object], health: Health) -> None:
    try:
        question()
    except StorageError as error:
        health.unable(part, "does not answer")
        log.warning("the %s does not answer: %s", part, error)
    else:
        health.able(part)
