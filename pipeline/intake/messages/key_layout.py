"""How a bucket's keys name the dispute, the party and the file: the layout that the operator configures."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from pipeline.intake.messages.fields import checked_text
from storage.objects.keys import KEY_BYTES, TEMPORARY, checked_key
from validators.dispute import BUYER, LISTING, SELLER

DEFAULT_PATTERN = "{dispute}/{party}/{file}"
DEFAULT_TENANT = "default"
REPORT_NAME = "evidence-report/report.json"

_TENANT, _DISPUTE, _PARTY, _FILE = "{tenant}", "{dispute}", "{party}", "{file}"
_BRACE = re.compile(r"[{}]")
_SHOWN = 100


class LayoutError(ValueError):
    """A key or place that does not fit the layout: one plain sentence."""


@dataclass(frozen=True, slots=True)
class Place:
    """What a key names. ``party`` is "buyer", "seller" or None; ``on_listing`` marks an image of the listing.

    ``file`` is the path below the dispute's folder, the party's folder included, as ``evidence check`` names it.
    """

    tenant: str
    dispute_id: str
    party: str | None
    on_listing: bool
    file: str


@dataclass(frozen=True, slots=True)
class KeyLayout:
    """A parsed pattern. ``folder`` leads to a dispute's folder, ``below`` is what stands between it and the party or file."""

    pattern: str
    folder: tuple[str, ...]
    below: tuple[str, ...]
    has_party: bool

    @classmethod
    def parse(cls, pattern: str) -> KeyLayout:
        """Parse a pattern such as "{tenant}/cases/{dispute}/{party}/{file}".

        Every segment is one field or a name. {dispute} and {file} are required, {file} is the last and {party}
        stands before it; {tenant} comes before {dispute}. Raises ValueError with one sentence.
        """
        segments = pattern.split("/")
        for segment in segments:
            _check_segment(segment, pattern)
        fields = [segment for segment in segments if segment.startswith("{")]
        orders = ([_DISPUTE, _FILE], [_DISPUTE, _PARTY, _FILE])
        if fields[fields[:1] == [_TENANT] :] not in orders or segments[-1] != _FILE:
            raise ValueError(
                f"The key layout {pattern!r} must have {{tenant}} (if any), {{dispute}}, {{party}} (if any) and "
                f"{{file}} once each, in this order, with {{file}} at the end, like {DEFAULT_PATTERN!r}."
            )
        has_party = _PARTY in fields
        if has_party and segments[-2] != _PARTY:
            raise ValueError(f"The key layout {pattern!r} must have {{party}} directly before {{file}}.")
        end = segments.index(_DISPUTE) + 1
        return cls(pattern, tuple(segments[:end]), tuple(segments[end : -2 if has_party else -1]), has_party)

    def place(self, key: str) -> Place:
        """The place that ``key`` names; raises LayoutError where it does not fit.

        A segment buyer, seller or listing (any case) with a file below it is the party's; anything else belongs
        to the file. A layout without {tenant} means the tenant "default".
        """
        tenant, dispute_id, file = self._split(key)
        party = self._party_segment(file)
        return Place(
            tenant=tenant,
            dispute_id=dispute_id,
            party=party if party in (BUYER, SELLER) else None,
            on_listing=party == LISTING,
            file=file,
        )

    def key(self, place: Place) -> str:
        """The key that names ``place``; raises LayoutError where none does."""
        key = self._joined(place.tenant, place.dispute_id, place.file)
        if self.place(key) != place:
            raise LayoutError(f"No key of the layout {self.pattern} can name the file {_shown(place.file)}.")
        return key

    def report_key(self, tenant: str, dispute_id: str) -> str:
        """Where the dispute's report is written, beside its evidence; raises LayoutError where no key names it:
        an id of more than 255 bytes when encoded, or another tenant than "default" without {tenant}."""
        return self._joined(tenant, dispute_id, REPORT_NAME)

    def is_report(self, key: str) -> bool:
        """Whether ``key`` is where a dispute's report is written: no evidence, though it lies in the bucket."""
        try:
            return self._split(key, below=())[2] == REPORT_NAME
        except LayoutError:
            return False

    def _split(self, key: str, below: tuple[str, ...] | None = None) -> tuple[str, str, str]:
        """Tenant, dispute id and the path below the dispute's folder, which begins with ``below``."""
        _check_text(key)
        below = self.below if below is None else below
        segments = key.split("/", len(self.folder))
        head, rest = segments[: len(self.folder)], segments[len(self.folder) :]
        if not rest or not all(map(_fits, self.folder, head)):
            raise LayoutError(f"The key {_shown(key)} does not follow the layout {self.pattern}.")
        start = "".join(f"{segment}/" for segment in below)
        if not rest[0].startswith(start) or rest[0] == start:
            raise LayoutError(f"The key {_shown(key)} does not follow the layout {self.pattern}.")
        if rest[0].endswith("/"):
            raise LayoutError(f"The key {_shown(key)} names a folder, not a file.")
        named = {field: _decoded(segment) for field, segment in zip(self.folder, head, strict=True)}
        return named.get(_TENANT, DEFAULT_TENANT), named[_DISPUTE], rest[0]

    def _party_segment(self, file: str) -> str | None:
        segments = file.split("/")[len(self.below) :]
        if not self.has_party or len(segments) < 2:
            return None
        name = segments[0].lower()
        return name if name in (BUYER, SELLER, LISTING) else None

    def _joined(self, tenant: str, dispute_id: str, rest: str) -> str:
        if _TENANT not in self.folder and tenant != DEFAULT_TENANT:
            raise LayoutError(
                f"The key layout {self.pattern} has no {{tenant}}, so it has no place for the tenant {_shown(tenant)}."
            )
        _check_text(rest)
        values = {_TENANT: tenant, _DISPUTE: dispute_id}
        key = "/".join([*(_encoded(values[part]) if part in values else part for part in self.folder), rest])
        if len(key.encode()) > KEY_BYTES:
            raise LayoutError(f"The key {_shown(key)} would have more than {KEY_BYTES} bytes.")
        return key


def _check_segment(segment: str, pattern: str) -> None:
    if segment in (_TENANT, _DISPUTE, _PARTY, _FILE):
        return
    if _BRACE.search(segment):
        raise ValueError(
            f"The key layout {pattern!r} has the segment {segment!r}: a field is a segment of its own, one of "
            "{tenant}, {dispute}, {party} and {file}."
        )
    try:
        checked_key(segment)
    except ValueError as error:
        raise ValueError(
            f"The key layout {pattern!r} has the segment {segment!r}, which no key can have."
        ) from error


def _fits(part: str, segment: str) -> bool:
    return bool(segment) if part in (_TENANT, _DISPUTE) else part == segment


def _encoded(name: str) -> str:
    """``name`` as one segment of a key, with what no segment can hold percent-encoded; raises LayoutError."""
    _check_text(name)
    text = "".join(char if char.isprintable() and char not in "%/\\" else _escaped(char) for char in name)
    if text in (".", "..") or text.startswith(TEMPORARY):
        text = _escaped(".") + text[1:]
    try:
        return checked_key(text)
    except ValueError as error:
        raise LayoutError(
            f"The name {_shown(name)} is empty or too long for one segment of a key."
        ) from error


def _escaped(char: str) -> str:
    return "".join(f"%{byte:02X}" for byte in char.encode())


def _decoded(segment: str) -> str:
    """The name that ``segment`` holds; the segment itself where it is not percent-encoded."""
    try:
        name = unquote(segment, errors="strict")
    except UnicodeDecodeError:
        name = segment
    _encoded(name)  # a dispute's name must fit a key again: its report gets one
    return name


def _check_text(text: str) -> None:
    try:
        checked_text(text)
    except ValueError as error:
        raise LayoutError(f"The text {_shown(text)} cannot be part of a key: {error}.") from error


def _shown(text: str) -> str:
    cut = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    return repr(cut.encode("utf-8", "backslashreplace").decode())
