"""How a command refuses: one sentence on standard error, status 2."""

from __future__ import annotations

import typing
from datetime import UTC, datetime

import typer

from pipeline.commands.output.say import say_error
from pipeline.commands.output.texts import text
from pipeline.commands.shared.exit_codes import USAGE


def refuse(sentence: str) -> typing.NoReturn:
    """End the command as misused or misconfigured."""
    raise typer.Exit(complain(sentence, USAGE))


def complain(sentence: str, status: int) -> int:
    """Say why the command ends with ``status``; returns it."""
    say_error(f"evidence: {sentence}")
    return status


def parse_time(given: str, option: str) -> datetime:
    """An ISO 8601 time with a zone, in UTC; refuses anything else."""
    try:
        parsed = datetime.fromisoformat(given)
    except ValueError:
        refuse(text("refused.time", option=option, given=given))
    if parsed.tzinfo is None:
        refuse(text("refused.time_zone", option=option))
    return parsed.astimezone(UTC)
