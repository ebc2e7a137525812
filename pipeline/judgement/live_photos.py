"""Finds Live Photos among a dispute's items: a still and a film of the same moment, which are one entry of the report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.setup.opened import MEASURES_VERSION
from storage.interfaces.examinations import Examinations
from validators.evidence import VIDEO, Evidence, Measurements
from validators.report import ExposureFile

_LONGEST_S = 6.0  # a phone films about 3 s
_BATCH = 500
_FILM_ENDINGS = (".mov", ".mp4")


def films_of_stills(
    items: Sequence[Evidence], tenant: str, records: Examinations
) -> dict[str, tuple[Evidence, ExposureFile]]:
    """By the id of the still, the film that belongs to it: both state one content identifier, and one party sent both."""
    if not any(item.file.lower().endswith(_FILM_ENDINGS) for item in items):
        return {}
    stills: dict[tuple[str, ...], Evidence] = {}
    films: dict[tuple[str, ...], list[tuple[Evidence, ExposureFile]]] = {}
    for item, measured in _measured(items, tenant, records):
        identifier = measured.metadata.get("ContentIdentifier", "").upper()
        key = (identifier, item.declared.party or "", item.parent or "")
        if identifier and measured.image is not None:
            stills.setdefault(key, item)
        elif identifier and _is_film(item, measured):
            films.setdefault(key, []).append((item, _file_of(item, measured)))
    return {stills[key].id: found[0] for key, found in films.items() if key in stills and len(found) == 1}


def without(items: Sequence[Evidence], films: dict[str, tuple[Evidence, ExposureFile]]) -> list[Evidence]:
    """The items that have an entry of their own."""
    folded = {film.id for film, _ in films.values()}
    return [item for item in items if item.id not in folded]


def _measured(
    items: Sequence[Evidence], tenant: str, records: Examinations
) -> Iterator[tuple[Evidence, Measurements]]:
    for start in range(0, len(items), _BATCH):
        part = items[start : start + _BATCH]
        found = records.examinations(tenant, {item.content_key for item in part}, MEASURES_VERSION)
        yield from ((one, found[one.content_key].measurements) for one in part if one.content_key in found)


def _is_film(item: Evidence, measured: Measurements) -> bool:
    """Whether it may be the film of a still. One that was declared for a role of its own was sent for itself."""
    facts = measured.video
    short = facts is not None and (facts.duration_s or 0.0) <= _LONGEST_S
    return measured.kind == VIDEO and short and not item.declared.roles


def _file_of(item: Evidence, measured: Measurements) -> ExposureFile:
    length = measured.video.duration_s if measured.video else None
    return ExposureFile(item.id, item.file, item.sha256, item.bytes, measured.detected_type, length)
