"""Opened evidence with its pixels. It exists only in the jail."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from validators.evidence import UNKNOWN, ChatFacts, ImageFacts, Problem, Reading, TimeCandidate
from validators.stated_origin import OriginStatement, SignedOrigin

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]


@dataclass(slots=True)
class View:
    """An upright reduced picture: HxWx3 uint8 RGB, long side at most 1,024 px.

    ``full_width``/``full_height`` is the upright size before reduction; ``page`` counts from 1, ``time_s`` is for frames.
    ``pictured`` is the share 0..1 that pictures cover of a document's page; the rest is drawn from letters and lines.
    ``fine`` is the same in HxW uint8 luma, reduced so that focus can be measured (``shrink_evenly``). None if the view's own
    pixels are good enough.
    """

    pixels: Pixels
    full_width: int
    full_height: int
    page: int | None = None
    time_s: float | None = None
    characters: int = 0
    pictured: float = 1.0
    text_sha256: str | None = None
    fine: Pixels | None = None

    @property
    def plane(self) -> Pixels:
        """The plane on which clarity is measured."""
        return self.pixels if self.fine is None else self.fine


@dataclass(slots=True)
class Exhibit:
    """One opened file: its views (one for a still, one a page for a document) and what opening found."""

    detected_type: str
    kind: str = UNKNOWN
    views: list[View] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    image: ImageFacts | None = None
    times: list[TimeCandidate] = field(default_factory=list)
    metadata: dict[str, str] = field(default_factory=dict)
    has_gps: bool = False
    statements: list[OriginStatement] = field(default_factory=list)
    signed: SignedOrigin | None = None
    page_count: int | None = None
    text: str | None = None
    chat: ChatFacts | None = None
    readings: tuple[Reading, ...] | None = None
    """Numbers in the text that the file itself holds; None where it holds none."""
    pieces: list[Pixels] = field(default_factory=list)
    """A very long picture in pieces at full width, upright, in order."""
    in_full: Callable[[], Pixels] | None = None
    """Returns the upright picture at up to 2,400 px. Used for screens and pages, not for photos."""
