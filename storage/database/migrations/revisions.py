"""Bringing the schema up, from inside the package: no alembic.ini, no command line."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import (
    Column,
    Connection,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    insert,
    inspect,
    select,
)

from storage.database.schema import NEWEST, metadata
from storage.errors import StoreMisconfiguredError

_OLDER = "the database has no tables of ours, or older ones: run 'evidence migrate'"
_NEWER = "the database was made by a newer version of this program: update the program"
_FOREIGN = "the database holds tables of another program: give a database of its own"

_version_table = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
"""As Alembic makes it."""


def current_revision(connection: Connection) -> str | None:
    """The revision of the schema as it stands; None for an empty database. Does without Alembic."""
    if not inspect(connection).has_table(_version_table.name):
        return None
    revision: str | None = connection.execute(select(_version_table.c.version_num)).scalar()
    return revision


def number_of(revision: str) -> str:
    """ "0009" of "0009_since_0007"."""
    return revision.partition("_")[0]


def serves(revision: str | None) -> bool:
    """Whether this program can use a schema of ``revision``: its own, or a newer one whose name says that it may.

    "0009_since_0007" only adds to what 0007 has. So programs of 0007 go on beside those of 0009, and may be started again.
    """
    if revision is None or revision == NEWEST:
        return revision == NEWEST
    _, _, oldest = revision.partition("_since_")
    return bool(oldest) and oldest <= number_of(NEWEST) < number_of(revision)


def check_revision(connection: Connection) -> None:
    """Raises StoreMisconfiguredError, saying what to do, where the schema is not the newest. Writes nothing."""
    revision = current_revision(connection)
    if serves(revision):
        return
    if revision is not None and number_of(revision) > number_of(NEWEST):
        raise StoreMisconfiguredError(_NEWER)
    if revision is None and inspect(connection).get_table_names():
        raise StoreMisconfiguredError(_FOREIGN)
    raise StoreMisconfiguredError(_OLDER)


def upgrade(connection: Connection) -> None:
    """Run every migration not run yet, in the connection's open transaction.

    Raises StoreMisconfiguredError where the schema's revision is none that this program knows.
    """
    if connection.dialect.name == "sqlite" and not inspect(connection).get_table_names():
        _make_at_once(connection)
        return
    from alembic import command  # noqa: PLC0415 - slow to load
    from alembic.config import Config  # noqa: PLC0415
    from alembic.util import CommandError  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise StoreMisconfiguredError(
            f"the database was made by another version of this program: {error}"
        ) from error


def _make_at_once(connection: Connection) -> None:
    """The newest tables in an empty SQLite file: what all migrations would make, without loading Alembic (12 MB, 0.2 s)."""
    metadata.create_all(connection, checkfirst=False)
    _version_table.create(connection, checkfirst=False)
    connection.execute(insert(_version_table).values(version_num=NEWEST))
