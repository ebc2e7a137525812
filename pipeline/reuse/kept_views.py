"""Reads what items are compared by: stored views and local features, never the original."""

from __future__ import annotations

import cv2
import numpy as np
import simplejpeg
from numpy.typing import NDArray

from pipeline.setup.object_keys import features_key
from storage.errors import ObjectMissingError
from storage.interfaces.examinations import Examination, StoredDerivative
from storage.interfaces.objects import Objects
from validators.evidence import Part
from validators.measures.image.regions import Box
from validators.measures.reuse.local_features import LocalFeatures, decode

Pixels = NDArray[np.uint8]


def kept_features(examination: Examination, part: Part, objects: Objects) -> LocalFeatures | None:
    """The features of a part. None if it has none or an older release measured it."""
    size = kept_size(examination, part)
    if size is None:
        return None
    try:
        record = objects.get(features_key(examination.sha256, part.number))
    except ObjectMissingError:
        return None
    long = max(size)
    return decode(record, (size[0] / long, size[1] / long))


def kept_view(examination: Examination, part: Part, objects: Objects) -> Pixels | None:
    """The view of a part, HxW grey, or None if it was not kept."""
    found = _decoded(examination, part, objects, "GRAY")
    return None if found is None else np.ascontiguousarray(found[:, :, 0])


def kept_colours(examination: Examination, part: Part, objects: Objects) -> Pixels | None:
    """The view of a part, HxWx3 RGB, or None if it was not kept."""
    return _decoded(examination, part, objects, "RGB")


def _decoded(examination: Examination, part: Part, objects: Objects, colours: str) -> Pixels | None:
    stored = kept_derivative(examination, part)
    if stored is None:
        return None
    view = np.asarray(simplejpeg.decode_jpeg(objects.get(stored.key), colours), np.uint8)
    if part.region is None or part.region.time_s is not None:
        return view
    return Box(part.region.x, part.region.y, part.region.w, part.region.h).cut(view)


def kept_detail(examination: Examination, objects: Objects) -> Pixels | None:
    """A screen or page, HxW grey at up to 2,400 px, or None if it was not kept."""
    for stored in examination.derivatives:
        if stored.kind == "detail":
            data = np.frombuffer(objects.get(stored.key), np.uint8)
            return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)
    return None


def kept_derivative(examination: Examination, part: Part) -> StoredDerivative | None:
    """The view, page, piece or video frame that the part is, or that holds it."""
    time_s = part.region.time_s if part.region else None
    page = part.region.page if part.region else None
    kind = "frame" if time_s is not None else "preview"
    kept = (d for d in examination.derivatives if d.kind == kind and (d.time_s, d.page) == (time_s, page))
    return next(kept, None)


def kept_size(examination: Examination, part: Part) -> tuple[float, float] | None:
    """Width and height of the part's view in px, or None if it was not kept."""
    stored = kept_derivative(examination, part)
    if stored is None:
        return None
    if part.region is None:
        return stored.width, stored.height
    return part.region.w * stored.width, part.region.h * stored.height
