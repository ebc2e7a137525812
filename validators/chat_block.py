"""The report's block of a chat: every message with its sender, its time and its words."""

from __future__ import annotations

from validators.evidence import ChatFacts, Measurements
from validators.report import Chat, Message

__all__ = ["chat_block"]


def chat_block(measured: Measurements) -> Chat | None:
    """The messages of an item. None if it is no chat."""
    found, text = measured.chat, measured.text or ""
    if found is None or not found.messages:
        return None
    messages = tuple(
        Message(
            sender=None if one.sender is None else found.senders[one.sender],
            time=one.value or None,
            earliest=one.earliest,
            latest=one.latest,
            text=text[one.words : one.end].strip(),
        )
        for one in found.messages
    )
    return Chat(
        found.form, found.senders, messages, text[: found.messages[0].start].strip(), _after(found, text)
    )


def _after(found: ChatFacts, text: str) -> str:
    """What follows the last message that is kept: of a very long chat, the rest."""
    return text[found.messages[-1].end :].strip()
