"""The fault of a child whose answer cannot be trusted."""

from __future__ import annotations


class AnswerError(Exception):
    """A child's answer broke the contract: lying lengths, malformed JSON, planes out of bounds."""
