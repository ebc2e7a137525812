"""Claims of uploads, and the outcome of every attempt."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Update, and_, bindparam, case, func, or_, select, update
from sqlalchemy.sql.dml import ReturningInsert, ReturningUpdate

from storage.database.base import Records
from storage.database.schema import attempts, object_versions, uploads
from storage.database.statements import Insert, insert, insert_new
from storage.database.versions import is_newer
from storage.interfaces.claims import (
    ATTEMPT_OUTCOMES,
    CRASHED,
    DONE,
    FINISHED,
    GIVEN_UP,
    OPEN,
    QUARANTINED,
    SUPERSEDED,
    UPLOAD_STATES,
    VANISHED,
    Claim,
    Claimed,
    UploadId,
)

_THIS = and_(
    uploads.c.tenant == bindparam("tenant_"),
    uploads.c.digest == bindparam("digest_"),
    uploads.c.pipeline_version == bindparam("pipeline_version_"),
)
_MINE = and_(_THIS, uploads.c.token == bindparam("token_"), uploads.c.state == OPEN)
_UNDER_WAY = uploads.c.holder.is_not(None)
_LET_GO = {"holder": None, "held_until": None}
_ITS_ATTEMPTS = and_(
    attempts.c.tenant == bindparam("tenant_"),
    attempts.c.subject == bindparam("digest_"),
    attempts.c.pipeline_version == bindparam("pipeline_version_"),
)
_ENDING = {
    "outcome": bindparam("outcome_", type_=attempts.c.outcome.type),
    "ended_at": bindparam("at_", type_=attempts.c.ended_at.type),
}


@cache
def _claim(dialect: str) -> ReturningInsert[Any]:
    """One statement decides, so of two claims at once the second waits for the first, then finds it held."""
    new = insert(dialect, uploads)
    request = new.excluded
    others = and_(_UNDER_WAY, uploads.c.token != request.token)
    repeated = and_(_UNDER_WAY, uploads.c.token == request.token)  # the answer to a claim was lost
    free = or_(
        uploads.c.holder.is_(None),
        uploads.c.holder == request.holder,
        uploads.c.held_until <= request.first_seen_at,
    )
    values: dict[str, ColumnElement[Any]] = {
        name: request[name] for name in ("holder", "token", "held_until")
    }
    values["attempts"] = uploads.c.attempts + case((repeated, 0), else_=1)
    values["vanished"] = uploads.c.vanished + case((others, 1), else_=0)
    return new.on_conflict_do_update(
        index_elements=list(uploads.primary_key.columns),
        set_=values,
        where=and_(uploads.c.state == OPEN, free),
    ).returning(
        uploads.c.attempts,
        uploads.c.crashed,
        uploads.c.vanished,
        _current(object_versions.c.sequencer).label("sequencer"),
        _current(object_versions.c.event_at).label("event_at"),
    )


def _current(column: ColumnElement[Any]) -> ColumnElement[Any]:
    return (
        select(column)
        .where(object_versions.c.tenant == bindparam("tenant_"))
        .where(object_versions.c.object_digest == bindparam("object_digest_"))
        .scalar_subquery()
    )


@cache
def _standing() -> Select[tuple[Any, ...]]:
    columns = uploads.c
    return select(columns.state, columns.held_until, columns.crashed, columns.vanished).where(_THIS)


@cache
def _begin(dialect: str) -> Insert:
    return insert_new(dialect, attempts)


@cache
def _lose() -> Update:
    """Attempts numbered below ``before`` that never ended."""
    unended = and_(attempts.c.outcome.is_(None), attempts.c.number < bindparam("before"))
    return update(attempts).where(_ITS_ATTEMPTS, unended).values(_ENDING)


@cache
def _end() -> Update:
    unended = and_(attempts.c.outcome.is_(None), attempts.c.number == bindparam("number_"))
    detail = bindparam("detail_", type_=attempts.c.detail.type)
    return update(attempts).where(_ITS_ATTEMPTS, unended).values(_ENDING | {"detail": detail})


@cache
def _extend() -> Update:
    return update(uploads).where(_MINE, _UNDER_WAY).values(held_until=bindparam("until"))


@cache
def _let_go() -> ReturningUpdate[Any]:
    counted = {
        "crashed": uploads.c.crashed + bindparam("crashed_"),
        "vanished": uploads.c.vanished + bindparam("vanished_"),
    }
    return update(uploads).where(_MINE, _UNDER_WAY).values(_LET_GO | counted).returning(uploads.c.attempts)


@cache
def _finish() -> ReturningUpdate[Any]:
    ended: dict[str, Any] = {
        "state": bindparam("state_"),
        "evidence_id": bindparam("evidence_id_"),
        "ended_at": bindparam("at_"),
    }
    return update(uploads).where(_MINE).values(_LET_GO | ended).returning(uploads.c.attempts)


_OF_ANY_VERSION = and_(uploads.c.tenant == bindparam("tenant_"), uploads.c.digest == bindparam("digest_"))


@cache
def _first_event() -> Select[Any]:
    return select(func.min(uploads.c.event_at, type_=uploads.c.event_at.type)).where(_OF_ANY_VERSION)


@cache
def _opened_before() -> Select[tuple[Any, ...]]:
    opened = and_(uploads.c.state.in_((DONE, QUARANTINED)), uploads.c.evidence_id.is_not(None))
    return (
        select(uploads.c.evidence_id)
        .where(_OF_ANY_VERSION, opened)
        .order_by(uploads.c.ended_at.desc())
        .limit(1)
    )


@cache
def _reopen() -> Update:
    cleared = {"state": OPEN, "crashed": 0, "vanished": 0, "evidence_id": None, "ended_at": None}
    return update(uploads).where(_THIS, uploads.c.state == GIVEN_UP).values(cleared)


class WorkRecords(Records):
    """Implements ``Claims``. A token is good until another claim is granted."""

    def claim_upload(self, claim: Claim) -> Claimed:
        """The same token is granted the same attempt again. Where another holder is at work the answer is busy, whatever
        version is current: that holder finds out."""
        key = _key(claim.upload, claim.pipeline_version)
        current = {"object_digest_": claim.upload.object_digest, "tenant_": claim.upload.tenant}
        row = self._run(_claim(self._dialect), _row(claim) | current).one_or_none()
        if row is None:
            known = self._run(_standing(), key).one()
            busy_until = known.held_until if known.state == OPEN else None
            return Claimed(False, known.state, busy_until, known.crashed, known.vanished)
        superseded = row.event_at is not None and is_newer(row.sequencer, row.event_at, claim)
        if row.attempts > 1:
            # Where nothing starts now, this claim's number may be that of a lost one too.
            before = row.attempts + superseded
            self._run(_lose(), key | {"before": before, "outcome_": VANISHED, "at_": claim.at})
        if superseded:
            ended: dict[str, Any] = {
                "token_": claim.token,
                "state_": SUPERSEDED,
                "evidence_id_": None,
                "at_": claim.at,
            }
            self._run(_finish(), key | ended).one()
            return Claimed(False, SUPERSEDED, None, row.crashed, row.vanished)
        begun = {
            "tenant": claim.upload.tenant,
            "subject": claim.upload.digest,
            "pipeline_version": claim.pipeline_version,
            "number": row.attempts,
            "started_at": claim.at,
        }
        self._run(_begin(self._dialect), begun)
        return Claimed(True, OPEN, None, row.crashed, row.vanished)

    def extend_claim(self, upload: UploadId, pipeline_version: str, token: str, until: datetime) -> bool:
        """A claim that ran out still holds while nobody took it over."""
        held = _key(upload, pipeline_version) | {"token_": token, "until": until}
        return self._run(_extend(), held).rowcount == 1

    def end_attempt(
        self, upload: UploadId, pipeline_version: str, token: str, outcome: str, detail: str, at: datetime
    ) -> bool:
        """ValueError for an unknown outcome. The token may still end the upload, as long as no
        other claim is granted."""
        if outcome not in ATTEMPT_OUTCOMES:
            raise ValueError(f"an attempt does not end as {outcome!r}")
        key = _key(upload, pipeline_version)
        counted = {"crashed_": int(outcome == CRASHED), "vanished_": int(outcome == VANISHED)}
        number = self._run(_let_go(), key | counted | {"token_": token}).scalar_one_or_none()
        if number is None:
            return False
        self._run(_end(), key | {"number_": number, "outcome_": outcome, "detail_": detail, "at_": at})
        return True

    def end_upload(
        self,
        upload: UploadId,
        pipeline_version: str,
        token: str,
        state: str,
        evidence_id: str | None,
        at: datetime,
    ) -> bool:
        """ValueError for a state that is not final."""
        if state not in UPLOAD_STATES or state == OPEN:
            raise ValueError(f"an upload does not end as {state!r}")
        key = _key(upload, pipeline_version)
        ended = {"token_": token, "state_": state, "evidence_id_": evidence_id, "at_": at}
        number = self._run(_finish(), key | ended).scalar_one_or_none()
        if number is None:
            return False
        self._run(_end(), key | {"number_": number, "outcome_": FINISHED, "detail_": None, "at_": at})
        return True

    def first_event_at(self, upload: UploadId) -> datetime | None:
        this = {"tenant_": upload.tenant, "digest_": upload.digest}
        found: datetime | None = self._run(_first_event(), this).scalar_one()
        return found

    def item_of_upload(self, upload: UploadId) -> str | None:
        this = {"tenant_": upload.tenant, "digest_": upload.digest}
        row = self._run(_opened_before(), this).first()
        return None if row is None else str(row.evidence_id)

    def reopen_upload(self, upload: UploadId, pipeline_version: str) -> None:
        """The rows of earlier attempts stay."""
        self._run(_reopen(), _key(upload, pipeline_version))


def _key(upload: UploadId, pipeline_version: str) -> dict[str, Any]:
    return {"tenant_": upload.tenant, "digest_": upload.digest, "pipeline_version_": pipeline_version}


def _row(claim: Claim) -> dict[str, Any]:
    upload = claim.upload
    return {
        "tenant": upload.tenant,
        "digest": upload.digest,
        "pipeline_version": claim.pipeline_version,
        "bucket": upload.bucket,
        "object_key": upload.key,
        "object_version": upload.version,
        "dispute_id": claim.dispute_id,
        "sequencer": claim.sequencer,
        "event_at": claim.event_at,
        "first_seen_at": claim.at,
        "state": OPEN,
        "attempts": 1,
        "crashed": 0,
        "vanished": 0,
        "holder": claim.holder,
        "token": claim.token,
        "held_until": claim.until,
    }
