"""``evidence replay``: what would change under another policy."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.commands.output.texts import sentences, text
from pipeline.commands.shared.exit_codes import NOTHING_TO_DO, SOMETHING_TO_DO, USAGE
from pipeline.commands.shared.refusal import complain
from pipeline.commands.shared.stores import chosen_policy, no_store, opened_database, store_exists
from pipeline.replay.output import as_csv, as_json, as_text
from pipeline.replay.replay import needs_a_run, replay_all
from pipeline.setup.policies import load_policy
from validators.policy import differences

DEFAULT = "text"


@dataclass(frozen=True, slots=True)
class ReplayOptions:
    """The command line of ``evidence replay``, parsed. ``form`` is "text", "json" or "csv"."""

    policy: str
    store: Path
    dispute: str | None
    as_of: datetime | None
    form: str
    limit: int


def run_replay(options: ReplayOptions) -> int:
    """Judge again and print what would change; returns the exit status."""
    policy = chosen_policy(options.policy)
    if not store_exists(options.store):
        return complain(no_store(options.store), USAGE)
    with opened_database(options.store) as database:
        replayed = list(replay_all(database, policy, options.as_of, options.dispute))
    if options.dispute is not None and not replayed:
        return complain(text("refused.no_report", dispute=options.dispute, store=str(options.store)), USAGE)
    unseen = needs_a_run(differences(policy, load_policy()))
    if options.form == "json":
        output = as_json(replayed, policy, unseen) + "\n"
    elif options.form == "csv":
        output = as_csv(replayed)
    else:
        output = as_text(replayed, policy, unseen, options.limit, sentences()) + "\n"
    sys.stdout.write(output)
    return SOMETHING_TO_DO if any(one.changes for one in replayed) else NOTHING_TO_DO
