"""A match as the pages show it."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.reports.item_pictures import Address, Picture
from validators.report import EvidenceReport, Match
from validators.sentences.labels import Labels

SEGMENTS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class MatchView:
    """A match in words. ``href`` leads to the other item where this report shows it."""

    record: Match
    title: str
    who: str
    measured: str
    edit: str
    href: str | None
    picture: Picture | None


def match_view(
    match: Match, item: EvidenceReport, hrefs: dict[str, str], address: Address, labels: Labels
) -> MatchView:
    """What is alike, where the other item is, whose it is and which came first."""
    sentences = labels.sentences
    who = [sentences.label("scope", match.scope)]
    if match.scope != "listing":
        who.append(sentences.label("relation", match.relation))
    who.append(sentences.label("direction", match.direction))
    measured = []
    if match.aligned_fraction is not None:
        measured.append(labels.text("pages.match.aligned", share=match.aligned_fraction))
    measured += [labels.segment(one) for one in match.segments[:SEGMENTS_SHOWN]]
    edit = labels.transform(match.transform)
    return MatchView(
        record=match,
        title=labels.heading("match", match.class_),
        who=", ".join(who),
        measured=", ".join(measured),
        edit=edit,
        href=hrefs.get(match.evidence_id) if match.scope == "same_dispute" else None,
        picture=_comparison(match, item, address, edit, labels),
    )


def _comparison(
    match: Match, item: EvidenceReport, address: Address, edit: str, labels: Labels
) -> Picture | None:
    if match.comparison is None:
        return None
    record = next((d for d in item.derivatives if d.path == match.comparison), None)
    url = address(item, record) if record is not None else None
    if record is None or url is None:
        return None
    alt = labels.text("pages.picture.comparison", file=item.file, other=match.file)
    caption = (
        labels.text("pages.picture.comparison_caption_edit", edit=edit)
        if edit
        else labels.text("pages.picture.comparison_caption")
    )
    return Picture(url, record.width, record.height, alt, caption)
