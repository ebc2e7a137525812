"""Every command of ``evidence``. Heavy libraries are loaded only by the command that needs them."""

from __future__ import annotations

import gc
from typing import Annotated

import typer

from pipeline.commands.check_command import check
from pipeline.commands.console import add_console_commands
from pipeline.commands.erasure import add_erasure_commands
from pipeline.commands.output.grouped_help import HELP_OPTIONS, GroupedHelp, print_version
from pipeline.commands.output.texts import described, help_text, option
from pipeline.commands.policy import add_policy_commands
from pipeline.commands.record import add_record_commands
from pipeline.commands.shared.guarded import Guarded
from pipeline.commands.worker import add_worker_commands


class Commands(Guarded, GroupedHelp):
    """The commands of ``evidence``: listed by group, and ending with a sentence."""


app = typer.Typer(
    name="evidence",
    help=help_text("about"),
    cls=Commands,
    context_settings=HELP_OPTIONS,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@app.callback(help=help_text("about"))
def start(
    version: Annotated[bool, option("version", "--version", callback=print_version, is_eager=True)] = False,
) -> None:
    """What happens before any command: see ``app.main``."""
    gc.enable()


app.command(**described("check", examples=True))(check)
add_record_commands(app)
add_policy_commands(app)
add_worker_commands(app)
add_erasure_commands(app)
add_console_commands(app)
