"""``evidence link`` and ``evidence token``: who may open the console and call the API."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.commands.output.say import say, say_error
from pipeline.commands.output.texts import sentences, text
from pipeline.commands.shared.exit_codes import NOTHING_TO_DO, USAGE
from pipeline.commands.shared.refusal import complain, refuse
from pipeline.commands.shared.stores import no_store, opened_database, store_exists
from pipeline.console.access.access_settings import AccessError, public_url, read_link_key
from pipeline.console.access.links import key_made_in, make_link
from pipeline.console.access.principal import LINK, Principal
from pipeline.console.access.tokens import new_token
from pipeline.judgement.report_json import stamp
from storage.interfaces.tokens import MEDIATOR, READ_ONLY, ROLES, ApiToken
from validators.safe_text import visible


def print_link(store: Path, dispute_id: str, tenant: str, role: str, name: str, seconds: int) -> int:
    """Print the link; returns the exit status."""
    _check_role(role, (READ_ONLY, MEDIATOR))
    if not store_exists(store):
        return complain(no_store(store), USAGE)
    try:
        with opened_database(store) as database, database.reading() as records:
            known = records.report(tenant, dispute_id) is not None
        if not known:
            return complain(text("refused.no_report", dispute=dispute_id, store=str(store)), USAGE)
        key = read_link_key(store) or key_made_in(store)
        expires = datetime.now(UTC) + timedelta(seconds=seconds)
        signed = make_link(key, Principal(name, role, tenant, LINK, dispute_id), expires)
        say(f"{public_url()}/enter?link={signed}")
        say_error(text("link.made", dispute=dispute_id, role=role, expires=stamp(expires)))
    except AccessError as error:
        return complain(sentences().say(error.statement), USAGE)
    return NOTHING_TO_DO


def add_token(store: Path, tenant: str, role: str, name: str, seconds: int | None) -> int:
    """Make a token and print it; returns the exit status."""
    _check_role(role, ROLES)
    now = datetime.now(UTC)
    expires = now + timedelta(seconds=seconds) if seconds else None
    secret, record = new_token(tenant, role, name, now, expires)
    with opened_database(store, migrated=True) as database, database.transaction() as records:
        records.put_tokens([record])
    sys.stdout.write(f"{secret}\n")
    say_error(text("token.made", id=record.id, role=role, tenant=tenant))
    return NOTHING_TO_DO


def list_tokens(store: Path) -> int:
    """One line a token; returns the exit status."""
    if not store_exists(store):
        return complain(no_store(store), USAGE)
    with opened_database(store) as database, database.reading() as records:
        tokens = records.tokens()
    for token in tokens:
        since = text("token.since", at=stamp(token.created_at))
        cells = (token.id, token.tenant, token.role, token.name, since, _ending(token))
        say("  ".join(visible(cell) for cell in cells))
    return NOTHING_TO_DO


def _ending(token: ApiToken) -> str:
    if token.revoked_at is not None:
        return text("token.revoked", at=stamp(token.revoked_at))
    return (
        text("token.until", at=stamp(token.expires_at)) if token.expires_at else text("token.until_revoked")
    )


def revoke_token(store: Path, id_: str) -> int:
    """End the token; returns the exit status."""
    if not store_exists(store):
        return complain(no_store(store), USAGE)
    with opened_database(store, migrated=True) as database, database.transaction() as records:
        found = [one for one in records.tokens() if one.id == id_]
        records.put_tokens([replace(one, revoked_at=datetime.now(UTC)) for one in found])
    return NOTHING_TO_DO if found else complain(text("refused.no_token", id=id_), USAGE)


def _check_role(role: str, known: Sequence[str]) -> None:
    if role not in known:
        choices = sentences().formats.list(known, "or")
        refuse(text("refused.choice", option="--role", choices=choices, given=role))
