"""What people read for the codes of the contract, with the mark and tone that go with it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, NamedTuple

from validators.report import (
    NEEDS_RESUBMISSION,
    NOT_CHECKED,
    PROCESSING_FAILED,
    UNREADABLE,
    USABLE,
    USABLE_WITH_WARNINGS,
    NumberAnswer,
    Segment,
    Transform,
)
from validators.sentences.sentences import Sentences, capitalize
from validators.sentences.sentences import plain as words_of

if TYPE_CHECKING:
    from validators.sentences.formats import Formats


class Label(NamedTuple):
    """A verdict in words. ``mark`` is a symbol that reads without colour; ``tone`` names its style."""

    mark: str
    tone: str
    words: str
    short: str


GOOD, LOOK, WARN, BAD, CALM = "good", "look", "warn", "bad", "calm"
MARKS = {GOOD: "✓", LOOK: "?", WARN: "!", BAD: "✕", CALM: "–"}

_STATES = {
    USABLE: ("✓", GOOD),
    USABLE_WITH_WARNINGS: ("!", WARN),
    NOT_CHECKED: ("–", CALM),
    NEEDS_RESUBMISSION: ("✕", BAD),
    UNREADABLE: ("✕", BAD),
    PROCESSING_FAILED: ("✕", BAD),
}
_SLOTS = {"filled": ("✓", GOOD), "weak": ("◐", WARN), "missing": ("○", BAD)}
_NEEDS = {"review": ("?", LOOK), "again": ("✕", BAD), "missing": ("○", BAD), "differs": ("◐", WARN)}
_CONSISTENCY = ("TIM_", "DUP_", "LST_", "TXT_", "CMP_", "PII_", "PRV_")
_EDIT_CONTAINERS = ("screenshot", "collage", "border", "screen")


class Labels:
    """Labels in the language of ``sentences``, as they stand alone: with a capital where a sentence has none."""

    def __init__(self, sentences: Sentences) -> None:
        self.sentences = sentences

    @property
    def formats(self) -> Formats:
        """How the language writes numbers and times."""
        return self.sentences.formats

    def text(self, msgid: str, /, **params: Any) -> str:
        """A message with its fields filled."""
        return self.sentences.text(msgid, **params)

    def state(self, code: str) -> Label:
        """The state of an item; a state that this version does not know reads as its code."""
        mark, tone = _STATES.get(code, ("✕", BAD))
        msgid = f"labels.state.{code}"
        if not self.sentences.has(msgid):
            return Label(mark, tone, words_of(code), words_of(code))
        return Label(mark, tone, self.sentences.text(msgid), self.sentences.text(f"{msgid}.short"))

    def slot(self, state: str) -> Label:
        """The state of a slot."""
        mark, tone = _SLOTS.get(state, ("?", LOOK))
        short = self.sentences.label("slot", state)
        return Label(mark, tone, capitalize(short), short)

    def heading(self, kind: str, code: str) -> str:
        """The label of a code where it stands alone."""
        return self.sentences.heading(kind, code)

    def party(self, name: str | None) -> str:
        """ "Buyer", "Seller", or that nobody said."""
        return self.sentences.heading("party", name or "none")

    def reason(self, name: str | None, sub_reason: str | None) -> str:
        """ "Not as described · Damaged"; empty where none is given."""
        parts = (("reason", name), ("sub_reason", sub_reason))
        return " · ".join(self.sentences.heading(kind, code) for kind, code in parts if code)

    def title(self, code: str) -> str:
        """What a finding is called."""
        return self.sentences.heading("title", code)

    def number_answer(self, told: NumberAnswer) -> str:
        """What reading a number of the dispute on an item came to."""
        from_source = f"labels.number_answer.from_{told.source}"
        if told.answer == "cannot_read" or not self.sentences.has(from_source):
            return self.sentences.label("number_answer", told.answer)
        return self.sentences.text(from_source, answer=told.answer)

    def need(self, kind: str, short: str = "") -> Label:
        """What a mediator is to do about an item or a slot; ``short`` in place of the label's own words."""
        mark, tone = _NEEDS[kind]
        return Label(mark, tone, short or self.sentences.label("need", kind), kind)

    def missing_slot(self, due: str) -> str:
        """What is said of a required slot that nothing fills: "overdue", "open" or "undated"."""
        return self.sentences.text(f"labels.missing.{due}")

    def segment(self, one: Segment) -> str:
        """ "0:12–0:40 there is 0:00–0:28 here"."""
        return self.sentences.text("labels.segment", **asdict(one))

    def transform(self, edit: Transform) -> str:
        """The recovered edit in words, empty where there is none. ``crop`` reads as the share that is left."""
        params = {"rotation_deg": edit.rotation_deg, "scale": edit.scale, "crop": edit.crop}
        found = [self.sentences.text(f"labels.edit.{one}", **params) for one in edits_of(edit)]
        return self.sentences.formats.list(found) if found else ""


def edits_of(edit: Transform) -> list[str]:
    """The codes of what was done to a picture."""
    scaled = edit.scale is not None and abs(edit.scale - 1) >= 0.005
    cropped = edit.crop is not None and edit.crop < 0.995
    told = {
        "mirrored": edit.mirrored,
        "rotated": bool(edit.rotation_deg),
        "scaled": scaled,
        "cropped": cropped,
    }
    found = [name for name, there in told.items() if there]
    return [*found, edit.container] if edit.container in _EDIT_CONTAINERS else found


def is_consistency(code: str) -> bool:
    """Whether the finding speaks of fitting the record; else it speaks of being readable."""
    return code.startswith(_CONSISTENCY)
