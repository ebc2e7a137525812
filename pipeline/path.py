"""The path of one item: receive, open, keep, remember, look. Its dispute is judged after it (pipeline/judgement).

``examine`` receives an upload, opens and measures it in the jail and keeps what comparing needs. ``record`` puts what was
measured on the record, and ``items_of`` are then the items that came of it. ``remember`` makes them findable, which is
committed before ``look`` searches: of two twins at least one then sees the other. ``note`` stores the pairs that were found.

The worker walks it for one upload, a transaction a step. The batch takes all its uploads through each step.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from pipeline.intake.member import member_item
from pipeline.intake.receive import ReceiveError, receive_upload
from pipeline.intake.upload import BytesInWork, Upload
from pipeline.opening.host.derivative_store import keep, keep_original
from pipeline.opening.limits import limits_of
from pipeline.setup.context import Context
from pipeline.setup.opened import MEASURES_VERSION, MEMBERS_LEFT, NOT_MEASURED_AGAIN, Opened
from storage.interfaces.evidence import EvidenceItems
from storage.interfaces.examinations import Examination, Examinations
from storage.interfaces.matches import Matches, Pair
from storage.interfaces.record import Record
from validators.before_judging import LimitRules
from validators.evidence import VIDEO, Evidence, Measurements, MemberFacts, Problem

CONTENT_FAULTS = ("crashed", "time_limit", "memory_limit", "output_limit")
"""Problems by which the content ended the child. The second time, it is what was measured."""
OUR_FAULTS = ("tool_missing", "internal")
"""Problems that are our own fault: an examination with one is made again."""


@dataclass(frozen=True, slots=True)
class Item:
    """An item with what was measured of its bytes."""

    evidence: Evidence
    examination: Examination


class NotingRecords(EvidenceItems, Matches, Protocol):
    """Items, and the pairs they stand in."""


@dataclass(frozen=True, slots=True)
class Examined:
    """An upload whose bytes are known: its record, and what was measured, unless that is known or under way.

    ``resumed`` is True where an earlier run measured it.
    """

    evidence: Evidence
    examination: Examination | None
    resumed: bool = False


def examine(
    upload: Upload, context: Context, claims: BytesInWork | None = None, deadline: float = math.inf
) -> list[Examined]:
    """Receive, open and measure in the jail until ``deadline``, keep: the upload, then every file found inside it.

    Bytes examined before, or claimed in this run, are not opened again: what was found inside them then is left to
    ``items_of``.
    """
    most = limits_of(context.policy).file_bytes
    try:
        received = receive_upload(upload, context.incoming, context.uploads, most)
    except ReceiveError as error:
        evidence = upload.evidence("", error.bytes)
        problem = Problem(error.code, error.detail)
        if error.code == "too_large":
            problem = replace(problem, actual=float(error.bytes), limit=float(most), unit="bytes")
        untouched = Measurements(MEASURES_VERSION, "", problems=(problem,))
        return [
            Examined(
                evidence, keep(evidence.content_key, 0, Opened(untouched), context.tool.jail, context.objects)
            )
        ]
    try:
        evidence = upload.evidence(received.sha256, received.bytes)
        if claims is not None and not claims.claim(upload.tenant, received.sha256):
            if context.keep_originals:
                keep_original(received.sha256, received.path, context.objects)
            return [Examined(evidence, None)]
        most = context.policy.group(LimitRules).members.value
        return _examine_bytes(evidence, received.path, context, deadline, _Inside(most))
    finally:
        received.path.unlink()


def examine_again(item: Evidence, path: Path, context: Context, deadline: float = math.inf) -> list[Examined]:
    """The same for an item that is on the record, whose bytes lie at ``path``, in a private folder."""
    most = context.policy.group(LimitRules).members.value
    return _examine_bytes(item, path, context, deadline, _Inside(most))


@dataclass(slots=True)
class _Inside:
    """The inside of one upload, nested archives included: how many files may still be taken out, and what was examined."""

    left: int
    examined: dict[str, Examination] = field(default_factory=dict)


def _examine_bytes(
    evidence: Evidence, path: Path, context: Context, deadline: float, inside: _Inside, depth: int = 0
) -> list[Examined]:
    """The bytes of ``evidence`` lie at ``path``, in a private folder. ``depth`` counts the files that it lies in."""
    if context.keep_originals:
        keep_original(evidence.sha256, path, context.objects)
    twin = inside.examined.get(evidence.sha256)
    if twin is not None and not twin.measurements.members:
        return [Examined(evidence, twin)]
    opens_members = depth < context.policy.group(LimitRules).member_depth.value and inside.left > 0
    if is_known(evidence, context, with_members=opens_members):
        return [Examined(evidence, None, resumed=True)]
    opened = context.opener.open(path, deadline, members=inside.left if opens_members else 0)
    try:
        inside.left -= len(opened.members)
        found: list[Examined] = []
        for member in opened.members:
            item = member_item(evidence, MemberFacts(member.path, member.sha256, member.bytes))
            found += _examine_bytes(item, member.file, context, deadline, inside, depth + 1)
        if any(_has_our_fault(one.examination) for one in found):
            measured = opened.measurements
            marked = replace(measured, problems=(*measured.problems, Problem(MEMBERS_LEFT)))
            opened = replace(opened, measurements=marked)
        own = keep(evidence.sha256, evidence.bytes, opened, context.tool.jail, context.objects)
        inside.examined[evidence.sha256] = own
        return [Examined(evidence, own), *found]
    finally:
        opened.discard()


def content_fault(examined: Examined) -> Problem | None:
    """The problem by which the content ended its child."""
    if examined.examination is None:
        return None
    return examined.examination.measurements.problem(*CONTENT_FAULTS)


def with_attempts(examined: Examined, attempts: int) -> Examined:
    """The examination with the number of attempts that its crash ended."""
    examination = examined.examination
    if examination is None:
        return examined
    problems = tuple(
        replace(problem, actual=float(attempts), unit="attempts") if problem.code == "crashed" else problem
        for problem in examination.measurements.problems
    )
    measurements = replace(examination.measurements, problems=problems)
    return replace(examined, examination=replace(examination, measurements=measurements))


def _has_our_fault(examination: Examination | None) -> bool:
    return examination is not None and examination.measurements.problem(*OUR_FAULTS) is not None


def is_known(evidence: Evidence, context: Context, *, with_members: bool = True) -> bool:
    """Whether these bytes were measured before, by this version, without a fault of ours.

    ``with_members``: and every file inside them, where those can be opened now.
    """
    faults = (*OUR_FAULTS, MEMBERS_LEFT) if with_members else OUR_FAULTS
    with context.database.reading() as records:
        key = evidence.tenant, evidence.sha256, MEASURES_VERSION
        if not records.is_examined(*key, faults):
            return False
        readers = context.opener.readers
        if not readers and not context.opener.previews:
            return True
        examination = records.examination(*key)
        if not _is_read(examination, readers) or (context.opener.previews and not _is_played(examination)):
            return False
    return examination is None or all(
        is_known(member_item(evidence, one), context, with_members=with_members)
        for one in examination.measurements.members
    )


def _is_played(examination: Examination | None) -> bool:
    """Whether a video that can be seen has a clip to play."""
    if examination is None or examination.measurements.kind != VIDEO or not examination.measurements.pages:
        return True
    return any(stored.kind == "clip" for stored in examination.derivatives)


def _is_read(examination: Examination | None, readers: Sequence[str]) -> bool:
    """Whether every reader has run, if there is a picture to read. Readers do not run on videos."""
    if examination is None:
        return True
    measured = examination.measurements
    nothing_to_read = measured.kind == VIDEO or (measured.image is None and not measured.pages)
    return nothing_to_read or set(readers) <= set(measured.readers)


def record(examined: Iterable[Examined], records: Examinations) -> None:
    """Put what was measured on the record, each file once."""
    by_tenant: dict[str, dict[str, Examination]] = {}
    for one in examined:
        if one.examination is not None:
            by_tenant.setdefault(one.evidence.tenant, {})[one.examination.sha256] = one.examination
    for tenant, measured in by_tenant.items():
        records.put_examinations(tenant, measured.values())


def items_of(examined: Iterable[Examined], records: Examinations) -> Iterator[Item]:
    """The items of an upload whose examinations are on the record: its own, and one for every file found inside it."""
    for one in examined:
        if one.examination is not None:
            yield Item(one.evidence, one.examination)
            continue
        item = one.evidence
        known = records.examinations(item.tenant, [item.content_key], MEASURES_VERSION)
        yield from _with_stored_members(Item(item, known[item.content_key]), records)


def _with_stored_members(item: Item, records: Examinations) -> Iterator[Item]:
    """An item that was examined before, with the files inside it."""
    yield item
    evidence, examination = item.evidence, item.examination
    facts = examination.measurements.members
    if not facts:
        return
    known = records.examinations(evidence.tenant, {one.sha256 for one in facts}, examination.version)
    for one in facts:
        member = member_item(evidence, one)
        yield from _with_stored_members(Item(member, known[member.content_key]), records)


def keep_former(item: Evidence, reason: str, records: Examinations) -> None:
    """Note on what an earlier version measured of the item, and of the files inside it, why it was not measured again."""
    keys = {item.content_key}
    while keys:
        newest = records.newest_examinations(item.tenant, keys).values()
        former = [one for one in newest if one.version != MEASURES_VERSION]
        records.put_examinations(item.tenant, [_noted(one, reason) for one in former])
        keys = {inside.sha256 for one in former for inside in one.measurements.members}


def _noted(examination: Examination, reason: str) -> Examination:
    measured = examination.measurements
    others = [problem for problem in measured.problems if problem.code != NOT_MEASURED_AGAIN]
    problems = (*others, Problem(NOT_MEASURED_AGAIN, reason))
    return replace(examination, measurements=replace(measured, problems=problems))


def remember(items: Sequence[Item], records: Record, context: Context) -> None:
    """Make items of one tenant findable by every source of candidates."""
    from pipeline.reuse import sources  # noqa: PLC0415 - OpenCV: while the batch opens files, they need the memory

    if items:
        examinations = [item.examination for item in items]
        sources.remember(items[0].evidence.tenant, examinations, records, context.objects)


def look(items: Iterable[Item], records: Record, context: Context) -> list[Pair]:
    """The items like these ones, as pairs; nothing is written."""
    from pipeline.reuse.search import find  # noqa: PLC0415 - see remember

    return [
        pair
        for item in items
        if item.evidence.sha256
        for pair in find(item.evidence, item.examination, records, context.policy, context.objects)
    ]


def note(tenant: str, pairs: Sequence[Pair], records: NotingRecords) -> set[str]:
    """Put pairs on the record; returns the disputes that a new or a better one touches."""
    changed = records.put_pairs(tenant, pairs) if pairs else ()
    ends = {end for pair in changed for end in (pair.first, pair.second)}
    return {item.dispute_id for item in records.evidence(tenant, ends)} if ends else set()
