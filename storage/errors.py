"""Faults of the stores, sorted by who is at fault. Foreign errors are translated at the edge, and the rest re-raised."""

from __future__ import annotations


class StorageError(Exception):
    """Base of every fault of a store. ``part`` says which: "database", or else "objects"."""

    part: str = "objects"


class ObjectMissingError(StorageError):
    """There is no object under that key."""


class ObjectUnsafeError(ObjectMissingError):
    """A link or a special file rests there, or on the way: it is never followed, and no object."""


ARCHIVED = "archived"
DENIED = "denied"
ENCRYPTED = "encrypted"
UNREADABLE = "unreadable"
REFUSALS = (ARCHIVED, DENIED, ENCRYPTED, UNREADABLE)


class ObjectRefusedError(StorageError):
    """The store serves others and refuses this one object. ``reason`` is one of REFUSALS: it was moved to an archive, its
    own permissions deny it, its key is not to be had, or its bytes cannot be read any more."""

    def __init__(self, message: str, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class ObjectTooLargeError(StorageError):
    """The object has more bytes than were asked for. ``size`` is what it is said to have, or how many were seen."""

    def __init__(self, message: str, size: int) -> None:
        super().__init__(message)
        self.size = size


class StoreUnavailableError(StorageError):
    """A fault that is likely to pass: the network, a lock, a restarting server. Retry with backoff."""


class ObjectUnavailableError(StoreUnavailableError):
    """The same for one object: the store answered, and did not give its bytes. That may pass, or be that object's fault."""


class StoreFullError(StorageError):
    """No space is left where the store writes."""


class StoreDamagedError(StorageError):
    """The store as a whole cannot be read as it was written. No retry helps: it has to be restored from a copy."""


class RecordDamagedError(StorageError):
    """One record cannot be read as it was written; others can."""


class StoreMisconfiguredError(StorageError):
    """The operator's fault: the message is one sentence saying what to do."""
