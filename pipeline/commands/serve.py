"""``evidence serve``: stores, jail and access put together, then served until stopped."""

from __future__ import annotations

import contextlib
import getpass
import logging
import socket
import tempfile
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.output.say import say
from pipeline.commands.output.texts import sentences, text
from pipeline.commands.shared.exit_codes import INCOMPLETE, NOTHING_TO_DO, USAGE
from pipeline.commands.shared.refusal import complain
from pipeline.commands.shared.stores import chosen_policy, store_exists
from pipeline.console.access.access_settings import AccessError, read_access
from pipeline.console.core.console_context import Console
from pipeline.console.core.measured_app import MeasuredApp
from pipeline.console.routes import PRECHECK_PATHS
from pipeline.judgement.queue_line import fill_lines
from pipeline.observability.console_metrics import ConsoleMetrics
from pipeline.observability.health import Health
from pipeline.observability.health_server import serving_health
from pipeline.setup.interruption import ended_like_ctrl_c
from pipeline.setup.lazy import lazy
from pipeline.setup.settings import read_settings
from pipeline.wiring.assembly import open_context
from storage.errors import StorageError, StoreMisconfiguredError
from storage.interfaces.record import Database

if TYPE_CHECKING:
    from pipeline.console import app, health_probe, server
else:
    app = lazy("pipeline.console.app")
    health_probe = lazy("pipeline.console.health_probe")
    server = lazy("pipeline.console.server")

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ServeOptions:
    """The command line of ``evidence serve``, parsed. ``name``: who decides at this machine; the user without. ``listen``:
    where health and metrics are served, if anywhere."""

    store: Path
    host: str
    port: int
    policy: str | None
    tenant: str
    name: str | None
    require_jail: bool = False
    listen: str | None = None


def run_serve(options: ServeOptions) -> int:
    """Serve until stopped; returns the exit status."""
    with ended_like_ctrl_c(), contextlib.suppress(KeyboardInterrupt):  # how it is meant to end
        return _run(options)
    return NOTHING_TO_DO


def _run(options: ServeOptions) -> int:
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s", level=logging.WARNING)
    if not store_exists(options.store):
        return complain(text("serve.no_store", store=str(options.store)), USAGE)
    policy = chosen_policy(options.policy)
    try:
        settings = read_settings(options.store, require_jail=options.require_jail)
        with open_context(settings, policy) as context:
            tempfile.tempdir = str(context.incoming)  # bodies are spooled where scratch is
            with context.database.reading() as records:
                has_tokens = any(token.revoked_at is None for token in records.tokens())
            who = options.name or getpass.getuser()
            access = read_access(options.store, options.host, who, options.tenant, has_tokens=has_tokens)
            # Once after an upgrade, and then it may take minutes: the queue fills meanwhile.
            threading.Thread(target=_fill, args=(context.database,), name="queue lines", daemon=True).start()
            console = Console(context, access, lambda: datetime.now(UTC), language=sentences().language)
            return _serve(console, options)
    except AccessError as error:
        return complain(sentences().say(error.statement), USAGE)
    except StoreMisconfiguredError as error:
        return complain(str(error), USAGE)
    except StorageError as error:
        return complain(str(error), INCOMPLETE)


def _fill(database: Database) -> None:
    try:
        fill_lines(database)
    except StorageError as error:
        log.warning("the queue is not complete: %s; it is completed at the next start", error)


def _serve(console: Console, options: ServeOptions) -> int:
    family = socket.AF_INET6 if ":" in options.host else socket.AF_INET
    try:
        listening = socket.create_server((options.host, options.port), family=family, backlog=128)
    except OSError as error:
        address = f"{options.host}:{options.port}"
        return complain(text("serve.no_address", address=address, reason=error.strerror), USAGE)
    name = f"[{options.host}]" if family == socket.AF_INET6 else options.host
    address = f"http://{name}:{listening.getsockname()[1]}/"
    metrics = ConsoleMetrics(console.context.tool.version, console.context.policy.sha256)
    health = Health(health_probe.PARTS)
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(_listening(options.listen, health, metrics))
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            return complain(text("serve.no_address", address=options.listen, reason=reason), USAGE)
        stack.enter_context(health_probe.probing(console.context, health))
        say(text("serve.ready", address=address))
        measured = MeasuredApp(app.make_app(console), metrics, PRECHECK_PATHS)
        with contextlib.suppress(KeyboardInterrupt):  # the server hands on the signal that ended it
            server.server_of(measured, lambda: health.beat("server")).run([listening])
    return NOTHING_TO_DO


def _listening(
    address: str | None, health: Health, metrics: ConsoleMetrics
) -> contextlib.AbstractContextManager[str]:
    return serving_health(address, health, metrics) if address else contextlib.nullcontext("nowhere")
