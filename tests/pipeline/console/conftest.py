"""The console over a filled store, for whoever asks."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from console_access import HERE, LOCAL, THERE
from console_store import NOW, POLICY, database_of, fill, open_context_in
from starlette.testclient import TestClient

from pipeline.console.access.access_settings import AccessSettings
from pipeline.console.app import make_app
from pipeline.console.core.console_context import Console
from pipeline.opening.host.jail import Jail
from pipeline.opening.host.opener import Opener
from pipeline.opening.host.tools import find_tools
from pipeline.opening.limits import limits_of
from pipeline.setup.context import Context
from pipeline.wiring.assembly import content_thresholds


@pytest.fixture(scope="session")
def opener() -> Iterator[Opener]:
    """The product's own opening of files, jail and all."""
    with Jail() as jail:
        yield Opener(jail, find_tools(), limits_of(POLICY), content_thresholds(POLICY))


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory, opener: Opener) -> Path:
    """A store filled once; tests work on copies."""
    folder = tmp_path_factory.mktemp("filled")
    context = open_context_in(folder, opener)
    fill(context)
    database_of(context).close()
    return folder


@pytest.fixture
def context(filled: Path, tmp_path: Path, opener: Opener) -> Iterator[Context]:
    """A desk over a copy of the filled store."""
    shutil.copytree(filled, tmp_path / "store")
    opened = open_context_in(tmp_path / "store", opener)
    yield opened
    database_of(opened).close()


Clients = Callable[..., TestClient]


@pytest.fixture
def client_of(context: Context) -> Clients:
    """Makes a client: ``access``, the address it comes from, its headers; ``at`` moves the clock."""

    def make(
        access: AccessSettings = LOCAL, ip: str = "127.0.0.1", at: timedelta = timedelta(), **headers: Any
    ) -> TestClient:
        app = make_app(Console(context, access, lambda: NOW + at))
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        base = HERE if access.local else THERE
        return TestClient(app, base, client=(ip, 5000), headers=given, follow_redirects=False)

    return make


@pytest.fixture
def client(client_of: Clients) -> TestClient:
    """Somebody at a console on their own machine, whose browser says where forms come from."""
    return client_of(Sec_Fetch_Site="same-origin")
