"""The addresses of the console's pages. Ids are written as in report.json, then percent-encoded."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from validators.report import DerivativeRecord, EvidenceReport
from validators.safe_text import escape_surrogates


def _part(text: str) -> str:
    return quote(escape_surrogates(text), safe="")


def case_page(dispute_id: str) -> str:
    """The case."""
    return f"/case/{_part(dispute_id)}"


def item_page(evidence_id: str) -> str:
    """One item."""
    return f"/item/{_part(evidence_id)}"


def compare_page(first: str, second: str) -> str:
    """Any two items side by side."""
    return f"/compare?{urlencode({'a': escape_surrogates(first), 'b': escape_surrogates(second)})}"


def ask_page(dispute_id: str, *, party: str = "", item: str = "") -> str:
    """The page with the text that asks a party, or the sender of one item, for better evidence."""
    chosen = {name: escape_surrogates(value) for name, value in (("party", party), ("item", item)) if value}
    return f"/ask/{_part(dispute_id)}?{urlencode(chosen)}"


def export(dispute_id: str, form: str) -> str:
    """A file of the case: json, csv or zip; buyer or seller: the copy that may go to that party."""
    return f"/export/{_part(dispute_id)}?as={form}"


def media(evidence_id: str, sha256: str) -> str:
    """A picture that we made of an item, by its SHA-256."""
    return f"/media/{_part(evidence_id)}/{sha256}"


def cover(dispute_id: str) -> str:
    """The small picture of a case."""
    return f"/cover/{_part(dispute_id)}"


def comparison(first: str, second: str) -> str:
    """The comparison picture of a match."""
    return f"/comparison/{_part(first)}/{_part(second)}"


def layer(first: str, second: str, name: str) -> str:
    """One layer of a match, for the overlay."""
    return f"/layer/{_part(first)}/{_part(second)}/{name}"


def original(evidence_id: str) -> str:
    """The original as an attachment, where the store keeps originals."""
    return f"/original/{_part(evidence_id)}"


def picture_address(item: EvidenceReport, derivative: DerivativeRecord) -> str | None:
    """Where the console serves a picture of an item."""
    return media(item.id, derivative.sha256)
