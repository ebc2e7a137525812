"""Examinations: what was measured of a file's bytes, under one version of the measuring code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from storage.database.base import Records
from storage.database.encoding import decode, decode_many, encode, encode_many
from storage.database.schema import examinations, files
from storage.database.statements import Insert, among, insert_new, upsert
from storage.interfaces.examinations import Examination, StoredDerivative
from validators.evidence import Measurements


@cache
def _put_file(dialect: str) -> Insert:
    return insert_new(dialect, files)


@cache
def _put(dialect: str) -> Insert:
    return upsert(dialect, examinations)


@cache
def _select(dialect: str) -> Select[tuple[Any, ...]]:
    return _of_any_version(dialect).where(examinations.c.version == bindparam("version_"))


@cache
def _of_any_version(dialect: str) -> Select[tuple[Any, ...]]:
    return (
        select(
            examinations.c.sha256,
            examinations.c.version,
            examinations.c.jail,
            examinations.c.measurements,
            examinations.c.derivatives,
            files.c.bytes,
        )
        .join(files, (files.c.tenant == examinations.c.tenant) & (files.c.sha256 == examinations.c.sha256))
        .where(
            examinations.c.tenant == bindparam("tenant_"),
            among(dialect, examinations.c.sha256, "sha256s"),
        )
    )


@cache
def _problems() -> Select[tuple[Any, ...]]:
    return select(examinations.c.problems).where(
        examinations.c.tenant == bindparam("tenant_"),
        examinations.c.sha256 == bindparam("sha256_"),
        examinations.c.version == bindparam("version_"),
    )


class ExaminationRecords(Records):
    """Implements ``Examinations``."""

    def put_examinations(self, tenant: str, many: Iterable[Examination]) -> None:
        many = sorted(many, key=lambda one: (one.sha256, one.version))
        if not many:
            return
        rows = [{"tenant": tenant, "sha256": one.sha256, "bytes": one.bytes} for one in many]
        self._run(_put_file(self._dialect), rows)
        self._run(_put(self._dialect), [_row(tenant, one) for one in many])

    def examination(self, tenant: str, sha256: str, version: str) -> Examination | None:
        return self.examinations(tenant, [sha256], version).get(sha256)

    def is_examined(
        self, tenant: str, sha256: str, version: str, except_problems: Sequence[str] = ()
    ) -> bool:
        rows = self._rows(_problems(), tenant_=tenant, sha256_=sha256, version_=version)
        return any(set(except_problems).isdisjoint(row.problems.split()) for row in rows)

    def examinations(self, tenant: str, sha256s: Iterable[str], version: str) -> dict[str, Examination]:
        rows = self._rows(
            _select(self._dialect), tenant_=tenant, version_=version, sha256s=self._texts(sha256s)
        )
        return {row.sha256: _examination(row, version) for row in rows}

    def newest_examinations(self, tenant: str, sha256s: Iterable[str]) -> dict[str, Examination]:
        rows = self._rows(_of_any_version(self._dialect), tenant_=tenant, sha256s=self._texts(sha256s))
        in_order = sorted(rows, key=lambda row: (len(row.version), row.version))
        return {row.sha256: _examination(row, row.version) for row in in_order}


def _row(tenant: str, one: Examination) -> dict[str, Any]:
    return {
        "tenant": tenant,
        "sha256": one.sha256,
        "version": one.version,
        "jail": one.jail,
        "problems": " ".join(sorted({problem.code for problem in one.measurements.problems})),
        "measurements": encode(Measurements, one.measurements),
        "derivatives": encode_many(StoredDerivative, one.derivatives),
    }


def _examination(row: Any, version: str) -> Examination:
    return Examination(
        sha256=row.sha256,
        bytes=row.bytes,
        version=version,
        jail=row.jail,
        measurements=decode(Measurements, row.measurements),
        derivatives=decode_many(StoredDerivative, row.derivatives),
    )
