"""What the end-to-end tests share: declared disputes, and what a run wrote."""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

EVIDENCE = str(Path(sys.executable).with_name("evidence"))
AS_OF = "2026-03-20T12:00:00Z"


def declare(folder: Path, buyer: str, **fields: object) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    body = {"id": folder.name, "parties": {"buyer": {"id": buyer}, "seller": {"id": "s-1"}}, **fields}
    (folder / "dispute.json").write_text(json.dumps(body))


def submitted(file: str, day: int) -> dict[str, str]:
    return {"file": file, "party": "buyer", "submitted_at": f"2026-03-{day:02d}T10:00:00Z"}


def without_time(out: Path) -> dict[str, bytes]:
    """Every file written, reports without the one field that may differ."""
    found = {}
    for path in sorted(out.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            if path.suffix == ".json":
                data = b"\n".join(line for line in data.split(b"\n") if b'"created_at"' not in line)
            if path.suffix != ".html":  # a page shows when it was made
                found[str(path.relative_to(out))] = data
    return found


def heed_interrupts() -> None:
    """For ``preexec_fn``: a shell starts background jobs with SIGINT ignored, and a child inherits that."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def codes(item: dict) -> set[str]:
    """The finding codes of an entry."""
    return {finding["code"] for finding in item["findings"]}
