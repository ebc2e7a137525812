"""The command line of ``evidence check``."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.output.detail import NORMAL, QUIET, VERBOSE
from pipeline.commands.output.texts import argument, option
from pipeline.commands.shared.refusal import parse_time
from pipeline.setup.lazy import lazy

if TYPE_CHECKING:
    from pipeline.commands import check as run
else:
    run = lazy("pipeline.commands.check")


def check(
    paths: Annotated[list[Path], argument("check.paths", metavar="PATH...")],
    out: Annotated[Path, option("check.out")] = Path("evidence-reports"),
    store: Annotated[Path, option("check.store")] = Path(".evidence"),
    jobs: Annotated[int, option("check.jobs", min=1, max=256)] = os.cpu_count() or 1,
    policy: Annotated[str | None, option("policy")] = None,
    listing: Annotated[Path | None, option("check.listing")] = None,
    manifest: Annotated[Path | None, option("check.manifest")] = None,
    as_of: Annotated[str | None, option("check.as_of")] = None,
    keep_originals: Annotated[bool, option("check.keep_originals", "--keep-originals")] = False,
    comparisons: Annotated[bool, option("check.comparisons")] = True,
    read_text: Annotated[bool, option("check.read_text", "--read-text")] = False,
    require_jail: Annotated[bool, option("require_jail", "--require-jail")] = False,
    previews: Annotated[bool, option("check.previews", "--previews")] = False,
    quiet: Annotated[bool, option("check.quiet", "--quiet", "-q")] = False,
    verbose: Annotated[bool, option("check.verbose", "--verbose", "-v")] = False,
    against: Annotated[Path | None, option("check.against")] = None,
    xlsx: Annotated[bool, option("check.xlsx", "--xlsx")] = False,
    as_json: Annotated[bool, option("check.json", "--json")] = False,
) -> None:
    """Check folders of evidence and write a quality report on each dispute."""
    options = run.CheckOptions(
        paths=paths,
        out=out,
        store=store,
        jobs=jobs,
        policy=policy,
        listing=listing,
        manifest=manifest,
        as_of=parse_time(as_of, "--as-of") if as_of else datetime.now(UTC),
        keep_originals=keep_originals,
        comparisons=comparisons,
        read_text=read_text,
        require_jail=require_jail,
        previews=previews,
        detail=QUIET if quiet else VERBOSE if verbose else NORMAL,
        against=against,
        xlsx=xlsx,
        as_json=as_json,
    )
    raise typer.Exit(run.run_check(options))
