"""Opens one file: the trusted side, which gets bytes and returns measurements and derivatives."""

from __future__ import annotations

import logging
import math
import mmap
import os
import shutil
import tempfile
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.opening.host.answer import check_measurements
from pipeline.opening.host.answer_error import AnswerError
from pipeline.opening.host.answer_stream import Plane
from pipeline.opening.host.jail import ChildKilledError, Jail, Outcome, TimedJail
from pipeline.opening.host.probe import DEMUXERS
from pipeline.opening.host.tools import Tools
from pipeline.opening.limits import Limits
from pipeline.setup.opened import MEASURES_VERSION, MEMBERS_LEFT, Derivative, Opened, OutOfTimeError
from validators.evidence import AUDIO, VIDEO, Measurements, MemberFacts, Problem

if TYPE_CHECKING:
    from pipeline.opening.host.decoded_video import VideoPlanes

log = logging.getLogger(__name__)

_QUALITY = {
    "view": 85,
    "page": 85,
    "piece": 90,
    "poster": 85,
    "thumbnail": 78,
    "contact_sheet": 82,
    "detail": 90,
    "frame": 80,
    "sprite": 70,
}
_ENDED = ("crashed", "time_limit", "memory_limit", "internal")
_KINDS = {"view": "preview", "page": "preview", "piece": "preview"}


@dataclass(frozen=True, slots=True)
class Opener:
    """Opens files in one jail under one set of limits. A file is tried up to ``tries`` times if its child is killed from
    outside. With ``previews``, videos get a small copy that browsers play."""

    jail: Jail
    tools: Tools
    limits: Limits
    content: dict[str, float]
    tries: int = 5
    least_s: float = 0.0
    previews: bool = False

    @property
    def readers(self) -> tuple[str, ...]:
        """The readers of numbers that are on."""
        return self.jail.readers

    @property
    def largest_bytes(self) -> int:
        """The size of the largest file that can be opened."""
        return max(self.limits.still_bytes, self.limits.video_bytes)

    def is_running(self) -> bool:
        """Whether files can be opened now."""
        return self.jail.is_running()

    def close(self) -> None:
        """Stop opening files, including those under way."""
        self.jail.close()

    def open(self, path: Path, deadline: float = math.inf, *, members: int = 0) -> Opened:
        """Open and measure one received file. Its name plays no part in that.

        At most ``members`` files inside it are taken out, into a folder beside ``path``.

        ``deadline`` (of time.monotonic) is for everything together. Raises ChildKilledError and JailError, and
        OutOfTimeError if fewer than ``least_s`` seconds are left: the file was not opened.
        """
        left = deadline - time.monotonic()
        if left < self.least_s:
            raise OutOfTimeError(f"{max(0.0, left):.1f} s are left, too few to open a file")
        for _ in range(self.tries - 1):
            try:
                return self._open(path, TimedJail(self.jail, deadline), members=members)
            except ChildKilledError as error:
                log.warning("%s; opening it again", error)
        return self._open(path, TimedJail(self.jail, deadline), members=members)

    def _open(self, path: Path, jail: TimedJail, *, members: int) -> Opened:
        upload = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
        try:
            if os.fstat(upload).st_size == 0:
                problem = Problem("empty", actual=0.0, limit=1.0, unit="bytes")
                return Opened(Measurements(MEASURES_VERSION, "inode/x-empty", problems=(problem,)))
            measurements, outcome = self._measured(jail, upload)
            if measurements.kind in (VIDEO, AUDIO) and measurements.detected_type in DEMUXERS:
                return self._open_video(jail, upload, measurements)
            if jail.jail.readers:
                measurements = self._with_numbers(jail, upload, measurements)
            opened = _opened(measurements, outcome.planes)
            if not outcome.holds_members or outcome.fault is not None:
                return opened
            if members <= 0:
                return _left_closed(opened)
            limits = replace(self.limits, members=min(members, self.limits.members))
            return self._with_members(jail, upload, opened, path.parent, limits)
        finally:
            os.close(upload)

    def _with_members(
        self, jail: TimedJail, upload: int, opened: Opened, folder: Path, limits: Limits
    ) -> Opened:
        """The same with the files inside it, which another child takes out."""
        spool = Path(tempfile.mkdtemp(prefix="members-", dir=folder))
        try:
            outcome = jail.take_members(upload, self._job(), limits, spool)
        except BaseException:
            shutil.rmtree(spool)
            raise
        found = outcome.found
        if outcome.fault is not None or found is None:
            shutil.rmtree(spool)
            problem = self._fault(outcome.fault or "crashed", outcome.detail)
            return replace(opened, measurements=_with_problems(opened.measurements, problem))
        if len(found.members) == limits.members < self.limits.members:
            opened = _left_closed(opened)
        facts = tuple(MemberFacts(one.path, one.sha256, one.bytes) for one in found.members)
        measurements = replace(_with_problems(opened.measurements, *found.problems), members=facts)
        return replace(opened, measurements=measurements, members=found.members, spool=spool)

    def _measured(self, jail: TimedJail, upload: int) -> tuple[Measurements, Outcome]:
        """The file as a child measures it. Once more without its C2PA manifest, if one may be what ended the child."""
        outcome = jail.measure(upload, self._job(what="file"), self.limits)
        measurements = self._trusted(outcome)
        if measurements.problem(*_ENDED) and _names_manifest(upload):
            log.warning("opening it again without its C2PA manifest: %s", measurements.problems[0].code)
            outcome = jail.measure(upload, self._job(what="file", manifests=False), self.limits)
            measurements = self._trusted(outcome)
        return measurements, outcome

    def _with_numbers(self, jail: TimedJail, upload: int, measurements: Measurements) -> Measurements:
        """The same with the numbers on it. Another child reads them, so a failure costs only the numbers."""
        if measurements.image is None and not measurements.pages:
            readers = (*measurements.readers, *jail.jail.readers)
            return replace(measurements, readers=readers)  # there is no picture to read
        outcome = jail.measure(upload, self._job(what="numbers"), self.limits)
        read = self._trusted(outcome)
        for problem in read.problems:
            log.warning("reading numbers ended early: %s %s", problem.code, problem.detail)
        return replace(
            measurements,
            readings=(*measurements.readings, *read.readings),
            readers=(*measurements.readers, *read.readers),
        )

    def _job(self, **about: Any) -> dict[str, Any]:
        return {"content": self.content, "version": MEASURES_VERSION, **about}

    def _trusted(self, outcome: Outcome) -> Measurements:
        if outcome.fault is None and outcome.body is not None:
            try:
                return check_measurements(outcome.body)
            except AnswerError as error:
                outcome = replace(outcome, fault="crashed", detail=str(error))
        problem = self._fault(outcome.fault or "crashed", outcome.detail)
        return Measurements(MEASURES_VERSION, "application/octet-stream", problems=(problem,))

    def _fault(self, code: str, detail: str) -> Problem:
        limit, unit = {
            "time_limit": (self.limits.seconds, "s"),
            "memory_limit": (float(self.limits.memory_bytes), "bytes"),
            "output_limit": (float(self.limits.output_bytes), "bytes"),
        }.get(code, (None, None))
        return Problem(code, detail, None, limit, unit)

    def _open_video(self, jail: TimedJail, upload: int, measurements: Measurements) -> Opened:
        from pipeline.opening.host.audio import open_audio  # noqa: PLC0415
        from pipeline.opening.host.decoded_video import DecodedVideo  # noqa: PLC0415 - ffmpeg-python, only where a video is opened
        from pipeline.opening.host.frame_choice import planes_to_keep  # noqa: PLC0415
        from pipeline.opening.host.video import open_video  # noqa: PLC0415

        decoded = DecodedVideo(jail, self.tools, upload, self.limits, self._job, self._trusted, self.previews)
        if measurements.kind == AUDIO:
            return _recording(*open_audio(decoded, measurements))
        whole, shown = open_video(decoded, measurements)
        if whole.problem("no_video_stream") is not None:  # a voice note may be an MP4 like any other
            return _recording(*open_audio(decoded, whole))
        planes = tuple(planes_to_keep(shown.planes, whole.pages, whole.decoded))
        poster = next((plane.time_s for plane in planes if plane.kind == "poster"), None)
        if whole.video is not None:
            whole = replace(whole, video=replace(whole.video, poster_time_s=poster))
        opened = _opened(whole, planes)
        if not shown.clip:
            return opened
        clip = Derivative("clip", shown.clip, *shown.clip_size)
        return replace(opened, derivatives=(*opened.derivatives, clip))


def _recording(measured: Measurements, shown: VideoPlanes) -> Opened:
    """A recording of sound: its picture, and its copy to play."""
    opened = _opened(measured, shown.planes)
    if not shown.clip:
        return opened
    return replace(
        opened, derivatives=(*opened.derivatives, Derivative("clip", shown.clip, *shown.clip_size))
    )


def _names_manifest(upload: int) -> bool:
    """Whether the bytes that begin a store of manifests stand anywhere in the file: searched for, not parsed."""
    with mmap.mmap(upload, 0, flags=mmap.MAP_SHARED, prot=mmap.PROT_READ) as data:
        return data.find(b"jumdc2pa") >= 0


def _left_closed(opened: Opened) -> Opened:
    """The same with a problem: files inside it were left there, because it lies too deep or enough were taken out."""
    problems = Problem("limited", "Files inside it were not opened."), Problem(MEMBERS_LEFT)
    return replace(opened, measurements=_with_problems(opened.measurements, *problems))


def _with_problems(measurements: Measurements, *more: Problem) -> Measurements:
    return replace(measurements, problems=(*measurements.problems, *more))


def _opened(measurements: Measurements, planes: tuple[Plane, ...]) -> Opened:
    features = tuple((plane.part, bytes(plane.pixels)) for plane in planes if plane.kind == "features")
    try:
        for _, record in features:
            check_record(record)
    except ValueError as error:
        problem = Problem("crashed", str(error))
        return Opened(Measurements(MEASURES_VERSION, "application/octet-stream", problems=(problem,)))
    pictures = tuple(encode(plane) for plane in planes if plane.kind != "features")
    return Opened(measurements, pictures, features)


def check_record(record: bytes) -> None:
    """Raise ValueError if a child's record of local features is malformed."""
    from validators.measures.reuse.local_features import decode  # noqa: PLC0415 - OpenCV, only where files are opened

    decode(record, (1.0, 1.0))


def encode(plane: Plane) -> Derivative:
    """Encode a raw plane as JPEG, on the trusted side, without metadata."""
    import numpy as np  # noqa: PLC0415 - heavy, only where files are opened
    import simplejpeg  # noqa: PLC0415

    pixels = np.frombuffer(plane.pixels, np.uint8).reshape(plane.height, plane.width, 3)
    data = simplejpeg.encode_jpeg(pixels, quality=_QUALITY[plane.kind], colorsubsampling="420", fastdct=True)
    return Derivative(
        _KINDS.get(plane.kind, plane.kind), data, plane.width, plane.height, plane.page, plane.time_s
    )
