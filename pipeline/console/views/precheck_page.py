"""The page and the endpoint that check a file before it is sent: the limits first, then what the reason needs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, Response

from pipeline.console.core.console_context import ConsoleRequest, refused
from pipeline.console.core.precheck import Checked, limits_in_words, precheck
from pipeline.console.core.templates import page
from pipeline.judgement.report_json import plain_item
from pipeline.opening.host.jail import JailError
from pipeline.reports.finding_views import finding_view
from pipeline.setup.opened import OutOfTimeError
from validators.dispute import BUYER, SELLER
from validators.policy import Policy
from validators.safe_text import escape_surrogates
from validators.sentences.labels import Labels

_ANY_SUB_REASON = "return_agreed"
"""Needs that are no reason of their own."""


def show(request: ConsoleRequest) -> Response:
    """What may be sent, and what the chosen reason needs from each side."""
    return _page(request, request.query("reason"), None)


def check(request: ConsoleRequest) -> Response:
    """The same page with the answer for the file that was sent."""
    return _page(request, request.field("reason"), _checked(request))


def api(request: ConsoleRequest) -> Response:
    """The answer as JSON: findings as code, parameters and text."""
    checked = _checked(request)
    item = plain_item(checked.report)
    findings, notes = ({f.code for f in found} for found in (checked.findings, checked.notes))
    body: dict[str, Any] = {
        "state": item["state"],
        "kind": item["kind"],
        "detected_type": item["detected_type"],
        "sha256": item["sha256"],
        "bytes": item["bytes"],
        "findings": [finding for finding in item["findings"] if finding["code"] in findings],
        "notes": [finding for finding in item["findings"] if finding["code"] in notes],
        "checklist": checklist(request.console.context.policy, request.field("reason")),
        "limits": [
            asdict(limit) for limit in limits_in_words(request.console.context.policy, request.labels)
        ],
        "seconds": round(checked.seconds, 3),
        "stored": False,
    }
    return JSONResponse(body)


def reasons(policy: Policy, labels: Labels) -> list[tuple[str, str]]:
    """Every sub-reason that the policy knows, with its words."""
    return [
        (name, labels.reason(needs.reason, name))
        for name, needs in policy.reasons.items()
        if name != _ANY_SUB_REASON
    ]


def checklist(policy: Policy, sub_reason: str) -> list[dict[str, Any]]:
    """What the reason needs from each side; empty for a reason that the policy does not know."""
    needs = policy.reasons.get(sub_reason)
    made = []
    for party in (BUYER, SELLER) if needs else ():
        of_party = needs.needs.get(party) if needs else None
        for required, roles in ((True, of_party.required), (False, of_party.optional)) if of_party else ():
            made += [{"party": party, "role": role, "required": required} for role in roles]
    return made


def _checked(request: ConsoleRequest) -> Checked:
    file, policy = request.form.get("file"), request.console.context.policy
    if not isinstance(file, UploadFile):
        raise refused("no_file")
    sub_reason = request.field("reason")
    if sub_reason and sub_reason not in policy.reasons:
        raise refused("no_reason")
    kind = request.field("evidence_type")
    name = escape_surrogates(file.filename or "file").replace("\\", "/").rpartition("/")[2] or "file"
    try:
        return precheck(
            file.file, name, policy.reasons.get(sub_reason), sub_reason, kind, request.console.context
        )
    except (JailError, OutOfTimeError) as error:
        raise refused("not_opened") from error


def _page(request: ConsoleRequest, sub_reason: str, checked: Checked | None) -> Response:
    policy = request.console.context.policy
    needs = policy.reasons.get(sub_reason)
    roles = checklist(policy, sub_reason)
    labels = request.labels
    return page(
        request,
        "before_upload.html",
        limits=limits_in_words(policy, request.labels),
        reasons=reasons(policy, request.labels),
        sub_reason=sub_reason if needs else "",
        source=needs.source if needs else "",
        sides=[
            (labels.party(party), [one for one in roles if one["party"] == party])
            for party in (BUYER, SELLER)
        ],
        roles=list(dict.fromkeys(one["role"] for one in roles)),
        checked=checked,
        verdict=labels.state(checked.report.state) if checked else None,
        findings=[finding_view(finding, labels) for finding in checked.findings] if checked else [],
        notes=[finding_view(finding, labels) for finding in checked.notes] if checked else [],
    )
