"""Words in English, for tests of what needs a language."""

from __future__ import annotations

from validators.sentences.catalogue import ENGLISH
from validators.sentences.labels import Labels
from validators.sentences.sentences import sentences_in

ENGLISH_LABELS = Labels(sentences_in(ENGLISH))
