"""Measures every raw frame of a video as it arrives, and keeps a few views to show."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
import simplejpeg

from pipeline.opening.child.decoder_errors import ErrorCounter
from pipeline.opening.child.measuring.measured import Measured, MeasuredPart, MeasuredView
from pipeline.opening.child.pixels import shrink
from pipeline.opening.child.raw_frames import StreamError, raw_frames
from pipeline.opening.heap import give_back_in_child
from pipeline.opening.limits import MAX_PARTS, WAVEFORM
from validators.evidence import (
    AUDIO,
    VIDEO,
    AudioFacts,
    Fingerprint,
    Measurements,
    PageMeasures,
    Part,
    Problem,
    Region,
    SpriteFacts,
    VideoFacts,
)
from validators.measures.image.clarity_measures import measure_clarity
from validators.measures.reuse.fingerprint import fingerprint
from validators.measures.reuse.local_features import extract
from validators.measures.video.bars import without_bars
from validators.measures.video.sound import RATE, measure_sound, waveform
from validators.measures.video.video_bins import FrameMeter

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

_BYTES_A_SECOND = 2 * RATE
SPRITE_SIDE = 160
SPRITE_COLUMNS = 10
_SPRITE_MOST = 100
_SEVERAL = 2  # times as many views are kept meanwhile as are shown in the end
_HELD_QUALITY = 90  # of JPEG, above that of the pictures shown
_SET_UP = 2  # views, after which everything that is done once has been done
_DARK_P95 = 40.0  # a view with nothing brighter is chosen last


@dataclass(frozen=True, slots=True)
class _Kept:
    """A view that may be shown: its JPEG, its measurements and how good a choice it is."""

    page: PageMeasures
    jpeg: bytes
    merit: float


class _BestViews:
    """The best view of each time bin. Bins grow with the clip, so that their number stays bounded.

    Views are held as JPEG: 32 raw ones of 1024 x 576 take 28 MB.
    """

    def __init__(self, shown: int, width_s: float) -> None:
        self._most, self._width = shown * _SEVERAL, width_s
        self.kept: dict[int, _Kept] = {}

    def add(self, page: PageMeasures, pixels: Pixels) -> None:
        """Keep the view if it is the best of its bin so far and views are to be shown."""
        merit = _merit(page)
        if not self._most or not self._leads(page, merit):
            return
        jpeg = simplejpeg.encode_jpeg(pixels, _HELD_QUALITY, colorsubsampling="420")
        self.kept[self._bin(page)] = _Kept(page, jpeg, merit)
        while len(self.kept) > self._most:
            self._width *= 2
            held, self.kept = self.kept, {}
            for one in held.values():
                if self._leads(one.page, one.merit):
                    self.kept[self._bin(one.page)] = one

    def _bin(self, page: PageMeasures) -> int:
        return int((page.time_s or 0.0) / self._width)

    def _leads(self, page: PageMeasures, merit: float) -> bool:
        """Whether no view of the bin is as good."""
        known = self.kept.get(self._bin(page))
        return known is None or merit > known.merit

    def taken(self, shown: int) -> Iterator[_Kept]:
        """At most ``shown`` views spread over the clip, by time. Each is let go as it is taken."""
        bins, held = sorted(self.kept), self.kept
        self.kept = {}
        if len(bins) > shown:
            bins = [bins[round(at)] for at in np.linspace(0, len(bins) - 1, shown)]
        held = {place: held[place] for place in bins}
        for place in bins:
            yield held.pop(place)


class _Sprite:
    """Small pictures of the views, evenly thinned out if more come than fit."""

    def __init__(self) -> None:
        self.tiles: list[tuple[float, Pixels]] = []
        self._every, self._seen = 1, 0

    def add(self, time_s: float, pixels: Pixels) -> None:
        if self._seen % self._every == 0:
            self.tiles.append((time_s, shrink(pixels, SPRITE_SIDE)))
            if len(self.tiles) > _SPRITE_MOST:
                self.tiles, self._every = self.tiles[::2], self._every * 2
        self._seen += 1

    def sheet(self) -> Pixels:
        """All tiles, row by row, without gaps."""
        high, wide = self.tiles[0][1].shape[:2]
        rows = -(-len(self.tiles) // SPRITE_COLUMNS)
        sheet = np.zeros((rows * high, min(SPRITE_COLUMNS, len(self.tiles)) * wide, 3), np.uint8)
        for number, (_, tile) in enumerate(self.tiles):
            y, x = number // SPRITE_COLUMNS * high, number % SPRITE_COLUMNS * wide
            sheet[y : y + high, x : x + wide] = tile
        return sheet


def measure_decoded_frames(source: int, job: dict[str, Any]) -> Measured:
    """Measure the raw frames on ``source``, written as ffmpeg_arguments.py asks.

    ``job``: "view" and "small" are sizes, "full" that of the upload, "views" and "smalls" the numbers of their streams (None
    for none), "interval" the seconds between views, "shown" how many are to be shown, "read_s" the seconds to read for,
    "errors" what ffmpeg reports meanwhile.
    """
    wide, high = job["view"]
    small = job["small"]
    meter, best, sprite = FrameMeter(), _BestViews(job["shown"], job["interval"]), _Sprite()
    seconds: list[PageMeasures] = []
    problems: tuple[Problem, ...] = ()
    errors, reached = ErrorCounter(job.get("errors")), 0.0
    try:
        for frame in raw_frames(
            source, max(wide * high * 2, small[0] * small[1]), time.monotonic() + job["read_s"]
        ):
            errors.read(frame.time_s)
            reached = frame.time_s
            if frame.stream == job["smalls"]:
                meter.add(frame.time_s, _plane(frame.data, small[1], small[0]).copy())
            elif frame.stream == job["views"]:
                pixels = _rgb(frame.data, high, wide)
                page = _page(len(seconds) + 1, job, pixels, frame.time_s)
                if job["shown"]:
                    page = replace(page, fingerprint=_hash_of(pixels))
                seconds.append(page)
                sprite.add(frame.time_s, pixels)
                best.add(page, pixels)
                if len(seconds) == _SET_UP:
                    give_back_in_child()
    except StreamError as error:
        problems = (Problem("damaged", str(error)),)
    errors.read(reached)
    measured = _measured(job, meter, best, sprite, seconds, problems)
    return replace(measured, measurements=replace(measured.measurements, decoder_errors=errors.counted()))


def measure_sound_of(source: int, job: dict[str, Any]) -> Measured:
    """Measure the raw samples on ``source``. With "waveform" in ``job`` there is a picture of them too."""
    until = time.monotonic() + job["read_s"]
    held, errors = bytearray(), ErrorCounter(job.get("errors"))
    while time.monotonic() < until and (chunk := os.read(source, 1 << 18)):
        held += chunk
        errors.read(len(held) / _BYTES_A_SECOND)
    errors.read(len(held) / _BYTES_A_SECOND)
    samples = np.frombuffer(held, np.int16, len(held) // 2)
    measurements = Measurements(
        job["version"],
        "audio/x-raw",
        kind=AUDIO,
        sound=measure_sound(samples),
        decoder_errors=errors.counted(),
        audio=AudioFacts(round(len(samples) / RATE, 3), "raw"),
    )
    drawn = (
        [MeasuredView("view", waveform(samples, WAVEFORM))] if job.get("waveform") and len(samples) else []
    )
    return Measured(measurements, drawn, [])


def _measured(
    job: dict[str, Any],
    meter: FrameMeter,
    best: _BestViews,
    sprite: _Sprite,
    seconds: list[PageMeasures],
    problems: tuple[Problem, ...],
) -> Measured:
    pages: list[PageMeasures] = []
    views: list[MeasuredView] = []
    parts: list[MeasuredPart] = []
    for number, kept in enumerate(best.taken(job["shown"]), 1):
        pixels: Pixels = simplejpeg.decode_jpeg(kept.jpeg, "RGB")
        prints = kept.page.fingerprint or _hash_of(pixels)
        at = kept.page.time_s
        pages.append(replace(kept.page, number=number, fingerprint=prints))
        views.append(MeasuredView("tile", pixels, None, at))
        parts.append(MeasuredPart(Part(number, prints, _whole_frame(at)), extract(pixels)))
    measurements = Measurements(
        job["version"],
        "video/x-raw",
        kind=VIDEO,
        problems=problems,
        pages=tuple(pages),
        parts=(*(part.part for part in parts), *_by_hash_alone(seconds, pages)),
        decoded=meter.finish(),
        seconds=tuple(replace(second, fingerprint=None) for second in seconds),
    )
    if sprite.tiles:
        views.append(MeasuredView("sprite", sprite.sheet()))
        measurements = replace(measurements, video=_with_sprite(job, sprite))
    return Measured(measurements, views, parts)


def _by_hash_alone(seconds: list[PageMeasures], shown: list[PageMeasures]) -> list[Part]:
    """Frames that are not shown, as parts with a hash and no features."""
    seen = {page.time_s for page in shown}
    others = [page for page in seconds if page.fingerprint is not None and page.time_s not in seen]
    most = max(0, MAX_PARTS - len(shown))
    picked = (
        others if len(others) <= most else [others[round(at)] for at in np.linspace(0, len(others) - 1, most)]
    )
    numbered = enumerate(picked, len(shown) + 1)
    return [
        Part(number, page.fingerprint, _whole_frame(page.time_s))
        for number, page in numbered
        if page.fingerprint
    ]


def _hash_of(pixels: Pixels) -> Fingerprint:
    """The hash of the picture without dark bars, so that a letterboxed copy has its original's."""
    return fingerprint(np.ascontiguousarray(without_bars(pixels)))


def _whole_frame(time_s: float | None) -> Region:
    return Region(0.0, 0.0, 1.0, 1.0, time_s=time_s)


def _with_sprite(job: dict[str, Any], sprite: _Sprite) -> VideoFacts:
    """The sprite's facts: the time of each tile. The host has all other facts from the probe."""
    high, wide = sprite.tiles[0][1].shape[:2]
    times = tuple(round(at, 3) for at, _ in sprite.tiles)
    sprite_facts = SpriteFacts(SPRITE_COLUMNS, wide, high, times)
    full_wide, full_high = job["full"]
    return VideoFacts(None, full_wide, full_high, 0, None, "", None, sprite=sprite_facts)


def _page(number: int, job: dict[str, Any], pixels: Pixels, time_s: float) -> PageMeasures:
    full_wide, full_high = job["full"]
    return PageMeasures(number, full_wide, full_high, measure_clarity(pixels), time_s=round(time_s, 3))


def _plane(data: memoryview | bytes, high: int, wide: int) -> Pixels:
    if len(data) != high * wide:
        raise StreamError("a frame is not of the size that was asked for")
    return np.frombuffer(data, np.uint8).reshape(high, wide)


def _rgb(data: memoryview | bytes, high: int, wide: int) -> Pixels:
    """HxWx3 RGB of a planar frame whose colour has half the width and height."""
    if len(data) != high * wide * 3 // 2:
        raise StreamError("a view is not of the size that was asked for")
    planes = np.frombuffer(data, np.uint8).reshape(high * 3 // 2, wide)
    return np.asarray(cv2.cvtColor(planes, cv2.COLOR_YUV2RGB_I420), np.uint8)


def _merit(page: PageMeasures) -> float:
    """How good a choice a view is: best sharp, worst black or flat as in a fade."""
    clarity = page.clarity
    if clarity is None or clarity.luma_p95 < _DARK_P95:
        return -1.0
    return (clarity.sharpness or 0.0) + min(clarity.luma_std, 40.0) / 80.0
