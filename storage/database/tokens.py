"""The API's tokens. Only the hash of each is stored."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from storage.database.base import Records
from storage.database.encoding import decode, encode
from storage.database.schema import api_tokens
from storage.database.statements import Insert, upsert
from storage.interfaces.tokens import ApiToken


@cache
def _put(dialect: str) -> Insert:
    return upsert(dialect, api_tokens)


@cache
def _by_sum() -> Select[Any]:
    return select(api_tokens.c.body).where(api_tokens.c.sha256 == bindparam("sha256_"))


@cache
def _every() -> Select[Any]:
    return select(api_tokens.c.body).order_by(api_tokens.c.tenant, api_tokens.c.id)


class TokenRecords(Records):
    """Implements ``Tokens``."""

    def put_tokens(self, tokens: Iterable[ApiToken]) -> None:
        rows = [
            {"tenant": one.tenant, "id": one.id, "sha256": one.sha256, "body": encode(ApiToken, one)}
            for one in tokens
        ]
        if rows:
            self._run(_put(self._dialect), rows)

    def token_by_sha256(self, sha256: str) -> ApiToken | None:
        row = self._run(_by_sum(), {"sha256_": sha256}).first()
        return None if row is None else decode(ApiToken, row.body)

    def tokens(self) -> Sequence[ApiToken]:
        return [decode(ApiToken, row.body) for row in self._rows(_every())]
