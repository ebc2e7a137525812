"""The limits for opening one file, as plain numbers that go from the policy to the jail."""

from __future__ import annotations

import os
import resource
import time
from dataclasses import dataclass, replace

from validators.before_judging import LimitRules
from validators.policy import Policy

VIEW_SIDE = 1024
"""Long side in pixels of the view that every measure and comparison uses."""

MIN_VIEW_SIDE = 720
"""A larger photo's view has at least this long side. Focus is measured on a separate plane of the full side."""

DETAIL_SIDE = 2400
"""Long side in pixels at which screens and pages are kept to compare their text: that of a phone's screen."""

LONG_ASPECT = 3.0
"""From this long side over the short one on, one view shows nothing. Phones' screens reach 2.3, panoramas of a phone 4."""

PIECE_ASPECT = 2.0
"""Long side of a piece of a long picture over its short one: that of a phone's screen, which every measure knows."""

PIECES_PIXELS = 45_000_000
"""The most pixels of all pieces of a picture: 135 MB in RGB, which fits into an answer (limits.output_mb)."""

THUMBNAIL_SIDE = 320

WAVEFORM = (1024, 256)
"""Width and height in pixels of the picture of a recording's sound."""

MAX_PARTS = 512
"""The most parts of one file that are compared."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on opening one file, in bytes, pixels and seconds. ``memory_bytes`` come on top of the zygote's own.

    ``measured_seconds`` of a video (0: none) are decoded frame by frame, in at most ``work_seconds``. At most
    ``members`` files inside another are taken out of it, of ``member_bytes`` together; one that unpacks
    to more than ``member_ratio`` times what it takes is left, and a picture in a mail's text below ``inline_picture_px``.
    """

    still_bytes: int
    video_bytes: int
    pixels: int
    side: int
    pages: int
    frames: int
    text_characters: int
    seconds: float
    memory_bytes: int
    output_bytes: int
    video_seconds: float
    measured_seconds: float
    work_seconds: float
    preview_bytes: int
    members: int = 0
    member_bytes: int = 0
    member_ratio: int = 0
    inline_picture_px: int = 0

    @property
    def file_bytes(self) -> int:
        """What no file may be larger than, of whatever kind: no more of it is copied."""
        return max(self.still_bytes, self.video_bytes)

    def until(self, deadline: float) -> Limits:
        """The same, with no more seconds than are left until ``deadline`` (of time.monotonic)."""
        left = max(0.0, deadline - time.monotonic())
        return self if self.seconds <= left else replace(self, seconds=left)

    def at_work(self) -> Limits:
        """The same for decoding a video frame by frame, which takes longer than anything else."""
        return replace(self, seconds=max(self.seconds, self.work_seconds))


def limits_of(policy: Policy) -> Limits:
    """Read the [rules.limits] of a policy."""
    rules, mib = policy.group(LimitRules), 1024 * 1024
    return Limits(
        still_bytes=rules.still_mb.value * mib,
        video_bytes=rules.video_mb.value * mib,
        pixels=round(rules.megapixels.value * 1e6),
        side=rules.side_px.value,
        pages=rules.pages_read.value,
        frames=rules.frames_read,
        text_characters=rules.text_characters,
        seconds=rules.seconds.value,
        memory_bytes=rules.memory_mb.value * mib,
        output_bytes=rules.output_mb.value * mib,
        video_seconds=rules.video_s.value,
        measured_seconds=rules.video_measured_s,
        work_seconds=rules.video_work_s,
        preview_bytes=rules.preview_mb * mib,
        members=rules.members.value,
        member_bytes=rules.members_mb.value * mib,
        member_ratio=rules.member_ratio.value,
        inline_picture_px=rules.inline_picture_px.value,
    )


def confine(limits: Limits, file_bytes: int = 0) -> None:
    """Bound this process for the rest of its life: memory, CPU, files written, core dumps, descriptors.

    ``file_bytes`` may be written to a file that is open already; none can be opened to write.

    Call in the child, after fork and before touching a byte of the upload. Raises LimitTooLowError where this machine has
    set a lower limit: an innocent file would seem to have taken too much.
    """
    cpu = max(1, round(limits.seconds))
    _bound(resource.RLIMIT_AS, "v", _address_space() + limits.memory_bytes)
    _bound(resource.RLIMIT_CPU, "t", cpu, cpu + 1)
    _bound(resource.RLIMIT_FSIZE, "f", file_bytes)
    _bound(resource.RLIMIT_CORE, "c", 0)
    _bound(resource.RLIMIT_NOFILE, "n", 32)


class LimitTooLowError(OSError):
    """A limit of this machine's own is lower than what opening a file is to be allowed."""


def _bound(which: int, option: str, soft: int, hard: int | None = None) -> None:
    wanted = soft if hard is None else hard
    try:
        resource.setrlimit(which, (soft, wanted))
    except ValueError as error:
        found = resource.getrlimit(which)[1]
        unit = 1024 if option in "vf" else 1  # as the shell counts
        told = f"'ulimit -H{option}' is {found // unit}, and opening files needs {-(-wanted // unit)}"
        raise LimitTooLowError(told) from error


def _address_space() -> int:
    with open("/proc/self/statm", "rb") as statm:  # noqa: PTH123 - read once a fork, on the hot path
        return int(statm.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
