"""Bringing the schema up, from inside the package: no alembic.ini, no command line."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Column, Connection, MetaData, String, Table, inspect, select

from storage.errors import StoreMisconfiguredError

_version_table = Table("alembic_version", MetaData(), Column("version_num", String))


def current_revision(connection: Connection) -> str | None:
    """The revision of the schema as it stands; None for an empty database. Does without Alembic."""
    if not inspect(connection).has_table(_version_table.name):
        return None
    revision: str | None = connection.execute(select(_version_table.c.version_num)).scalar()
    return revision


def upgrade(connection: Connection) -> None:
    """Run every migration not run yet, in the connection's open transaction.

    Raises StoreMisconfiguredError where the schema's revision is none that this program knows.
    """
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
