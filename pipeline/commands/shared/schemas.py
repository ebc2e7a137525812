"""What ``evidence schema`` can print."""

from __future__ import annotations

from enum import StrEnum


class Schema(StrEnum):
    """A JSON format of ours."""

    REPORT = "report"
    MESSAGE = "message"
    DISPUTE = "dispute"
    EVENT = "event"
