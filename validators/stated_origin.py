"""What a file states about how it was made, as read and without judgement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

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


UNREADABLE, INVALID, VALID, TRUSTED = "unreadable", "invalid", "valid", "trusted"


@dataclass(frozen=True, slots=True)
class SignedAction:
    """One step of the signed history. ``tool`` made it. ``source_type`` is a term of IPTC's digitalSourceType."""

    action: str
    tool: str = ""
    source_type: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class SignedIngredient:
    """A file that went into this one. ``relationship`` is "parentOf", "componentOf" or "inputTo"; ``tool`` signed it."""

    title: str
    relationship: str
    tool: str = ""


@dataclass(frozen=True, slots=True)
class SignedOrigin:
    """A C2PA manifest as the library verified it.

    ``state`` is the library's verdict ("trusted", "valid" or "invalid") or "unreadable" if it gave none.
    ``codes`` are what failed, of the file's own manifest. ``actions`` are in order, those of the files that it was made
    from first.
    """

    state: str
    signer: str = ""
    signed_at: datetime | None = None
    codes: tuple[str, ...] = ()
    actions: tuple[SignedAction, ...] = ()
    ingredients: tuple[SignedIngredient, ...] = ()
