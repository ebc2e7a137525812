"""The worker's settings, from the environment: where uploads and their messages come from, and its time limits."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from pipeline.intake.messages.key_layout import DEFAULT_PATTERN, KeyLayout
from storage.errors import StoreMisconfiguredError

_UPLOADS = "EVIDENCE_UPLOADS_URL"
_QUEUE = "EVIDENCE_QUEUE_URL"
_BACKFILL = "EVIDENCE_BACKFILL_QUEUE_URL"
_DEAD_LETTERS = "EVIDENCE_DEAD_LETTERS_URL"
_EVENTS = "EVIDENCE_EVENTS_URL"
_EVENTS_TOKEN = "EVIDENCE_EVENTS_TOKEN"  # noqa: S105 - a name
_LAYOUT = "EVIDENCE_KEY_LAYOUT"
_VISIBILITY = "EVIDENCE_VISIBILITY_S"
_DEADLINE = "EVIDENCE_ITEM_DEADLINE_S"
_GRACE = "EVIDENCE_GRACE_S"


@dataclass(frozen=True, slots=True)
class WorkerSettings:
    """Addresses and seconds. ``backfill_url`` and ``events_url`` are None where there are none."""

    uploads_url: str
    queue_url: str
    backfill_url: str | None
    dead_letters_url: str | None
    events_url: str | None
    events_token: str | None
    layout: KeyLayout
    visibility_s: float
    deadline_s: float
    grace_s: float

    @property
    def embedded(self) -> bool:
        """Whether the queue is the one inside the store."""
        return not self.queue_url.startswith(("http://", "https://"))


def read_worker_settings(store: Path) -> WorkerSettings:
    """Settings with everything inside ``store`` as the default. Raises StoreMisconfiguredError, naming the setting."""
    queue_url = os.environ.get(_QUEUE) or f"sqlite:///{store / 'queue.sqlite'}"
    dead_letters_url = os.environ.get(_DEAD_LETTERS) or None
    if queue_url.startswith(("http://", "https://")) and dead_letters_url is None:
        raise StoreMisconfiguredError(
            f"{_QUEUE} is set, so set {_DEAD_LETTERS} to the queue for dead letters"
        )
    try:
        layout = KeyLayout.parse(os.environ.get(_LAYOUT) or DEFAULT_PATTERN)
    except ValueError as error:
        raise StoreMisconfiguredError(f"{_LAYOUT}: {error}") from error
    backfill = os.environ.get(_BACKFILL) or None
    if backfill is None and not queue_url.startswith(("http://", "https://")):
        backfill = queue_url
    events_url = os.environ.get(_EVENTS) or None
    if events_url is not None and not events_url.startswith(("http://", "https://", "sqs:")):
        raise StoreMisconfiguredError(
            f"{_EVENTS} is no address for events: give http://… or https://…, or sqs: before a queue's address"
        )
    return WorkerSettings(
        uploads_url=os.environ.get(_UPLOADS) or str(store / "uploads"),
        queue_url=queue_url,
        backfill_url=backfill,
        dead_letters_url=dead_letters_url,
        events_url=events_url,
        events_token=os.environ.get(_EVENTS_TOKEN) or None,
        layout=layout,
        visibility_s=_seconds(_VISIBILITY, 60.0, 2.0, 43_200.0),
        deadline_s=_seconds(_DEADLINE, 300.0, 1.0, 36_000.0),
        grace_s=_seconds(_GRACE, 25.0, 0.0, 3600.0),
    )


def _seconds(name: str, default: float, least: float, most: float) -> float:
    text = os.environ.get(name)
    if not text:
        return default
    try:
        value = float(text)
    except ValueError as error:
        raise StoreMisconfiguredError(f"{name} is {text!r}: give a number of seconds") from error
    if not least <= value <= most:
        raise StoreMisconfiguredError(f"{name} is {text}: give {least:g} to {most:g} seconds")
    return value
