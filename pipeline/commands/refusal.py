"""How a command refuses: one sentence, status 2."""

from __future__ import annotations

import sys
import typing
from datetime import UTC, datetime

import typer

from pipeline.commands.exit_codes import USAGE


def refuse(sentence: str) -> typing.NoReturn:
    """End the command as misused or misconfigured."""
    typer.echo(f"evidence: {sentence}", err=True)
    raise typer.Exit(USAGE)


def complain(sentence: str, status: int) -> int:
    """Say why the command ends with ``status``; returns it."""
    sys.stderr.write(f"evidence: {sentence}\n")
    return status


def moment(text: str, option: str) -> datetime:
    """An ISO 8601 time with a zone, in UTC; refuses anything else."""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        refuse(f"{option} {text!r} is no ISO 8601 time; write for example 2026-03-20T00:00:00Z.")
    if parsed.tzinfo is None:
        refuse(f"{option} needs a zone; write for example 2026-03-20T00:00:00Z.")
    return parsed.astimezone(UTC)
