"""Findings whose sentences are given, as a report of an earlier release holds them: for tests of what shows sentences."""

from __future__ import annotations

from typing import Any

from validators.finding import Finding, StoredWords


def stored_finding(
    code: str,
    severity: str,
    kind: str,
    message: str,
    action: str | None = None,
    params: dict[str, Any] | None = None,
    measured: float | None = None,
    threshold: float | None = None,
    rule: str | None = None,
    region: Any = None,
) -> Finding:
    """A finding that says ``message`` and asks for ``action``, whatever the catalogue has for its code."""
    return Finding(
        code=code,
        severity=severity,
        kind=kind,
        params=params or {},
        measured=measured,
        threshold=threshold,
        rule=rule,
        region=region,
        stored=StoredWords(message, action),
    )
