"""``evidence compare``: one picture for each match of an item."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.output.say import say
from pipeline.commands.output.texts import sentences, text
from pipeline.commands.shared.exit_codes import NOTHING_TO_DO, USAGE
from pipeline.commands.shared.refusal import complain
from pipeline.commands.shared.stores import no_store, opened_database, store_exists
from pipeline.judgement.report_json import from_json
from pipeline.reports.comparison_picture import Plan, draw_picture, pairs_between, plan_picture
from pipeline.reports.comparison_sources import NoComparisonError
from pipeline.setup.lazy import lazy
from pipeline.setup.settings import read_settings
from storage.interfaces.objects import Objects
from storage.interfaces.record import Database, Record
from storage.interfaces.reports import Reports
from validators.evidence import Evidence
from validators.report import Match
from validators.sentences.labels import Labels

if TYPE_CHECKING:
    from storage.objects import open_objects as object_stores
else:
    object_stores = lazy("storage.objects.open_objects")

_EXACT = ("sha256", "pixels")
_UNSAFE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True)
class CompareOptions:
    """The command line of ``evidence compare``, parsed. ``other`` None: every match."""

    dispute: str
    item: str
    other: str | None
    out: Path | None
    store: Path
    tenant: str


def run_compare(options: CompareOptions) -> int:
    """Write the pictures and say what each shows; returns the exit status."""
    if not store_exists(options.store):
        return complain(no_store(options.store), USAGE)
    try:
        objects = object_stores.open_objects(read_settings(options.store).objects_url, durable=False)
        with opened_database(options.store) as database:
            return compare(options, database, objects)
    except NoComparisonError as error:
        return complain(sentences().say(error.statement), USAGE)


def compare(options: CompareOptions, database: Database, objects: Objects) -> int:
    """The same on open stores. Raises NoComparisonError with the reason where nothing at all can be drawn."""
    with database.reading() as records:
        this = _item(options, records)
        others = _others(options, this, records)
        known = _reported(options, this, records)
    names = _names(options.out, this, others)
    missed = 0
    for other, path in zip(others, names, strict=True):
        try:
            with database.reading() as records:
                plan = plan_picture(options.tenant, this.id, other.id, records)
            drawn = draw_picture(plan, objects, sentences().language)
        except NoComparisonError as error:
            if len(others) == 1:
                raise
            missed += 1
            complain(sentences().say(error.statement), USAGE)
            continue
        try:
            path.write_bytes(drawn.data)
        except OSError as error:
            raise NoComparisonError(
                "terminal.refused.unwritable", path=str(path), reason=error.strerror
            ) from None
        say(f"{path}: {_sentence(plan, known.get(other.id))}")
    return USAGE if missed else NOTHING_TO_DO


def _item(options: CompareOptions, records: Record) -> Evidence:
    """The item named, by its id, its file, or its file's last part where only one has that."""
    if records.dispute(options.tenant, options.dispute) is None:
        raise NoComparisonError(
            "terminal.compare.no_dispute", dispute=options.dispute, store=str(options.store)
        )
    items = records.evidence_of(options.tenant, options.dispute)
    return _named(options.item, items, text("compare.in_dispute", dispute=options.dispute))


def _others(options: CompareOptions, this: Evidence, records: Record) -> Sequence[Evidence]:
    ids = pairs_between(options.tenant, this.id, records)
    others = sorted(records.evidence(options.tenant, ids), key=lambda other: (other.uploaded_at, other.id))
    if not others:
        raise NoComparisonError("terminal.compare.no_match", file=this.file)
    if options.other is None:
        return others
    where = text("compare.among_matches", count=len(others), file=this.file)
    return [_named(options.other, others, where)]


def _named(name: str, items: Sequence[Evidence], where: str) -> Evidence:
    for found in (
        [item for item in items if item.id == name],
        [item for item in items if name in (item.file, f"{item.dispute_id}/{item.file}")],
        [item for item in items if item.file.rsplit("/", 1)[-1] == name],
    ):
        if len(found) > 1:
            ids = ", ".join(f"{item.id} ({item.dispute_id}/{item.file})" for item in found[:5])
            raise NoComparisonError("terminal.compare.ambiguous", name=name, count=len(found), ids=ids)
        if found:
            return found[0]
    raise NoComparisonError("terminal.compare.no_item", name=name, where=where)


def _reported(options: CompareOptions, this: Evidence, records: Reports) -> dict[str, Match]:
    """What the newest report says of the item's matches, by the other's id; nothing where it cannot be read."""
    report = records.report(options.tenant, options.dispute)
    if report is None:
        return {}
    try:
        items = from_json(report.body).evidence
    except ValueError:
        return {}
    return {match.evidence_id: match for item in items if item.id == this.id for match in item.matches}


def _sentence(plan: Plan, match: Match | None) -> str:
    """ "b.jpg next to D-1001/a.jpg: the same photo, mirrored and cropped to 62%"."""
    if match is None:
        method = plan.pair.method if plan.pair.method in _EXACT else "other"
        what = text(f"compare.method_{method}")
    else:
        edit = Labels(sentences()).transform(match.transform)
        what = ", ".join(filter(None, (sentences().label("match", match.class_), edit)))
    other = f"{plan.other.dispute_id}/{plan.other.file}"
    return text("compare.beside", file=plan.this.file, other=other, what=what)


def _names(out: Path | None, this: Evidence, others: Sequence[Evidence]) -> list[Path]:
    """Where each picture goes: ``out`` where one is made, numbered where several are; a folder takes them by name."""
    if out is not None and not out.is_dir():
        if out.suffix.lower() not in (".jpg", ".jpeg"):
            raise NoComparisonError("terminal.compare.bad_out", path=str(out))
        later = [out.with_name(f"{out.stem}-{n}{out.suffix}") for n in range(2, len(others) + 1)]
        return [out, *later]
    folder = out or Path()
    return _apart([folder / f"compare-{_plain(this)}-with-{_plain(other)}.jpg" for other in others])


def _apart(paths: list[Path]) -> list[Path]:
    """The same names, numbered where two would be one."""
    made: list[Path] = []
    for path in paths:
        candidate, number = path, 2
        while candidate in made:
            candidate, number = path.with_name(f"{path.stem}-{number}.jpg"), number + 1
        made.append(candidate)
    return made


def _plain(item: Evidence) -> str:
    stem = item.file.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    return _UNSAFE.sub("_", f"{item.dispute_id}-{stem}".encode("utf-8", "replace").decode())[:60].strip(".")
