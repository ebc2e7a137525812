"""Where else the picture of an item is, in one line however many copies there are."""

from __future__ import annotations

from validators.checks.match_class import LISTING, OTHER_DISPUTE, SAME_DISPUTE, SAME_FILE, SAME_PHOTO
from validators.report import EvidenceReport
from validators.sentences.labels import Labels


def copies_line(item: EvidenceReport, labels: Labels) -> str:
    """ "Also in D-1001: 3 copies · 1 copy in this case"; empty without copies."""
    same = [match for match in item.matches if match.class_ in (SAME_FILE, SAME_PHOTO)]
    elsewhere = [match.dispute_id for match in same if match.scope == OTHER_DISPUTE]
    here = sum(match.scope == SAME_DISPUTE for match in same)
    parts = []
    if elsewhere:
        disputes = tuple(dict.fromkeys(elsewhere))
        parts.append(labels.text("pages.copies.elsewhere", disputes=disputes, count=len(elsewhere)))
    if here:
        parts.append(labels.text("pages.copies.here", count=here))
    if any(match.scope == LISTING for match in item.matches):
        parts.append(labels.text("pages.copies.listing"))
    return " · ".join(parts)
