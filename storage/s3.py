"""Objects in S3, or in a server that speaks its protocol."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
    ParamValidationError,
    PartialCredentialsError,
)
from botocore.exceptions import ConnectionError as BotoConnectionError

from storage.errors import (
    ObjectMissingError,
    StorageError,
    StoreFullError,
    StoreMisconfiguredError,
    StoreUnavailableError,
)
from storage.folder import new_file, translated
from storage.keys import checked_key, checked_prefix

CONNECT_S = 5
READ_S = 30
ATTEMPTS = 4
"""Time limits of one request, and how often it is made before the fault is the caller's to handle."""

# https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
_MISSING = {"NoSuchKey", "404", "NotFound"}
_FULL = {"QuotaExceeded", "InsufficientStorage", "507", "XMinioStorageFull"}
_SETUP = {
    "NoSuchBucket": "the bucket does not exist: create it, or check the address",
    "InvalidBucketName": "the bucket's name is not valid: check the address",
    "AccessDenied": "access is denied: check the credentials and the bucket's policy",
    "403": "access is denied: check the credentials and the bucket's policy",
    "InvalidAccessKeyId": "the access key is not known: check the credentials",
    "SignatureDoesNotMatch": "the secret key does not fit: check the credentials",
    "ExpiredToken": "the credentials have expired: renew them",
    "InvalidToken": "the session token is not valid: renew the credentials",
    "PermanentRedirect": "the bucket is in another region: set AWS_DEFAULT_REGION",
    "AuthorizationHeaderMalformed": "the bucket is in another region: set AWS_DEFAULT_REGION",
    "RequestTimeTooSkewed": "this machine's clock is wrong: set it",
}
_PASSING = {
    "SlowDown",
    "RequestTimeout",
    "ServiceUnavailable",
    "InternalError",
    "Throttling",
    "OperationAborted",
}
_SERVER_ERROR = 500


class S3Objects:
    """Implements ``storage.interfaces.Objects`` in ``bucket``, each key behind ``prefix`` and a slash.

    Region, credentials and AWS_ENDPOINT_URL come from the environment, as in every AWS tool. Serves any
    number of threads; forked children need their own.
    """

    def __init__(self, bucket: str, prefix: str = "") -> None:
        self._bucket = bucket
        self._start = f"{checked_key(prefix)}/" if prefix else ""
        endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
        config = Config(
            connect_timeout=CONNECT_S,
            read_timeout=READ_S,
            retries={"total_max_attempts": ATTEMPTS, "mode": "standard"},
            # Other servers seldom have a host name for each bucket.
            s3={"addressing_style": "path" if endpoint else "auto"},
        )
        with self._translated():
            self._client: Any = boto3.session.Session().client(
                "s3", endpoint_url=endpoint, config=config, region_name=_region()
            )

    def put(self, key: str, data: bytes, content_type: str = "application/octet-stream") -> None:
        """See the interface."""
        with self._translated():
            self._client.put_object(**self._at(key), Body=data, ContentType=content_type)

    def get(self, key: str) -> bytes:
        """See the interface."""
        with self._translated(key):
            data: bytes = self._client.get_object(**self._at(key))["Body"].read()
            return data

    def fetch(self, key: str, path: Path) -> None:
        """See the interface. FileExistsError where ``path`` is there already."""
        with self._translated(key), translated(path.parent):
            body = self._client.get_object(**self._at(key))["Body"]
            with body, new_file(path) as file:
                shutil.copyfileobj(body, file, 1 << 20)

    def exists(self, key: str) -> bool:
        """See the interface."""
        try:
            with self._translated(key):
                self._client.head_object(**self._at(key))
        except ObjectMissingError:
            return False
        return True

    def delete(self, key: str) -> None:
        """See the interface."""
        with self._translated():
            self._client.delete_object(**self._at(key))

    def keys(self, prefix: str = "") -> Iterator[str]:
        """See the interface. All keys are read before the first is given: only AWS itself lists in order."""
        start = self._start + checked_prefix(prefix)
        found: list[str] = []
        with self._translated():
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=start)
            for page in pages:
                found += [entry["Key"][len(self._start) :] for entry in page.get("Contents", ())]
        yield from sorted(found)

    def _at(self, key: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": self._start + checked_key(key)}

    @contextmanager
    def _translated(self, key: str | None = None) -> Iterator[None]:
        try:
            yield
        except ClientError as error:
            raise self._answer(error, key) from error
        except (NoCredentialsError, PartialCredentialsError) as error:
            sentence = "no credentials for S3: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
            raise StoreMisconfiguredError(sentence) from error
        except ParamValidationError as error:
            raise StoreMisconfiguredError(f"the bucket's name is not valid: {self._bucket!r}") from error
        except (BotoConnectionError, HTTPClientError, IncompleteReadError) as error:
            raise StoreUnavailableError(f"S3 cannot be reached: {error}") from error
        except BotoCoreError as error:
            raise StorageError(f"S3 failed: {error}") from error

    def _answer(self, error: ClientError, key: str | None) -> StorageError:
        status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        code = error.response.get("Error", {}).get("Code") or str(status)
        if code in _MISSING:
            return ObjectMissingError(f"no object rests under {key!r}")
        if code in _FULL:
            return StoreFullError(f"no space is left in the bucket {self._bucket!r}")
        if code in _SETUP:
            return StoreMisconfiguredError(f"bucket {self._bucket!r}: {_SETUP[code]}")
        if code in _PASSING or status >= _SERVER_ERROR:
            return StoreUnavailableError(f"S3 does not serve just now: {code}")
        return StorageError(f"S3 refused the request: {error}")


def _region() -> str | None:
    # A server of one's own has no regions, but signing needs one.
    named = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    return named or ("us-east-1" if os.environ.get("AWS_ENDPOINT_URL") else None)
