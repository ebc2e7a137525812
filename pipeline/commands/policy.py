"""The command lines about policies: what is in them, and what another one would change."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.output.texts import argument, described, help_text, option, text
from pipeline.commands.shared.refusal import parse_time, refuse
from pipeline.setup.lazy import lazy

if TYPE_CHECKING:
    from pipeline.commands import replay as run_replay
    from pipeline.commands import show_policy
else:
    run_replay = lazy("pipeline.commands.replay")
    show_policy = lazy("pipeline.commands.show_policy")

policy_app = typer.Typer(help=help_text("policy.about"), no_args_is_help=True, rich_markup_mode=None)


def add_policy_commands(app: typer.Typer) -> None:
    """Add the commands about policies to the command ``evidence``."""
    policy_app.command("show", **described("policy_show", examples=True))(policy_show)
    policy_app.command("list", **described("policy_list"))(policy_list)
    app.add_typer(policy_app, name="policy")
    app.command(**described("replay", examples=True))(replay)


def policy_show(
    policy: Annotated[str | None, argument("policy_show.policy")] = None,
    changes: Annotated[bool, option("policy_show.changes", "--changes")] = False,
) -> None:
    """Print a policy as a person reads it."""
    show_policy.print_policy(policy, changes=changes)


def policy_list() -> None:
    """List the policies that ship with the product."""
    show_policy.print_policies()


def replay(
    policy: Annotated[str, option("replay.policy")],
    store: Annotated[Path, option("replay.store")] = Path(".evidence"),
    dispute: Annotated[str | None, option("replay.dispute")] = None,
    as_of: Annotated[str | None, option("replay.as_of")] = None,
    as_json: Annotated[bool, option("replay.json", "--json")] = False,
    as_csv: Annotated[bool, option("replay.csv", "--csv")] = False,
    limit: Annotated[int, option("replay.limit", min=0)] = 20,
) -> None:
    """List what would change under another policy."""
    if as_json and as_csv:
        refuse(text("refused.json_and_csv"))
    options = run_replay.ReplayOptions(
        policy=policy,
        store=store,
        dispute=dispute,
        as_of=None if as_of is None else parse_time(as_of, "--as-of"),
        form="json" if as_json else "csv" if as_csv else run_replay.DEFAULT,
        limit=limit,
    )
    raise typer.Exit(run_replay.run_replay(options))
