"""A folder of known pictures (``--against``): items are compared with them. They are remembered, and never judged."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pipeline.intake.found import FoundDispute, FoundFile, Reading, visible
from pipeline.intake.tree import Folder, walk
from validators.declared import REFERENCE, Declared
from validators.dispute import Dispute

_DECLARED = Declared(on_listing=True, evidence_type=REFERENCE)


def add_reference(reading: Reading, folder: Path, excluded: frozenset[Path]) -> None:
    """Add the files of ``folder`` to what is read, as a dispute of their own that is not judged."""
    root = walk(folder, excluded)
    origin = visible(str(folder.resolve()))
    name = f"{REFERENCE}-{hashlib.sha256(origin.encode()).hexdigest()[:8]}"
    found = FoundDispute(Dispute(name, declared=False), origin, judged=False)
    _collect(root, found)
    reading.disputes.append(found)


def _collect(folder: Folder, found: FoundDispute) -> None:
    for leaf in folder.files:
        name = visible("/".join((*folder.parts, leaf.name)))
        found.files.append(FoundFile(name, leaf.path, _DECLARED, leaf.problem, leaf.detail))
    for sub in folder.folders:
        _collect(sub, found)
