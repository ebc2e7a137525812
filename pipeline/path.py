"""THE path of one item, receipt to report: the worker walks it at once, the batch half by half."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.intake.receive import ReceiveError, receive_upload
from pipeline.intake.upload import Claims, Upload
from pipeline.opening.host.store_opened import keep, keep_original
from pipeline.setup.context import Context
from pipeline.setup.opened import MEASURES_VERSION, Opened
from storage.interfaces.examinations import Examination
from storage.interfaces.matches import Pair
from storage.interfaces.record import Record
from validators.evidence import VIDEO, Evidence, Measurements, Problem

OUR_FAULTS = ("tool_missing", "internal")
"""Problems of ours: an examination that met one is made again."""


@dataclass(frozen=True, slots=True)
class Examined:
    """An upload whose bytes are known: its record, and what was measured, unless that is known or under way.

    ``resumed`` is True where an earlier run measured it.
    """

    evidence: Evidence
    examination: Examination | None
    resumed: bool = False


def examine(
    upload: Upload, context: Context, claims: Claims | None = None, deadline: float = math.inf
) -> Examined:
    """Receive, open and measure in the jail until ``deadline``, keep.

    Bytes examined before, or claimed in this run, are not opened again.
    """
    try:
        received = receive_upload(upload, context.incoming, context.uploads)
    except ReceiveError as error:
        evidence = upload.evidence("", 0)
        untouched = Measurements(MEASURES_VERSION, "", problems=(Problem(error.code, error.detail),))
        return Examined(
            evidence, keep(evidence.content_key, 0, Opened(untouched), context.tool.jail, context.objects)
        )
    try:
        evidence = upload.evidence(received.sha256, received.bytes)
        if context.keep_originals:
            keep_original(received.sha256, received.path, context.objects)
        if claims is not None and not claims.claim(upload.tenant, received.sha256):
            return Examined(evidence, None)
        if is_known(evidence, context):
            return Examined(evidence, None, resumed=True)
        opened = context.opener.open(received.path, deadline)
        return Examined(
            evidence, keep(received.sha256, received.bytes, opened, context.tool.jail, context.objects)
        )
    finally:
        received.path.unlink()


def is_known(evidence: Evidence, context: Context) -> bool:
    """Whether these bytes were measured before, by this version, without a fault of ours."""
    with context.database.reading() as records:
        key = evidence.tenant, evidence.sha256, MEASURES_VERSION
        if not records.is_examined(*key, OUR_FAULTS):
            return False
        readers = context.opener.readers
        if not readers and not context.opener.previews:
            return True
        examination = records.examination(*key)
        return _is_read(examination, readers) and (not context.opener.previews or _is_played(examination))


def _is_played(examination: Examination | None) -> bool:
    """Whether a video that can be seen has a clip to play."""
    if examination is None or examination.measurements.kind != VIDEO or not examination.measurements.pages:
        return True
    return any(stored.kind == "clip" for stored in examination.derivatives)


def _is_read(examination: Examination | None, readers: Sequence[str]) -> bool:
    """Whether every reader has looked, where there is a picture to look at; of a video none does."""
    if examination is None:
        return True
    measured = examination.measurements
    nothing_to_read = measured.kind == VIDEO or (measured.image is None and not measured.pages)
    return nothing_to_read or set(readers) <= set(measured.readers)


def compare(evidence: Evidence, examination: Examination, records: Record, context: Context) -> set[str]:
    """Look for items like this one, which is remembered already; returns the disputes that a new pair touches."""
    return note_pairs(evidence.tenant, look(evidence, examination, records, context), records)


def look(evidence: Evidence, examination: Examination, records: Record, context: Context) -> list[Pair]:
    """The items like this one, as pairs; nothing is written."""
    from pipeline.reuse.search import find  # noqa: PLC0415 - OpenCV, which waits until something is compared

    return find(evidence, examination, records, context.policy, context.objects) if evidence.sha256 else []


def note_pairs(tenant: str, pairs: list[Pair], records: Record) -> set[str]:
    """Put pairs on the record; returns the disputes that a new one touches."""
    from pipeline.reuse.search import store  # noqa: PLC0415 - see look

    ends = {end for pair in store(tenant, pairs, records) for end in (pair.first, pair.second)}
    return {item.dispute_id for item in records.evidence(tenant, ends)} if ends else set()
