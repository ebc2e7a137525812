"""Faults planted in videos for the table of trust: drawn places filmed for six seconds, from fixed seeds."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from video_clips import encode, filmed, place
from video_stretches import FPS, FRAMES, held

CALM, TREMBLING = 0.002, 0.05


def planted_clips(scratch: Path, each: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """(code, video) of every fault. Each was written by ffmpeg and has no sound: VID_REENCODED and VID_SILENT count all."""
    for number in range(each):
        random = np.random.default_rng([seed, number])
        takes = [
            filmed(place(random), held(random, size), random, FPS, [], still=True)
            for size in (CALM, CALM, TREMBLING)
        ]
        first, second, shaken = takes
        half = FRAMES // 2
        clips = {
            "VID_BLACK": first[: half - 30] + [np.zeros_like(first[0])] * 80 + first[half + 50 :],
            "VID_FROZEN": first[:40] + first[40:41] * 120 + first[160:],
            "VID_SHAKE": shaken,
            "VID_CUTS": first[:half] + second[half:],
        }
        path = scratch / "clip.mp4"
        for code, frames in clips.items():
            encode(frames, FPS, path, 23 + number % 8, 30)
            yield code, path.read_bytes()
        yield "VID_NO_DECODE", _undecodable(path, random, number)


def _undecodable(path: Path, random: np.random.Generator, number: int) -> bytes:
    """A clip whose pictures are noise, or one that holds sound alone."""
    if number % 2:
        data = bytearray(path.read_bytes())
        start = data.index(b"mdat") + 4
        end = data.index(b"moov") - 4
        data[start:end] = random.bytes(end - start)
        return bytes(data)
    sound = path.with_name("sound.mp4")
    tone = ["-f", "lavfi", "-i", f"sine=frequency={300 + 50 * number}:duration=3", "-c:a", "aac"]
    subprocess.run(["ffmpeg", "-v", "error", "-y", *tone, str(sound)], check=True)
    return sound.read_bytes()
