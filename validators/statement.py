"""A statement for people, in codes and raw values. ``validators.sentences`` says it in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from validators.finding import Param


@dataclass(frozen=True, slots=True)
class Statement:
    """The id of a sentence, and what fills its fields."""

    message_id: str
    params: Mapping[str, Param] = field(default_factory=dict)
