"""Limits small enough for tests: seconds and megabytes."""

from __future__ import annotations

from pipeline.opening.limits import Limits

LIMITS = Limits(
    still_bytes=1 << 26, video_bytes=1 << 28, pixels=10**8, side=30_000, pages=5, frames=5, text_characters=1000,
    seconds=5.0, memory_bytes=1 << 29, output_bytes=1 << 26, video_seconds=60,
    measured_seconds=60, work_seconds=20, preview_bytes=1 << 22,
)  # fmt: skip
