"""One route of the console: its path, its handler and who may use it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import Response

from pipeline.console.access.principal import READ
from pipeline.console.core.console_context import ConsoleRequest

Handler = Callable[[ConsoleRequest], Response]


@dataclass(frozen=True, slots=True)
class ServedRoute:
    """One route. ``of_case``: somebody with a link to one case may use it. Under /v1/ it is the API's."""

    method: str
    path: str
    handler: Handler
    need: str = READ
    of_case: bool = False

    @property
    def api(self) -> bool:
        """Whether it is for programs, which send a token, or for anyone at a loopback console."""
        return self.path.startswith("/v1/")
