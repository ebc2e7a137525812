"""The Python API: check evidence from a program, a notebook or another service.

>>> from pipeline.api import check
>>> for report in check(["uploads/D-1001"]):        # doctest: +SKIP
...     for item in report.evidence:
...         print(item.file, item.state, [finding.message for finding in item.findings])

Everything it needs is opened when a call starts and closed when it ends. ``docs/python.md`` has more.
"""

from __future__ import annotations

from pipeline.api.answers import Finding, Item, Precheck, QualityReport
from pipeline.api.store import Store, check, open_store, precheck
from validators.policy import PolicyError

__all__ = [
    "Finding",
    "Item",
    "PolicyError",
    "Precheck",
    "QualityReport",
    "Store",
    "check",
    "open_store",
    "precheck",
]
