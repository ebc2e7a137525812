"""The commands about policies: what stands in them, and what another one would change."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.refusal import moment, refuse

_SHOW_EXAMPLES = """
Examples:

  evidence policy show                       every rule of the default

  evidence policy show paypal --changes      only what PayPal's accept-list changes

  evidence policy show mine.toml --changes   the same for a file of your own
"""
_REPLAY_EXAMPLES = """
Examples:

  evidence replay --policy paypal

  evidence replay --policy mine.toml --csv > changes.csv

  evidence replay --policy aliexpress-g0 --dispute D-1001 --as-of 2026-03-20T00:00:00Z
"""

policy_app = typer.Typer(
    help="Thresholds and deadlines: value, source and why.", no_args_is_help=True, rich_markup_mode=None
)


def add_policy_commands(app: typer.Typer) -> None:
    """Add the commands about policies to the command ``evidence``."""
    policy_app.command("show", epilog=_SHOW_EXAMPLES)(policy_show)
    policy_app.command("list")(policy_list)
    app.add_typer(policy_app, name="policy")
    app.command(epilog=_REPLAY_EXAMPLES)(replay)


def policy_show(
    policy: Annotated[
        str | None, typer.Argument(help="A named policy or a TOML file; the default without.")
    ] = None,
    changes: Annotated[
        bool, typer.Option("--changes", help="Only what differs from the default policy.")
    ] = False,
) -> None:
    """Print a policy as a person reads it: every rule with its value, why, source and the benchmark that chose it."""
    from pipeline.commands.policy_text import changes_text, policy_text  # noqa: PLC0415
    from pipeline.setup.policies import load_policy  # noqa: PLC0415
    from validators.policy import PolicyError  # noqa: PLC0415

    try:
        chosen = load_policy(policy)
    except PolicyError as error:
        refuse(str(error))
    typer.echo(changes_text(chosen, load_policy()) if changes else policy_text(chosen))


def policy_list() -> None:
    """List the policies that ship with the product: usable wherever --policy is."""
    from pipeline.commands.policy_text import list_text  # noqa: PLC0415
    from pipeline.setup.policies import load_policy, policy_names  # noqa: PLC0415

    typer.echo(list_text(((name, load_policy(name)) for name in policy_names()), load_policy()))


def replay(
    policy: Annotated[str, typer.Option(help="A named policy, or a TOML file of rules that differ.")],
    store: Annotated[Path, typer.Option(help="The store to read; nothing is written.")] = Path(".evidence"),
    dispute: Annotated[str | None, typer.Option(help="Only this dispute.")] = None,
    as_of: Annotated[
        str | None,
        typer.Option(
            help="Judge as of this time (ISO 8601 with a zone); as of each report's own time without."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print all changes as JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print all changes as CSV, a row each.")] = False,
    limit: Annotated[
        int, typer.Option(min=0, help="How many changed disputes to print as text; 0 prints all.")
    ] = 20,
) -> None:
    """List which stored verdicts would change under another policy, from stored measurements alone.

    Nothing is opened and nothing is written. Exit status: 0 nothing would change, 1 something would, 2 usage, 3 the store
    cannot be read.
    """
    from pipeline.commands.replay import DEFAULT, ReplayOptions, run_replay  # noqa: PLC0415
    from pipeline.setup.policies import load_policy  # noqa: PLC0415
    from validators.policy import PolicyError  # noqa: PLC0415

    if as_json and as_csv:
        refuse("give --json or --csv, not both.")
    at: datetime | None = None if as_of is None else moment(as_of, "--as-of")
    try:
        chosen = load_policy(policy)
    except PolicyError as error:
        refuse(str(error))
    form = "json" if as_json else "csv" if as_csv else DEFAULT
    raise typer.Exit(run_replay(ReplayOptions(chosen, store, dispute, at, form, limit)))
