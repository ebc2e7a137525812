"""Candidates by visual words: local features whose places one movement explains."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from pipeline.reuse.candidates import Candidate
from pipeline.reuse.codebook import SCHEME, codebook
from pipeline.reuse.compaction import compact
from pipeline.reuse.kept_views import kept_features
from storage.interfaces.examinations import Examination
from storage.interfaces.objects import Objects
from storage.interfaces.record import Database
from storage.interfaces.words import Postings, VisualWords
from validators.before_judging import SearchRules
from validators.evidence import DOCUMENT, SCREENSHOT
from validators.measures.reuse.transform_votes import Shared, tally
from validators.measures.reuse.visual_words import entries, spots_of
from validators.policy import Policy

_OF_EVERY_PART = 2  # files
_PLACES = 0xFFFF


class WordIndex:
    """The record's index of visual words."""

    def remember(
        self, tenant: str, examinations: Sequence[Examination], records: VisualWords, objects: Objects
    ) -> None:
        words = [
            (one.sha256, part, found) for one in examinations for part, found in words_of_parts(one, objects)
        ]
        if words:
            records.add_words(tenant, SCHEME, words)

    def candidates(
        self, tenant: str, examination: Examination, records: VisualWords, objects: Objects, policy: Policy
    ) -> list[Candidate]:
        """The files with most votes first, each with all its pairs of parts.

        Screens and pages of one template share most of their words. Many more of their files are returned, because votes
        tell less about which page it is than aligning the whole pages does.
        """
        page = examination.measurements.kind in (SCREENSHOT, DOCUMENT)
        rules = policy.group(SearchRules)
        most = rules.max_pages_matched if page else rules.max_nominees
        parts = most if not _in_pieces(examination) else rules.max_pieces_matched
        least = rules.least_votes
        found: list[Candidate] = []
        for number, own in words_of_parts(examination, objects):
            words = (own >> np.uint64(32)).astype(np.uint32)
            postings = records.postings(tenant, SCHEME, np.unique(words), rules.common_word_above)
            shared = _shared(own, words, postings, least)
            tallies = tally(shared, least, parts + 1)  # one may be the item itself
            named = records.parts_numbered(tenant, SCHEME, [one.number for one in tallies])
            for one in tallies:
                sha256, other_part = named[one.number]
                if sha256 != examination.sha256:
                    found.append(Candidate(number, sha256, other_part, SCHEME, votes=one.votes))
        return _best(found, most)

    def forget(self, tenant: str, contents: Collection[str], records: VisualWords) -> None:
        records.forget_words(tenant, contents)

    def compact(self, database: Database) -> int:
        return compact(database)


def _in_pieces(examination: Examination) -> bool:
    """Whether it is a long screen or a document, whose likes have many pieces each."""
    return any(part.is_piece for part in examination.measurements.parts)


def words_of_parts(examination: Examination, objects: Objects) -> Iterator[tuple[int, NDArray[np.uint64]]]:
    """The index entries of every part that has local features."""
    for part in examination.measurements.parts:
        if part.fingerprint.abstained is not None:
            continue
        features = kept_features(examination, part, objects)
        if features is not None and len(features):
            yield part.number, entries(features, codebook())


def _shared(own: NDArray[np.uint64], words: NDArray[np.uint32], postings: Postings, least: int) -> Shared:
    """Every pair of an own and a stored entry with the same word, without parts that share fewer than ``least`` pairs.

    ``own`` and its ``words`` are ordered.
    """
    distinct, first, count = np.unique(words, return_index=True, return_counts=True)
    left, right = (np.searchsorted(postings.word, distinct, side) for side in ("left", "right"))
    first, count = np.repeat(first, right - left), np.repeat(count, right - left)  # of each entry's word
    kept = np.flatnonzero(_promising(postings.number, count, least))
    first, count, number = first[kept], count[kept], postings.number[kept]
    theirs = np.repeat(np.arange(len(kept)), count)
    mine = np.arange(len(theirs)) - np.repeat(np.cumsum(count) - count - first, count)
    own_places = (own & np.uint64(0xFFFFFFFF)).astype(np.uint32)
    return Shared(number[theirs], spots_of(own_places[mine]), spots_of(postings.geometry[kept][theirs]))


def _promising(number: NDArray[np.int64], pairs: NDArray[np.intp], least: int) -> NDArray[np.bool_]:
    """Which entries belong to parts that may share ``least`` pairs. In a large gallery nearly all parts share one or two.

    Parts are counted by the low bits of their scattered numbers. Two parts in one place only let more entries pass.
    """
    places = number & _PLACES
    return np.asarray((np.bincount(places, pairs, _PLACES + 1) >= least)[places])


def _best(candidates: Iterable[Candidate], files: int) -> list[Candidate]:
    """The pairs of parts of the files with most votes, in the order of votes.

    Every part keeps its own first files: in a collage each picture has a source of its own.
    """
    by_file: dict[str, list[Candidate]] = {}
    by_part: dict[int, list[str]] = {}
    for one in sorted(candidates, key=lambda one: (-one.votes, one.sha256, one.part, one.other_part)):
        by_file.setdefault(one.sha256, []).append(one)
        by_part.setdefault(one.part, []).append(one.sha256)
    firsts = {sha256 for ranked in by_part.values() for sha256 in ranked[:_OF_EVERY_PART]}
    kept = [sha256 for place, sha256 in enumerate(by_file) if place < files or sha256 in firsts]
    return [one for sha256 in kept for one in by_file[sha256]]
