"""The language that people are answered in."""

from __future__ import annotations

import os

from validators.sentences.catalogue import ENGLISH


def chosen_language() -> str:
    """EVIDENCE_LANGUAGE, or English. Whatever its catalogue lacks is said in English."""
    return os.environ.get("EVIDENCE_LANGUAGE") or ENGLISH
