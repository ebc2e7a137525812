"""Agreement by finding code: how often mediators found a finding right. The product's live precision."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from pipeline.console.core.console_context import ConsoleRequest
from pipeline.console.core.templates import page
from storage.interfaces.decisions import Agreement
from validators.sentences.labels import Labels


@dataclass(frozen=True, slots=True)
class AgreementView:
    """A code's line. ``share`` is agreed of agreed and disagreed, None where there is neither."""

    record: Agreement
    title: str
    share: float | None


def lines(found: list[Agreement], labels: Labels) -> list[AgreementView]:
    """The codes that mediators disagree with most come first."""
    made = [AgreementView(one, labels.title(one.code), share_of(one)) for one in found]
    return sorted(made, key=lambda line: (line.share is None, line.share or 0.0, line.record.code))


def share_of(one: Agreement) -> float | None:
    """Agreed of all agreed and disagreed."""
    total = one.agreed + one.disagreed
    return one.agreed / total if total else None


def show(request: ConsoleRequest) -> Response:
    """For operators."""
    with request.console.context.database.reading() as records:
        found = list(records.agreement(request.principal.tenant))
    return page(request, "agreement.html", lines=lines(found, request.labels))
