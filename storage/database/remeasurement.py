"""Which files were measured by which version, and what may go."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Delete,
    Select,
    Update,
    and_,
    bindparam,
    delete,
    exists,
    func,
    or_,
    select,
    update,
)
from sqlalchemy.sql.selectable import Exists

from storage.database.base import Records
from storage.database.schema import attempts, evidence, evidence_reports, examinations, files, uploads
from storage.database.statements import among
from storage.interfaces.claims import DONE, OPEN, QUARANTINED, UploadId
from storage.interfaces.remeasurement import MeasuredFiles, StoredUpload

_UNOPENED = "unopened:%"
_LOST = "%not_measured_again%"
_VERSION: ColumnElement[Any] = bindparam("version_")
_TENANT: ColumnElement[Any] = bindparam("tenant_")
_DIGEST: ColumnElement[Any] = bindparam("digest_")
_OPENED = (DONE, QUARANTINED)


def _measured(tenant: ColumnElement[Any], sha256: ColumnElement[Any]) -> Exists:
    """Whether the present version measured the file."""
    now = examinations.alias("now")
    return exists().where(now.c.tenant == tenant, now.c.sha256 == sha256, now.c.version == _VERSION)


_FORMER = and_(examinations.c.version != _VERSION, _measured(examinations.c.tenant, examinations.c.sha256))
_BEHIND = and_(
    examinations.c.version != _VERSION,
    ~_measured(examinations.c.tenant, examinations.c.sha256),
    examinations.c.sha256.not_like(_UNOPENED),
)


@cache
def _counts() -> Select[tuple[Any, ...]]:
    now = and_(examinations.c.version == _VERSION, examinations.c.sha256.not_like(_UNOPENED))
    return select(
        select(func.count())
        .select_from(files)
        .where(files.c.sha256.not_like(_UNOPENED))
        .scalar_subquery()
        .label("files"),
        select(func.count()).select_from(examinations).where(now).scalar_subquery().label("measured"),
    )


@cache
def _lost() -> Select[int]:
    noted = and_(_BEHIND, examinations.c.problems.like(_LOST))
    return select(func.count()).select_from(examinations).where(noted)


@cache
def _uploads_behind() -> Select[tuple[Any, ...]]:
    columns = uploads.c
    item = and_(evidence.c.tenant == columns.tenant, evidence.c.id == columns.evidence_id)
    beyond = or_(columns.tenant > _TENANT, and_(columns.tenant == _TENANT, columns.digest > _DIGEST))
    return (
        select(
            columns.tenant, columns.bucket, columns.object_key, columns.object_version, columns.evidence_id
        )
        .join(evidence, item)
        .where(columns.state.in_(_OPENED), evidence.c.sha256 != "", beyond)
        .where(~_measured(evidence.c.tenant, evidence.c.sha256))
        .order_by(columns.tenant, columns.digest, columns.ended_at)
        .limit(bindparam("limit_"))
    )


@cache
def _items_behind() -> Select[tuple[Any, ...]]:
    # An outer join rather than "not exists": SQLite then indexes the uploads by item for the one query.
    brought = and_(uploads.c.tenant == evidence.c.tenant, uploads.c.evidence_id == evidence.c.id)
    return (
        select(evidence.c.tenant, evidence.c.id)
        .outerjoin(uploads, brought)
        .where(uploads.c.evidence_id.is_(None), evidence.c.sha256 != "")
        .where(~_measured(evidence.c.tenant, evidence.c.sha256))
        .order_by(evidence.c.tenant, evidence.c.id)
    )


_UPLOAD = and_(uploads.c.tenant == _TENANT, uploads.c.digest == _DIGEST)


@cache
def _versions_of() -> Select[tuple[Any, ...]]:
    columns = uploads.c
    return select(columns.pipeline_version, columns.state).where(_UPLOAD).order_by(columns.ended_at.desc())


@cache
def _advance() -> Update:
    this = and_(_UPLOAD, uploads.c.pipeline_version == bindparam("former_"))
    return update(uploads).where(this).values(pipeline_version=_VERSION, state=bindparam("state_"))


@cache
def _forget_present() -> Delete:
    return delete(uploads).where(_UPLOAD, uploads.c.pipeline_version == _VERSION)


@cache
def _forget_upload() -> Delete:
    former = and_(uploads.c.pipeline_version != _VERSION, uploads.c.state != OPEN)
    return delete(uploads).where(_UPLOAD, former)


@cache
def _forget_attempts() -> Delete:
    mine = and_(attempts.c.tenant == _TENANT, attempts.c.subject == _DIGEST)
    return delete(attempts).where(mine, attempts.c.pipeline_version != _VERSION)


@cache
def _former() -> Select[tuple[Any, ...]]:
    columns = examinations.c
    beyond = or_(
        columns.tenant > _TENANT, and_(columns.tenant == _TENANT, columns.sha256 > bindparam("sha256_"))
    )
    found = select(columns.tenant, columns.sha256).where(_FORMER, beyond).distinct()
    return found.order_by(columns.tenant, columns.sha256).limit(bindparam("limit_"))


@cache
def _behind() -> Select[str]:
    return select(examinations.c.sha256).where(_BEHIND).distinct()


@cache
def _erase_examinations(dialect: str) -> Delete:
    mine = and_(examinations.c.tenant == _TENANT, among(dialect, examinations.c.sha256, "sha256s"))
    return delete(examinations).where(mine, _FORMER)


@cache
def _erase_reports(dialect: str) -> Delete:
    columns, now = evidence_reports.c, evidence_reports.alias("now")
    same = and_(now.c.tenant == columns.tenant, now.c.evidence_id == columns.evidence_id)
    of_files = select(evidence.c.id).where(
        evidence.c.tenant == _TENANT, among(dialect, evidence.c.sha256, "sha256s")
    )
    return (
        delete(evidence_reports)
        .where(columns.tenant == _TENANT, columns.evidence_id.in_(of_files), columns.version != _VERSION)
        .where(exists().where(same, now.c.version == _VERSION))
    )


class RemeasurementRecords(Records):
    """Implements ``Remeasurement``."""

    def measured_files(self, version: str) -> MeasuredFiles:
        bound = {"version_": version}
        row = self._run(_counts(), bound).one()
        lost = int(self._run(_lost(), bound).scalar_one()) if row.measured < row.files else 0
        return MeasuredFiles(version, row.measured, lost, row.files)

    def uploads_behind(self, version: str, after: tuple[str, str], limit: int) -> Sequence[StoredUpload]:
        tenant, digest = after
        rows = self._rows(_uploads_behind(), version_=version, tenant_=tenant, digest_=digest, limit_=limit)
        found = {}
        for (
            row
        ) in rows:  # an upload that several earlier versions opened comes several times, the latest last
            id_ = UploadId(row.tenant, row.bucket, row.object_key, row.object_version)
            found[id_] = StoredUpload(id_, row.evidence_id)
        return list(found.values())

    def items_behind(self, version: str) -> Sequence[tuple[str, str]]:
        return [(row.tenant, row.id) for row in self._rows(_items_behind(), version_=version)]

    def advance_upload(self, upload: UploadId, version: str, state: str) -> None:
        """Where a worker has the upload under this version now, everything is left to it."""
        this = {"tenant_": upload.tenant, "digest_": upload.digest}
        rows = self._rows(_versions_of(), **this)
        known = {row.pipeline_version: row.state for row in rows}
        if known.get(version) == OPEN:
            return
        former = next((row.pipeline_version for row in rows if row.state in _OPENED), None)
        if former is None:
            return
        if known.get(version) not in _OPENED:  # none, or of a message that found the object gone
            self._run(_forget_present(), this | {"version_": version})
            self._run(_advance(), this | {"former_": former, "version_": version, "state_": state})
        self._run(_forget_upload(), this | {"version_": version})
        self._run(_forget_attempts(), this | {"version_": version})

    def former_contents(self, version: str, after: tuple[str, str], limit: int) -> Sequence[tuple[str, str]]:
        tenant, sha256 = after
        rows = self._rows(_former(), version_=version, tenant_=tenant, sha256_=sha256, limit_=limit)
        return [(row.tenant, row.sha256) for row in rows]

    def contents_behind(self, version: str) -> set[str]:
        return {row.sha256 for row in self._rows(_behind(), version_=version)}

    def erase_former(self, tenant: str, contents: Iterable[str], version: str) -> None:
        bound = {"tenant_": tenant, "version_": version, "sha256s": self._texts(contents)}
        self._run(_erase_reports(self._dialect), bound)
        self._run(_erase_examinations(self._dialect), bound)
