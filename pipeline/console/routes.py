"""Every route with who may take it. What is not in this table is not served."""

from __future__ import annotations

from starlette.responses import Response

from pipeline.console import openapi
from pipeline.console.access.principal import ACT, OPERATE
from pipeline.console.api import api, exports, media, originals
from pipeline.console.core.console_context import ConsoleRequest
from pipeline.console.core.served_route import ServedRoute
from pipeline.console.core.templates import page
from pipeline.console.views import (
    agreement_page,
    case_page,
    compare_page,
    decision_forms,
    item_page,
    precheck_page,
    queue_page,
    request_page,
)

PRECHECK_PATHS = ("/before-upload", "/v1/precheck")
"""Those that take a file."""


def keys(request: ConsoleRequest) -> Response:
    """The list of keys, for those without JavaScript."""
    return page(request, "keys.html")


ROUTES: tuple[ServedRoute, ...] = (
    ServedRoute("GET", "/", queue_page.show),
    ServedRoute("GET", "/keys", keys, of_case=True),
    ServedRoute("GET", "/case/{dispute:path}", case_page.show, of_case=True),
    ServedRoute("GET", "/item/{evidence:path}", item_page.show, of_case=True),
    ServedRoute("GET", "/compare", compare_page.show, of_case=True),
    ServedRoute("GET", "/ask/{dispute:path}", request_page.show, ACT, of_case=True),
    ServedRoute("POST", "/ask/{dispute:path}", request_page.record, ACT, of_case=True),
    ServedRoute("POST", "/decide", decision_forms.decide, ACT, of_case=True),
    ServedRoute("GET", "/media/{evidence:path}/{sha256}", media.picture, of_case=True),
    ServedRoute("GET", "/cover/{dispute:path}", media.cover, of_case=True),
    ServedRoute("GET", "/comparison/{first}/{second}", media.comparison, of_case=True),
    ServedRoute("GET", "/layer/{first}/{second}/{layer}", media.layer, of_case=True),
    ServedRoute("GET", "/original/{evidence:path}", originals.original, ACT, of_case=True),
    ServedRoute("GET", "/export/{dispute:path}", exports.export, of_case=True),
    ServedRoute("GET", "/before-upload", precheck_page.show),
    ServedRoute("POST", "/before-upload", precheck_page.check),
    ServedRoute("GET", "/agreement", agreement_page.show, OPERATE),
    ServedRoute("GET", "/api", lambda request: openapi.show(request, ROUTES)),
    ServedRoute("GET", "/v1/openapi.json", lambda request: openapi.document(request, ROUTES)),
    ServedRoute("GET", "/v1/disputes", api.disputes),
    ServedRoute("GET", "/v1/disputes/{dispute:path}/report", api.report),
    ServedRoute("GET", "/v1/disputes/{dispute:path}/findings", api.findings),
    ServedRoute("GET", "/v1/disputes/{dispute:path}/decisions", api.decisions),
    ServedRoute("POST", "/v1/disputes/{dispute:path}/decisions", api.decide, ACT),
    ServedRoute("POST", "/v1/precheck", precheck_page.api),
    ServedRoute("GET", "/v1/agreement", api.agreement, OPERATE),
)
