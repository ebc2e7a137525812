"""SQS clients with time limits, translated errors, and the age metric."""

from __future__ import annotations

import logging
import os
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from storage import aws_faults
from storage.errors import StorageError, StoreMisconfiguredError, StoreUnavailableError

CONNECT_S = 5
READ_S = 10
ATTEMPTS = 4
"""Time limits of one request, and how often it is tried before the caller gets the error."""
RECEIVE_ATTEMPTS = 2
"""Receiving is tried once: a lost answer hides a message until its visibility runs out, and the caller asks again anyway."""
METRIC_S = 2
METRIC_PAUSE_S = 300
"""Time limit of asking for the age, and how long not to ask again where no answer came."""
_METRIC_SPAN = timedelta(minutes=15)
_CONNECTIONS = 64

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html and its neighbours
_DENIED = "access is denied: check the credentials and the queue's policy"
_ABSENT = "the queue does not exist: create it, or check its address and region"
_KEY = "the queue's key cannot be used: check the key and its policy"
_SETUP = aws_faults.SETUP | {
    "NonExistentQueue": _ABSENT,
    "QueueDoesNotExist": _ABSENT,
    "InvalidAddress": _ABSENT,
    "404": _ABSENT,
    "AccessDenied": _DENIED,
    "AccessDeniedException": _DENIED,
    "403": _DENIED,
    "KmsAccessDenied": _KEY,
    "KmsDisabled": _KEY,
    "KmsInvalidKeyUsage": _KEY,
    "KmsInvalidState": _KEY,
    "KmsNotFound": _KEY,
    "KmsOptInRequired": _KEY,
}
_PASSING = {"KmsThrottled", "OverLimit"}

_REGION = re.compile(r"(?:^|\.)((?:[a-z]{2,4})(?:-[a-z]+)+-\d)(?:\.|$)")
_AWS = re.compile(r"(?:^|\.)(?:amazonaws\.com(?:\.cn)?|api\.aws)$")

_log = logging.getLogger(__name__)


class SqsClients:
    """Clients of the host of ``queue_url``. Serves any number of threads.

    AWS_ENDPOINT_URL_SQS, else AWS_ENDPOINT_URL, comes before the address's own host; the region is the one the
    host names, else the environment's.
    """

    def __init__(self, queue_url: str) -> None:
        parts = urlsplit(queue_url)
        self._queue_url = queue_url
        self._name = parts.path.rpartition("/")[2]
        host = parts.hostname or ""
        self._origin = f"{parts.scheme}://{parts.netloc}"
        self._session = boto3.session.Session()
        self._is_aws = _AWS.search(host) is not None
        named = _REGION.search(host)
        own = None if self._is_aws else self._origin
        self._region = named[1] if named else aws_faults.named_region(own)
        self._lock = threading.Lock()
        self._receivers: dict[int, Any] = {}
        self._metrics: Any = None
        self._no_metrics_until = 0.0
        self.plain: Any = self._sqs(READ_S, ATTEMPTS)

    def receiver(self, wait_s: int) -> Any:
        """A client whose read limit lies above the long poll of ``wait_s``."""
        with self._lock:
            if wait_s not in self._receivers:
                self._receivers[wait_s] = self._sqs(wait_s + READ_S, RECEIVE_ATTEMPTS)
            return self._receivers[wait_s]

    @contextmanager
    def translated(self, queue_url: str) -> Iterator[None]:
        """Raise boto3's errors as those of storage/errors.py, where ``queue_url`` was asked."""
        with aws_faults.translated("SQS", lambda error: _answer(error, queue_url)):
            yield

    def oldest_s(self) -> float | None:
        """The age of the oldest message as CloudWatch last knew it, in seconds; None where it does not say."""
        if time.monotonic() < self._no_metrics_until:
            return None
        try:
            points = self._age_points()
        except (ClientError, BotoCoreError) as error:
            _log.info("CloudWatch does not report the age of the oldest message in %s: %s", self._name, error)
            self._no_metrics_until = time.monotonic() + METRIC_PAUSE_S
            return None
        latest = max(points, key=lambda point: point["Timestamp"], default=None)
        return None if latest is None else float(latest["Maximum"])

    def close(self) -> None:
        """Close every connection."""
        with self._lock:
            for client in (self.plain, *self._receivers.values(), self._metrics):
                if client is not None:
                    client.close()

    def _sqs(self, read_s: float, attempts: int) -> Any:
        endpoint = (
            os.environ.get("AWS_ENDPOINT_URL_SQS") or os.environ.get("AWS_ENDPOINT_URL") or self._origin
        )
        with self.translated(self._queue_url):
            return self._client("sqs", endpoint, CONNECT_S, read_s, attempts)

    def _client(
        self, service: str, endpoint: str | None, connect_s: float, read_s: float, attempts: int
    ) -> Any:
        config = Config(
            connect_timeout=connect_s,
            read_timeout=read_s,
            retries={"total_max_attempts": attempts, "mode": "standard"},
            max_pool_connections=_CONNECTIONS,
            user_agent=aws_faults.USER_AGENT,
        )
        try:
            return self._session.client(
                service, endpoint_url=endpoint, config=config, region_name=self._region
            )
        except ValueError as error:
            raise StoreMisconfiguredError(f"the address of {service} is not valid: {endpoint!r}") from error

    def _age_points(self) -> list[dict[str, Any]]:
        with self._lock:
            if self._metrics is None:
                endpoint = os.environ.get("AWS_ENDPOINT_URL_CLOUDWATCH") or os.environ.get("AWS_ENDPOINT_URL")
                if not endpoint and not self._is_aws:
                    endpoint = self._origin
                self._metrics = self._client("cloudwatch", endpoint, METRIC_S, METRIC_S, 1)
        now = datetime.now(UTC)
        answer = self._metrics.get_metric_statistics(
            Namespace="AWS/SQS",
            MetricName="ApproximateAgeOfOldestMessage",
            Dimensions=[{"Name": "QueueName", "Value": self._name}],
            StartTime=now - _METRIC_SPAN,
            EndTime=now,
            Period=60,
            Statistics=["Maximum"],
        )
        points: list[dict[str, Any]] = answer["Datapoints"]
        return points


def _answer(error: ClientError, queue_url: str) -> StorageError:
    code = aws_faults.code_of(error)
    if code in _SETUP:
        return StoreMisconfiguredError(f"queue {queue_url}: {_SETUP[code]}")
    if code in _PASSING or aws_faults.is_passing(error):
        return StoreUnavailableError(f"SQS does not serve just now: {code}")
    return StorageError(f"SQS refused the request: {error}")
