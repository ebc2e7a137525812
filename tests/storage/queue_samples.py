"""Queues of the SQS servers, for several suites."""

from __future__ import annotations

import secrets

import pytest
from servers import Aws

from storage.queues.sqs import SqsQueue


def lead_to_server(monkeypatch: pytest.MonkeyPatch, server: Aws) -> None:
    """Point AWS's tools at a server."""
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)


def sqs_queue(monkeypatch: pytest.MonkeyPatch, server: Aws) -> SqsQueue:
    """A new queue of a server, with new dead letters and the environment that leads to it."""
    lead_to_server(monkeypatch, server)
    name = f"test-{secrets.token_hex(6)}"
    return SqsQueue(server.create_queue(name), server.create_queue(f"{name}-dead"))
