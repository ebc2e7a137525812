"""The keys under which derivatives, features and originals are kept in Objects."""

from __future__ import annotations

from pipeline.setup.opened import MEASURES_VERSION
from validators.measures.reuse.feature_names import ALGORITHM, VERSION

FOR_COMPARING = ("detail", "frame")
"""Kinds of derivatives that are kept for comparing only, and never shown."""


def features_key(sha256: str, part: int) -> str:
    """The key of a part's local features."""
    return f"features/{sha256[:2]}/{sha256}-{part}-{ALGORITHM}{VERSION}-v{MEASURES_VERSION}"


def original_key(sha256: str) -> str:
    """The key of an original, if originals are kept."""
    return f"originals/{sha256[:2]}/{sha256}"
