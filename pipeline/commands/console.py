"""The command lines of the console: serving it, links to one case, tokens of the API."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipeline.commands.output.texts import argument, described, help_text, option, text
from pipeline.commands.shared.refusal import refuse
from pipeline.setup.lazy import lazy

if TYPE_CHECKING:
    from pipeline.commands import access
    from pipeline.commands import serve as run_serve
else:
    access = lazy("pipeline.commands.access")
    run_serve = lazy("pipeline.commands.serve")

Store = Annotated[Path, option("store")]
_STORE = Path(".evidence")
Tenant = Annotated[str, option("tenants")]
Expires = Annotated[str, option("expires")]

_SECONDS = {"m": 60, "h": 3600, "d": 86400}
_LONGEST_S = 366 * 86400

token_app = typer.Typer(help=help_text("token.about"), no_args_is_help=True, rich_markup_mode=None)


def add_console_commands(app: typer.Typer) -> None:
    """Add the console's commands to the command ``evidence``."""
    app.command(**described("serve", examples=True))(serve)
    app.command(**described("link", examples=True))(link)
    token_app.command("add", **described("token_add", examples=True))(token_add)
    token_app.command("list", **described("token_list"))(token_list)
    token_app.command("revoke", **described("token_revoke"))(token_revoke)
    app.add_typer(token_app, name="token")


def serve(
    store: Store = _STORE,
    host: Annotated[str, option("serve.host")] = "127.0.0.1",
    port: Annotated[int, option("serve.port", min=0, max=65535)] = 8765,
    policy: Annotated[str | None, option("serve.policy")] = None,
    tenant: Tenant = "default",
    name: Annotated[str | None, option("serve.name", "--name")] = None,
    listen: Annotated[str | None, option("serve.listen")] = None,
    require_jail: Annotated[bool, option("require_jail", "--require-jail")] = False,
) -> None:
    """Serve the mediator's console and the API."""
    options = run_serve.ServeOptions(
        store=store,
        host=host,
        port=port,
        policy=policy,
        tenant=tenant,
        name=name,
        require_jail=require_jail,
        listen=listen,
    )
    raise typer.Exit(run_serve.run_serve(options))


def link(
    dispute: Annotated[str, argument("dispute")],
    expires: Expires = "8h",
    role: Annotated[str, option("link.role")] = "read-only",
    name: Annotated[str, option("link.name")] = "by link",
    tenant: Tenant = "default",
    store: Store = _STORE,
) -> None:
    """Print a signed link that opens one case and expires."""
    raise typer.Exit(access.print_link(store, dispute, tenant, role, name, _seconds(expires)))


def token_add(
    role: Annotated[str, option("token_add.role")] = "read-only",
    name: Annotated[str, option("token_add.name")] = "api",
    tenant: Tenant = "default",
    expires: Annotated[str | None, option("token_add.expires")] = None,
    store: Store = _STORE,
) -> None:
    """Make a token and print it, once."""
    seconds = _seconds(expires) if expires else None
    raise typer.Exit(access.add_token(store, tenant, role, name, seconds))


def token_list(store: Store = _STORE) -> None:
    """List the tokens."""
    raise typer.Exit(access.list_tokens(store))


def token_revoke(
    id_: Annotated[str, argument("token_revoke.id", metavar="ID")], store: Store = _STORE
) -> None:
    """End a token at once."""
    raise typer.Exit(access.revoke_token(store, id_))


def _seconds(given: str) -> int:
    number, unit = given[:-1], given[-1:]
    if unit in _SECONDS and number.isdecimal() and 0 < int(number[:6]) * _SECONDS[unit] <= _LONGEST_S:
        return int(number[:6]) * _SECONDS[unit]
    return refuse(text("refused.duration", given=given))
