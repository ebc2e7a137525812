"""How far the present version of the measures has come, as one line."""

from __future__ import annotations

from pipeline.commands.output.texts import text
from storage.interfaces.remeasurement import MeasuredFiles


def measured_line(found: MeasuredFiles) -> str:
    """Such as "measured: 1,200 of 2,000 files at version 12 (3 keep earlier measurements)"."""
    line = text("measured", count=found.measured, files=found.files, version=found.version)
    return f"{line} {text('measured_lost', count=found.lost)}" if found.lost else line
