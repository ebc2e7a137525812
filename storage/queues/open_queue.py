"""Which queue an address names."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from storage.errors import StoreMisconfiguredError

if TYPE_CHECKING:
    from storage.interfaces.queue import UploadQueue

_SQLITE = "sqlite:///"
_EXPECTED = "give a file, sqlite:///file or the address of an SQS queue"


def open_uploads(
    url: str | Path, dead_letters_url: str | None = None, name: str = "uploads", *, read_only: bool = False
) -> UploadQueue:
    """The queue ``name`` in a file (a path or ``sqlite:///path``), or the SQS queue at ``url``
    (``https://sqs.REGION.amazonaws.com/ACCOUNT/QUEUE``, ``http://HOST:PORT/ACCOUNT/QUEUE``).

    A file holds its dead letters itself; SQS needs the address of a queue for them, and its queues have their
    names from their addresses. A file is made where missing, unless it is only read; a served queue is not asked yet. Raises
    StoreMisconfiguredError for any other address.
    """
    if isinstance(url, Path):
        return _local(url, dead_letters_url, name, read_only=read_only)
    if url.startswith(_SQLITE):
        return _local(Path(url.removeprefix(_SQLITE)), dead_letters_url, name, read_only=read_only)
    if "://" not in url:
        return _local(Path(url), dead_letters_url, name, read_only=read_only)
    _check_served(url)
    if dead_letters_url is None:
        raise StoreMisconfiguredError(
            f"the queue {url} has no dead letters; give a second queue's address for them"
        )
    _check_served(dead_letters_url)
    if dead_letters_url == url:
        raise StoreMisconfiguredError(f"the dead letters of {url} are the queue itself; give a second queue")
    if urlsplit(dead_letters_url).netloc != urlsplit(url).netloc:
        raise StoreMisconfiguredError(f"{dead_letters_url} is on another host than {url}; give one beside it")
    from storage.queues.sqs import SqsQueue  # noqa: PLC0415 - boto3 is slow to load

    return SqsQueue(url, dead_letters_url)


def _local(path: Path, dead_letters_url: str | None, name: str, *, read_only: bool) -> UploadQueue:
    if path == Path():
        raise StoreMisconfiguredError(f"the queue's address is empty; {_EXPECTED}")
    if dead_letters_url is not None:
        raise StoreMisconfiguredError(
            f"the queue {path} holds its dead letters itself; give no address for them"
        )
    from storage.queues.local import LocalQueue  # noqa: PLC0415 - slow to load

    return LocalQueue(path, name, read_only=read_only)


def _check_served(url: str) -> None:
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise StoreMisconfiguredError(f"{url!r} is no address of a queue; {_EXPECTED}") from error
    segments = [segment for segment in parts.path.split("/") if segment]
    if parts.scheme not in ("http", "https") or not parts.hostname or len(segments) < 2 or parts.query:
        raise StoreMisconfiguredError(f"{url!r} is no address of a queue; {_EXPECTED}")
    if segments[-1].endswith(".fifo"):
        raise StoreMisconfiguredError(f"{url} is a FIFO queue; give a standard one")
