"""Metrics of the console for Prometheus. Every label takes values of a bounded set."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, Info, ProcessCollector

from pipeline.observability.metrics import exposition

KINDS = ("page", "api", "precheck", "static")
STATUSES = ("2xx", "3xx", "4xx", "5xx")
SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)
"""Upper bounds of the histogram."""


class ConsoleMetrics:
    """What one console counts. Every method may be called from any thread."""

    def __init__(self, version: str = "", policy_sha256: str = "") -> None:
        registry = self._registry = CollectorRegistry()
        ProcessCollector(namespace="evidence", registry=registry)
        build = {"version": version, "policy_sha256": policy_sha256}
        Info("evidence_build", "What is running.", registry=registry).info(build)
        self._requests = Counter(
            "evidence_console_requests", "Requests answered.", ("kind", "status"), registry=registry
        )
        self._seconds = Histogram(
            "evidence_console_request_seconds",
            "Seconds to the end of the answer.",
            ("kind",),
            buckets=SECONDS,
            registry=registry,
        )
        self._open = Gauge("evidence_console_requests_open", "Requests being answered.", registry=registry)
        for kind in KINDS:
            self._seconds.labels(kind)
            for status in STATUSES:
                self._requests.labels(kind, status)

    def began(self) -> None:
        """A request has come."""
        self._open.inc()

    def ended(self, kind: str, status: int, seconds: float) -> None:
        """Its answer has been sent, or its sender has gone."""
        self._open.dec()
        self._requests.labels(kind, f"{status // 100}xx").inc()
        self._seconds.labels(kind).observe(seconds)

    def text(self) -> bytes:
        """Everything in Prometheus's text format 0.0.4."""
        return exposition(self._registry)
