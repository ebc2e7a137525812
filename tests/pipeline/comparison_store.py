"""A store with a few matching items, filled by hand: no file is opened."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import numpy as np
import simplejpeg
from comparison_scenes import mirrored_crop, scene

from storage.database.encoding import encode
from storage.interfaces.examinations import Examination, StoredDerivative
from storage.interfaces.matches import Pair
from storage.interfaces.objects import Objects
from storage.interfaces.record import Database
from validators.declared import Declared
from validators.dispute import Dispute
from validators.evidence import Comparison, Evidence, Measurements, Region

NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)


def sha(data: bytes | str) -> str:
    return hashlib.sha256(data.encode() if isinstance(data, str) else data).hexdigest()


def put_item(
    database: Database, objects: Objects, id_: str, dispute: str, file: str, *shown: tuple, pages=()
) -> Evidence:
    """An item with the pictures ``shown``: (kind, pixels, page, time_s) each."""
    kept = []
    for kind, pixels, page, time_s in shown:
        data = simplejpeg.encode_jpeg(np.ascontiguousarray(pixels), quality=90)
        key = f"derivatives/{id_}-{kind}-{page or 0}.jpg"
        objects.put(key, data)
        size = pixels.shape[1], pixels.shape[0]
        kept.append(StoredDerivative(kind, key, *size, sha(data), "t", page, time_s))
    later = timedelta(days=ord(id_[0]) - ord("a"))
    item = Evidence(id_, dispute, file, sha(id_), 9, NOON + later, declared=Declared("buyer"))
    measured = Measurements("1", "image/jpeg", "photo", pages=pages)
    with database.transaction() as records:
        records.put_dispute(Dispute(dispute))
        records.put_evidence([item])
        records.put_examinations("default", [Examination(item.sha256, 9, "1", "full", measured, tuple(kept))])
    return item


def put_pair(database: Database, first: str, second: str, comparison: Comparison | None, **other) -> Pair:
    detail = encode(Comparison, comparison) if comparison else ""
    given = {"method": "aligned" if comparison else "sha256", "distance": 0, "orientation": 1} | other
    pair = Pair(first, second, algorithm="a", version="1", detail=detail, **given)
    with database.transaction() as records:
        records.put_pairs("default", [pair])
    return pair


def compared(matrix: np.ndarray, this: Region | None = None, other: Region | None = None) -> Comparison:
    return Comparison(
        tuple(matrix.ravel().tolist()), 99, 99, 1.0, 1.0, 1.0, 0.0, this_area=this, other_area=other
    )


def fill(database: Database, objects: Objects) -> None:
    """D-1 with the whole "a"; D-2 with "b", its mirrored part, "c", its copy, "d", without pictures, "e", alone."""
    whole = scene()
    part, matrix = mirrored_crop(whole, 120, 60, 360, 300)
    put_item(database, objects, "a", "D-1", "buyer/whole.jpg", ("preview", whole, None, None))
    put_item(database, objects, "b", "D-2", "buyer/part.jpg", ("preview", part, None, None))
    put_item(database, objects, "c", "D-2", "buyer/copy.jpg", ("preview", whole, None, None))
    put_item(database, objects, "d", "D-2", "buyer/none.jpg")
    put_item(database, objects, "e", "D-2", "seller/alone.jpg", ("preview", whole, None, None))
    put_pair(database, "a", "b", compared(np.linalg.inv(matrix)))
    put_pair(database, "a", "c", None)
    put_pair(database, "c", "d", None)
