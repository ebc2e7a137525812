"""Rules that apply before anything is judged: when a file is opened, and when similar items are searched for.

The record does not have what they exclude, so only a new run over the files shows the effect of a change.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from validators.rules import Rule, RuleGroup


@dataclass(frozen=True, slots=True)
class LimitRules:
    """[rules.limits]: how much of a file is opened."""

    table: ClassVar[str] = "limits"

    still_mb: Rule[int]
    video_mb: Rule[int]
    megapixels: Rule[float]
    side_px: Rule[int]
    pages_read: Rule[int]
    frames_read: int
    text_characters: int
    seconds: Rule[float]
    memory_mb: Rule[int]
    output_mb: Rule[int]
    video_s: Rule[float]
    video_measured_s: float
    video_work_s: float
    preview_mb: int
    members: Rule[int]
    members_mb: Rule[int]
    member_ratio: Rule[int]
    member_depth: Rule[int]
    inline_picture_px: Rule[int]


@dataclass(frozen=True, slots=True)
class ContentThresholds:
    """[rules.content]: how classify_still tells photos, screens and pages apart, and what shows mostly text.

    ``screen_*`` are least shares for what is drawn, ``paper_*`` for pages. ``page_aspect_*`` bound long side by
    short side of a sheet. From ``tall_aspect`` on, a phone's screen, ``tall_*`` do: small copies blend their letters.
    From ``mostly_text`` of its detail on, print is what a photo shows.
    """

    table: ClassVar[str] = "content"

    screen_flat: float = 0.2
    screen_palette: float = 0.45
    screen_text: float = 0.06
    tall_aspect: float = 1.7
    tall_flat: float = 0.15
    tall_text: float = 0.015
    paper_white: float = 0.75
    paper_palette: float = 0.75
    paper_text: float = 0.015
    page_aspect_min: float = 1.2
    page_aspect_max: float = 1.6
    mostly_text: float = 0.12


@dataclass(frozen=True, slots=True)
class SearchRules:
    """[rules.reuse], the part that the search reads: how far it goes."""

    table: ClassVar[str] = "reuse"

    max_distance: int
    max_pairs: int
    least_votes: int
    common_word_above: int
    max_nominees: int
    max_parts_laid_over: int
    max_pages_matched: int
    max_pieces_matched: int
    max_page_nominees: int
    max_laid_over: int
    max_relatives: int
    least_inliers: int
    page_shared_min: float
    members_across_disputes: bool


BEFORE_JUDGING: tuple[type[RuleGroup], ...] = (LimitRules, ContentThresholds, SearchRules)
