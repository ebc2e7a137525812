"""Agreement by finding code: how often mediators found a finding right. The product's live precision."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from pipeline.console.core.console_context import ConsoleRequest
from pipeline.console.core.templates import page
from storage.interfaces.decisions import Agreement
from validators.sentences import labels as words


@dataclass(frozen=True, slots=True)
class AgreementView:
    """A code's line. ``share`` is agreed of agreed and disagreed, None where neither was said."""

    record: Agreement
    title: str
    share: float | None


def lines(found: list[Agreement]) -> list[AgreementView]:
    """With the codes that mediators disagree with most first."""
    made = [AgreementView(one, words.title(one.code), share_of(one)) for one in found]
    return sorted(made, key=lambda line: (line.share is None, line.share or 0.0, line.record.code))


def share_of(one: Agreement) -> float | None:
    """Agreed of all that was said either way."""
    said = one.agreed + one.disagreed
    return one.agreed / said if said else None


def show(request: ConsoleRequest) -> Response:
    """For operators."""
    with request.console.context.database.reading() as records:
        found = list(records.agreement(request.principal.tenant))
    return page(request, "agreement.html", lines=lines(found))
