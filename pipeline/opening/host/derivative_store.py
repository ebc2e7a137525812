"""Stores the derivatives of an opened file in Objects, and returns the examination for the record."""

from __future__ import annotations

import hashlib
from pathlib import Path

from pipeline.opening.host.sprite_map import sprite_map
from pipeline.setup.object_keys import features_key, original_key
from pipeline.setup.opened import MEASURES_VERSION, Derivative, Opened
from storage.interfaces.examinations import Examination, StoredDerivative
from storage.interfaces.objects import Objects
from validators.evidence import Measurements

_PICTURE = (".jpg", "image/jpeg", f"simplejpeg/{MEASURES_VERSION}")
_CLIP = (".mp4", "video/mp4", f"ffmpeg/{MEASURES_VERSION}")


def keep(sha256: str, size: int, opened: Opened, jail: str, objects: Objects) -> Examination:
    """Store every derivative and return the examination to record."""
    derivatives = tuple(_keep_one(sha256, derivative, objects) for derivative in opened.derivatives)
    derivatives += tuple(
        _keep_map(sprite, opened.measurements, objects) for sprite in derivatives if sprite.kind == "sprite"
    )
    for part, record in opened.features:
        objects.put(features_key(sha256, part), record)
    return Examination(sha256, size, MEASURES_VERSION, jail, opened.measurements, derivatives)


def keep_original(sha256: str, path: Path, objects: Objects) -> None:
    """Keep the original under its own hash."""
    objects.put(original_key(sha256), path.read_bytes())


def _keep_one(sha256: str, derivative: Derivative, objects: Objects) -> StoredDerivative:
    part = f"-p{derivative.page}" if derivative.page is not None else ""
    if derivative.kind == "frame" and derivative.time_s is not None:
        part = f"-t{round(derivative.time_s * 1000)}"
    suffix, mime, tool = _CLIP if derivative.kind == "clip" else _PICTURE
    key = f"derivatives/{sha256[:2]}/{sha256}-{derivative.kind}{part}-v{MEASURES_VERSION}{suffix}"
    objects.put(key, derivative.data, mime)
    return StoredDerivative(
        kind=derivative.kind,
        key=key,
        width=derivative.width,
        height=derivative.height,
        sha256=hashlib.sha256(derivative.data).hexdigest(),
        tool=tool,
        page=derivative.page,
        time_s=derivative.time_s,
    )


def _keep_map(sprite: StoredDerivative, measured: Measurements, objects: Objects) -> StoredDerivative:
    """Store a WebVTT file beside the sprite, for players that show thumbnails on their scrub bar."""
    facts = measured.video
    text = sprite_map(facts, sprite.key.rsplit("/", 1)[-1]) if facts is not None else ""
    key = sprite.key.replace("-sprite", "-sprite_map").removesuffix(".jpg") + ".vtt"
    objects.put(key, text.encode(), "text/vtt")
    digest = hashlib.sha256(text.encode()).hexdigest()
    return StoredDerivative("sprite_map", key, sprite.width, sprite.height, digest, "webvtt/1")
