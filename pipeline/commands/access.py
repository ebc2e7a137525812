"""The commands ``evidence link`` and ``evidence token``: who may come in."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipeline.commands.exit_codes import INCOMPLETE, NOTHING_TO_DO, USAGE
from pipeline.commands.refusal import complain
from pipeline.commands.report import opened_database, store_exists
from pipeline.console.access.access_settings import public_url, read_link_key
from pipeline.console.access.links import key_made_in, make_link
from pipeline.console.access.principal import LINK, Principal
from pipeline.console.access.tokens import new_token
from pipeline.judgement.report_json import stamp
from storage.errors import StorageError, StoreMisconfiguredError
from validators.safe_text import visible


def print_link(store: Path, dispute_id: str, tenant: str, role: str, name: str, seconds: int) -> int:
    """Print the link; returns the exit status."""
    if not store_exists(store):
        return complain(f"there is no store in {store}.", USAGE)
    try:
        with opened_database(store) as database:
            database.migrate()
            with database.reading() as records:
                known = records.report(tenant, dispute_id) is not None
        if not known:
            return complain(f"no report is attached to dispute {visible(dispute_id)}.", USAGE)
        key = read_link_key(store) or key_made_in(store)
        expires = datetime.now(UTC) + timedelta(seconds=seconds)
        text = make_link(key, Principal(name, role, tenant, LINK, dispute_id), expires)
        sys.stdout.write(f"{public_url()}/enter?link={text}\n")
        sys.stderr.write(f"It opens dispute {visible(dispute_id)} ({role}) until {stamp(expires)}.\n")
    except StoreMisconfiguredError as error:
        return complain(str(error), USAGE)
    except StorageError as error:
        return complain(str(error), INCOMPLETE)
    return NOTHING_TO_DO


def add_token(store: Path, tenant: str, role: str, name: str, seconds: int | None) -> int:
    """Make a token and print it; returns the exit status."""
    store.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC)
    text, record = new_token(tenant, role, name, now, now + timedelta(seconds=seconds) if seconds else None)
    try:
        with opened_database(store) as database:
            database.migrate()
            with database.transaction() as records:
                records.put_tokens([record])
    except StorageError as error:
        return complain(str(error), INCOMPLETE)
    sys.stdout.write(text + "\n")
    sys.stderr.write(f"Token {record.id} ({role}, tenant {visible(tenant)}). It is not shown again.\n")
    return NOTHING_TO_DO


def list_tokens(store: Path) -> int:
    """One line a token; returns the exit status."""
    if not store_exists(store):
        return complain(f"there is no store in {store}.", USAGE)
    try:
        with opened_database(store) as database:
            database.migrate()
            with database.reading() as records:
                tokens = records.tokens()
    except StorageError as error:
        return complain(str(error), INCOMPLETE)
    for one in tokens:
        until = f"until {stamp(one.expires_at)}" if one.expires_at else "until revoked"
        if one.revoked_at is not None:
            until = f"revoked {stamp(one.revoked_at)}"
        words = (one.id, one.tenant, one.role, one.name, f"since {stamp(one.created_at)}", until)
        sys.stdout.write("  ".join(visible(word) for word in words) + "\n")
    return NOTHING_TO_DO


def revoke_token(store: Path, id_: str) -> int:
    """End the token; returns the exit status."""
    if not store_exists(store):
        return complain(f"there is no store in {store}.", USAGE)
    try:
        with opened_database(store) as database:
            database.migrate()
            with database.transaction() as records:
                found = [one for one in records.tokens() if one.id == id_]
                records.put_tokens([replace(one, revoked_at=datetime.now(UTC)) for one in found])
    except StorageError as error:
        return complain(str(error), INCOMPLETE)
    return NOTHING_TO_DO if found else complain(f"there is no token {visible(id_)}.", USAGE)
