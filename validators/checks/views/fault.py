"""A fault of clarity: what a person would say is wrong with one view, and how it is asked for again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from validators.evidence import DOCUMENT, SCREENSHOT, VIDEO, Region
from validators.finding import Param

RESEND = {SCREENSHOT: "screenshot", DOCUMENT: "document", VIDEO: "video"}
"""How a kind of item is sent again, whatever its fault (``findings.retake.*``): only photos are asked for by fault."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of one view. ``excess`` is how far it goes beyond the threshold, 0..1, to find the worst.

    ``variant`` names the sentence among those of the code, and ``retake`` what to ask for; ``region`` is where it is, None
    for all of it.
    """

    code: str
    severe: bool
    retake: str
    measured: float
    threshold: float
    rule: str
    unit: str
    excess: float
    variant: str = ""
    params: Mapping[str, Param] = field(default_factory=dict)
    region: Region | None = None

    @property
    def message_id(self) -> str:
        """The sentence that says it."""
        return f"{self.code}.{self.variant}" if self.variant else self.code
