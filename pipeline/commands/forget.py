"""``evidence forget``: erase an item or a dispute everywhere the product keeps it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import typer

from pipeline.commands.output.say import say
from pipeline.commands.output.texts import sentences, text
from pipeline.commands.shared.exit_codes import INCOMPLETE, NOTHING_TO_DO, SOMETHING_TO_DO, USAGE
from pipeline.commands.shared.refusal import complain, refuse
from pipeline.commands.shared.stores import chosen_policy, no_store, store_exists
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
from pipeline.wiring.worker_assembly import open_queues
from storage.errors import StorageError, StoreMisconfiguredError
from validators.disputes.retention import held, retained
from validators.policy import Policy
from validators.safe_text import visible

GROUNDS = ("request", "retention", "order")
"""Reasons for erasing, as the audit trail records them: a person's request, the end of retention, an authority's order."""


@dataclass(frozen=True, slots=True)
class ForgetOptions:
    """The command line of ``evidence forget``, parsed. ``confirmed``: no confirmation is needed."""

    target: str
    store: Path
    tenant: str
    policy: str | None
    ground: str
    reports: Sequence[Path]
    dry_run: bool
    confirmed: bool
    while_open: bool


def run_forget(options: ForgetOptions) -> int:
    """Erase, and say what was erased; returns the exit status."""
    policy = _checked(options)
    if not store_exists(options.store):
        return complain(no_store(options.store), USAGE)
    try:
        settings = read_worker_settings(options.store)
        origin = open_origin(settings.uploads_url, settings.layout)
        with open_context(read_settings(options.store), policy) as context:
            return _forget(options, context, origin, settings)
    except UnknownTargetError:
        return complain(text("forget.unknown", target=options.target, store=str(options.store)), USAGE)
    except StoreMisconfiguredError as error:
        return complain(f"{error}.", USAGE)
    except (StorageError, JailError) as error:
        return complain(text("forget.stopped", reason=str(error)), INCOMPLETE)


def _checked(options: ForgetOptions) -> Policy:
    """The policy; refuses invalid options, and what is not confirmed."""
    if options.ground not in GROUNDS:
        grounds = sentences().formats.list(GROUNDS, "or")
        refuse(text("refused.choice", option="--ground", choices=grounds, given=options.ground))
    for folder in options.reports:
        if not folder.is_dir():
            refuse(text("refused.no_folder", path=str(folder)))
    policy = chosen_policy(options.policy)
    if not (
        options.confirmed or options.dry_run or typer.confirm(text("forget.confirm", target=options.target))
    ):
        refuse(text("forget.not_confirmed"))
    return policy


def _forget(options: ForgetOptions, context: Context, origin: Origin, settings: WorkerSettings) -> int:
    now = datetime.now(UTC)
    with context.database.reading() as records:
        plan = plan_erasure(options.tenant, options.target, records)
    refusal = _refusal(plan, options, context.policy, now)
    if refusal is None or options.dry_run:
        _print_plan(plan)
    if refusal is not None:
        return complain(refusal, USAGE)
    if options.dry_run:
        say(text("forget.dry_run"))
        return NOTHING_TO_DO
    erased, elsewhere = erase_media(plan, context.objects, origin)
    with context.database.transaction() as records:
        again = plan_erasure(options.tenant, options.target, records)
        erase_rows(again, options.ground, context, records, now)
    renew_reports(plan.tenant, [plan.dispute_id, *plan.others], origin, context.database)
    searched = _erase_messages(plan, settings)
    context.database.reclaim()
    touched = {plan.dispute_id, *plan.others}
    renewed = sum(
        renew_folder(out, plan.tenant, touched, context.database, context.objects) for out in options.reports
    )
    say(text("forget.done", objects=text("objects", count=erased), reports=text("reports", count=renewed)))
    if not searched:
        say(text("forget.queue_not_searched"))
    for address in elsewhere:
        say(text("forget.elsewhere", address=address))
    return SOMETHING_TO_DO if elsewhere else NOTHING_TO_DO


def _refusal(plan: ErasurePlan, options: ForgetOptions, policy: Policy, now: datetime) -> str | None:
    hold = held(plan.dispute)
    if hold is not None:
        return sentences().say(hold)
    kept = retained(plan.dispute, policy, now)
    if kept is not None and not options.while_open:
        return text("forget.kept", reason=sentences().say(kept))
    return None


def _print_plan(plan: ErasurePlan) -> None:
    say(text("forget.whole" if plan.whole else "forget.part", dispute=plan.dispute_id))
    for item in plan.items:
        say(f"  {visible(item.file)}  {item.id}")
    uploads, others = text("uploads", count=len(plan.uploads)), text("disputes", count=len(plan.others))
    say("  " + text("forget.extent", uploads=uploads, disputes=others))
    shared = len({item.content_key for item in plan.items}) - len(plan.contents)
    if shared:
        say("  " + text("forget.shared", count=shared))


def _erase_messages(plan: ErasurePlan, settings: WorkerSettings) -> bool:
    """Messages that name one of the uploads; False where a queue cannot be searched."""
    intake = open_queues(settings)
    try:
        searched = [queue.erase([upload.key for upload in plan.uploads]) for queue in intake.queues()]
    finally:
        intake.close()
    return all(searched)
