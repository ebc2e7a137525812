"""The order of S3's sequencers.

A sequencer is a hexadecimal number of no fixed length, comparable only between events of the same key. AWS's rule (S3
user guide, "Event message structure"): pad the shorter on the right with zeros, then compare as text.
"""

from __future__ import annotations


def sequencer_key(sequencer: str) -> str:
    """A text by which sequencers sort as events happened; padding or the case of digits makes no difference.

    Without its trailing zeros a number sorts as it would padded to any length.
    """
    return sequencer.upper().rstrip("0")


def newer(one: str, other: str) -> bool:
    """Whether ``one`` belongs to a later event than ``other``; False where both are the same."""
    return sequencer_key(one) > sequencer_key(other)
