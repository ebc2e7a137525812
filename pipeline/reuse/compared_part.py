"""A part that is compared, with the examination of its file."""

from __future__ import annotations

from dataclasses import dataclass

from storage.interfaces.examinations import Examination
from validators.evidence import Part


@dataclass(frozen=True, slots=True)
class ComparedPart:
    """A part that is compared, with the examination of its file."""

    examination: Examination
    part: Part
