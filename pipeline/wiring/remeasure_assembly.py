"""Settings to what ``evidence remeasure`` needs: the record, the uploads and the jail."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pipeline.intake.origin import open_origin
from pipeline.intake.worker_settings import read_worker_settings
from pipeline.remeasurement.remeasurement import Remeasurement
from pipeline.setup.settings import read_settings
from pipeline.wiring.assembly import open_context
from validators.policy import Policy


@contextmanager
def open_remeasurement(store: Path, policy: Policy, *, require_jail: bool = False) -> Iterator[Remeasurement]:
    """Open every store, bring the schema up to date, start the jail; close all at the end."""
    settings = read_worker_settings(store)
    with open_context(read_settings(store, require_jail=require_jail), policy) as context:
        origin = open_origin(settings.uploads_url, settings.layout)
        yield Remeasurement(replace(context, uploads=origin.objects), origin)
