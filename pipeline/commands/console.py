"""The commands of the console: serving it, links to one case, tokens of the API."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipeline.commands.refusal import refuse

_SERVE_EXAMPLES = """
Examples:

  evidence serve                                    on this machine alone, at http://127.0.0.1:8765/

  evidence serve --store /srv/evidence --port 8080 --policy paypal

  EVIDENCE_PROXY_ADDRESS=10.0.0.5 evidence serve --host 10.0.0.7      behind a proxy that signs people on
"""
_LINK_EXAMPLES = """
Examples:

  evidence link D-1001                                    read one case for 8 hours

  evidence link D-1001 --role mediator --name ann --expires 2d
"""
_ADDING_EXAMPLES = """
Examples:

  evidence token add --role read-only --name dashboard

  evidence token add --role mediator --name case-tool --tenant eu --expires 90d
"""

Store = Annotated[Path, typer.Option(help="The embedded store, for whatever no setting names a place.")]
_STORE = Path(".evidence")
Tenant = Annotated[str, typer.Option(help="Whose disputes.")]
Expires = Annotated[str, typer.Option(help="For how long: a number and m, h or d.")]

token_app = typer.Typer(help="Tokens of the API.", no_args_is_help=True, rich_markup_mode=None)


def add_console_commands(app: typer.Typer) -> None:
    """Add the console's commands to the command ``evidence``."""
    app.command(epilog=_SERVE_EXAMPLES)(serve)
    app.command(epilog=_LINK_EXAMPLES)(link)
    token_app.command("add", epilog=_ADDING_EXAMPLES)(token_add)
    token_app.command("list")(token_list)
    token_app.command("revoke")(token_revoke)
    app.add_typer(token_app, name="token")


def serve(
    store: Store = _STORE,
    host: Annotated[
        str, typer.Option(help="Where to listen; any but this machine's own needs access configured.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port; 0 takes a free one.")] = 8765,
    policy: Annotated[
        str | None,
        typer.Option(help="The policy that disputes are judged again by: the one they were judged by."),
    ] = None,
    tenant: Tenant = "default",
    name: Annotated[
        str | None, typer.Option("--name", help="Who decides, at this machine; the user's name without.")
    ] = None,
    require_jail: Annotated[
        bool, typer.Option("--require-jail", help="Refuse where the kernel lacks a part of the jail.")
    ] = False,
) -> None:
    """Serve the mediator's console: queue, cases, items side by side, decisions, and the API.

    Exit status: 0 ended as asked, 2 usage or configuration, 3 the store cannot be reached.
    """
    import getpass  # noqa: PLC0415

    from pipeline.commands.serve import ServeOptions, run_serve  # noqa: PLC0415

    who = name or getpass.getuser()
    raise typer.Exit(run_serve(ServeOptions(store, host, port, policy, tenant, who, require_jail)))


def link(
    dispute: Annotated[str, typer.Argument(help="The dispute's id.")],
    expires: Expires = "8h",
    role: Annotated[str, typer.Option(help="read-only or mediator.")] = "read-only",
    name: Annotated[str, typer.Option(help="Whose decisions they are.")] = "by link",
    tenant: Tenant = "default",
    store: Store = _STORE,
) -> None:
    """Print a signed link that opens one case and expires. Whoever holds it is let in: send it as you would a password."""
    from pipeline.commands.access import print_link  # noqa: PLC0415

    if role not in ("read-only", "mediator"):
        refuse("--role is read-only or mediator.")
    raise typer.Exit(print_link(store, dispute, tenant, role, name, _seconds(expires)))


def token_add(
    role: Annotated[str, typer.Option(help="operator, mediator or read-only.")] = "read-only",
    name: Annotated[str, typer.Option(help="What it is for; decisions carry it.")] = "api",
    tenant: Tenant = "default",
    expires: Annotated[str | None, typer.Option(help="For how long; without, until revoked.")] = None,
    store: Store = _STORE,
) -> None:
    """Make a token and print it, once: only its sum is kept."""
    from pipeline.commands.access import add_token  # noqa: PLC0415
    from storage.interfaces.tokens import ROLES  # noqa: PLC0415

    if role not in ROLES:
        refuse("--role is operator, mediator or read-only.")
    raise typer.Exit(add_token(store, tenant, role, name, _seconds(expires) if expires else None))


def token_list(store: Store = _STORE) -> None:
    """List the tokens: id, tenant, role, name, since when and until when. The tokens themselves are not kept."""
    from pipeline.commands.access import list_tokens  # noqa: PLC0415

    raise typer.Exit(list_tokens(store))


def token_revoke(
    id_: Annotated[str, typer.Argument(metavar="ID", help="The token's id, as listed.")],
    store: Store = _STORE,
) -> None:
    """End a token at once."""
    from pipeline.commands.access import revoke_token  # noqa: PLC0415

    raise typer.Exit(revoke_token(store, id_))


def _seconds(text: str) -> int:
    units = {"m": 60, "h": 3600, "d": 86400}
    number, unit = text[:-1], text[-1:]
    if unit not in units or not number.isdecimal() or not 0 < int(number[:6]) * units[unit] <= 366 * 86400:
        refuse(f"{text!r} is no length of time up to a year; write for example 30m, 8h or 7d.")
    return int(number[:6]) * units[unit]
