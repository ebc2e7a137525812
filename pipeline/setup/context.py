"""What processing an upload needs, in one place: stores, the opener, the policy, the stamp of the tool."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pipeline.setup.opened import FileOpener
from storage.interfaces.objects import Objects
from storage.interfaces.record import Database
from validators.policy import Policy
from validators.report import ToolStamp


@dataclass(frozen=True, slots=True)
class Context:
    """Wired by pipeline/wiring/assembly.py."""

    database: Database
    objects: Objects
    opener: FileOpener
    policy: Policy
    tool: ToolStamp
    incoming: Path
    keep_originals: bool = False
    uploads: Objects | None = None
    """Where originals are kept that did not come from a folder."""
