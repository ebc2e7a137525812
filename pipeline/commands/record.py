"""The command lines of what reads the record: report, compare, verify, and of the program itself: doctor, schema, migrate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.output.texts import argument, described, option
from pipeline.commands.shared.schemas import Schema
from pipeline.setup.lazy import lazy

if TYPE_CHECKING:
    from pipeline.commands import compare as run_compare
    from pipeline.commands import doctor as run_doctor
    from pipeline.commands import report as run_report
    from pipeline.commands import verify as run_verify
else:
    run_compare = lazy("pipeline.commands.compare")
    run_doctor = lazy("pipeline.commands.doctor")
    run_report = lazy("pipeline.commands.report")
    run_verify = lazy("pipeline.commands.verify")

Dispute = Annotated[str, argument("dispute")]
Tenant = Annotated[str, option("tenant")]
Store = Annotated[Path, option("store_read")]
_STORE = Path(".evidence")


def add_record_commands(app: typer.Typer) -> None:
    """Add these commands to the command ``evidence``."""
    app.command(**described("doctor"))(doctor)
    app.command(**described("schema", examples=True))(schema)
    app.command(**described("report", examples=True))(report)
    app.command(**described("compare", examples=True))(compare)
    app.command(**described("verify", examples=True))(verify)
    app.command(**described("migrate"))(migrate)


def doctor() -> None:
    """Say what is present and what is missing on this machine."""
    raise typer.Exit(run_doctor.examine_machine())


def schema(of: Annotated[Schema, argument("schema.of")] = Schema.REPORT) -> None:
    """Print the JSON schema of report.json, or of the message that announces an upload."""
    run_report.print_schema(of)


def report(
    dispute: Dispute,
    party: Annotated[str | None, option("report.for", "--for")] = None,
    out: Annotated[Path | None, option("report.out")] = None,
    store: Store = _STORE,
    tenant: Tenant = "default",
) -> None:
    """Print the newest report on a dispute, or write a copy for one party."""
    raise typer.Exit(run_report.run_report(dispute, party, out, store, tenant))


def compare(
    dispute: Dispute,
    item: Annotated[str, argument("compare.item")],
    other: Annotated[str | None, option("compare.with", "--with")] = None,
    out: Annotated[Path | None, option("compare.out")] = None,
    store: Store = _STORE,
    tenant: Tenant = "default",
) -> None:
    """Draw an item next to each item it matches."""
    options = run_compare.CompareOptions(
        dispute=dispute, item=item, other=other, out=out, store=store, tenant=tenant
    )
    raise typer.Exit(run_compare.run_compare(options))


def verify(
    report: Annotated[Path | None, argument("verify.report")] = None,
    audit: Annotated[bool, option("verify.audit", "--audit")] = False,
    head: Annotated[Path | None, option("verify.head")] = None,
    export_heads: Annotated[Path | None, option("verify.export_heads")] = None,
    store: Store = _STORE,
) -> None:
    """Verify audit trails, and the reports and decisions in them."""
    options = run_verify.VerifyOptions(
        store=store, report=report, chains_only=audit, head=head, export_heads=export_heads
    )
    raise typer.Exit(run_verify.run_verify(options))


def migrate(store: Annotated[Path, option("store")] = _STORE) -> None:
    """Bring the database's schema to the newest revision."""
    raise typer.Exit(run_report.migrate_store(store))
