"""The image's health check asks the role that runs."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "deploy" / "healthcheck.py"


@pytest.fixture(scope="module")
def check():
    spec = importlib.util.spec_from_file_location("healthcheck", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("evidence worker --jobs 2 --listen 0.0.0.0:9108", "127.0.0.1:9108"),
        ("evidence serve --host 0.0.0.0 --listen=[::]:9109", "[::1]:9109"),
        ("evidence worker --jobs 2", None),
        ("evidence queue --dead", None),
        ("python -m pipeline.opening.child.zygote", None),
    ],
)
def test_it_asks_the_role_that_runs(check, words, address):
    assert check.listening_of([["/sbin/docker-init", "--"], words.split()]) == address


def test_it_fails_where_nobody_answers(check, monkeypatch):
    monkeypatch.setattr(check, "running", lambda: [["evidence", "worker", "--listen", "127.0.0.1:1"]])
    assert check.main() == 1
    monkeypatch.setattr(check, "running", lambda: [["evidence", "doctor"]])
    assert check.main() == 0
