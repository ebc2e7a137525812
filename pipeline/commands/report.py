"""``evidence report``, ``evidence schema`` and ``evidence migrate``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.output.say import say
from pipeline.commands.output.texts import sentences, text
from pipeline.commands.shared.exit_codes import NOTHING_TO_DO, USAGE
from pipeline.commands.shared.refusal import complain, refuse
from pipeline.commands.shared.schemas import Schema
from pipeline.commands.shared.stores import opened_database, store_exists
from pipeline.intake.dispute_file import json_schema as dispute_schema
from pipeline.intake.messages.own import json_schema as message_schema
from pipeline.judgement.event import event_schema
from pipeline.judgement.report_json import report_schema, tree_from_record
from pipeline.setup.lazy import lazy
from validators.disputes.party_copy import PARTIES

if TYPE_CHECKING:
    from pipeline.commands import share
    from pipeline.judgement import queue_line
else:
    share = lazy("pipeline.commands.share")
    queue_line = lazy("pipeline.judgement.queue_line")

_SCHEMAS = {
    Schema.REPORT: report_schema,
    Schema.MESSAGE: message_schema,
    Schema.DISPUTE: dispute_schema,
    Schema.EVENT: event_schema,
}


def run_report(dispute: str, party: str | None, out: Path | None, store: Path, tenant: str) -> int:
    """Print the newest report, or write the copy for one party; returns the exit status."""
    if party is not None:
        if party not in PARTIES:
            parties = sentences().formats.list(PARTIES, "or")
            refuse(text("refused.choice", option="--for", choices=parties, given=party))
        return share.run_share(dispute, party, out, store, tenant)
    if out is not None:
        refuse(text("refused.out_without_for"))
    body = newest_report(store, tenant, dispute)
    if body is None:
        return complain(text("refused.no_report", dispute=dispute, store=str(store)), USAGE)
    tree_from_record(body)  # nobody is to take what is damaged for a report
    sys.stdout.write(f"{body}\n")
    return NOTHING_TO_DO


def newest_report(store: Path, tenant: str, dispute_id: str) -> str | None:
    """The newest report's JSON, or None."""
    if not store_exists(store):
        return None
    with opened_database(store) as database, database.reading() as records:
        report = records.report(tenant, dispute_id)
        return report.body if report else None


def print_schema(of: Schema = Schema.REPORT) -> None:
    """The JSON schema of one of our formats."""
    sys.stdout.write(json.dumps(_SCHEMAS[of](), indent=2) + "\n")


def migrate_store(store: Path) -> int:
    """Bring the schema to the newest revision, and make the queue's lines of reports that have none."""
    with opened_database(store, migrated=True) as database:
        queue_line.fill_lines(database)
    say(text("migrated"))
    return NOTHING_TO_DO
