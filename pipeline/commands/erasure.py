"""The command line of ``evidence forget``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.output.texts import argument, described, option
from pipeline.setup.lazy import lazy

if TYPE_CHECKING:
    from pipeline.commands import forget as run
else:
    run = lazy("pipeline.commands.forget")


def add_erasure_commands(app: typer.Typer) -> None:
    """Add ``forget`` to the command ``evidence``."""
    app.command(**described("forget", examples=True))(forget)


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
