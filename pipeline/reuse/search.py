"""Finds items like one item. Every item is remembered before it is looked up, so of two twins at least one finds the other.

Candidates come from every source (sources.py). Those that need it are aligned with the item (verification.py).
What was measured is stored with the pair, and judged later (validators/checks/match_class.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.reuse import sources
from pipeline.reuse.candidates import PAGE, PIXELS, Candidate
from pipeline.reuse.codebook import SCHEME
from pipeline.reuse.compared_part import ComparedPart
from pipeline.reuse.long_pages import align_pieces, is_long, is_whole_page, verify_strips
from pipeline.reuse.relatives import relatives
from pipeline.reuse.verification import (
    aligned_features,
    bits_between,
    compare_by_hash,
    verify,
    verify_pages,
    verify_turned,
)
from storage.database.encoding import encode
from storage.interfaces.examinations import Examination
from storage.interfaces.matches import Pair
from storage.interfaces.objects import Objects
from storage.interfaces.record import Record
from validators.before_judging import SearchRules
from validators.checks.comparison_sides import turned
from validators.checks.match_class import ALIGNED
from validators.checks.restraint import came_along
from validators.evidence import DOCUMENT, PHOTO, SCREENSHOT, AlignedSegment, Comparison, Evidence, Part
from validators.measures.image.orientation import inverse_orientation
from validators.measures.reuse.alignment import Alignment
from validators.measures.reuse.fingerprint import ALGORITHM
from validators.measures.video.segment_alignment import SimilarFrames, aligned_segments
from validators.policy import Policy

RANKS = {"sha256": 4, PIXELS: 3, ALGORITHM: 2, ALIGNED: 1}
"""If a pair was found in several ways, the highest is kept."""
_SURE_VOTES = 40.0
"""So many agreeing features make two frames as similar as equal hashes do."""
_MATES = 8
"""Of the files found, how many have their own matches followed."""
MEASURED = "4"
"""Raise it when a comparison measures something else: pairs are then measured again when they are found again."""
NOT_HASHED = 256
"""The distance of a pair without comparable hashes."""


def find(
    evidence: Evidence, examination: Examination, records: Record, policy: Policy, objects: Objects
) -> list[Pair]:
    """Items like this one, as pairs to store. Nothing is written."""
    limit = policy.group(SearchRules).max_pairs
    pairs = [
        _pair(evidence, other, _Found("sha256", 0, 1))
        for other in records.evidence_with_bytes(evidence.tenant, evidence.sha256, limit)
        if _is_compared(evidence, other, policy)
    ]
    search = _Search(evidence, examination, records, policy, objects)
    by_file: dict[str, list[_Found]] = {}
    found_by: dict[str, Candidate] = {}
    for candidate, found in search.run():
        by_file.setdefault(candidate.sha256, []).append(found)
        found_by.setdefault(candidate.sha256, candidate)
    for candidate, found in search.run_relatives(found_by):
        by_file.setdefault(candidate.sha256, []).append(found)
    for sha256, every in by_file.items():
        segments = aligned_segments(search.similar.get(sha256, ()))
        others = records.evidence_with_bytes(evidence.tenant, sha256, limit)
        complete = [_with_segments(found, segments) for found in every]
        pairs += [
            _pair(evidence, other, found)
            for found in complete
            for other in others
            if _is_compared(evidence, other, policy)
        ]
    return [pair for pair in pairs if pair.first != pair.second]


def _is_compared(item: Evidence, other: Evidence, policy: Policy) -> bool:
    """Private pictures that came along inside another file are compared within their dispute, unless the policy says more."""
    within = item.dispute_id == other.dispute_id or not (came_along(item) or came_along(other))
    return within or policy.group(SearchRules).members_across_disputes


@dataclass(frozen=True, slots=True)
class _Found:
    """How a candidate matches the item, seen from the item."""

    method: str
    distance: int
    orientation: int
    comparison: Comparison | None = None


@dataclass(frozen=True, slots=True)
class _Search:
    """The search for one item."""

    evidence: Evidence
    examination: Examination
    records: Record
    policy: Policy
    objects: Objects
    similar: dict[str, list[SimilarFrames]] = field(default_factory=dict)
    """The similar frames of this video and each other one, by file. ``run`` fills it."""
    known: dict[str, Examination | None] = field(default_factory=dict)
    """Examinations of other files, each read once: hundreds of frames of two videos may be similar."""

    @property
    def rules(self) -> SearchRules:
        """The bounds of the search."""
        return self.policy.group(SearchRules)

    def run(self) -> Iterator[tuple[Candidate, _Found]]:
        """Candidates that are matches, and how."""
        looked_over = 0
        settled: set[str] = set()
        most = self.rules.max_parts_laid_over
        proposed = self._proposed()
        near = [one for one in proposed if one.distance is not None]
        for candidate in near:
            self._note_sampled_frames(candidate)
        for candidate in _nearest_sampled_frames(near, self._own_sampled_frames, most):
            if candidate.algorithm == PIXELS:
                found: _Found | None = _Found(PIXELS, 0, candidate.orientation)
            else:
                within = looked_over < self.rules.max_laid_over
                found = self._by_hash(candidate, within=within)
                looked_over += 1
            if found is not None:
                settled.add(candidate.sha256)
                yield candidate, found
        unmeasured = [one for one in proposed if one.distance is None]
        pieces = [one for one in unmeasured if self._is_of_pieces(one)]
        yield from self._pieces(pieces)
        unmeasured = [one for one in unmeasured if one not in pieces]
        for sha256, parts in _by_file(self._worth_aligning(unmeasured, settled)).items():
            for candidate in parts:
                self._note_sampled_frames(candidate)
            if sha256 not in settled:
                other = self._other(sha256)
                aligned = [
                    (candidate, seen)
                    for candidate in parts[:most]
                    if (seen := self._by_features(candidate, other))
                ]
                if aligned:
                    candidate, seen = _steadiest(aligned)
                    yield candidate, _Found(ALIGNED, NOT_HASHED, 1, seen)

    def _is_of_pieces(self, candidate: Candidate) -> bool:
        """Whether both parts are whole screens or pages, and at least one is a document's page or a piece of a long screen."""
        sides = self._sides(candidate, self._other(candidate.sha256))
        if sides is None or not (sides[0].part.is_piece or sides[1].part.is_piece):
            return False
        return all(is_whole_page(side.examination, side.part) for side in sides)

    def _pieces(self, candidates: Sequence[Candidate]) -> Iterator[tuple[Candidate, _Found]]:
        """Long screens that share rows with this one, and pages of documents. Those whose pieces align best are compared."""
        aligned: dict[str, tuple[Candidate, Alignment]] = {}
        for (
            one
        ) in candidates:  # the pieces of one app's chats share so many words that votes hardly order them
            sides = self._sides(one, self._other(one.sha256))
            lies = align_pieces(*sides, self.objects) if sides is not None else None
            known = aligned.get(one.sha256)
            if lies is not None and (known is None or lies.inliers > known[1].inliers):
                aligned[one.sha256] = one, lies
        likeliest = sorted(aligned.values(), key=lambda found: -found[1].inliers)
        for one, lies in likeliest[: self.rules.max_page_nominees]:
            sides = self._sides(one, self._other(one.sha256))
            seen = self._compared_pieces(*sides, lies) if sides is not None else None
            if seen is not None:
                yield one, _Found(ALIGNED, NOT_HASHED, 1, seen)

    def _compared_pieces(
        self, mine: ComparedPart, theirs: ComparedPart, lies: Alignment
    ) -> Comparison | None:
        if is_long(mine.examination) or is_long(theirs.examination):
            return verify_strips(mine, theirs, lies, self.objects)
        return self._pages(mine, theirs)

    def run_relatives(self, found: Mapping[str, Candidate]) -> Iterator[tuple[Candidate, _Found]]:
        """Copies of the files ``found`` that hold, with how."""
        tenant = self.evidence.tenant
        mates = {
            item.id: candidate
            for sha256, candidate in list(found.items())[:_MATES]
            for item in self.records.evidence_with_bytes(tenant, sha256, 1)
        }
        if not mates:
            return
        compared = {*found, self.evidence.sha256}
        for candidate in relatives(tenant, mates, compared, self.records, self.rules.max_relatives):
            seen = self._by_features(candidate, self._other(candidate.sha256))
            if seen is not None:
                yield candidate, _Found(ALIGNED, NOT_HASHED, 1, seen)

    def _proposed(self) -> list[Candidate]:
        """The candidates of every source, each in its order."""
        asked = self.evidence.tenant, self.examination, self.records, self.objects, self.policy
        return [candidate for source in sources.SOURCES for candidate in source.candidates(*asked)]

    def _worth_aligning(self, found: Sequence[Candidate], settled: Collection[str]) -> list[Candidate]:
        """The candidates without a distance. ``settled`` files stay among them only for their sampled frames.

        Of screens and pages the likeliest are kept, because many more of them are proposed.
        """
        most = self.rules.max_nominees
        if not _shows_page(self.examination):
            return list(found)
        pages = self._likeliest_pages([one for one in found if one.sha256 not in settled])
        others = [one for one in found if not self._is_page_file(one.sha256)]
        kept = list(dict.fromkeys(one.sha256 for one in others))[:most]
        return pages + [one for one in others if one.sha256 in kept]

    def _likeliest_pages(self, candidates: Sequence[Candidate]) -> list[Candidate]:
        """The whole screens and pages among the candidates on which most features of this page align."""
        votes: dict[str, int] = {}
        for one in candidates:
            if self._is_page_file(one.sha256):
                votes[one.sha256] = max(votes.get(one.sha256, 0), one.votes)
        alike = {sha256: self._aligned_features(sha256) for sha256 in votes}
        ordered = sorted(votes, key=lambda sha256: (-alike[sha256], -votes[sha256], sha256))
        chosen = ordered[: self.rules.max_page_nominees]
        return [Candidate(0, sha256, 0, SCHEME, votes=votes[sha256]) for sha256 in chosen]

    def _aligned_features(self, sha256: str) -> int:
        """How many features of the two whole pages one movement aligns."""
        sides = self._sides(Candidate(0, sha256, 0, SCHEME), self._other(sha256))
        return 0 if sides is None else aligned_features(*sides, self.objects)

    def _is_page_file(self, sha256: str) -> bool:
        other = self._other(sha256)
        return other is not None and _shows_page(other)

    @property
    def _own_sampled_frames(self) -> dict[int, float]:
        """The time of each part of a video, by its number."""
        parts = self.examination.measurements.parts
        return {p.number: p.region.time_s for p in parts if p.region and p.region.time_s is not None}

    def _note_sampled_frames(self, candidate: Candidate) -> None:
        """Note two similar frames of two videos: the nearer the hashes or the more votes, the more they weigh."""
        mine = _part(self.examination, candidate.part)
        if mine is None or mine.region is None or mine.region.time_s is None:
            return
        other = self._other(candidate.sha256)
        theirs = _part(other, candidate.other_part) if other is not None else None
        if theirs is None or theirs.region is None or theirs.region.time_s is None:
            return
        weight = 1.0 if candidate.distance is not None else min(1.0, candidate.votes / _SURE_VOTES)
        alike = SimilarFrames(mine.region.time_s, theirs.region.time_s, round(weight, 2))
        self.similar.setdefault(candidate.sha256, []).append(alike)

    def _other(self, sha256: str) -> Examination | None:
        if sha256 not in self.known:
            version = self.examination.version
            self.known[sha256] = self.records.examination(self.evidence.tenant, sha256, version)
        return self.known[sha256]

    def _sides(
        self, candidate: Candidate, other: Examination | None
    ) -> tuple[ComparedPart, ComparedPart] | None:
        if other is None:
            return None
        mine, theirs = _part(self.examination, candidate.part), _part(other, candidate.other_part)
        if mine is None or theirs is None:
            return None
        return ComparedPart(self.examination, mine), ComparedPart(other, theirs)

    def _by_hash(self, candidate: Candidate, *, within: bool) -> _Found | None:
        sides = self._sides(candidate, self._other(candidate.sha256))
        if sides is None:
            return self._by_hash_of_older(candidate)
        if _both_embedded_in_pages(*sides):
            return None  # two pages may legitimately show the same product
        if candidate.algorithm == PAGE:
            seen = self._pages(*sides) if within else None
            return _Found(ALIGNED, NOT_HASHED, 1, seen) if seen is not None else None
        method = candidate.algorithm
        between = bits_between(sides[0].part.fingerprint, sides[1].part.fingerprint)
        distance = (candidate.distance or 0) if between is None else between
        found = verify(*sides, self._least_inliers(), self.objects) if within else None
        if found is None and within:
            found = verify_turned(*sides, candidate.orientation, self.objects)
        if found is None and (candidate.part or candidate.other_part):
            found = compare_by_hash(*sides, candidate.orientation)
        return _Found(method, distance, candidate.orientation, found)

    def _by_hash_of_older(self, candidate: Candidate) -> _Found | None:
        """Compare by hash with a photo that only an older release examined."""
        older = self.records.newest_examinations(self.evidence.tenant, [candidate.sha256])
        other = older.get(candidate.sha256)
        if other is None or other.measurements.kind != PHOTO or candidate.algorithm != ALGORITHM:
            return None
        return _Found(candidate.algorithm, candidate.distance or 0, candidate.orientation)

    def _by_features(self, candidate: Candidate, other: Examination | None) -> Comparison | None:
        sides = self._sides(candidate, other)
        if sides is None or _both_embedded_in_pages(*sides):
            return None
        if _is_page(sides[0]) and _is_page(sides[1]):
            return self._pages(*sides)
        return verify(*sides, self._least_inliers(), self.objects)

    def _pages(self, mine: ComparedPart, theirs: ComparedPart) -> Comparison | None:
        found = verify_pages(mine, theirs, self.objects)
        if found is None or found.changed or found.shared < self.rules.page_shared_min:
            return None
        return found

    def _least_inliers(self) -> int:
        return self.rules.least_inliers


def _by_file(candidates: Sequence[Candidate]) -> dict[str, list[Candidate]]:
    """Candidates by file, in the order given."""
    by_file: dict[str, list[Candidate]] = {}
    for one in candidates:
        by_file.setdefault(one.sha256, []).append(one)
    return by_file


def _with_segments(found: _Found, segments: tuple[AlignedSegment, ...]) -> _Found:
    """The same with the aligned segments, if there are any."""
    if not segments or found.comparison is None:
        return found
    return replace(found, comparison=replace(found.comparison, stretches=segments))


def _nearest_sampled_frames(
    candidates: Sequence[Candidate], frames: Collection[int], most: int
) -> list[Candidate]:
    """The candidates in their order, with only the nearest ``most`` of each file for the sampled frames ``frames``: in two
    videos that stand still, every frame is a candidate for every other."""
    kept = {
        one
        for every in _by_file([one for one in candidates if one.part in frames]).values()
        for one in sorted(every, key=lambda one: (one.distance or 0, one.part, one.other_part))[:most]
    }
    return [one for one in candidates if one.part not in frames or one in kept]


def _steadiest(aligned: Sequence[tuple[Candidate, Comparison]]) -> tuple[Candidate, Comparison]:
    """The aligned pair of parts with the least parallax residual, among those with half as many inliers as the best.
    Several frames of a clip may show a photo, and compression moves the detail of some."""
    most = max(seen.inliers for _, seen in aligned)
    steady = [one for one in aligned if one[1].inliers * 2 >= most]
    return min(steady, key=lambda one: one[1].parallax_residual)


def _part(examination: Examination, number: int) -> Part | None:
    return next((part for part in examination.measurements.parts if part.number == number), None)


def _shows_page(examination: Examination) -> bool:
    return examination.measurements.kind in (SCREENSHOT, DOCUMENT)


def _is_page(side: ComparedPart) -> bool:
    return side.part.number == 0 and _shows_page(side.examination)


def _both_embedded_in_pages(mine: ComparedPart, theirs: ComparedPart) -> bool:
    both = _shows_page(mine.examination) and _shows_page(theirs.examination)
    return both and not (_is_page(mine) and _is_page(theirs)) and not (_fills(mine) and _fills(theirs))


def _fills(side: ComparedPart) -> bool:
    """Whether it is a photo that fills a page of a document, as a scan does."""
    part = side.part
    return part.region is not None and not part.is_piece and (part.region.w, part.region.h) == (1.0, 1.0)


def _pair(evidence: Evidence, other: Evidence, found: _Found) -> Pair:
    """The row of a pair. A match takes the item to the other, but the row's orientation turns second into first."""
    first, second = sorted((evidence.id, other.id))
    forth = first == other.id
    turn = found.orientation if forth else inverse_orientation(found.orientation)
    comparison = found.comparison
    if comparison is not None and forth:
        comparison = turned(comparison)
    detail = encode(Comparison, comparison) if comparison is not None else ""
    row = Pair(first, second, found.method, found.distance, turn, found.method, MEASURED)
    return replace(row, detail=detail, rank=RANKS[found.method])
