"""``evidence retain``: remove the files and pictures of disputes that ended long enough ago."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from pipeline.commands.output.say import say
from pipeline.commands.output.texts import text
from pipeline.commands.shared.exit_codes import NOTHING_TO_DO, SOMETHING_TO_DO, USAGE
from pipeline.commands.shared.refusal import complain, refuse
from pipeline.commands.shared.stores import chosen_policy, no_store, opened_database, store_exists
from pipeline.erasure.retention import Retained, Retention
from pipeline.intake.origin import open_origin
from pipeline.intake.worker_settings import read_worker_settings
from pipeline.setup.interruption import ended_like_ctrl_c
from pipeline.setup.settings import read_settings
from storage.objects.open_objects import open_objects
from validators.safe_text import visible


def run_retain(store: Path, policy: str | None, *, dry_run: bool, confirmed: bool) -> int:
    """Remove, or with ``dry_run`` list what would be removed; returns the exit status."""
    if dry_run == confirmed:
        refuse(text("retain.choose"))
    chosen = chosen_policy(policy)
    if not store_exists(store):
        return complain(no_store(store), USAGE)
    settings = read_worker_settings(store)
    origin = open_origin(settings.uploads_url, settings.layout)
    objects = open_objects(read_settings(store).objects_url)
    with ended_like_ctrl_c(), opened_database(store) as database:
        retention = Retention(database, objects, origin, chosen, datetime.now(UTC))
        return _say_all([_said(one) for one in retention.run(remove=confirmed)], dry_run=dry_run)


def _said(done: Retained) -> Retained:
    """One line for each dispute of which something goes."""
    if done.plan is not None:
        say(
            text(
                "retain.dispute",
                dispute=visible(done.plan.dispute_id),
                objects=text("objects", count=done.objects),
            )
        )
    return done


def _say_all(done: list[Retained], *, dry_run: bool) -> int:
    disputes = text("disputes", count=sum(one.plan is not None for one in done))
    objects = text("objects", count=sum(one.objects for one in done))
    say(text("retain.would" if dry_run else "retain.done", disputes=disputes, objects=objects))
    if holds := sum(one.held for one in done):
        say(text("retain.held", count=holds))
    elsewhere = [address for one in done for address in one.elsewhere]
    for address in elsewhere:
        say(text("forget.elsewhere", address=address))
    return SOMETHING_TO_DO if elsewhere else NOTHING_TO_DO
