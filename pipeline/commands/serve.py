"""The command ``evidence serve``: stores, jail and access put together, then served until stopped."""

from __future__ import annotations

import contextlib
import logging
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from pipeline.commands.exit_codes import INCOMPLETE, NOTHING_TO_DO, USAGE
from pipeline.commands.refusal import complain
from pipeline.commands.report import store_exists
from pipeline.console.access.access_settings import read_access
from pipeline.console.core.console_context import Console
from pipeline.judgement.queue_line import fill_lines
from pipeline.setup.policies import load_policy
from pipeline.setup.settings import read_settings
from pipeline.wiring.assembly import open_context
from storage.errors import StorageError, StoreMisconfiguredError
from storage.interfaces.record import Database
from validators.policy import PolicyError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """The command line of ``evidence serve``, parsed."""

    store: Path
    host: str
    port: int
    policy: str | None
    tenant: str
    who: str
    require_jail: bool = False


def run_serve(options: ServeOptions) -> int:
    """Serve until stopped; returns the exit status."""
    with _ended_like_ctrl_c(), contextlib.suppress(KeyboardInterrupt):  # how it is meant to end
        return _run(options)
    return NOTHING_TO_DO


@contextlib.contextmanager
def _ended_like_ctrl_c() -> Iterator[None]:
    """SIGTERM, and SIGHUP of a terminal that closes, end the block as Ctrl-C does: what it holds is put away."""

    def hang_up(_number: int, _frame: FrameType | None) -> None:
        signal.raise_signal(signal.SIGTERM)  # to whoever handles it just then

    before = {
        signal.SIGTERM: signal.signal(signal.SIGTERM, signal.default_int_handler),
        signal.SIGHUP: signal.signal(signal.SIGHUP, hang_up),
    }
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _run(options: ServeOptions) -> int:
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    if not store_exists(options.store):
        return complain(f"there is no store in {options.store}: run 'evidence check' first.", USAGE)
    try:
        policy = load_policy(options.policy)
        settings = read_settings(options.store, require_jail=options.require_jail)
        with open_context(settings, policy) as context:
            with context.database.reading() as records:
                has_tokens = any(token.revoked_at is None for token in records.tokens())
            access = read_access(
                options.store, options.host, options.who, options.tenant, has_tokens=has_tokens
            )
            # Once after an upgrade, and then it may take minutes: the queue fills meanwhile.
            threading.Thread(target=_fill, args=(context.database,), name="queue lines", daemon=True).start()
            return _serve(Console(context, access, lambda: datetime.now(UTC)), options)
    except (PolicyError, StoreMisconfiguredError) as error:
        return complain(str(error), USAGE)
    except StorageError as error:
        return complain(str(error), INCOMPLETE)


def _fill(database: Database) -> None:
    try:
        fill_lines(database)
    except StorageError as error:
        log.warning("the queue is not complete: %s; it is completed at the next start", error)


def _serve(console: Console, options: ServeOptions) -> int:
    from pipeline.console.app import make_app  # noqa: PLC0415 - heavy, and not for --help
    from pipeline.console.server import server_of  # noqa: PLC0415

    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    try:
        listening = socket.create_server((options.host, options.port), family=family, backlog=128)
    except OSError as error:
        return complain(f"{options.host}:{options.port} cannot be had: {error.strerror}.", USAGE)
    name = f"[{options.host}]" if family == socket.AF_INET6 else options.host
    port = listening.getsockname()[1]
    sys.stdout.write(f"The console is at http://{name}:{port}/ (Ctrl-C ends it)\n")
    sys.stdout.flush()
    with contextlib.suppress(KeyboardInterrupt):  # the server hands on the signal that ended it
        server_of(make_app(console)).run([listening])
    return NOTHING_TO_DO
