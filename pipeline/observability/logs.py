"""Structured logs: one JSON line an event where a program reads, readable lines where a person does.

Modules log with ``logging.getLogger(__name__)`` or ``structlog.stdlib.get_logger(__name__)``; both give the same lines.
"""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import TracebackType
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from pipeline.observability.masking import masker, named

_log = logging.getLogger(__name__)

# At lower levels these quote headers, statements and signatures.
_WORDY = ("alembic", "boto3", "botocore", "s3transfer", "sqlalchemy", "urllib3", "PIL")
_OWN = ("timestamp", "level", "logger", "event")


def start_logs(
    stream: TextIO,
    json: bool | None = None,
    level: str = "INFO",
    *,
    common: Mapping[str, str] | None = None,
    secrets: Iterable[str] = (),
) -> None:
    """Send every log line of this process to ``stream``. A second call replaces the first.

    ``json`` None: JSON lines unless the stream is a terminal. ``level`` is a name of logging ("INFO"); ValueError for another.
    ``common`` stands in every line (the worker's name). ``secrets`` are texts that no line may carry; see
    ``masking.masker`` for what is masked besides. Warnings and exceptions that nobody caught are logged too.
    """
    as_json = not stream.isatty() if json is None else json
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        _adding(dict(common or {})),
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.ExtraAdder(), *shared],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _cleaning(masker(secrets)),
                *_rendering(as_json, stream),
            ],
        )
    )
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            structlog.stdlib.PositionalArgumentsFormatter(),
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    _route(handler, level)


@contextmanager
def upload_context(**fields: str | int | float | None) -> Iterator[None]:
    """Every line of this thread carries ``fields`` (upload, message, tenant, dispute, worker …) within the block;
    those that are None are left out. A thread started within inherits nothing: open the block there too, or
    start it with ``contextvars.copy_context().run``."""
    present = {name: value for name, value in fields.items() if value is not None}
    with structlog.contextvars.bound_contextvars(**present):
        yield


def _route(handler: logging.Handler, level: str) -> None:
    root = logging.getLogger()
    root.setLevel(level)
    for old in root.handlers[:]:
        root.removeHandler(old)
    root.addHandler(handler)
    for name in _WORDY:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
    logging.captureWarnings(capture=True)
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


def _rendering(as_json: bool, stream: TextIO) -> list[Processor]:
    if as_json:
        return [structlog.processors.JSONRenderer(allow_nan=False)]
    return [
        _printable,
        structlog.dev.ConsoleRenderer(
            colors=stream.isatty(),
            # The default one prints local variables, addresses with passwords among them.
            exception_formatter=structlog.dev.plain_traceback,
        ),
    ]


def _adding(common: dict[str, str]) -> Processor:
    def add(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        return {**common, **event}

    return add


def _cleaning(mask: Callable[[str], str]) -> Processor:
    def clean(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        order = [*_OWN, *(name for name in event if name not in _OWN)]
        return {name: named(name, event[name], mask) for name in order if name in event}

    return clean


def _printable(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Object names come from strangers: on a terminal none may move the cursor or begin a line."""
    return {name: _escaped(value, name) if isinstance(value, str) else value for name, value in event.items()}


def _escaped(text: str, name: str) -> str:
    kept = "\n" if name in ("exception", "stack") else ""
    safe = (
        char if char.isprintable() or char in kept else char.encode("unicode_escape").decode()
        for char in text
    )
    return "".join(safe)


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        sys.__excepthook__(kind, error, trace)
        return
    _log.critical("ended by an error that nobody caught", exc_info=(kind, error, trace))


def _uncaught_in_thread(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is None or issubclass(args.exc_type, SystemExit):
        return
    _log.critical(
        "a thread ended by an error that nobody caught",
        exc_info=(args.exc_type, args.exc_value, args.exc_traceback),
        extra={"thread_name": args.thread.name if args.thread else None},
    )
