"""What the console adds to an item's card: what was decided, and the forms to decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from pipeline.console.access.principal import ACT
from pipeline.console.core import addresses
from pipeline.console.core.cases import CaseFile
from pipeline.console.core.console_context import ConsoleRequest
from pipeline.console.core.templates import environment
from pipeline.judgement.decisions import asking_codes, is_accepted, on_finding, on_item, seen_whole, standing
from pipeline.reports.cards.review_cards import ReviewCard
from pipeline.reports.confirmed_rows import undo_labels
from pipeline.reports.finding_views import FindingView
from pipeline.reports.html import order_of
from pipeline.reports.match_views import MatchView
from pipeline.reports.overview import NeedView, PartySide
from pipeline.reports.views import ItemView
from storage.interfaces.decisions import ACCEPT_WEAK, UNACCEPT, Decision
from validators.disputes.attention import is_weak, unusable
from validators.report import EvidenceReport
from validators.sentences.labels import Labels


@dataclass(frozen=True, slots=True)
class DecisionView:
    """A decision in words."""

    record: Decision
    what: str


def decision_views(decisions: list[Decision], labels: Labels) -> list[DecisionView]:
    """Decisions in words, the newest first."""
    return [DecisionView(one, labels.text(f"pages.decided.{one.act}")) for one in reversed(decisions)]


@dataclass(frozen=True, slots=True)
class ItemCards:
    """Given to the shared templates as ``context``. ``back`` is the kind of page to come back to: "case" or "item";
    ``following``: see ``of``."""

    case: CaseFile
    request: ConsoleRequest
    back: str
    following: dict[str, EvidenceReport]

    @classmethod
    def of(cls, case: CaseFile, request: ConsoleRequest, back: str) -> ItemCards:
        """With the item that follows each in the order of the case, the first after the last."""
        order = [case.report.evidence[place] for place in order_of(case.report)]
        pairs = zip(order, [*order[1:], *order[:1]], strict=True)
        return cls(case, request, back, {one.id: other for one, other in pairs if one.id != other.id})

    def address(self, item: ItemView) -> str:
        """The item's own page."""
        return addresses.item_page(item.record.id)

    def anchor(self, item: ItemView, view: FindingView) -> str:
        """The finding's place in the page."""
        place = next(n for n, finding in enumerate(item.record.findings) if finding is view.record)
        return f"{item.anchor}-f{place}"

    def after_finding(self, item: ItemView, view: FindingView) -> Markup:
        """What was decided on the finding, and the buttons."""
        code = view.record.code
        decisions = on_finding(self.case.decisions, item.record.id, code)
        return self._made(
            "of_finding",
            self._views(decisions),
            self._fields(self.anchor(item, view), evidence=item.record.id, finding=code),
            view.title,
            undo_labels(view.title, self.request.labels) if standing(decisions) else None,
        )

    def after_verdicts(self, item: ItemView) -> Markup:
        """What was decided on the whole item, and the buttons."""
        record = item.record
        accepted = is_accepted(self.case.decisions, record.id)
        wanting = unusable(record) or any(view.action for view in item.usability_findings)
        return self._made(
            "of_item",
            self._views(on_item(self.case.decisions, record.id)),
            self._fields(item.anchor, evidence=record.id),
            self._next(item),
            UNACCEPT if accepted else ACCEPT_WEAK if self._makes_weak(record) else "",
            is_weak(record) and not asking_codes(record),
            addresses.ask_page(self.case.id, item=record.id) if wanting else "",
            undo_labels(record.file, self.request.labels)
            if seen_whole(self.case.decisions, record.id)
            else None,
        )

    def _next(self, item: ItemView) -> tuple[str, str] | None:
        """Of an item without a match to compare it with: the next one's file, and the address of both side by side."""
        if any(self.request.principal.may_see(match.record.dispute_id) for match in item.matches):
            return None
        other = self.following.get(item.record.id)
        return (other.file, addresses.compare_page(item.record.id, other.id)) if other else None

    def card_finding(self, card: ReviewCard, view: FindingView) -> Markup:
        """The buttons of a finding among what is to review; the answer comes back to the card."""
        decisions = on_finding(self.case.decisions, card.item.id, view.record.code)
        return self._made(
            "of_finding",
            self._views(decisions),
            self._fields(card.anchor, evidence=card.item.id, finding=view.record.code),
            view.title,
            undo_labels(view.title, self.request.labels) if standing(decisions) else None,
        )

    def card_acts(self, card: ReviewCard) -> Markup:
        """What can be decided on the whole item among what is to review, and the way to both pictures side by side."""
        record, seen_one = card.item, is_weak(card.item) and not asking_codes(card.item)
        asks = unusable(record) or any(one.view.action for one in card.findings)
        compared = card.pair.match if card.pair else None
        return self._made(
            "of_card",
            self._fields(card.anchor, evidence=record.id),
            ACCEPT_WEAK if self._makes_weak(record) else "",
            seen_one,
            addresses.ask_page(self.case.id, item=record.id) if asks else "",
            (compared.file, addresses.compare_page(record.id, compared.evidence_id)) if compared else None,
        )

    def _makes_weak(self, record: EvidenceReport) -> bool:
        slots = self.case.report.completeness.slots
        return any(record.id in slot.by and slot.state == "weak" for slot in slots)

    def after_match(self, item: ItemView, match: MatchView) -> Markup:
        """The link to both side by side; of another case only where the principal may see it."""
        if not self.request.principal.may_see(match.record.dispute_id):
            return Markup("")
        return self._made(
            "of_match", addresses.compare_page(item.record.id, match.record.evidence_id), match.record.file
        )

    def after_need(self, view: NeedView) -> Markup:
        """The link for requesting a missing entry of the checklist."""
        slot = view.need.slot
        return (
            self._made("of_need", addresses.ask_page(self.case.id, party=slot.party)) if slot else Markup("")
        )

    def after_side(self, side: PartySide) -> Markup:
        """The link for requesting better evidence from the party."""
        return self._made("of_side", addresses.ask_page(self.case.id, party=side.party), side.party)

    def _views(self, decisions: list[Decision]) -> list[DecisionView]:
        return decision_views(decisions, self.request.labels)

    def _fields(self, anchor: str, **of: str) -> dict[str, str]:
        return {"dispute": self.case.id, "back": self.back, "anchor": anchor, **of}

    def _made(self, macro: str, *values: Any) -> Markup:
        module: Any = environment(self.request.console.language).get_template("decide.html").module
        return Markup(getattr(module, macro)(*values, self.request.principal.may(ACT)))  # noqa: S704 - the template escapes
