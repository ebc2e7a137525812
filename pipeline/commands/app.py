"""The command ``evidence``. Heavy libraries are loaded only by the command that needs them."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Optional

import typer

from pipeline.commands.console import add_console_commands
from pipeline.commands.erasure import add_erasure_commands
from pipeline.commands.policy import add_policy_commands
from pipeline.commands.refusal import moment, refuse
from pipeline.commands.worker import add_commands
from pipeline.opening.one_thread import one_thread

app = typer.Typer(
    name="evidence",
    help="Checks the evidence uploaded in marketplace disputes and writes a quality report on each dispute.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

_CHECK_EXAMPLES = """
Examples:

  evidence check ~/disputes

  evidence check case-1001 case-1002 --out reports --jobs 2

  evidence check new-uploads --listing listing-photos --as-of 2026-03-20T00:00:00Z
"""


_REPORT_EXAMPLES = """
Examples:

  evidence report D-1002

  evidence report D-1002 --for seller --out copy-for-the-seller
"""

_COMPARE_EXAMPLES = """
Examples:

  evidence compare D-1002 IMG_2231.jpg

  evidence compare D-1002 IMG_2231.jpg --with D-1001/buyer/crack.jpg --out crack.jpg
"""


_VERIFY_EXAMPLES = """
Examples:

  evidence verify                                           everything on the record

  evidence verify evidence-reports/report.json              is this file what was attached?

  evidence verify --export-heads heads.json                 keep heads.json elsewhere; later:

  evidence verify --head heads.json
"""


def main() -> None:
    """Entry point of the installed command."""
    one_thread()
    app()


@app.command(epilog=_CHECK_EXAMPLES)
def check(
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Folders or files of evidence.")],
    out: Annotated[Path, typer.Option(help="Where the reports are written.")] = Path("evidence-reports"),
    store: Annotated[Path, typer.Option(help="The store that remembers between runs.")] = Path(".evidence"),
    jobs: Annotated[
        int, typer.Option(min=1, max=256, help="Files opened at a time; 0 is not allowed.")
    ] = os.cpu_count() or 1,
    policy: Annotated[
        str | None, typer.Option(help="A named policy, or a TOML file of rules that differ.")
    ] = None,
    listing: Annotated[Optional[Path], typer.Option(help="A folder with the listing's own images.")] = None,  # noqa: UP045
    manifest: Annotated[
        Path | None, typer.Option(help="A CSV that says whose evidence each file is.")
    ] = None,
    as_of: Annotated[str | None, typer.Option(help="Judge as of this time (ISO 8601 with a zone).")] = None,
    keep_originals: Annotated[
        bool, typer.Option("--keep-originals", help="Keep originals in the store.")
    ] = False,
    comparisons: Annotated[
        bool, typer.Option(help="Draw a picture of each match that is to be looked at.")
    ] = True,
    read_text: Annotated[
        bool, typer.Option("--read-text", help="Read order and tracking numbers on items (optional extra).")
    ] = False,
    require_jail: Annotated[
        bool, typer.Option("--require-jail", help="Refuse where the kernel lacks a part of the jail.")
    ] = False,
    previews: Annotated[
        bool, typer.Option("--previews", help="Make a small clip of each video that any browser plays.")
    ] = False,
) -> None:
    """Check folders of evidence and write a quality report on each dispute.

    Exit status: 0 nothing to do, 1 something needs a person, 2 usage, 3 incomplete, 130 interrupted (run it again to go on).
    """
    from rich.console import Console  # noqa: PLC0415

    from pipeline.commands.check import CheckOptions, run_check  # noqa: PLC0415
    from pipeline.intake.folders import read_paths  # noqa: PLC0415
    from pipeline.intake.manifest import ManifestError, apply_manifest  # noqa: PLC0415
    from pipeline.setup.policies import load_policy  # noqa: PLC0415
    from validators.policy import PolicyError  # noqa: PLC0415

    absent = [path for path in paths if not path.exists() and not path.is_symlink()]
    if absent:
        refuse(f"{absent[0]} does not exist.")
    try:
        chosen = load_policy(policy)
        reading = read_paths(paths, frozenset({out.resolve(), store.resolve()}), listing)
        if manifest is not None:
            apply_manifest(reading, manifest)
    except (PolicyError, ManifestError, OSError) as error:
        refuse(str(error))
    options = CheckOptions(
        reading,
        out,
        store,
        chosen,
        jobs,
        moment(as_of, "--as-of") if as_of else datetime.now(UTC),
        keep_originals,
        comparisons,
        read_text,
        require_jail,
        previews,
    )
    raise typer.Exit(run_check(options, Console(soft_wrap=False)))


@app.command()
def doctor() -> None:
    """Tell what is present, what is missing and how to install it."""
    from pipeline.commands.doctor import examine_machine  # noqa: PLC0415

    raise typer.Exit(examine_machine())


@app.command()
def schema() -> None:
    """Print the JSON schema of report.json."""
    import json  # noqa: PLC0415

    from pipeline.judgement.report_json import report_schema  # noqa: PLC0415

    typer.echo(json.dumps(report_schema(), indent=2))


@app.command(epilog=_REPORT_EXAMPLES)
def report(
    dispute: Annotated[str, typer.Argument(help="The dispute's id.")],
    party: Annotated[
        str | None, typer.Option("--for", help="A copy that may go to this party: buyer or seller.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="With --for: the folder for the copy with its page and pictures.")
    ] = None,
    store: Annotated[Path, typer.Option(help="The store to read.")] = Path(".evidence"),
    tenant: Annotated[str, typer.Option(help="Whose dispute it is.")] = "default",
) -> None:
    """Print the newest report attached to a dispute's record, as JSON; or a copy that may go to one party."""
    if party is not None:
        from pipeline.commands.share import run_share  # noqa: PLC0415
        from validators.disputes.party_copy import PARTIES  # noqa: PLC0415

        if party not in PARTIES:
            refuse(f"--for is one of {', '.join(PARTIES)}, not {party!r}.")
        raise typer.Exit(run_share(dispute, party, out, store, tenant))
    if out is not None:
        refuse("--out needs --for: a report in full is printed.")
    from pipeline.commands.report import newest_report  # noqa: PLC0415

    body = newest_report(store, tenant, dispute)
    if body is None:
        refuse(f"no report is attached to dispute {dispute} in {store}.")
    typer.echo(body)


@app.command(epilog=_COMPARE_EXAMPLES)
def compare(
    dispute: Annotated[str, typer.Argument(help="The dispute's id.")],
    item: Annotated[str, typer.Argument(help="The item: its id or the name of its file.")],
    other: Annotated[
        str | None,
        typer.Option("--with", help="The other item, by id, FILE or DISPUTE/FILE; every match without."),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="The picture to write (.jpg; numbered where several), or a folder.")
    ] = None,
    store: Annotated[Path, typer.Option(help="The store to read.")] = Path(".evidence"),
    tenant: Annotated[str, typer.Option(help="Whose dispute it is.")] = "default",
) -> None:
    """Draw an item beside each item it matches: aligned, the shared area outlined, the differences marked.

    Exit status: 0 drawn, 2 no such dispute, item, match or picture, 3 the store cannot be reached.
    """
    from pipeline.commands.compare import CompareOptions, run_compare  # noqa: PLC0415

    raise typer.Exit(run_compare(CompareOptions(dispute, item, other, out, store, tenant)))


@app.command(epilog=_VERIFY_EXAMPLES)
def verify(
    report: Annotated[
        Path | None,
        typer.Argument(help="A report.json to hold against the record; the whole record without."),
    ] = None,
    audit: Annotated[
        bool,
        typer.Option("--audit", help="The audit trails alone, not the reports and decisions they tell of."),
    ] = False,
    head: Annotated[
        Path | None, typer.Option(help="Heads exported before: finds entries cut off since.")
    ] = None,
    export_heads: Annotated[
        Path | None, typer.Option(help="Write the head of every trail there, if all of them hold.")
    ] = None,
    store: Annotated[Path, typer.Option(help="The store to verify.")] = Path(".evidence"),
) -> None:
    """Verify the audit trail of every dispute, and the reports and decisions in it: what was edited, swapped or cut is named.

    Exit status: 0 all holds, 1 something does not, 2 usage, 3 the store cannot be reached.
    """
    from pipeline.commands.verify import VerifyOptions, run_verify  # noqa: PLC0415

    raise typer.Exit(run_verify(VerifyOptions(store, report, audit, head, export_heads)))


@app.command()
def migrate(
    store: Annotated[Path, typer.Option(help="The embedded store, where no database is set.")] = Path(
        ".evidence"
    ),
) -> None:
    """Bring the database's schema to the newest revision."""
    from pipeline.commands.report import migrate_store  # noqa: PLC0415

    raise typer.Exit(migrate_store(store))


add_policy_commands(app)
add_commands(app)
add_erasure_commands(app)
add_console_commands(app)


if __name__ == "__main__":
    main()
