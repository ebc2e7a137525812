"""The product's own way from bytes to matches, in one process: opening, keeping, remembering, looking, judging."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import cv2
import numpy as np

from pipeline.judgement.pair_view import seen_from
from pipeline.opening.child import child
from pipeline.opening.child.measurement import ContentThresholds, Measured
from pipeline.opening.child.pixels import shrink
from pipeline.opening.host.answer_stream import Plane
from pipeline.opening.host.derivative_store import keep
from pipeline.opening.host.opener import encode as encode_plane
from pipeline.opening.limits import THUMBNAIL_SIDE, VIEW_SIDE, limits_of
from pipeline.reuse.kept_views import kept_view
from pipeline.reuse.search import find
from pipeline.reuse.sources import remember
from pipeline.setup.opened import MEASURES_VERSION, Opened
from pipeline.setup.policies import load_policy
from storage.interfaces.examinations import Examination
from storage.interfaces.matches import Pair
from storage.interfaces.objects import Objects
from storage.interfaces.record import Database
from storage.memory import MemoryObjects, memory_database
from validators.case import Case
from validators.checks.match_class import Link, links_of
from validators.checks.mostly_text import shows_mostly_text
from validators.declared import Declared
from validators.dispute import Dispute, Party
from validators.evidence import PHOTO, Evidence, Fingerprint, MatchSide, Measurements, Part
from validators.measures.reuse.fingerprint import fingerprint
from validators.measures.reuse.local_features import LocalFeatures, extract
from validators.measures.reuse.local_features import encode as encode_features

cv2.setNumThreads(1)
START = datetime(2026, 3, 9, 9, tzinfo=UTC)
POLICY = load_policy()
LIMITS = limits_of(POLICY)


@dataclass(slots=True)
class Engine:
    """A gallery in memory. Each upload belongs to a dispute and an account of its own."""

    database: Database = field(default_factory=memory_database)
    objects: Objects = field(default_factory=MemoryObjects)
    names: dict[str, str] = field(default_factory=dict)
    """Evidence id to name."""

    def add(self, name: str, data: bytes) -> None:
        """Remember an upload."""
        self._remember(*self._examined(name, data), name)

    def add_paired(self, name: str, data: bytes) -> None:
        """Remember an upload and what it is found to be like, as the product does."""
        evidence, examination = self._examined(name, data)
        self._remember(evidence, examination, name)
        with self.database.transaction() as records:
            records.put_pairs("default", find(evidence, examination, records, POLICY, self.objects))

    def _remember(self, evidence: Evidence, examination: Examination, name: str) -> None:
        self.names[evidence.id] = name
        with self.database.transaction() as records:
            records.put_examinations("default", [examination])
            records.put_evidence([evidence])
            remember("default", [examination], records, self.objects)

    def add_pixels(self, name: str, rgb: np.ndarray) -> tuple[Fingerprint, LocalFeatures | None]:
        """Remember a photo by its pixels: what comparing needs is measured, and nothing else. Returns that; no features
        where its fingerprint abstains."""
        view = shrink(np.ascontiguousarray(rgb), VIEW_SIDE)
        whole = fingerprint(view)
        part = Part(0, whole)
        measurements = Measurements(
            MEASURES_VERSION,
            "image/jpeg",
            PHOTO,
            fingerprint=whole,
            parts=(part,) if whole.orientations else (),
        )
        found = extract(view) if whole.orientations else None
        features = () if found is None else ((0, encode_features(found)),)
        opened = Opened(measurements, (encode_plane(_plane("view", view, None)),), features)
        evidence = self._evidence(name, hashlib.sha256(name.encode()).hexdigest(), rgb.nbytes)
        self._remember(evidence, keep(evidence.sha256, rgb.nbytes, opened, "none", self.objects), name)
        return whole, found

    def view(self, examination: Examination) -> np.ndarray:
        """The comparison view of a still, HxW grey."""
        found = kept_view(examination, examination.measurements.parts[0], self.objects)
        assert found is not None
        return found

    def add_opened(self, name: str, data: bytes, opened: Opened) -> None:
        """Remember an upload that was opened elsewhere."""
        self._remember(*self._kept(name, data, opened), name)

    def look_opened(self, name: str, data: bytes, opened: Opened) -> list[tuple[str, Link]]:
        """``look`` for an upload that was opened elsewhere."""
        return self.look_examined(*self._kept(name, data, opened))

    def look(self, name: str, data: bytes) -> list[tuple[str, Link]]:
        """What a later upload is found to be like: (name, link) of every match; nothing is remembered."""
        return self.look_examined(*self._examined(name, data))

    def look_examined(self, evidence: Evidence, examination: Examination) -> list[tuple[str, Link]]:
        """The same of an upload that is opened already."""
        with self.database.reading() as records:
            pairs = find(evidence, examination, records, POLICY, self.objects)
            known = {
                one.id: one
                for pair in pairs
                for one in records.evidence("default", [pair.first, pair.second])
            }
            measured = {
                one.id: found.measurements
                for one in known.values()
                for found in records.examinations("default", [one.sha256], MEASURES_VERSION).values()
            }
        match_sides = tuple(_match_side(evidence, pair, known, measured) for pair in pairs)
        dispute = Dispute(id=evidence.dispute_id, declared=True, buyer=Party(id=f"b-{evidence.id}"))
        case = Case(evidence, examination.measurements, dispute, START, match_sides)
        return [(self.names[link.other.id], link) for link in links_of(case, POLICY)]

    def examined(self, name: str, data: bytes) -> tuple[Evidence, Examination]:
        """Open an upload and keep what comparing needs."""
        return self._examined(name, data)

    def _examined(self, name: str, data: bytes) -> tuple[Evidence, Examination]:
        return self._kept(name, data, opened_in_process(data))

    def _kept(self, name: str, data: bytes, opened: Opened) -> tuple[Evidence, Examination]:
        sha256 = hashlib.sha256(data).hexdigest()
        return self._evidence(name, sha256, len(data)), keep(sha256, len(data), opened, "none", self.objects)

    def _evidence(self, name: str, sha256: str, size: int) -> Evidence:
        return Evidence(
            id=f"ev-{hashlib.sha256(name.encode()).hexdigest()[:20]}",
            dispute_id=f"D-{name}",
            file=name,
            sha256=sha256,
            bytes=size,
            received_at=START + timedelta(minutes=len(self.names)),
            declared=Declared("buyer", submitted_at=START + timedelta(minutes=len(self.names))),
        )


def view_of(rgb: np.ndarray) -> np.ndarray:
    """What comparing reads of a photo's pixels: its view as it is kept, HxWx3 RGB."""
    data = encode_plane(_plane("view", shrink(np.ascontiguousarray(rgb), VIEW_SIDE), None)).data
    return np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)[:, :, ::-1]).copy()


def opened_in_process(data: bytes) -> Opened:
    """What the jail's child does with the bytes, without the jail."""
    upload = os.memfd_create("upload")
    try:
        os.write(upload, data)
        return _sent(child.measure_upload(upload, LIMITS, ContentThresholds(), MEASURES_VERSION))
    finally:
        os.close(upload)


def _sent(measured: Measured) -> Opened:
    planes = []
    for view in measured.views:
        planes.append(_plane(view.kind, view.pixels, view.page))
        if view.kind != "detail":
            planes.append(_plane("thumbnail", shrink(view.pixels, THUMBNAIL_SIDE), view.page))
    features = tuple((one.part.number, encode_features(one.features)) for one in measured.parts)
    return Opened(measured.measurements, tuple(encode_plane(plane) for plane in planes), features)


def _plane(kind: str, pixels: np.ndarray, page: int | None) -> Plane:
    return Plane(kind, pixels.shape[1], pixels.shape[0], np.ascontiguousarray(pixels).tobytes(), page)


def _match_side(
    evidence: Evidence, pair: Pair, known: dict[str, Evidence], measured: dict[str, Measurements]
) -> MatchSide:
    other_id, turn, seen = seen_from(pair, evidence.id)
    other = known[other_id]
    there = measured[other.id]
    return MatchSide(
        other, "b-other", True, pair.method, pair.distance, turn, there.kind, comparison=seen,
        other_mostly_text=shows_mostly_text(there, POLICY),
    )  # fmt: skip
