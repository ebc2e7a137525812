"""The command ``evidence replay``."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.commands.exit_codes import INCOMPLETE, NOTHING_TO_DO, SOMETHING_TO_DO, USAGE
from pipeline.commands.refusal import complain
from pipeline.commands.report import opened_database, store_exists
from pipeline.replay.output import as_csv, as_json, as_text
from pipeline.replay.replay import needs_a_run, replay_all
from pipeline.setup.policies import load_policy
from storage.errors import StorageError
from validators.policy import Policy, differences

DEFAULT = "text"


@dataclass(frozen=True, slots=True)
class ReplayOptions:
    """The command line of ``evidence replay``, parsed. ``form`` is "text", "json" or "csv"."""

    policy: Policy
    store: Path
    dispute: str | None
    as_of: datetime | None
    form: str
    limit: int


def run_replay(options: ReplayOptions) -> int:
    """Judge again and print what would change; returns the exit status."""
    if not store_exists(options.store):
        return complain(f"there is no store in {options.store}.", USAGE)
    try:
        with opened_database(options.store) as database:
            replayed = list(replay_all(database, options.policy, options.as_of, options.dispute))
    except StorageError as error:
        return complain(str(error), INCOMPLETE)
    if options.dispute is not None and not replayed:
        return complain(f"no report is attached to dispute {options.dispute} in {options.store}.", USAGE)
    unseen = needs_a_run(differences(options.policy, load_policy()))
    if options.form == "json":
        text = as_json(replayed, options.policy, unseen) + "\n"
    elif options.form == "csv":
        text = as_csv(replayed)
    else:
        text = as_text(replayed, options.policy, unseen, options.limit) + "\n"
    sys.stdout.write(text)
    return SOMETHING_TO_DO if any(one.changes for one in replayed) else NOTHING_TO_DO
