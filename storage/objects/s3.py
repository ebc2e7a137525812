"""Objects in S3, or in a server that speaks its protocol."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, FlexibleChecksumError, ParamValidationError

from storage import aws_faults
from storage.errors import (
    ARCHIVED,
    DENIED,
    ENCRYPTED,
    UNREADABLE,
    ObjectMissingError,
    ObjectRefusedError,
    ObjectUnavailableError,
    StorageError,
    StoreFullError,
    StoreMisconfiguredError,
    StoreUnavailableError,
)
from storage.interfaces.objects import ObjectEntry
from storage.objects.folder import check_size, copy_at_most, new_file, translated
from storage.objects.keys import checked_key, checked_prefix

CONNECT_S = 3
READ_S = 10
ATTEMPTS = 4
"""Time limits of one request, and how often it is tried before the caller gets the error."""

# https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
_MISSING = {"NoSuchKey", "NoSuchVersion", "404", "NotFound"}
_FULL = {"QuotaExceeded", "InsufficientStorage", "507", "XMinioStorageFull"}
_SETUP = aws_faults.SETUP | {
    "NoSuchBucket": "the bucket does not exist: create it, or check the address",
    "InvalidBucketName": "the bucket's name is not valid: check the address",
    "AccessDenied": "access is denied: check the credentials and the bucket's policy",
    "403": "access is denied: check the credentials and the bucket's policy",
    "PermanentRedirect": "the bucket is in another region: set AWS_DEFAULT_REGION",
    "AuthorizationHeaderMalformed": "the bucket is in another region: set AWS_DEFAULT_REGION",
}
_PASSING = {"OperationAborted"}

# Of one object. A version that is a delete marker is not allowed to be read (405).
_NO_VERSION = {"MethodNotAllowed", "405"}
_NOT_A_VERSION = re.compile(r"InvalidArgument\b.*version", re.IGNORECASE)
_ARCHIVED = {"InvalidObjectState"}
_DENIED = {"AccessDenied", "403", "AllAccessDisabled", "AccessForbidden"}
_OF_KEYS = re.compile(r"^KMS\.|kms:\w|server.side.encryption", re.IGNORECASE)
_REFUSED_STATUS = range(400, 500)


class S3Objects:
    """Implements ``storage.interfaces.objects.Objects`` in ``bucket``, each key behind ``prefix`` and a slash.

    Region, credentials and AWS_ENDPOINT_URL come from the environment, as in every AWS tool. Serves any
    number of threads; forked children need their own.
    """

    def __init__(self, bucket: str, prefix: str = "", attempts: int | None = None) -> None:
        """``attempts``: how often a request is made in all, for callers that retry anyway; None: ATTEMPTS."""
        self._bucket = bucket
        self._start = f"{checked_key(prefix)}/" if prefix else ""
        endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
        config = Config(
            user_agent=aws_faults.USER_AGENT,
            connect_timeout=CONNECT_S,
            read_timeout=READ_S,
            retries={"total_max_attempts": attempts or ATTEMPTS, "mode": "standard"},
            # Other servers rarely have a host name for each bucket.
            s3={"addressing_style": "path" if endpoint else "auto"},
        )
        with self._translated():
            self._client: Any = boto3.session.Session().client(
                "s3", endpoint_url=endpoint, config=config, region_name=aws_faults.named_region(endpoint)
            )

    def put(self, key: str, data: bytes, content_type: str = "application/octet-stream") -> None:
        with self._translated():
            self._client.put_object(**self._at(key), Body=data, ContentType=content_type)

    def put_file(self, key: str, path: Path) -> None:
        """Large files are uploaded in parts. A reader sees all of them or none."""
        at = self._at(key)
        with self._translated(), translated(path.parent):
            self._client.upload_file(str(path), at["Bucket"], at["Key"])

    def get(self, key: str) -> bytes:
        with self._translated(key):
            data: bytes = self._client.get_object(**self._at(key))["Body"].read()
            return data

    def fetch(self, key: str, path: Path, version: str | None = None, most: int | None = None) -> None:
        """FileExistsError where ``path`` is there already."""
        with self._translated(key), translated(path.parent), self._refused_as(key):
            which = {"VersionId": version} if version else {}
            answer = self._client.get_object(**self._at(key), **which)
            body = answer["Body"]
            # It enters as the raw stream, which does not miss bytes that never came.
            with body, self._unavailable_as(key):
                check_size(key, answer.get("ContentLength", 0), most)
                with new_file(path) as file:
                    copy_at_most(key, body, file, most)

    @contextmanager
    def _refused_as(self, key: str) -> Iterator[None]:
        """Tell an object that the store refuses from a store that refuses us."""
        try:
            yield
        except FlexibleChecksumError as error:
            raise ObjectRefusedError(f"{key!r} is not what was stored: {error}", UNREADABLE) from error
        except ClientError as error:
            said = aws_faults.sentence_of(error)
            if aws_faults.code_of(error) in _NO_VERSION or _NOT_A_VERSION.match(said):
                raise ObjectMissingError(f"that version of {key!r} was removed") from error
            if aws_faults.is_server_error(error):
                raise ObjectUnavailableError(f"S3 does not give {key!r} just now: {said}") from error
            reason = _refusal(error)
            if reason is None or (reason == DENIED and not self._serves()):
                raise
            raise ObjectRefusedError(f"S3 refuses {key!r}: {said}", reason) from error

    @contextmanager
    def _unavailable_as(self, key: str) -> Iterator[None]:
        """Bytes that break off after an answer that began well."""
        try:
            with aws_faults.translated("S3", lambda error: self._answer(error, key)):
                yield
        except StoreUnavailableError as error:
            raise ObjectUnavailableError(f"the bytes of {key!r} break off: {error}") from error

    def _serves(self) -> bool:
        """Whether the bucket is open to us."""
        try:
            self._client.head_bucket(Bucket=self._bucket)
        except ClientError as error:
            if aws_faults.is_passing(error):
                raise
            return False
        return True

    def exists(self, key: str) -> bool:
        try:
            with self._translated(key):
                self._client.head_object(**self._at(key))
        except ObjectMissingError:
            return False
        return True

    def delete(self, key: str) -> None:
        with self._translated():
            self._client.delete_object(**self._at(key))

    def erase(self, key: str) -> None:
        """Every version and every delete marker, one by one; needs s3:ListBucketVersions and
        s3:DeleteObjectVersion where the bucket keeps versions."""
        at = self._at(key)
        with self._translated():
            pages = self._client.get_paginator("list_object_versions")
            for page in pages.paginate(Bucket=at["Bucket"], Prefix=at["Key"]):
                for kept in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
                    if kept["Key"] == at["Key"]:
                        self._client.delete_object(**at, VersionId=kept["VersionId"])
        # A server that lists no versions. On one that keeps versions this would leave a marker with the key's name.
        if self.exists(key):
            self.delete(key)

    def keys(self, prefix: str = "") -> Iterator[str]:
        """All keys are read before the first is given: only AWS itself lists in order."""
        yield from sorted(entry["Key"][len(self._start) :] for entry in self._listed(prefix))

    def entries(self, prefix: str = "") -> Iterator[ObjectEntry]:
        for entry in sorted(self._listed(prefix), key=lambda entry: str(entry["Key"])):
            key, etag = entry["Key"][len(self._start) :], entry["ETag"].strip('"')
            yield ObjectEntry(key, entry["Size"], etag, entry["LastModified"].astimezone(UTC))

    def _listed(self, prefix: str) -> list[dict[str, Any]]:
        start = self._start + checked_prefix(prefix)
        found: list[dict[str, Any]] = []
        with self._translated():
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=start)
            for page in pages:
                found += page.get("Contents", ())
        return found

    def _at(self, key: str) -> dict[str, str]:
        return {"Bucket": self._bucket, "Key": self._start + checked_key(key)}

    @contextmanager
    def _translated(self, key: str | None = None) -> Iterator[None]:
        with aws_faults.translated("S3", lambda error: self._answer(error, key)):
            try:
                yield
            except ParamValidationError as error:
                sentence = f"the bucket's name is not valid: {self._bucket!r}"
                raise StoreMisconfiguredError(sentence) from error

    def _answer(self, error: ClientError, key: str | None) -> StorageError:
        code = aws_faults.code_of(error)
        if code in _MISSING:
            return ObjectMissingError(f"no object rests under {key!r}")
        if code in _FULL:
            return StoreFullError(f"no space is left in the bucket {self._bucket!r}")
        if code in _SETUP:
            return StoreMisconfiguredError(f"bucket {self._bucket!r}: {_SETUP[code]}")
        if code in _PASSING or aws_faults.is_passing(error):
            return StoreUnavailableError(f"S3 does not serve just now: {code}")
        return StorageError(f"S3 refused the request: {error}")


def _refusal(error: ClientError) -> str | None:
    """Why S3 refuses an object; None where it is missing, or the fault is the store's, the operator's or will pass."""
    code = aws_faults.code_of(error)
    if code in _MISSING | _FULL | _PASSING or aws_faults.is_passing(error):
        return None
    if code in _ARCHIVED:
        return ARCHIVED
    if _OF_KEYS.search(aws_faults.sentence_of(error)):
        return ENCRYPTED
    if code in _DENIED:
        return DENIED
    refused = code not in _SETUP and aws_faults.status_of(error) in _REFUSED_STATUS
    return UNREADABLE if refused else None
