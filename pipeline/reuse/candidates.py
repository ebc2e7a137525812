"""Which stored parts may show what an item shows: by perceptual hash and by local features at agreeing places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pipeline.reuse.codebook import SCHEME, codebook
from pipeline.reuse.kept_views import kept_features
from storage.interfaces.record import Disputes, Examination, Objects
from storage.interfaces.words import Postings
from validators.before_judging import SearchRules
from validators.evidence import DOCUMENT, PHOTO, SCREENSHOT, VIDEO, Fingerprint, Measurements, Part
from validators.measures.reuse.transform_votes import Shared, tally
from validators.measures.reuse.visual_words import entries, spots_of
from validators.policy import Policy

PIXELS = "pixels"
"""Algorithm of the fingerprint that only the very same decoded pixels share."""
PAGE = "phash256-page"
"""Algorithm of whole screens and pages: theirs nominates, and never meets a photo's."""
_PLACES = 0xFFFF


@dataclass(frozen=True, slots=True)
class Candidate:
    """A part of mine and a stored part like it. ``distance`` in bits of 256 and ``orientation`` (EXIF's, turning mine
    into the other) where the hashes are near; ``votes`` where local features agree."""

    part: int
    sha256: str
    other_part: int
    algorithm: str
    distance: int | None = None
    orientation: int = 1
    votes: int = 0


def prints_of(measurements: Measurements) -> list[tuple[int, Fingerprint]]:
    """What a file is found by: its parts' hashes; and screens, pages and what is unknown by their very pixels."""
    found: list[tuple[int, Fingerprint]] = []
    whole = measurements.fingerprint
    comparable = whole is not None and bool(whole.orientations)
    if comparable and measurements.kind != PHOTO and measurements.pixels_sha256 is not None:
        found.append((0, Fingerprint(PIXELS, measurements.version, (measurements.pixels_sha256,))))
    for part in measurements.parts or _whole(measurements):
        fingerprint = part.fingerprint
        if not fingerprint.orientations:
            continue
        if part.number == 0 and measurements.kind in (SCREENSHOT, DOCUMENT):
            fingerprint = Fingerprint(PAGE, fingerprint.version, fingerprint.orientations)
        elif part.number == 0 and measurements.kind not in (PHOTO, VIDEO):
            continue
        found.append((part.number, fingerprint))
    return found


def _whole(measurements: Measurements) -> tuple[Part, ...]:
    """What an older release measured had no parts."""
    return (Part(0, measurements.fingerprint),) if measurements.fingerprint is not None else ()


def words_of_parts(examination: Examination, objects: Objects) -> Iterator[tuple[int, NDArray[np.uint64]]]:
    """The index entries of every part that has something to compare."""
    for part in examination.measurements.parts:
        if part.fingerprint.abstained is not None:
            continue
        features = kept_features(examination, part, objects)
        if features is not None and len(features):
            yield part.number, entries(features, codebook())


def by_hash(examination: Examination, records: Disputes, tenant: str, policy: Policy) -> Iterator[Candidate]:
    """Stored parts within the policy's reach, nearest first; of equal pixels at distance 0."""
    rules = policy.group(SearchRules)
    for number, fingerprint in prints_of(examination.measurements):
        exact = fingerprint.algorithm == PIXELS
        reach = 0 if exact else rules.max_distance
        limit = rules.max_page_nominees if fingerprint.algorithm == PAGE else rules.max_pairs
        for hit in records.search(tenant, fingerprint, reach, limit):
            if hit.sha256 != examination.sha256:
                yield Candidate(
                    number, hit.sha256, hit.part, fingerprint.algorithm, hit.distance, hit.orientation
                )


def by_words(
    examination: Examination, records: Disputes, tenant: str, policy: Policy, objects: Objects, most: int
) -> list[Candidate]:
    """Stored parts with enough features at places that one movement explains, by file, most votes first.

    At most ``most`` files, each with all its pairs of parts.
    """
    rules = policy.group(SearchRules)
    least = rules.least_votes
    found: list[Candidate] = []
    for number, own in words_of_parts(examination, objects):
        words = (own >> np.uint64(32)).astype(np.uint32)
        postings = records.postings(tenant, SCHEME, np.unique(words), rules.common_word_above)
        shared = _shared(own, words, postings, least)
        tallies = tally(shared, least, most + 1)  # one may be the item itself
        named = records.parts_numbered(tenant, SCHEME, [one.number for one in tallies])
        for one in tallies:
            sha256, other_part = named[one.number]
            if sha256 != examination.sha256:
                found.append(Candidate(number, sha256, other_part, SCHEME, votes=one.votes))
    return _best(found, most)


def _shared(own: NDArray[np.uint64], words: NDArray[np.uint32], postings: Postings, least: int) -> Shared:
    """Every stored entry beside every own one of the same word, but for parts that share fewer than ``least`` such.

    ``own`` is ordered, and so are its ``words``.
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
    """Which entries are of parts that may share ``least`` pairs: of a large gallery nearly all share one or two.

    Parts are counted by the low bits of their numbers, which are scattered: several in one place only let too much pass.
    """
    places = number & _PLACES
    return np.asarray((np.bincount(places, pairs, _PLACES + 1) >= least)[places])


def _best(candidates: Iterable[Candidate], files: int) -> list[Candidate]:
    """The pairs of parts of the files with most votes, those with most first."""
    by_file: dict[str, list[Candidate]] = {}
    for one in sorted(candidates, key=lambda one: (-one.votes, one.sha256, one.part, one.other_part)):
        by_file.setdefault(one.sha256, []).append(one)
    return [one for group in list(by_file.values())[:files] for one in group]
