"""Verifies a C2PA manifest offline, and reduces what it says to a few plain values.

If a manifest ends the child, the file is opened again without it (``pipeline/opening/host/opener.py``). Nothing is fetched,
neither manifests nor certificates nor their revocation. Pictures and places in a manifest are not looked at.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import c2pa

from validators.evidence import TimeCandidate
from validators.measures.metadata.origin_statements import source_type_term
from validators.measures.metadata.timestamps import candidate, parse_iso
from validators.stated_origin import (
    INVALID,
    SOURCE_TYPE,
    TRUSTED,
    UNREADABLE,
    VALID,
    OriginStatement,
    SignedAction,
    SignedIngredient,
    SignedOrigin,
)

_TRUST_LIST = Path(__file__).with_name("trust") / "c2pa.pem"
_SAMPLE = Path(__file__).with_name("trust") / "signed_sample.jpg"
_PURPOSES = (
    "1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.36", "1.3.6.1.5.5.7.3.8", "1.3.6.1.4.1.311.76.59.1.9", "1.3.6.1.4.1.62558.2.1",
)  # fmt: skip
"""What certificates of signers and of time stamps are for: e-mail, documents, time stamps, Microsoft's and C2PA's own."""
_DATE = re.compile(r"\b20\d\d-\d\d-\d\d\b")
_MAX_TEXT = 200
_MAX_ACTIONS = 60
_MAX_INGREDIENTS = 40
_MAX_PARENTS = 20
_CREATED, _OPENED = "c2pa.created", "c2pa.opened"
_CAPTURES = {"digitalCapture", "computationalCapture"}
_MIME = {"video/quicktime": "video/quicktime", "video/x-msvideo": "video/avi"}

_settings: dict[str, Any] = {}


def warm_up(trust_list: str = "") -> None:
    """Read the certificates that are trusted, and verify a file of ours once: what a library sets up late is then set up."""
    anchors = Path(trust_list or _TRUST_LIST).read_text("utf-8")
    _settings.update(
        verify={"verify_trust": True, "remote_manifest_fetch": False, "ocsp_fetch": False},
        trust={"trust_anchors": anchors, "trust_config": "\n".join(_PURPOSES)},
    )
    with _SAMPLE.open("rb") as sample, mmap.mmap(sample.fileno(), 0, prot=mmap.PROT_READ) as data:
        _verified(data, "image/jpeg")


def is_ready() -> bool:
    """Whether ``warm_up`` was called."""
    return bool(_settings)


def trust_list_name() -> str:
    """The date of the list of trusted certificates, or the beginning of its hash where it has none."""
    anchors: str = _settings["trust"]["trust_anchors"]
    dated = _DATE.search(anchors[:_MAX_TEXT])
    return dated[0] if dated else hashlib.sha256(anchors.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class ManifestReading:
    """A manifest, what it states about how the file was made, and when the file was taken."""

    signed: SignedOrigin
    statements: tuple[OriginStatement, ...] = ()
    times: tuple[TimeCandidate, ...] = ()


def read_manifest(data: mmap.mmap, mime: str) -> ManifestReading:
    """The manifest of a file that has one. "unreadable" if it is malformed, or of a kind that the library does not know."""
    try:
        report = _verified(data, mime)
    except (
        c2pa.C2paError,
        ValueError,
        RecursionError,
    ):  # the last two: a report that is no JSON, or nested too deeply
        return ManifestReading(SignedOrigin(UNREADABLE))
    return reduced(report)


def reduced(report: Mapping[str, Any]) -> ManifestReading:
    """What a library's report says. Its values come from the file: nothing is taken for granted of their types."""
    whole = _Whole.of(report)
    signed = whole.signed()
    return ManifestReading(signed, tuple(whole.statements()), tuple(whole.times(signed)))


def _verified(data: mmap.mmap, mime: str) -> dict[str, Any]:
    data.seek(0)
    with (
        c2pa.Context.from_dict(_settings) as context,
        c2pa.Reader(_MIME.get(mime, mime), data, context=context) as reader,
    ):
        found: dict[str, Any] = json.loads(reader.json())
    return found


@dataclass(frozen=True, slots=True)
class _Whole:
    """A library's report: the manifests by label, and the line from the file's own back to the first."""

    report: Mapping[str, Any]
    line: tuple[Mapping[str, Any], ...]

    @staticmethod
    def of(report: Mapping[str, Any]) -> _Whole:
        manifests = _mapping(report.get("manifests"))
        line: list[Mapping[str, Any]] = []
        label = report.get("active_manifest")
        while isinstance(label, str) and label in manifests and len(line) < _MAX_PARENTS:
            manifest = _mapping(manifests[label])
            if any(manifest is one for one in line):
                break  # a circle
            line.append(manifest)
            parent = _parent(manifest)
            label = parent.get("active_manifest") if parent else None
        return _Whole(report, tuple(line))

    @property
    def own(self) -> Mapping[str, Any]:
        """The file's own manifest."""
        return self.line[0] if self.line else {}

    def signed(self) -> SignedOrigin:
        """The verdict, the signer and the history."""
        state = {"Trusted": TRUSTED, "Valid": VALID, "Invalid": INVALID}
        signature = _mapping(self.own.get("signature_info"))
        signer = [_text(signature.get(name)) for name in ("issuer", "common_name")]
        actions = [action for one in reversed(self.line) for action in _actions(one)]
        return SignedOrigin(
            state=state.get(str(self.report.get("validation_state")), UNREADABLE),
            signer=" / ".join(dict.fromkeys(filter(None, signer))),
            signed_at=_moment(_text(signature.get("time"))),
            codes=tuple(dict.fromkeys(self._codes()))[:_MAX_INGREDIENTS],
            actions=tuple(actions[:_MAX_ACTIONS]),
            ingredients=tuple(self._ingredients()),
        )

    def _codes(self) -> Iterator[str]:
        results = _mapping(_mapping(self.report.get("validation_results")).get("activeManifest"))
        for one in _rows(results.get("failure")):
            yield _text(one.get("code"))

    def _ingredients(self) -> Iterator[SignedIngredient]:
        manifests = _mapping(self.report.get("manifests"))
        for one in _rows(self.own.get("ingredients"))[:_MAX_INGREDIENTS]:
            made = _mapping(manifests.get(str(one.get("active_manifest"))))
            yield SignedIngredient(_text(one.get("title")), _text(one.get("relationship")), _generator(made))

    def statements(self) -> Iterator[OriginStatement]:
        """The source types that the line states: of the creation, of edits, and of what was put in."""
        for manifest in reversed(self.line):
            for action in _actions(manifest):
                if action.source_type:
                    place = "created" if action.action == _CREATED else "edited"
                    yield OriginStatement(f"c2pa:{place}", SOURCE_TYPE, action.source_type, action.tool)
        manifests = _mapping(self.report.get("manifests"))
        followed = {id(one) for one in self.line}
        for manifest in map(_mapping, list(manifests.values())[:_MAX_INGREDIENTS]):
            if id(manifest) not in followed:
                for action in _actions(manifest):
                    if action.source_type and action.action == _CREATED:
                        yield OriginStatement("c2pa:ingredient", SOURCE_TYPE, action.source_type, action.tool)

    def times(self, signed: SignedOrigin) -> Iterator[TimeCandidate]:
        """The moment of capture, by a camera that is trusted, and not after the signature."""
        if signed.state != TRUSTED or not any(
            one.action == _CREATED and one.source_type in _CAPTURES for one in _actions(self.own)
        ):
            return
        for source, value in self._stated_times():
            found = candidate(source, value, parse_iso(value), "captured")
            if found is None:
                continue
            if signed.signed_at is not None and found.latest > signed.signed_at:
                found = replace(found, latest=signed.signed_at)
            if found.earliest <= found.latest:
                yield found
                return

    def _stated_times(self) -> Iterator[tuple[str, str]]:
        for one in _rows(self.own.get("assertions")):
            data = _mapping(one.get("data"))
            if str(one.get("label")).startswith(("stds.exif", "c2pa.metadata", "cawg.metadata")):
                yield "c2pa:DateTimeOriginal", _iso(_text(data.get("exif:DateTimeOriginal")))
        for action in _actions(self.own):
            if action.action == _CREATED:
                yield "c2pa:created", action.at


def _moment(value: str) -> datetime | None:
    """The time of a trusted time stamp, None where there is none or it has no zone."""
    found = candidate("c2pa:signed", value, parse_iso(value), "captured")
    return found.earliest if found is not None and found.zone_known else None


def _iso(value: str) -> str:
    """EXIF's "2026:03:09 10:15:22" as ISO 8601."""
    day, _, clock = value.partition(" ")
    return f"{day.replace(':', '-')}T{clock}" if clock and day.count(":") == 2 else value


def _actions(manifest: Mapping[str, Any]) -> Iterator[SignedAction]:
    for assertion in _rows(manifest.get("assertions")):
        if not str(assertion.get("label")).startswith("c2pa.actions"):
            continue
        for one in _rows(_mapping(assertion.get("data")).get("actions"))[:_MAX_ACTIONS]:
            agent = one.get("softwareAgent")
            tool = _text(agent) or _text(_mapping(agent).get("name")) or _generator(manifest)
            term = source_type_term(_text(one.get("digitalSourceType")))
            yield SignedAction(_text(one.get("action")), tool, term, _text(one.get("when")))


def _parent(manifest: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """The file that was opened to make this one: by its relationship, or as older editors wrote it, by the action."""
    ingredients = _rows(manifest.get("ingredients"))
    for one in ingredients:
        if one.get("relationship") == "parentOf":
            return one
    opened = {
        _text(_mapping(action.get("parameters")).get(name))
        for assertion in _rows(manifest.get("assertions"))
        for action in _rows(_mapping(assertion.get("data")).get("actions"))
        if action.get("action") == _OPENED
        for name in ("instanceId", "org.cai.ingredientIds")
    } - {""}
    return next((one for one in ingredients if one.get("instance_id") in opened), None)


def _generator(manifest: Mapping[str, Any]) -> str:
    """The program that signed, by its name where it gives one."""
    named = next(iter(_rows(manifest.get("claim_generator_info"))), {})
    name, version = _text(named.get("name")), _text(named.get("version"))
    first = _text(manifest.get("claim_generator")).partition(" ")[0].replace("/", " ").replace("_", " ")
    return f"{name} {version}".strip() if name else first


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _rows(value: Any) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _text(value: Any) -> str:
    return value[:_MAX_TEXT] if isinstance(value, str) else ""
