"""A plan made real: objects written, and the messages that tell of them, as a bucket and its relatives send them."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from urllib.parse import quote_plus

from chaos.plan import Item, Plan

_FIRST_EVENT = datetime(2026, 3, 10, 8, 0, tzinfo=UTC)
_FIRST_SEQUENCER = 0x62E99A88DC


class Depot(Protocol):
    """Where uploads are put. ``bucket`` and ``prefix`` are what events name."""

    bucket: str
    prefix: str

    def store(self, key: str, data: bytes) -> str | None:
        """Put one version of an object; its version id where the depot keeps versions."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One version of an object as it rests, and what its event says of it."""

    item: Item
    number: int
    key: str
    sha256: str
    etag: str
    size: int
    sequencer: str
    event_at: datetime
    version_id: str | None

    @property
    def version(self) -> str:
        """What makes this version the same upload: as UploadId has it."""
        return self.version_id or f"{self.etag}:{self.size}"


def store_all(
    plan: Plan, depot: Depot, items: Sequence[Item] | None = None, number: int | None = None
) -> list[Stored]:
    """Write every version of the plan's items (or of ``items``), oldest first; or only version ``number``."""
    return [
        _store(
            item, version, depot, plan.items.index(item) * 8 + version, random.Random(f"{item.key}/{version}")
        )
        for item in (plan.items if items is None else items)
        for version in (range(len(item.versions)) if number is None else [number])
    ]


def _store(item: Item, number: int, depot: Depot, order: int, chance: random.Random) -> Stored:
    data = item.versions[number].make()
    version_id = depot.store(item.key, data)
    # Of differing lengths, as S3's are: only the first digits count here.
    tail = "".join(chance.choice("0123456789ABCDEF") for _ in range(chance.randrange(7)))
    return Stored(
        item=item,
        number=number,
        key=item.key,
        sha256=hashlib.sha256(data).hexdigest(),
        etag=hashlib.md5(data, usedforsecurity=False).hexdigest(),
        size=len(data),
        sequencer=f"{_FIRST_SEQUENCER + order:X}{tail}",
        event_at=_FIRST_EVENT + timedelta(seconds=order),
        version_id=version_id,
    )


def newest(stored: Sequence[Stored]) -> dict[str, Stored]:
    """The version of each key that must be current in the end."""
    return {one.key: one for one in sorted(stored, key=lambda one: one.number)}


def messages(plan: Plan, stored: Sequence[Stored], depot: Depot, *, shuffled: bool = True) -> list[str]:
    """Bodies in the order sent: every version told once, some told again, malformed ones between."""
    chance = random.Random(f"messages/{plan.seed}")
    bodies = [_told(chance, [one], depot) for one in stored]
    for number in range(plan.duplicates):
        again = chance.sample(stored, 2 if number % 10 == 0 else 1)
        bodies.append(_told(chance, again, depot))
    bodies += plan.malformed
    if shuffled:
        chance.shuffle(bodies)
    return bodies


def _told(chance: random.Random, stored: list[Stored], depot: Depot) -> str:
    """The message of one or several versions, in one of the shapes it may come in."""
    if len(stored) > 1:
        return json.dumps(_records(stored, depot))
    (one,) = stored
    shapes: list[Callable[[Stored, Depot], dict[str, Any]]] = [_direct, _direct, _sns, _eventbridge, _own]
    return json.dumps(chance.choice(shapes)(one, depot))


def _records(stored: list[Stored], depot: Depot) -> dict[str, Any]:
    return {"Records": [_record(one, depot) for one in stored]}


def _record(one: Stored, depot: Depot) -> dict[str, Any]:
    about: dict[str, Any] = {
        "key": quote_plus(depot.prefix + one.key, safe="/"),
        "size": one.size,
        "eTag": one.etag,
        "sequencer": one.sequencer,
    }
    if one.version_id is not None:
        about["versionId"] = one.version_id
    return {
        "eventVersion": "2.1",
        "eventSource": "aws:s3",
        "awsRegion": "us-east-1",
        "eventTime": one.event_at.isoformat().replace("+00:00", "Z"),
        "eventName": "ObjectCreated:Put",
        "s3": {"s3SchemaVersion": "1.0", "bucket": {"name": depot.bucket}, "object": about},
    }


def _direct(one: Stored, depot: Depot) -> dict[str, Any]:
    return _records([one], depot)


def _sns(one: Stored, depot: Depot) -> dict[str, Any]:
    return {
        "Type": "Notification",
        "MessageId": f"sns-{one.sequencer}",
        "TopicArn": "arn:aws:sns:us-east-1:123456789012:uploads",
        "Subject": "Amazon S3 Notification",
        "Message": json.dumps(_records([one], depot)),
        "Timestamp": one.event_at.isoformat().replace("+00:00", "Z"),
    }


def _eventbridge(one: Stored, depot: Depot) -> dict[str, Any]:
    about: dict[str, Any] = {
        "key": depot.prefix + one.key,
        "size": one.size,
        "etag": one.etag,
        "sequencer": one.sequencer,
    }
    if one.version_id is not None:
        about["version-id"] = one.version_id
    return {
        "version": "0",
        "detail-type": "Object Created",
        "source": "aws.s3",
        "time": one.event_at.isoformat().replace("+00:00", "Z"),
        "detail": {"version": "0", "bucket": {"name": depot.bucket}, "object": about, "reason": "PutObject"},
    }


def _own(one: Stored, depot: Depot) -> dict[str, Any]:
    body: dict[str, Any] = {
        "schema": "dispute-evidence/upload/1",
        "key": one.key,
        "etag": one.etag,
        "size": one.size,
        "sequencer": one.sequencer,
        "event_at": one.event_at.isoformat(),
    }
    if one.version_id is not None:
        body["version_id"] = one.version_id
    return body


def in_parts(bodies: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    """``bodies`` in parts of at most ``size``."""
    for start in range(0, len(bodies), size):
        yield bodies[start : start + size]
