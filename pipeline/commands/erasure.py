"""The command lines of ``evidence forget`` and ``evidence retain``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.output.texts import argument, described, option
from pipeline.setup.lazy import lazy

if TYPE_CHECKING:
    from pipeline.commands import forget as run
    from pipeline.commands import retain as run_retain
else:
    run = lazy("pipeline.commands.forget")
    run_retain = lazy("pipeline.commands.retain")


def add_erasure_commands(app: typer.Typer) -> None:
    """Add these commands to the command ``evidence``."""
    app.command(**described("forget", examples=True))(forget)
    app.command(**described("retain", examples=True))(retain)


def forget(
    target: Annotated[str, argument("forget.target", metavar="EVIDENCE|DISPUTE")],
    store: Annotated[Path, option("forget.store")] = Path(".evidence"),
    tenant: Annotated[str, option("tenant")] = "default",
    policy: Annotated[str | None, option("forget.policy")] = None,
    ground: Annotated[str, option("forget.ground")] = "request",
    reports: Annotated[list[Path] | None, option("forget.reports")] = None,
    dry_run: Annotated[bool, option("forget.dry_run", "--dry-run")] = False,
    yes: Annotated[bool, option("forget.yes", "--yes")] = False,
    while_open: Annotated[bool, option("forget.while_open", "--while-open")] = False,
) -> None:
    """Erase an item or a dispute everywhere."""
    options = run.ForgetOptions(
        target=target,
        store=store,
        tenant=tenant,
        policy=policy,
        ground=ground,
        reports=reports or (),
        dry_run=dry_run,
        confirmed=yes,
        while_open=while_open,
    )
    raise typer.Exit(run.run_forget(options))


def retain(
    store: Annotated[Path, option("retain.store")] = Path(".evidence"),
    policy: Annotated[str | None, option("retain.policy")] = None,
    dry_run: Annotated[bool, option("retain.dry_run", "--dry-run")] = False,
    yes: Annotated[bool, option("retain.yes", "--yes")] = False,
) -> None:
    """Remove the files and pictures of disputes that ended long ago."""
    raise typer.Exit(run_retain.run_retain(store, policy, dry_run=dry_run, confirmed=yes))
