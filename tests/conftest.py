"""Servers and the browser that any test may ask for: one of each kind in a test process."""

from __future__ import annotations

from pathlib import Path

import pytest
from browsers import browser
from servers import ministack, moto, postgres, s3

__all__ = ["browser", "ministack", "moto", "postgres", "s3"]

HERE = Path(__file__).parent

# The folders whose files take longest: begun first, so that no process runs a long file alone at the end.
LONGEST = ("end_to_end", "jail", "golden")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the files of the longest folders first; everything else keeps its order."""
    items.sort(key=lambda item: item.path.relative_to(HERE).parts[0] not in LONGEST)
