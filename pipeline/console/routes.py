"""Every route with who may take it. What is not in this table is not served."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starlette.responses import Response

from pipeline.console import openapi
from pipeline.console.access.principal import ACT, OPERATE, READ
from pipeline.console.api import api, exports, media, originals
from pipeline.console.core.console_context import Asked
from pipeline.console.core.templates import page
from pipeline.console.views import (
    agreement_page,
    case_page,
    compare_page,
    item_page,
    precheck_page,
    queue_page,
)
from pipeline.console.views import decision_forms as deciding_forms
from pipeline.console.views import request_page as asking

Handler = Callable[[Asked], Response]

PRECHECK_PATHS = ("/before-upload", "/v1/precheck")
"""Those that take a file."""


@dataclass(frozen=True, slots=True)
class Way:
    """One route. ``of_case``: somebody with a link to one case may take it. Under /v1/ it is the API's."""

    method: str
    path: str
    handler: Handler
    need: str = READ
    of_case: bool = False

    @property
    def api(self) -> bool:
        """Whether it is for programs: a token, or whoever is at a loopback console."""
        return self.path.startswith("/v1/")


def keys(asked: Asked) -> Response:
    """The list of keys, for those without JavaScript."""
    return page(asked, "keys.html")


WAYS = (
    Way("GET", "/", queue_page.show),
    Way("GET", "/keys", keys, of_case=True),
    Way("GET", "/case/{dispute:path}", case_page.show, of_case=True),
    Way("GET", "/item/{evidence:path}", item_page.show, of_case=True),
    Way("GET", "/compare", compare_page.show, of_case=True),
    Way("GET", "/ask/{dispute:path}", asking.show, ACT, of_case=True),
    Way("POST", "/ask/{dispute:path}", asking.record, ACT, of_case=True),
    Way("POST", "/decide", deciding_forms.decide, ACT, of_case=True),
    Way("GET", "/media/{evidence:path}/{sha256}", media.picture, of_case=True),
    Way("GET", "/comparison/{first}/{second}", media.comparison, of_case=True),
    Way("GET", "/layer/{first}/{second}/{layer}", media.layer, of_case=True),
    Way("GET", "/original/{evidence:path}", originals.original, ACT, of_case=True),
    Way("GET", "/export/{dispute:path}", exports.export, of_case=True),
    Way("GET", "/before-upload", precheck_page.show),
    Way("POST", "/before-upload", precheck_page.check),
    Way("GET", "/agreement", agreement_page.show, OPERATE),
    Way("GET", "/api", openapi.show),
    Way("GET", "/v1/openapi.json", openapi.document),
    Way("GET", "/v1/disputes", api.disputes),
    Way("GET", "/v1/disputes/{dispute:path}/report", api.report),
    Way("GET", "/v1/disputes/{dispute:path}/findings", api.findings),
    Way("GET", "/v1/disputes/{dispute:path}/decisions", api.decisions),
    Way("POST", "/v1/disputes/{dispute:path}/decisions", api.decide, ACT),
    Way("POST", "/v1/precheck", precheck_page.api),
    Way("GET", "/v1/agreement", api.agreement, OPERATE),
)
