"""The index of visual words: which parts of which files show a word, and where in the picture."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Postings:
    """Entries of some words: three equally long arrays, ordered by word; those of one word in no certain order.

    ``word`` and ``geometry`` are uint32, ``number`` (of the part: see ``parts_numbered``) int64. ``common``, uint32
    and ordered, holds the words left out because too many entries have them.
    """

    word: NDArray[np.uint32]
    number: NDArray[np.int64]
    geometry: NDArray[np.uint32]
    common: NDArray[np.uint32]


class VisualWords(Protocol):
    """Visual words by part of a file, apart for each tenant and scheme (a way to make words)."""

    def add_words(
        self, tenant: str, scheme: str, many: Iterable[tuple[str, int, NDArray[np.uint64]]]
    ) -> None:
        """Make parts findable by their words, each given as (sha256, part, entries): ``word << 32 | geometry``.

        Of equal entries of a part one is kept. Adding a (sha256, part) again changes nothing.
        """

    def postings(self, tenant: str, scheme: str, words: NDArray[np.uint32], most: int) -> Postings:
        """All entries with one of these words, but for words that more than ``most`` entries have."""

    def parts_numbered(self, tenant: str, scheme: str, numbers: Iterable[int]) -> dict[int, tuple[str, int]]:
        """(sha256, part) by number; unknown numbers are absent."""

    def compact_words(self, tenant: str, scheme: str) -> bool:
        """Bring words into an order that is faster to read, in one step of at most some seconds. Call it in transactions of
        their own until it returns False (nothing to do). Searches find everything without it too.

        Of several callers at once, one does it and the others return False (SQLite: they wait).
        """

    def forget_words(self, tenant: str, contents: Collection[str]) -> None:
        """Remove every entry of the files with these sha256s, under every scheme."""

    def word_scopes(self) -> Sequence[tuple[str, str]]:
        """(tenant, scheme) wherever ``compact_words`` is worth calling, sorted."""
