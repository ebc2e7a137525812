"""What every queue accepts: the limits of SQS, which apply to the embedded queue too."""

from __future__ import annotations

import re

from storage.interfaces.queue import MAX_BODY

MAX_DELAY_S = 900
MAX_WAIT_S = 20
MAX_HIDDEN_S = 12 * 3600
MAX_REASON = 1000
"""Characters of a reason that are kept."""

# https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
_REFUSED = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def checked_body(body: str) -> str:
    """The body itself; ValueError where a queue would refuse it."""
    if not body:
        raise ValueError("a message's body is empty")
    refused = _REFUSED.search(body)
    if refused is not None:
        raise ValueError(f"a message's body holds the character {refused.group()!a}, which no queue accepts")
    size = len(body.encode())
    if size > MAX_BODY:
        raise ValueError(f"a message's body has {size} bytes, more than {MAX_BODY}")
    return body


def checked_seconds(seconds: float, limit: int, what: str) -> float:
    """The time itself; ValueError unless it lies in 0..``limit``."""
    if not 0 <= seconds <= limit:
        raise ValueError(f"{what} is {seconds} s; it lies in 0..{limit} s")
    return seconds


def kept_reason(reason: str) -> str:
    """A reason as a queue can keep it: never empty, at most ``MAX_REASON`` characters."""
    return _REFUSED.sub("\N{REPLACEMENT CHARACTER}", reason)[:MAX_REASON] or "no reason given"
