"""A report as one party may have it: their own items in full, the other side's as they would see them on a table.

Nothing of another dispute is left in it, neither a picture nor an id, and nothing that the other side's files say beside
their pictures and texts: no metadata, no capture time, no place, no name or hash of a file, no finding.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from validators.checks.match_class import LISTING, OTHER_DISPUTE, SAME_DISPUTE
from validators.disputes.summary import summarize
from validators.finding import Finding, Param
from validators.report import Completeness, DerivativeRecord, EvidenceReport, Match, QualityReport

PARTIES = ("buyer", "seller")

_SHARED_KINDS = ("preview", "thumbnail", "page", "poster", "contact_sheet")
_SHORT = 32
_OF_OTHERS = ("dispute_id", "evidence_id")


def party_copy(report: QualityReport, party: str) -> QualityReport:
    """The copy of ``report`` for ``party``, one of PARTIES; ValueError for anyone else."""
    if party not in PARTIES:
        raise ValueError(f"a copy is for one of {', '.join(PARTIES)}, not for {party!r}")
    names = _names(report.evidence, party)
    own = {item.id for item in report.evidence if item.declared.party == party}
    items = tuple(
        _own(item, own, report.dispute.id) if item.id in own else _other(item, names[item.id])
        for item in report.evidence
    )
    completeness = _completeness(report.completeness, names, party)
    parties = {name: view for name, view in report.dispute.parties.items() if name == party}
    details = tuple(one for one in report.dispute.evidence_details if one.party == party)
    return replace(
        report,
        dispute=replace(report.dispute, parties=parties, evidence_details=details),
        evidence=items,
        completeness=completeness,
        summary=summarize(items, completeness),
        confirmed=(),
        skipped=(),
        notices=(),
        copy_for=party,
    )


def _names(items: Sequence[EvidenceReport], party: str) -> dict[str, str]:
    """By id, what the copy calls each item: its own id, or for the other side's a number in the report's order."""
    names = {}
    numbers: dict[str, int] = {}
    for item in items:
        if item.declared.party == party:
            names[item.id] = item.id
        else:
            side = item.declared.party if item.declared.party in PARTIES else "other"
            numbers[side] = numbers.get(side, 0) + 1
            names[item.id] = f"{side}-{numbers[side]}"
    return names


def _own(item: EvidenceReport, own: set[str], dispute_id: str) -> EvidenceReport:
    matches = tuple(match for match in item.matches if _may_name(match, own, dispute_id))
    drawn = {match.comparison for match in matches}
    pictures = (
        one
        for one in item.derivatives
        if one.kind in _SHARED_KINDS or (one.kind == "comparison" and one.path in drawn)
    )
    return replace(
        item,
        findings=tuple(_finding(finding, own, dispute_id) for finding in item.findings),
        matches=tuple(_renamed(match, item.derivatives) for match in matches),
        derivatives=tuple(_picture(one) for one in pictures),
    )


def _may_name(match: Match, own: set[str], dispute_id: str) -> bool:
    """Whether the other item is this party's own, or a picture of the listing in dispute."""
    if match.scope == LISTING:
        return match.dispute_id == dispute_id
    return match.scope == SAME_DISPUTE and match.evidence_id in own


def _finding(finding: Finding, own: set[str], dispute_id: str) -> Finding:
    params = finding.params
    if "scope" not in params:
        return finding
    foreign = params["scope"] == OTHER_DISPUTE or params.get("dispute_id") != dispute_id
    if foreign:
        kept: dict[str, Param] = {
            name: params[name] for name in ("scope", "unit", "matches") if name in params
        }
        return replace(
            finding, message_ids=(f"{finding.code}.elsewhere",), params=kept, stored=None, region=None
        )
    if params["scope"] == SAME_DISPUTE and params.get("evidence_id") not in own:
        return replace(finding, params={k: v for k, v in params.items() if k not in _OF_OTHERS})
    return finding


def _other(item: EvidenceReport, name: str) -> EvidenceReport:
    """An item of the other side: what was sent, when, and whether it can be read."""
    return EvidenceReport(
        id=name,
        file=name,
        sha256=None,
        bytes=0,
        declared=replace(item.declared, declared_type=None),
        detected_type=item.detected_type,
        kind=item.kind,
        state=item.state,
        received_at=item.received_at,
        late=item.late,
        pages=item.pages,
        duration_s=item.duration_s,
        text=item.text,
        chat=item.chat,
        derivatives=tuple(_picture(one) for one in item.derivatives if one.kind in _SHARED_KINDS),
        withheld=True,
    )


def _picture(made: DerivativeRecord) -> DerivativeRecord:
    """Named after itself: the usual name holds the hash of the file it was made of."""
    return replace(made, path=picture_path(made))


def picture_path(made: DerivativeRecord) -> str:
    """Where a copy keeps a derivative, relative to its report."""
    ending = made.path.rpartition(".")[2]
    return f"media/{made.sha256[:_SHORT]}.{ending}"


def _renamed(match: Match, derivatives: Sequence[DerivativeRecord]) -> Match:
    paths = {one.path: picture_path(one) for one in derivatives}
    return replace(match, comparison=paths.get(match.comparison or ""))


def _completeness(whole: Completeness, names: Mapping[str, str], party: str) -> Completeness:
    def named(ids: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(names.get(one, "other") for one in ids)

    slots = tuple(
        replace(slot, by=named(slot.by), accepted=named(slot.accepted), flagged=()) for slot in whole.slots
    )
    findings = tuple(finding for finding in whole.findings if finding.params.get("party") == party)
    return Completeness(whole.applicable, slots, findings)
