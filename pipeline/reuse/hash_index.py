"""Candidates by perceptual hash, and by equal decoded pixels."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from pipeline.reuse.candidates import PAGE, PIXELS, Candidate
from storage.interfaces.examinations import Examination
from storage.interfaces.fingerprints import Fingerprints
from storage.interfaces.objects import Objects
from storage.interfaces.record import Database
from validators.before_judging import SearchRules
from validators.evidence import DOCUMENT, PHOTO, SCREENSHOT, VIDEO, Fingerprint, Measurements, Part
from validators.policy import Policy


class HashIndex:
    """The record's index of fingerprints, exact within the policy's distance."""

    def remember(
        self, tenant: str, examinations: Sequence[Examination], records: Fingerprints, objects: Objects
    ) -> None:
        records.add_fingerprints(
            tenant,
            [
                (one.sha256, part, found)
                for one in examinations
                for part, found in fingerprints_of(one.measurements)
            ],
        )

    def candidates(
        self, tenant: str, examination: Examination, records: Fingerprints, objects: Objects, policy: Policy
    ) -> Iterator[Candidate]:
        """The nearest first, part by part. Equal pixels have distance 0."""
        rules = policy.group(SearchRules)
        for number, fingerprint in fingerprints_of(examination.measurements):
            reach = 0 if fingerprint.algorithm == PIXELS else rules.max_distance
            limit = rules.max_page_nominees if fingerprint.algorithm == PAGE else rules.max_pairs
            for hit in records.search(tenant, fingerprint, reach, limit):
                if hit.sha256 != examination.sha256:
                    yield Candidate(
                        number, hit.sha256, hit.part, fingerprint.algorithm, hit.distance, hit.orientation
                    )

    def forget(self, tenant: str, contents: Collection[str], records: Fingerprints) -> None:
        records.forget_fingerprints(tenant, contents)

    def compact(self, database: Database) -> int:
        return 0


def fingerprints_of(measurements: Measurements) -> list[tuple[int, Fingerprint]]:
    """The fingerprints of a file: its parts' hashes, and the digest of the pixels of screens, pages and unknown kinds."""
    found: list[tuple[int, Fingerprint]] = []
    whole = measurements.fingerprint
    comparable = whole is not None and bool(whole.orientations)
    if comparable and measurements.kind != PHOTO and measurements.pixels_sha256 is not None:
        found.append((0, Fingerprint(PIXELS, measurements.version, (measurements.pixels_sha256,))))
    for part in measurements.parts or _whole(measurements):
        fingerprint = part.fingerprint
        if not fingerprint.orientations or part.is_piece:
            continue  # pages of one template have nearly the same hash
        if part.number == 0 and measurements.kind in (SCREENSHOT, DOCUMENT):
            fingerprint = Fingerprint(PAGE, fingerprint.version, fingerprint.orientations)
        elif part.number == 0 and measurements.kind not in (PHOTO, VIDEO):
            continue
        found.append((part.number, fingerprint))
    return found


def _whole(measurements: Measurements) -> tuple[Part, ...]:
    """The whole file, for measurements of releases that knew no parts."""
    return (Part(0, measurements.fingerprint),) if measurements.fingerprint is not None else ()
