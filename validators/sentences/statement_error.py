"""An error whose sentence people read in their own language."""

from __future__ import annotations

from typing import Any

from validators.sentences.catalogue import ENGLISH
from validators.sentences.sentences import sentences_in
from validators.statement import Statement


class StatementError(Exception):
    """Raised with the id of its sentence and what fills its fields. ``str`` gives it in English, as logs are."""

    def __init__(self, message_id: str, /, **params: Any) -> None:
        super().__init__(message_id)
        self.statement = Statement(message_id, params)

    def __str__(self) -> str:
        return sentences_in(ENGLISH).say(self.statement)
