"""Help as people look for it: commands in groups, ``-h``, ``--version``, and help with status 0 where nothing was asked."""

from __future__ import annotations

from importlib.metadata import version

import typer
from typer import _click
from typer.core import TyperGroup

from pipeline.commands.output.texts import help_text, text

# The groups in the order of their readers, each with its commands in the order of use.
GROUPS = {
    "check": ("check", "report", "compare", "replay", "policy", "schema"),
    "mediate": ("serve", "link", "token"),
    "work": ("worker", "enqueue", "queue", "redrive", "dispute", "remeasure"),
    "keep": ("doctor", "verify", "migrate", "import", "forget", "retain"),
}
HELP_OPTIONS = {"help_option_names": ["-h", "--help"]}
DISTRIBUTION = "dispute-evidence"


class GroupedHelp(TyperGroup):
    """The command ``evidence``, whose help lists its commands by group."""

    def format_commands(self, ctx: _click.Context, formatter: _click.HelpFormatter) -> None:
        """Write one section a group; a command of no group would be listed last."""
        known = self.list_commands(ctx)
        listed = {name for names in GROUPS.values() for name in names}
        rest = tuple(name for name in known if name not in listed)
        width = max(map(len, known))
        for group, names in (*GROUPS.items(), ("more", rest)):
            rows = [self._row(name, formatter.width - width - 6) for name in names if name in known]
            if rows:
                with formatter.section(help_text(f"groups.{group}")):
                    formatter.write_dl([(name.ljust(width), about) for name, about in rows])

    def _row(self, name: str, limit: int) -> tuple[str, str]:
        return name, self.commands[name].get_short_help_str(limit)

    def parse_args(self, ctx: _click.Context, args: list[str]) -> list[str]:
        """Without arguments the help is what was asked for: standard output, status 0."""
        return super().parse_args(ctx, args or ["--help"])


def print_version(asked: bool) -> None:
    """Print the version and stop."""
    if asked:
        typer.echo(text("version", version=version(DISTRIBUTION)))
        raise typer.Exit
