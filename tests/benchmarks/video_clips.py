"""Clips with known cuts, made from fixed seeds: places drawn by chance, a hand-held camera, and what happens before it.

Nothing in a clip but its cuts is a cut: flashes, lights switched, whip pans, zooms, bumps and things that pass before
the camera are there to be taken for one.
"""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np

WIDE, HIGH = 640, 360
PLACE = (1500, 2200)  # px, high and wide, of the place that a camera looks around in
SUBFRAMES = 3  # positions blended into one frame while the shutter is open

Array = np.ndarray
HARD, JUMP, DISSOLVE, DIP = "hard cut", "cut within a place", "dissolve", "dip to black"


@dataclass(frozen=True)
class Clip:
    """A clip and its truth: ``cuts`` in seconds with their kinds."""

    path: Path
    fps: int
    cuts: list[tuple[float, str]]
    events: list[str] = field(default_factory=list)


def place(random: np.random.Generator) -> Array:
    """An RGB picture of surfaces, boxes, discs, print and clutter."""
    high, wide = PLACE
    ground = random.integers(40, 210, 3)
    picture = np.full((high, wide, 3), ground, np.float32)
    for cells in (4, 12, 40, 160):
        size = (max(2, wide // (wide // (cells * 3))), cells * 2)
        coarse = random.normal(0, 1, (size[1], size[0], 1)).astype(np.float32)
        strength = random.uniform(4, 26) / (1 + cells / 40)
        picture += strength * cv2.resize(coarse, (wide, high), interpolation=cv2.INTER_CUBIC)[..., None]
    drawn = np.clip(picture, 0, 255).astype(np.uint8)
    for _ in range(int(random.integers(14, 60))):
        _thing(drawn, random)
    grain = drawn + random.normal(0, random.uniform(1, 5), drawn.shape).astype(np.float32)
    return np.clip(cv2.GaussianBlur(grain, (0, 0), random.uniform(0.6, 1.6)), 0, 255).astype(np.uint8)


def _thing(picture: Array, random: np.random.Generator) -> None:
    high, wide = picture.shape[:2]
    x, y = int(random.integers(0, wide)), int(random.integers(0, high))
    w, h = int(random.integers(40, 500)), int(random.integers(30, 400))
    colour = [float(c) for c in random.integers(10, 245, 3)]
    kind = random.integers(0, 4)
    if kind == 0:
        cv2.rectangle(picture, (x, y), (x + w, y + h), colour, -1 if random.random() < 0.7 else 6)
    elif kind == 1:
        cv2.ellipse(picture, (x, y), (w // 2, h // 2), float(random.uniform(0, 180)), 0, 360, colour, -1)
    elif kind == 2:
        for line in range(int(random.integers(2, 7))):
            text = "".join(chr(int(c)) for c in random.integers(65, 91, 14))
            cv2.putText(picture, text, (x, y + 42 * line), cv2.FONT_HERSHEY_DUPLEX, 1.2, colour, 2)
    else:
        step = int(random.integers(12, 40))
        for at in range(x, x + w, step):
            cv2.line(picture, (at, y), (at + h // 3, y + h), colour, step // 3)


def camera(random: np.random.Generator, frames: int, fps: int, events: list[str]) -> Array:
    """Frames x 4: x and y of the middle in px of the place, scale (px of the place by px of the frame), turn in degrees."""
    rough = random.choice([0.0, 0.4, 1.0, 2.5, 5.0], p=[0.1, 0.25, 0.35, 0.2, 0.1])
    walk = np.cumsum(random.normal(0, 1, (frames + 40, 4)), axis=0)
    slow = np.stack([np.convolve(w, np.ones(40) / 40, "valid")[:frames] for w in walk.T], axis=1)
    slow -= slow.mean(axis=0)
    shake = np.zeros((frames, 4))
    for hz in (1.3, 3.1, 5.7, 9.3):
        phase, size = random.uniform(0, 6.28, 4), random.normal(0, rough / hz**0.5, 4)
        shake += size * np.sin(6.28 * hz * np.arange(frames)[:, None] / fps + phase)
    path = np.zeros((frames, 4))
    path[:, 0] = PLACE[1] / 2 + random.normal(0, 180) + 6 * slow[:, 0] + 2.2 * shake[:, 0]
    path[:, 1] = PLACE[0] / 2 + random.normal(0, 120) + 6 * slow[:, 1] + 2.2 * shake[:, 1]
    path[:, 2] = random.uniform(0.9, 1.5) * np.exp(0.01 * slow[:, 2] + 0.001 * shake[:, 2])
    path[:, 3] = 0.6 * slow[:, 3] + 0.25 * shake[:, 3]
    if random.random() < 0.45:
        _whip(path, random, fps)
        events.append("whip pan")
    if random.random() < 0.3:
        start, length = int(random.integers(0, frames)), max(3, int(random.uniform(0.4, 1.5) * fps))
        path[:, 2] *= np.exp(random.uniform(-0.5, 0.5) * np.clip((np.arange(frames) - start) / length, 0, 1))
        events.append("zoom")
    if random.random() < 0.3:
        at = np.arange(frames) - int(random.integers(0, frames))
        path[:, 1] += np.where(
            at >= 0, random.uniform(15, 60) * np.exp(-at / (0.12 * fps)) * np.cos(at * 20 / fps), 0
        )
        events.append("bump")
    return path


def _whip(path: Array, random: np.random.Generator, fps: int) -> None:
    """A fast turn to another part of the place, in 0.2 to 0.7 seconds."""
    frames, length = len(path), max(4, int(random.uniform(0.2, 0.7) * fps))
    start = int(random.integers(0, max(1, frames - length)))
    ease = np.clip((np.arange(frames) - start) / length, 0, 1)
    path[:, 0] += random.choice([-1, 1]) * random.uniform(300, 900) * (3 * ease**2 - 2 * ease**3)
    path[:, 1] += random.uniform(-150, 150) * (3 * ease**2 - 2 * ease**3)


def filmed(
    picture: Array,
    path: Array,
    random: np.random.Generator,
    fps: int,
    events: list[str],
    *,
    still: bool = False,
) -> list[Array]:
    """The frames of one take; ``still`` where nothing happens before the camera."""
    shutter = random.uniform(0.15, 0.6)
    light = np.tile((1.0, 0.0), (len(path), 1)) if still else _light(len(path), random, fps, events)
    passing = None if still else _passing(len(path), random, fps, events)
    frames = []
    for at, where in enumerate(path):
        ahead = path[min(at + 1, len(path) - 1)]
        parts = [_seen(picture, where + (ahead - where) * shutter * k / SUBFRAMES) for k in range(SUBFRAMES)]
        frame = np.mean(parts, axis=0) if np.abs(ahead - where).max() > 0.3 else parts[0].astype(np.float32)
        if passing is not None:
            passing(frame, at)
        frame = frame * light[at, 0] + light[at, 1]
        frames.append(np.clip(frame + random.normal(0, 2.0, (HIGH, WIDE, 1)), 0, 255).astype(np.uint8))
    return frames


def _seen(picture: Array, where: Array) -> Array:
    x, y, scale, turn = where
    cos, sin = scale * np.cos(np.radians(turn)), scale * np.sin(np.radians(turn))
    matrix = np.array(
        [[cos, -sin, x - cos * WIDE / 2 + sin * HIGH / 2], [sin, cos, y - sin * WIDE / 2 - cos * HIGH / 2]]
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return cv2.warpAffine(picture, matrix, (WIDE, HIGH), flags=flags, borderMode=cv2.BORDER_REFLECT_101)


def _light(frames: int, random: np.random.Generator, fps: int, events: list[str]) -> Array:
    """Frames x 2: gain and offset, with drift of the exposure, flashes and lights that are switched."""
    gain = np.ones(frames) + 0.08 * np.sin(np.arange(frames) / fps * random.uniform(0.3, 1.5))
    offset = np.zeros(frames)
    for _ in range(int(random.choice([0, 1, 3], p=[0.6, 0.25, 0.15]))):
        at, length = int(random.integers(0, frames)), int(random.integers(1, 4))
        gain[at : at + length] *= random.uniform(1.3, 2.5)
        offset[at : at + length] += random.uniform(20, 220)
        events.append("flash")
    if random.random() < 0.2:
        at = int(random.integers(0, frames))
        gain[at:] *= random.choice([random.uniform(0.25, 0.6), random.uniform(1.4, 2.0)])
        events.append("light switched")
    return np.stack([gain, offset], axis=1)


def _passing(frames: int, random: np.random.Generator, fps: int, events: list[str]):
    """Something that passes before the camera, or None; it may fill the view for a moment."""
    if random.random() > 0.35:
        return None
    size = random.uniform(60, 420)
    start, length = int(random.integers(0, frames)), max(6, int(random.uniform(0.5, 2.0) * fps))
    colour = random.integers(15, 230, 3).astype(np.float32)
    line = (random.uniform(0, HIGH), random.uniform(0, HIGH))
    events.append("something passes")

    def draw(frame: Array, at: int) -> None:
        done = (at - start) / length
        if 0 <= done <= 1:
            x = -size + done * (WIDE + 2 * size)
            y = line[0] + done * (line[1] - line[0])
            middle, axes = (int(x), int(y)), (int(size), int(size * 0.7))
            cv2.ellipse(frame, middle, axes, 20, 0, 360, [float(c) for c in colour], -1, cv2.LINE_AA)
            cv2.ellipse(
                frame, middle, (axes[0] // 2, axes[1] // 2), 70, 0, 360, [float(c * 0.6) for c in colour], 4
            )

    return draw


def made_clip(path: Path, seed: int, photos: list[Path] | None = None) -> Clip:
    """Write one clip; with ``photos`` its places are cut from these."""
    random = np.random.default_rng(seed)
    fps = int(random.choice([15, 24, 25, 30, 60], p=[0.1, 0.2, 0.15, 0.45, 0.1]))
    takes = int(random.choice([1, 2, 3, 4, 5], p=[0.3, 0.2, 0.2, 0.2, 0.1]))
    events: list[str] = []
    cuts: list[tuple[float, str]] = []
    frames: list[Array] = []
    picture = _place(random, photos)
    for number in range(takes):
        length = int(random.uniform(1.2, 5.0) * fps) if takes > 1 else int(random.uniform(5, 12) * fps)
        kind = str(random.choice([HARD, JUMP, DISSOLVE, DIP], p=[0.6, 0.16, 0.14, 0.1]))
        if number and kind != JUMP:
            picture = _place(random, photos)
        path_of = camera(random, length, fps, events)
        if number and kind == JUMP:  # the same place, from elsewhere
            path_of[:, :2] += random.choice([-1, 1], 2) * random.uniform((180, 120), (420, 260))
            path_of[:, 2] *= random.choice([0.65, 1.0, 1.4])
        take = filmed(picture, path_of, random, fps, events)
        if number:
            cuts.append((_joined(frames, take, kind, random, fps), kind))
        else:
            frames = take
    encode(frames, fps, path, crf=int(random.integers(22, 33)), group=int(random.choice([12, 30, 250])))
    return Clip(path, fps, cuts, events)


def _place(random: np.random.Generator, photos: list[Path] | None) -> Array:
    if not photos:
        return place(random)
    photo = cv2.imread(str(photos[int(random.integers(0, len(photos)))]))
    return cv2.resize(photo, PLACE[::-1], interpolation=cv2.INTER_AREA)


def _joined(
    frames: list[Array], take: list[Array], kind: str, random: np.random.Generator, fps: int
) -> float:
    """Put ``take`` after ``frames``, in place; returns the time of the cut, its middle where it is gradual."""
    if kind in (HARD, JUMP):
        frames += take
        return (len(frames) - len(take)) / fps
    length = max(3, min(int(random.uniform(0.25, 1.0) * fps), len(take) // 2, len(frames) // 2))
    if kind == DISSOLVE:
        start = len(frames) - length
        for at in range(length):
            share = (at + 1) / (length + 1)
            frames[start + at] = cv2.addWeighted(frames[start + at], 1 - share, take[at], share, 0)
        frames += take[length:]
        return (start + length / 2) / fps
    for at in range(length):
        dim = (at + 1) / length
        frames[-length + at] = (frames[-length + at] * (1 - dim)).astype(np.uint8)
        take[at] = (take[at] * dim).astype(np.uint8)
    frames += take
    return (len(frames) - len(take)) / fps


def encode(frames: list[Array], fps: int, path: Path, crf: int, group: int) -> None:
    """Write BGR frames with x264."""
    command = [
        "ffmpeg",
        "-v",
        "error",
        "-y",
        "-f",
        "rawvideo",
        "-pix_fmt",
        "bgr24",
        "-s",
        f"{WIDE}x{HIGH}",
        "-r",
        str(fps),
    ]
    command += ["-i", "-", "-c:v", "libx264", "-preset", "veryfast", "-crf", str(crf), "-g", str(group)]
    command += ["-pix_fmt", "yuv420p", "-threads", "1", str(path)]
    subprocess.run(command, input=b"".join(frame.tobytes() for frame in frames), check=True)
