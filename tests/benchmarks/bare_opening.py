"""The product's opening without its jail: the same commands and the same measuring, in this process and beside it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from typing import Any

import numpy as np

from pipeline.opening.child import child
from pipeline.opening.child.frame_measurement import measure_decoded_frames, measure_sound_of
from pipeline.opening.child.measurement import ContentThresholds, Measured
from pipeline.opening.child.pixels import shrink
from pipeline.opening.host.answer_stream import Plane
from pipeline.opening.host.jail import Outcome
from pipeline.opening.host.opener import Opener
from pipeline.opening.host.probe import UPLOAD
from pipeline.opening.limits import THUMBNAIL_SIDE, Limits
from validators.evidence import Measurements
from validators.measures.reuse.local_features import encode


class BareOpener(Opener):
    """An opener that takes measurements as they are: they never left this process. Its jail is a ``NoJail``."""

    def _trusted(self, outcome: Outcome) -> Measurements:
        measurements: Any = outcome.body
        return measurements


class NoJail:
    """What ``Jail`` does, by this process and by tools that it starts, unconfined. An outcome's body is Measurements."""

    readers: tuple[str, ...] = ()

    def measure(self, upload: int, job: dict[str, Any], limits: Limits) -> Any:
        """See Jail."""
        measured = _measured(upload, job, limits)
        return Outcome(measured.measurements, tuple(_planes(measured)), b"", None)  # type: ignore[arg-type]

    def run_tool(self, upload: int, argv: list[str], _limits: Limits) -> Outcome:
        """See Jail."""
        with started(upload, argv) as tool:
            output, _ = tool.communicate()
        return Outcome(None, (), output, None if tool.returncode == 0 else "failed")

    def measure_output(
        self, upload: int, argv: list[str], job: dict[str, Any], _limits: Limits, measuring: Limits
    ) -> tuple[Outcome, Outcome]:
        """See Jail."""
        with started(upload, argv) as tool:
            assert tool.stdout is not None
            outcome = self.measure(tool.stdout.fileno(), job, measuring)
        return Outcome(None, (), b"", None if tool.returncode == 0 else "failed"), outcome


def started(upload: int, argv: list[str]) -> subprocess.Popen[bytes]:
    """One of the product's commands on the upload, with the environment and the descriptors that it has in the jail."""
    here = [part.replace(UPLOAD, f"/proc/self/fd/{upload}") for part in argv]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(
        here, stdin=quiet, stdout=subprocess.PIPE, stderr=quiet, pass_fds=(upload,), env={"LC_ALL": "C"}
    )


def _measured(upload: int, job: dict[str, Any], limits: Limits) -> Measured:
    if job["what"] == "frames":
        return measure_decoded_frames(upload, job)
    if job["what"] == "sound":
        return measure_sound_of(upload, job)
    return child.measure_upload(upload, limits, ContentThresholds(**job["content"]), job["version"])


def _planes(measured: Measured) -> Iterator[Plane]:
    """As the child sends them."""
    for view in measured.views:
        yield _plane(view.kind, view.pixels, view.page, view.time_s)
        if view.kind not in ("detail", "sprite"):
            yield _plane("thumbnail", shrink(view.pixels, THUMBNAIL_SIDE), view.page, view.time_s)
    for one in measured.parts:
        if len(one.features):
            rows = np.frombuffer(encode(one.features), np.uint8)
            yield Plane(
                "features",
                len(rows) // len(one.features) // 3,
                len(one.features),
                rows.tobytes(),
                part=one.part.number,
            )


def _plane(kind: str, pixels: np.ndarray, page: int | None, time_s: float | None) -> Plane:
    return Plane(kind, pixels.shape[1], pixels.shape[0], np.ascontiguousarray(pixels).tobytes(), page, time_s)
