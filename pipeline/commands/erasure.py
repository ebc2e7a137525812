"""The command of erasing."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.refusal import refuse

_EXAMPLES = """
Examples:

  evidence forget D-1002 --dry-run

  evidence forget D-1002/buyer/IMG_2231.jpg --yes --reports evidence-reports

  evidence forget ev-0e2f6dd9664cdb08562c --ground order --yes
"""


def add_erasure_commands(app: typer.Typer) -> None:
    """Add ``forget`` to the command ``evidence``."""
    app.command(epilog=_EXAMPLES)(forget)


def forget(
    target: Annotated[
        str, typer.Argument(metavar="EVIDENCE|DISPUTE", help="An item's id, DISPUTE/FILE, or a dispute's id.")
    ],
    store: Annotated[Path, typer.Option(help="The store to erase from.")] = Path(".evidence"),
    tenant: Annotated[str, typer.Option(help="Whose dispute it is.")] = "default",
    policy: Annotated[
        str | None, typer.Option(help="The policy that other disputes' reports are judged by again.")
    ] = None,
    ground: Annotated[
        str, typer.Option(help="Why, for the audit trail: request, retention or order.")
    ] = "request",
    reports: Annotated[
        list[Path] | None, typer.Option(help="A folder that 'evidence check --out' wrote: renewed too.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    while_open: Annotated[
        bool,
        typer.Option("--while-open", help="Also where the policy keeps evidence of a dispute that goes on."),
    ] = False,
) -> None:
    """Erase an item or a dispute: originals with every version, pictures made of them, what was measured, and its
    traces in other disputes' reports. It cannot be taken back. The audit trail keeps random ids. A legal hold refuses.

    Exit status: 0 erased, 1 erased but for uploads that rest elsewhere, 2 refused, 3 half-way (run it again to go on).
    """
    from pipeline.commands.forget import GROUNDS, ForgetOptions, run_forget  # noqa: PLC0415
    from pipeline.setup.policies import load_policy  # noqa: PLC0415
    from validators.policy import PolicyError  # noqa: PLC0415

    if ground not in GROUNDS:
        refuse(f"--ground is one of {', '.join(GROUNDS)}, not {ground!r}.")
    absent = [folder for folder in reports or () if not folder.is_dir()]
    if absent:
        refuse(f"{absent[0]} is no folder of reports.")
    try:
        chosen = load_policy(policy)
    except (PolicyError, OSError) as error:
        refuse(str(error))
    if not (yes or dry_run) and not typer.confirm(f"Erase {target} for good?"):
        refuse("nothing was erased.")
    options = ForgetOptions(target, store, tenant, chosen, ground, reports or (), dry_run, while_open)
    raise typer.Exit(run_forget(options))
