"""A store to check with: opened once for many calls, or for one call alone."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pipeline import batch
from pipeline.api.answers import Precheck, QualityReport, said
from pipeline.console.core.precheck import precheck as precheck_file
from pipeline.intake.folders import read_paths
from pipeline.intake.found import Reading
from pipeline.intake.manifest import apply_manifest
from pipeline.opening.one_thread import one_thread
from pipeline.setup.context import Context
from pipeline.setup.policies import load_policy
from pipeline.setup.settings import read_settings
from pipeline.wiring.assembly import open_context
from validators.sentences.catalogue import ENGLISH
from validators.sentences.labels import Labels
from validators.sentences.sentences import sentences_in

Paths = str | Path | Iterable[str | Path]
Progress = Callable[[str, int, int], None]
"""Called with the phase ("examined", "compared", "judged"), how many are done and how many there are."""


def check(
    paths: Paths,
    *,
    store: str | Path | None = None,
    policy: str | None = None,
    language: str = ENGLISH,
    listing: str | Path | None = None,
    manifest: str | Path | None = None,
    as_of: datetime | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> list[QualityReport]:
    """Check folders or files as ``evidence check`` does, and return a report on each dispute.

    ``store`` remembers photos between calls; without it nothing is kept. ``policy`` is a name or a TOML file. ``as_of`` is an
    aware time, by default now. Raises FileNotFoundError for a path that does not exist, PolicyError for a policy that
    cannot be read, ManifestError for a manifest, ValueError for a time without a zone, StorageError where the store fails.
    """
    with open_store(store, policy=policy, language=language) as opened:
        return opened.check(
            paths, listing=listing, manifest=manifest, as_of=as_of, jobs=jobs, progress=progress
        )


def precheck(
    file: str | Path,
    reason: str | None = None,
    *,
    role: str = "",
    policy: str | None = None,
    language: str = ENGLISH,
) -> Precheck:
    """Whether one file is good enough, before it is uploaded. Nothing of it is kept.

    ``reason`` names a checklist of the policy ("damaged"), ``role`` what the file is to show ("item"). Raises LookupError for a
    reason that the policy does not know, OutOfTimeError and JailError where the file could not be opened.
    """
    with open_store(policy=policy, language=language) as opened:
        return opened.precheck(file, reason, role=role)


@contextmanager
def open_store(
    path: str | Path | None = None, *, policy: str | None = None, language: str = ENGLISH
) -> Iterator[Store]:
    """A store for many calls; its jail, database and objects are closed at the end.

    Without ``path`` it is a temporary one, and the settings of a shared database or bucket are left alone.
    """
    one_thread()
    if path is None:
        with (
            TemporaryDirectory(prefix="evidence-") as folder,
            _opened(Path(folder), policy, embedded=True) as context,
        ):
            yield Store(context, language)
    else:
        with _opened(Path(path), policy) as context:
            yield Store(context, language)


@contextmanager
def _opened(path: Path, policy: str | None, *, embedded: bool = False) -> Iterator[Context]:
    settings = read_settings(path)
    if embedded:
        settings = replace(
            settings, database_url=f"sqlite:///{path / 'evidence.sqlite'}", objects_url=str(path / "objects")
        )
    with open_context(settings, load_policy(policy)) as context:
        yield context


@dataclass(frozen=True)
class Store:
    """An opened store: see ``open_store``."""

    context: Context
    language: str = ENGLISH

    def check(
        self,
        paths: Paths,
        *,
        listing: str | Path | None = None,
        manifest: str | Path | None = None,
        as_of: datetime | None = None,
        jobs: int | None = None,
        progress: Progress | None = None,
    ) -> list[QualityReport]:
        """See ``check``: all files are opened in parallel, then compared, then judged."""
        reading = self._read(paths, listing, manifest)
        return self._checked(reading, _time(as_of), jobs, progress)

    def reports(
        self,
        paths: Paths,
        *,
        listing: str | Path | None = None,
        manifest: str | Path | None = None,
        as_of: datetime | None = None,
        jobs: int | None = None,
    ) -> Iterator[QualityReport]:
        """The same one dispute at a time, for long runs: each report is on the record before it is handed out.

        A match with a later dispute is in the later report. Ask again for the earlier one to see it from its side.
        """
        at = _time(as_of)
        reading = self._read(paths, listing, manifest)
        for found in reading.disputes:
            yield from self._checked(Reading([found], notices=reading.notices), at, jobs, None)

    def precheck(self, file: str | Path, reason: str | None = None, *, role: str = "") -> Precheck:
        """See ``precheck``. Raises LookupError for a reason that the policy does not know."""
        path, reasons = Path(file), self.context.policy.reasons
        if reason and reason not in reasons:
            raise LookupError(f"the policy knows no reason {reason!r}; it knows {', '.join(reasons)}")
        with path.open("rb") as opened:
            needs = reasons[reason] if reason else None
            checked = precheck_file(opened, path.name, needs, reason or "", role, self.context)
        return Precheck(
            state=checked.report.state,
            label=Labels(sentences_in(self.language)).state(checked.report.state).short,
            findings=tuple(said(one, self.language) for one in checked.findings),
            notes=tuple(said(one, self.language) for one in checked.notes),
            seconds=checked.seconds,
        )

    def _read(self, paths: Paths, listing: str | Path | None, manifest: str | Path | None) -> Reading:
        named = [Path(one) for one in ([paths] if isinstance(paths, str | Path) else paths)]
        for path in named:
            if not path.exists() and not path.is_symlink():
                raise FileNotFoundError(str(path))
        reading = read_paths(named, frozenset(), Path(listing) if listing else None)
        if manifest is not None:
            apply_manifest(reading, Path(manifest))
        return reading

    def _checked(
        self, reading: Reading, at: datetime, jobs: int | None, progress: Progress | None
    ) -> list[QualityReport]:
        result = batch.check(reading, self.context, at, jobs or os.cpu_count() or 1, progress or _silent)
        return [QualityReport(report, self.language) for report in result.reports]


def _time(as_of: datetime | None) -> datetime:
    if as_of is None:
        return datetime.now(UTC)
    if as_of.tzinfo is None:
        raise ValueError("as_of needs a time zone")
    return as_of.astimezone(UTC)


def _silent(phase: str, done: int, total: int) -> None:
    """Progress that nobody asked for."""
