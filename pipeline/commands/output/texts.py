"""What the commands say, from the catalogue: ``commands.po`` holds the help, ``terminal.po`` everything else."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import typer

from pipeline.setup.language import chosen_language
from validators.sentences.sentences import Sentences, sentences_in


@cache
def sentences() -> Sentences:
    """The sentences in the operator's language."""
    return sentences_in(chosen_language())


def text(msgid: str, /, **params: Any) -> str:
    """The message ``terminal.<msgid>`` with its fields filled."""
    return sentences().text(f"terminal.{msgid}", **params)


def listing(names: Sequence[str], most: int) -> str:
    """The first ``most`` names as a list, and how many more there are."""
    shown = list(names[:most])
    if len(names) > most:
        shown.append(text("more", count=len(names) - most))
    return sentences().formats.list(shown)


def help_text(msgid: str, /) -> str:
    """The message ``commands.<msgid>``."""
    return sentences().text(f"commands.{msgid}")


def option(msgid: str, /, *names: str, **settings: Any) -> Any:
    """An option of a command with its help."""
    return typer.Option(*names, help=help_text(msgid), **settings)


def argument(msgid: str, /, **settings: Any) -> Any:
    """An argument of a command with its help."""
    return typer.Argument(help=help_text(msgid), **settings)


def described(name: str, *, examples: bool = False) -> dict[str, Any]:
    """Help and examples of the command ``name``, as typer's ``command`` takes them."""
    epilog = _as_written(help_text(f"{name}.examples")) if examples else None
    return {"help": help_text(f"{name}.about"), "epilog": epilog}


def _as_written(paragraphs: str) -> str:
    """Paragraphs whose lines are not broken: an example is copied whole."""
    # typer dedents what follows the first line: after an empty one the examples keep their indent.
    return "".join(f"\n\n\b\n{paragraph}" for paragraph in paragraphs.split("\n\n"))
