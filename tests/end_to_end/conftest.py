"""Running the real command."""

from __future__ import annotations

import json
import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from kit import AS_OF, EVIDENCE


@dataclass(frozen=True)
class Done:
    """A finished command with its reports by dispute."""

    status: int
    text: str
    out: Path

    def report(self, dispute: str | None = None) -> dict:
        """The report of one dispute, or the only one."""
        found = {
            body["dispute"]["id"]: body
            for body in map(json.loads, (p.read_text() for p in self.out.rglob("report.json")))
        }
        if dispute is None:
            assert len(found) == 1, sorted(found)
            return next(iter(found.values()))
        return found[dispute]

    def item(self, file: str, dispute: str | None = None) -> dict:
        """One entry by its file."""
        return next(entry for entry in self.report(dispute)["evidence"] if entry["file"] == file)


@pytest.fixture
def evidence(tmp_path):
    """Run ``evidence`` with a store of its own; returns what it did."""

    def run(*argv: object, out: str = "out", store: str = "store", env: dict[str, str] | None = None) -> Done:
        words = [str(word) for word in argv]
        if words[0] == "check":
            words += ["--out", str(tmp_path / out), "--store", str(tmp_path / store)]
            if "--as-of" not in words:
                words += ["--as-of", AS_OF]
        done = subprocess.run(
            [EVIDENCE, *words], capture_output=True, text=True, errors="replace", timeout=300, cwd=tmp_path, check=False,
            env={**os.environ, **(env or {})},
        )  # fmt: skip
        assert "Traceback" not in done.stdout + done.stderr, done.stdout + done.stderr
        return Done(done.returncode, done.stdout + done.stderr, tmp_path / out)

    return run
