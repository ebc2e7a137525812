"""The work of one child: open one file once, measure it, answer and end."""

from __future__ import annotations

import dataclasses
import json
import mmap
import os
import traceback
from datetime import datetime
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from pipeline.opening.child import c2pa_manifest, charset, document, mail, photo, telegram, text
from pipeline.opening.child.frame_measurement import measure_decoded_frames, measure_sound_of
from pipeline.opening.child.inside.member_formats import READERS
from pipeline.opening.child.inside.member_stream import MemberSender
from pipeline.opening.child.measurement import (
    ContentThresholds,
    Measured,
    MeasuredPart,
    MeasuredView,
    measure_exhibit,
)
from pipeline.opening.child.metadata import read_metadata
from pipeline.opening.child.pixels import shrink
from pipeline.opening.child.preload import preload
from pipeline.opening.child.wrapped import unwrap
from pipeline.opening.limits import THUMBNAIL_SIDE, Limits
from pipeline.opening.wire import frame
from validators.evidence import AUDIO, VIDEO, Measurements, Problem
from validators.exhibit import Exhibit
from validators.measures.containers.c2pa_box import holds_manifest
from validators.measures.containers.container import structure_problems
from validators.measures.containers.file_type import OTHER, SUPPORTED, UNCHECKED, UNKNOWN_TYPE, kind_of, sniff
from validators.measures.metadata.bitstream import bitstream_encoder
from validators.measures.reuse import fingerprint
from validators.measures.reuse.local_features import encode
from validators.stated_origin import UNREADABLE, SignedOrigin

if TYPE_CHECKING:
    from numpy.typing import NDArray

HEAD_BYTES = 64 * 1024
_READ_WHOLE = 32 << 20  # bytes: stills are read whole, but only the structure of long videos is
_POPULATE = getattr(
    mmap, "MAP_POPULATE", 0
)  # maps all pages at once, which costs less than one fault for each


def warm_up(trust_list: str = "") -> None:
    """Import and initialise every decoder, so that a child reads nothing from disk.

    ``trust_list`` is a file of certificates that signers of manifests are trusted by, instead of the one that ships.
    """
    preload()
    fingerprint.load()
    photo.warm_up()
    document.warm_up()
    charset.warm_up()
    c2pa_manifest.warm_up(trust_list)
    for data in (
        photo.warm_up_sample("JPEG"),
        photo.warm_up_sample("PNG"),
        b"From: a\nTo: b\n\nwords\n",
        b"words\n",
        "слова\n".encode("cp1251") * 8,
        b"<html><table><tr><td>words</td></tr></table></html>",
        b"[05.01.24, 10:11:12] a: words\n" * 3,
        telegram.SAMPLE_PAGE,
        telegram.SAMPLE_JSON,
    ):
        _rehearse(data)


def _rehearse(data: bytes) -> None:
    """Measure a file of ours once, so that everything set up lazily is ready before the first fork."""
    upload, answer = os.memfd_create("rehearsal"), os.open(os.devnull, os.O_WRONLY)
    os.write(upload, data)
    mib = 1 << 20
    limits = Limits(mib, mib, mib, 4096, 1, 1, 1000, 10.0, mib, mib, 1.0, 1.0, 1.0, mib)
    measured = measure_upload(upload, limits, ContentThresholds(), "rehearsal")
    _write(answer, measured.measurements, measured.views, measured.parts)
    os.close(upload)
    os.close(answer)


def answer_job(message: dict[str, Any], upload: int, answer: int, limits: Limits) -> None:
    """Measure the upload (or, for "frames" and "sound", what ffmpeg makes of it) and write the answer."""
    if message["what"] == "members":
        _send_members(upload, answer, limits)
        return
    try:
        measured = _measured(message, upload, limits)
        _write(answer, measured.measurements, measured.views, measured.parts)
    except cv2.error as error:
        if _out_of_memory(error):
            raise MemoryError from error
        raise


def _send_members(upload: int, answer: int, limits: Limits) -> None:
    sender = MemberSender(answer, limits)
    try:
        with mmap.mmap(upload, 0, flags=mmap.MAP_SHARED, prot=mmap.PROT_READ) as data:
            sender.send_all(sniff(data[:HEAD_BYTES], len(data)), data)
    except (MemoryError, OSError):
        raise
    except Exception:  # noqa: BLE001 - the jail boundary: members found before are kept, and the fault is reported
        sender.problems.append(Problem("internal", traceback.format_exc()[-3000:]))
    sender.end()


def _measured(message: dict[str, Any], upload: int, limits: Limits) -> Measured:
    """The measurements that the job asks for, or a problem if a fault of ours ended it."""
    thresholds = ContentThresholds(**message["content"])
    try:
        if message["what"] == "numbers":
            return Measured(_numbers(upload, limits, message["version"]), [], [])
        if message["what"] == "frames":
            return measure_decoded_frames(upload, message)
        if message["what"] == "sound":
            return measure_sound_of(upload, message)
        return measure_upload(
            upload, limits, thresholds, message["version"], manifests=message.get("manifests", True)
        )
    except MemoryError:
        raise
    except Exception as error:  # the jail boundary: a fault of ours costs this file only, and is reported
        if _out_of_memory(error):
            raise
        detail = traceback.format_exc()[-3000:]
        problem = Problem("internal", detail)
        empty = Measurements(message["version"], "application/octet-stream", problems=(problem,))
        return Measured(empty, [], [])


def _out_of_memory(error: Exception) -> bool:
    """Whether OpenCV ran out of memory. ``error.code`` is of no use: bad_alloc sets none, so it is that of an earlier error."""
    told = str(error)
    return isinstance(error, cv2.error) and (f"({cv2.Error.STS_NO_MEM}:" in told or told == "std::bad_alloc")


def measure_upload(
    upload: int, limits: Limits, thresholds: ContentThresholds, version: str, *, manifests: bool = True
) -> Measured:
    """Open and measure while the file is mapped, because a picture may have to be decoded again, larger.

    ``manifests``: whether a C2PA manifest is verified.
    """
    size = os.fstat(upload).st_size
    at_once = _POPULATE if size <= _READ_WHOLE else 0
    with mmap.mmap(upload, size, flags=mmap.MAP_SHARED | at_once, prot=mmap.PROT_READ) as data:
        return measure_exhibit(_open(data, limits, manifests=manifests), thresholds, version)


def _numbers(upload: int, limits: Limits, version: str) -> Measurements:
    """Read the numbers on the upload. It is opened again for that, so that a failure costs only the numbers."""
    from pipeline.opening.child import number_readers  # noqa: PLC0415 - loaded by the zygote if readers are on

    with mmap.mmap(upload, 0, flags=mmap.MAP_SHARED, prot=mmap.PROT_READ) as data:
        mime = sniff(data[:HEAD_BYTES], len(data))
        exhibit = Exhibit(detected_type=mime)
        _open_as(kind_of(mime), data, exhibit, limits)
        found = number_readers.read_numbers(exhibit, limits.seconds / 3)
    return Measurements(version, mime, readings=found, readers=number_readers.loaded())


def _read_manifest(data: mmap.mmap, exhibit: Exhibit, *, verify: bool) -> None:
    """After the picture is decoded, which is seldom what ends a child."""
    if not verify:
        exhibit.signed = SignedOrigin(UNREADABLE)
        return
    reading = c2pa_manifest.read_manifest(data, exhibit.detected_type)
    exhibit.signed = reading.signed
    exhibit.statements.extend(reading.statements)
    exhibit.times.extend(reading.times)


def _open(data: mmap.mmap, limits: Limits, *, manifests: bool) -> Exhibit:
    mime = sniff(data[:HEAD_BYTES], len(data))
    inside = unwrap(data, mime, limits.still_bytes)
    if inside is not None:
        data, mime = inside
    size = len(data)
    kind = kind_of(mime)
    exhibit = Exhibit(detected_type=mime)
    holds_large = kind in (VIDEO, AUDIO) or (
        kind == OTHER and mime in READERS
    )  # an archive of videos is no smaller than they
    bound = limits.video_bytes if holds_large else limits.still_bytes
    if mime in UNCHECKED:
        exhibit.problems.append(Problem("unchecked", mime))
    elif mime not in SUPPORTED and mime not in READERS:
        exhibit.problems.append(_unsupported(mime, data))
    elif size > bound:
        exhibit.problems.append(Problem("too_large", "bytes", float(size), float(bound), "bytes"))
    else:
        exhibit.problems.extend(structure_problems(mime, data))
        _open_as(kind, data, exhibit, limits)
        if holds_manifest(mime, data):
            _read_manifest(data, exhibit, verify=manifests)
    return exhibit


def _unsupported(mime: str, data: mmap.mmap) -> Problem:
    """A file of zeros is what a broken upload leaves. Any other type is simply not supported."""
    if mime == UNKNOWN_TYPE and not np.frombuffer(data, np.uint8).any():
        return Problem("zeros", actual=float(len(data)), unit="bytes")
    return Problem("unsupported", mime)


def _open_as(kind: str, data: mmap.mmap, exhibit: Exhibit, limits: Limits) -> None:
    if kind == "still":
        photo.open_photo(data, exhibit, limits)
    elif kind == "document":
        document.open_document(data, exhibit, limits)
    elif kind == "mail":
        mail.open_mail(data, exhibit, limits)
    elif kind == "text":
        text.open_text(data, exhibit, limits)
    elif kind == "html":
        text.open_html(data, exhibit, limits)
    elif kind in (VIDEO, AUDIO):
        exhibit.kind = kind
        reading = read_metadata(None, data, exhibit.detected_type, "")
        exhibit.times.extend(reading.times)
        exhibit.metadata.update(reading.metadata)
        encoder = bitstream_encoder(data)
        if encoder is not None:
            exhibit.metadata["bitstream:encoder"] = encoder
        exhibit.has_gps = reading.has_gps
        exhibit.statements.extend(reading.statements)


def _write(
    answer: int, measurements: Measurements, views: list[MeasuredView], parts: list[MeasuredPart]
) -> None:
    planes: list[tuple[dict[str, Any], NDArray[np.uint8]]] = []
    for view in views:
        about = {"page": view.page, "time_s": view.time_s}
        planes.append(({"kind": view.kind, **about}, view.pixels))
        if view.kind not in ("detail", "sprite"):
            planes.append(({"kind": "thumbnail", **about}, shrink(view.pixels, THUMBNAIL_SIDE)))
    for part in parts:
        if len(part.features):
            rows = np.frombuffer(encode(part.features), np.uint8).reshape(len(part.features), -1, 3)
            planes.append(({"kind": "features", "part": part.part.number}, rows))
    shapes = [{**about, "width": p.shape[1], "height": p.shape[0]} for about, p in planes]
    holds_members = measurements.detected_type in READERS and measurements.problem("too_large") is None
    body = {
        "measurements": dataclasses.asdict(measurements), "planes": shapes, "holds_members": holds_members
    }  # fmt: skip
    _send(answer, frame(json.dumps(body, default=_plain).encode("utf-8", "backslashreplace")))
    for _, pixels in planes:
        _send(answer, np.ascontiguousarray(pixels).data.cast("B"))


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no place in an answer")


def _send(answer: int, data: bytes | memoryview) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(answer, view) :]
