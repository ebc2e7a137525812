"""What a file states about how it was made, as read and without judgement."""

from __future__ import annotations

from dataclasses import dataclass

SOURCE_TYPE = "source_type"
AI_LABEL = "ai_label"
PARAMETERS = "parameters"
NAME = "name"


@dataclass(frozen=True, slots=True)
class OriginStatement:
    """One statement, from one place in the file.

    ``kind`` says what ``value`` is: "source_type" a term of IPTC's digitalSourceType, "ai_label" the label of China's
    GB 45438-2025 ("1" generated, "2" possibly, "3" suspected), "parameters" the program whose way of keeping a prompt was
    recognised, "name" the name of a program or a credit as found. ``by``: who wrote the label, as it says itself.
    """

    source: str
    kind: str
    value: str
    by: str = ""
