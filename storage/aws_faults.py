"""Faults that all AWS services share, sorted by who is at fault."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    CredentialRetrievalError,
    HTTPClientError,
    IncompleteReadError,
    NoCredentialsError,
    NoRegionError,
    PartialCredentialsError,
    ProfileNotFound,
)
from botocore.exceptions import ConnectionError as BotoConnectionError

from storage.errors import StorageError, StoreMisconfiguredError, StoreUnavailableError

USER_AGENT = "dispute-evidence"
"""Our user agent. botocore would build its own for every request, which takes a seventh of a request's CPU."""

_CLOCK = "this machine's clock is wrong: set it"
_UNKNOWN_KEY = "the access key is not known: check the credentials"
_EXPIRED = "the credentials have expired: renew them"
_SECRET = "the secret key does not fit: check the credentials"  # noqa: S105 - a sentence
_TOKEN = "the session token is not valid: renew the credentials"  # noqa: S105 - a sentence

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html and
# https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
SETUP = {
    "InvalidAccessKeyId": _UNKNOWN_KEY,
    "InvalidClientTokenId": _UNKNOWN_KEY,
    "InvalidSecurity": _UNKNOWN_KEY,
    "MissingAuthenticationToken": _UNKNOWN_KEY,
    "UnrecognizedClientException": _UNKNOWN_KEY,
    "NotAuthorized": "access is denied: check the credentials",
    "OptInRequired": "the account is not subscribed to the service: subscribe it",
    "SignatureDoesNotMatch": _SECRET,
    "InvalidSignatureException": _SECRET,
    "IncompleteSignature": _SECRET,
    "ExpiredToken": _EXPIRED,
    "ExpiredTokenException": _EXPIRED,
    "InvalidToken": _TOKEN,
    "RequestTimeTooSkewed": _CLOCK,
    "RequestExpired": _CLOCK,
}
"""Error codes that are the operator's fault, with what to do."""

_PASSING = {
    "InternalError",
    "InternalFailure",
    "RequestThrottled",
    "RequestTimeout",
    "ServiceUnavailable",
    "SlowDown",
    "Throttling",
    "ThrottlingException",
}
_BUSY = {"SlowDown", "Throttling", "ThrottlingException", "RequestThrottled", "ServiceUnavailable"}
_SERVER_ERROR = 500
_TOO_MANY = 429


@contextmanager
def translated(service: str, answer: Callable[[ClientError], StorageError]) -> Iterator[None]:
    """Raise boto3's errors as those of storage/errors.py; ``answer`` translates the service's own errors."""
    try:
        yield
    except ClientError as error:
        raise answer(error) from error
    except (NoCredentialsError, PartialCredentialsError) as error:
        sentence = f"no credentials for {service}: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        raise StoreMisconfiguredError(sentence) from error
    except (CredentialRetrievalError, ProfileNotFound) as error:
        raise StoreMisconfiguredError(f"no credentials for {service}: {error}") from error
    except NoRegionError as error:
        raise StoreMisconfiguredError(f"no region for {service}: set AWS_DEFAULT_REGION") from error
    except (BotoConnectionError, HTTPClientError, IncompleteReadError) as error:
        raise StoreUnavailableError(f"{service} cannot be reached: {error}") from error
    except BotoCoreError as error:
        raise StorageError(f"{service} failed: {error}") from error


def code_of(error: ClientError) -> str:
    """The error code without its namespace, else the HTTP status."""
    code = str(error.response.get("Error", {}).get("Code") or status_of(error))
    return code.rpartition(".")[2]


def is_passing(error: ClientError) -> bool:
    """Whether a retry is likely to succeed."""
    status = status_of(error)
    return code_of(error) in _PASSING or status == _TOO_MANY or status >= _SERVER_ERROR


def is_server_error(error: ClientError) -> bool:
    """Whether the server failed at this request, rather than being asked too much."""
    return status_of(error) >= _SERVER_ERROR and code_of(error) not in _BUSY


def named_region(endpoint: str | None) -> str | None:
    """The region of the environment, None to use the configured one, and a placeholder for a server at ``endpoint``."""
    # A self-hosted server has no regions, but signing needs one.
    named = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    return named or ("us-east-1" if endpoint else None)


def sentence_of(error: ClientError) -> str:
    """The whole error code, with its namespace, and what the service says."""
    said = error.response.get("Error", {})
    return f"{said.get('Code', status_of(error))}: {said.get('Message', '')}"


def status_of(error: ClientError) -> int:
    """The HTTP status; 0 where there is none."""
    return int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
