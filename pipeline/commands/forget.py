"""The command ``evidence forget``: erase an item or a dispute everywhere the product keeps it."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline.commands.exit_codes import INCOMPLETE, NOTHING_TO_DO, SOMETHING_TO_DO, USAGE
from pipeline.commands.refusal import complain
from pipeline.commands.report import store_exists
from pipeline.erasure.objects import erase_media, renew_reports
from pipeline.erasure.plan import ErasurePlan, UnknownTargetError, plan_erasure
from pipeline.erasure.report_folders import renew_folder
from pipeline.erasure.rows import erase_rows
from pipeline.intake.origin import Origin, open_origin
from pipeline.intake.worker_settings import WorkerSettings, read_worker_settings
from pipeline.opening.host.jail import JailError
from pipeline.setup.context import Context
from pipeline.setup.settings import read_settings
from pipeline.wiring.assembly import open_context
from pipeline.wiring.worker_assembly import open_intake
from storage.errors import StorageError, StoreMisconfiguredError
from validators.disputes.retention import held, retained
from validators.policy import Policy
from validators.safe_text import visible
from validators.sentences.catalogue import ENGLISH
from validators.sentences.labels import count
from validators.sentences.sentences import sentences_in

GROUNDS = ("request", "retention", "order")
"""Why something is erased, as the audit trail says it: a person asked, its time is over, an authority ordered it."""


@dataclass(frozen=True, slots=True)
class ForgetOptions:
    """The command line of ``evidence forget``, parsed."""

    target: str
    store: Path
    tenant: str
    policy: Policy
    ground: str
    reports: Sequence[Path]
    dry_run: bool
    while_open: bool


def run_forget(options: ForgetOptions) -> int:
    """Erase, and say what went; returns the exit status."""
    if not store_exists(options.store):
        return complain(f"there is no store in {options.store}.", USAGE)
    try:
        settings = read_worker_settings(options.store)
        origin = open_origin(settings.uploads_url, settings.layout)
        with open_context(read_settings(options.store), options.policy) as context:
            return _forget(options, context, origin, settings)
    except UnknownTargetError as error:
        return complain(f"{visible(str(error))} in {options.store}.", USAGE)
    except StoreMisconfiguredError as error:
        return complain(f"{error}.", USAGE)
    except (StorageError, JailError) as error:
        return complain(f"{error}. Run the same command again to go on.", INCOMPLETE)


def _forget(options: ForgetOptions, context: Context, origin: Origin, settings: WorkerSettings) -> int:
    now = datetime.now(UTC)
    with context.database.reading() as records:
        plan = plan_erasure(options.tenant, options.target, records)
    refusal = _refusal(plan, options, now)
    if refusal is None or options.dry_run:
        sys.stdout.write(_told(plan))
    if refusal is not None:
        return complain(refusal, USAGE)
    if options.dry_run:
        sys.stdout.write("Nothing was erased: this was a dry run.\n")
        return NOTHING_TO_DO
    went, elsewhere = erase_media(plan, context.objects, origin)
    with context.database.transaction() as records:
        erase_rows(
            plan_erasure(options.tenant, options.target, records), options.ground, context, records, now
        )
    renew_reports(plan.tenant, [plan.dispute_id, *plan.others], origin, context.database)
    searched = _erase_messages(plan, settings)
    context.database.reclaim()
    touched = {plan.dispute_id, *plan.others}
    renewed = sum(
        renew_folder(out, plan.tenant, touched, context.database, context.objects) for out in options.reports
    )
    sys.stdout.write(
        f"Erased: {count(went, 'object')} and every row. {count(renewed, 'report')} written anew in folders.\n"
    )
    if not searched:
        sys.stdout.write(
            "A served queue cannot be searched: a message of it that still waits will find nothing to open.\n"
        )
    for address in elsewhere:
        sys.stdout.write(f"Still there, outside of the uploads' place: {visible(address)}\n")
    return SOMETHING_TO_DO if elsewhere else NOTHING_TO_DO


def _refusal(plan: ErasurePlan, options: ForgetOptions, now: datetime) -> str | None:
    sentences = sentences_in(ENGLISH)
    hold = held(plan.dispute)
    if hold is not None:
        return sentences.say(hold)
    kept = retained(plan.dispute, options.policy, now)
    if kept is not None and not options.while_open:
        return sentences.text("retention.while_open", reason=sentences.say(kept))
    return None


def _told(plan: ErasurePlan) -> str:
    shared = len({item.content_key for item in plan.items}) - len(plan.contents)
    lines = [
        f"Dispute {visible(plan.dispute_id)}" + (", whole" if plan.whole else ""),
        *(f"  {visible(item.file)}  {item.id}" for item in plan.items),
        f"  {count(len(plan.uploads), 'upload')}, {count(len(plan.others), 'other dispute')} judged again",
    ]
    if shared:
        lines.append(
            f"  {count(shared, 'file')} with the same bytes elsewhere: what was measured of it stays there"
        )
    return "\n".join(lines) + "\n"


def _erase_messages(plan: ErasurePlan, settings: WorkerSettings) -> bool:
    """Messages that name one of the uploads; False where a queue cannot be searched."""
    intake = open_intake(settings)
    try:
        searched = [queue.erase([upload.key for upload in plan.uploads]) for queue in intake.queues()]
    finally:
        intake.close()
    return all(searched)
