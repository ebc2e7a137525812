"""A released migration never changes: stores exist that were brought up to date by it as it stands."""

from __future__ import annotations

import hashlib
from pathlib import Path

import storage.database.migrations

VERSIONS = Path(storage.database.migrations.__path__[0]) / "versions"
RECORDED = Path(__file__).parent / "migrations.sha256"
"""As ``sha256sum`` prints it. A new migration gets a line; no line is ever changed."""


def test_every_migration_is_the_one_that_was_recorded() -> None:
    lines = (line.split() for line in RECORDED.read_text("utf-8").splitlines())
    recorded = {name: digest for digest, name in lines}
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VERSIONS.iterdir()
        if path.suffix == ".py" and path.name != "__init__.py"
    }
    assert found == recorded
    assert (VERSIONS / "__init__.py").read_bytes() == b""
