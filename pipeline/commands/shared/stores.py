"""What several commands open: the record and the policy that the command line names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.commands.output.texts import text
from pipeline.commands.shared.refusal import refuse
from pipeline.setup.lazy import lazy
from pipeline.setup.policies import load_policy
from pipeline.setup.settings import read_settings
from storage.interfaces.record import Database
from validators.policy import Policy, PolicyError

if TYPE_CHECKING:
    from storage.database import database as databases
else:
    databases = lazy("storage.database.database")  # SQLAlchemy: heavy, and not for --help


@contextmanager
def opened_database(store: Path, *, migrated: bool = False) -> Iterator[Database]:
    """The record of ``store``, or of where the settings say; closed at the end.

    ``migrated``: made where there is none, and its schema brought up to date. Without, nothing is written: a store of
    another version is refused, and one on a disk that may not be written is read.
    """
    if migrated:
        store.mkdir(parents=True, exist_ok=True)
    database = databases.open_database(read_settings(store).database_url)
    try:
        if migrated:
            database.migrate()
        else:
            database.check_schema()
        yield database
    finally:
        database.close()


def store_exists(store: Path) -> bool:
    """Whether there is a record to read: an embedded store that was never filled has none."""
    url = read_settings(store).database_url
    return not url.startswith("sqlite:///") or Path(url.removeprefix("sqlite:///")).exists()


def no_store(store: Path) -> str:
    """The sentence for a store that does not exist."""
    return text("refused.no_store", store=str(store))


def chosen_policy(name: str | None) -> Policy:
    """The policy of that name or file; refuses where it cannot be read."""
    try:
        return load_policy(name)
    except (PolicyError, OSError) as error:
        refuse(str(error))
