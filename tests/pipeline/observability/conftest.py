"""What the tests of observing share."""

from __future__ import annotations

import logging
import sys
import threading

import pytest
import structlog


@pytest.fixture
def own_logs():
    """The process's logging is put back as it was."""
    root = logging.getLogger()
    handlers, level, hooks = root.handlers[:], root.level, (sys.excepthook, threading.excepthook)
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    sys.excepthook, threading.excepthook = hooks
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
