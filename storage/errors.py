"""Faults of the stores, sorted by who is at fault. Foreign errors are translated at the edge, and the rest re-raised."""

from __future__ import annotations


class StorageError(Exception):
    """Base of every fault of a store."""


class ObjectMissingError(StorageError):
    """There is no object under that key."""


class ObjectUnsafeError(ObjectMissingError):
    """A link or a special file rests there, or on the way: it is never followed, and no object."""


class ObjectTooLargeError(StorageError):
    """The object has more bytes than were asked for. ``size`` is what it is said to have, or how many were seen."""

    def __init__(self, message: str, size: int) -> None:
        super().__init__(message)
        self.size = size


class StoreUnavailableError(StorageError):
    """A fault that is likely to pass: the network, a lock, a restarting server. Retry with backoff."""


class StoreFullError(StorageError):
    """No space is left where the store writes."""


class StoreMisconfiguredError(StorageError):
    """The operator's fault: the message is one sentence saying what to do."""
