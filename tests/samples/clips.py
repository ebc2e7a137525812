"""Phone videos: a lamp's flicker held upright, and a recording cut off before its index was written."""

from __future__ import annotations

import struct
import subprocess
from pathlib import Path

import camera
import cv2
import numpy as np

Array = np.ndarray
FPS = 24
TAKEN = "2026-04-12T16:30:05Z"


def flicker(ambient: Array, lit: Array, path: Path, seconds: float = 6.0) -> None:
    """The lamp goes on, flickers and dies. Frames lie on their side, with rotation side data."""
    rng = np.random.default_rng(5)
    count = int(seconds * FPS)
    shake = _shake(count, rng)
    level = _levels(count, rng)
    base, lamp = (
        cv2.resize(_tall(plane), (800, 1422), interpolation=cv2.INTER_AREA) for plane in (ambient, lit)
    )
    base *= camera.auto_exposure(base, 0.13)
    lamp *= 0.5 * camera.auto_exposure(lamp, 0.10)
    pipe = subprocess.Popen(_encoder(path.with_suffix(".flat.mp4"), seconds), stdin=subprocess.PIPE)
    assert pipe.stdin is not None
    gain = 1.0
    for index in range(count):
        light = base + lamp * level[index]
        # The phone's exposure follows with a lag.
        want = 0.16 / np.exp(np.log(np.maximum(light[::8, ::8].mean(2), 1e-4)).mean())
        gain += (np.clip(want, 0.45, 1.25) - gain) * 0.12
        pipe.stdin.write(_frame(light, gain, [walk[index] for walk in shake], index).tobytes())
    pipe.stdin.close()
    if pipe.wait():
        raise RuntimeError("ffmpeg could not write the video")
    _turned(path, TAKEN)


def _encoder(path: Path, seconds: float) -> list[str]:
    hum = f"aevalsrc=0.02*sin(2*PI*100*t)+0.008*(random(0)-0.5):s=44100:d={seconds}"
    pictures = ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", "1280x720", "-r", str(FPS), "-i", "-"]
    video = ["-c:v", "libx264", "-preset", "slow", "-crf", "27", "-pix_fmt", "yuv420p", "-threads", "1"]
    sound = ["-c:a", "aac", "-b:a", "48k", "-ac", "1", "-shortest"]
    exact = ["-fflags", "+bitexact", "-flags:v", "+bitexact", "-flags:a", "+bitexact"]
    inputs = ["ffmpeg", "-y", "-v", "error", *pictures, "-f", "lavfi", "-i", hum]
    return [*inputs, *video, *sound, *exact, str(path)]


def _shake(count: int, rng: np.random.Generator) -> list[Array]:
    """Three slow walks about zero: right, down, turn."""
    walks = [np.cumsum(rng.normal(0, 0.5, count + 40)) for _ in range(3)]
    smooth = [np.convolve(walk, np.ones(40) / 40, "valid")[:count] for walk in walks]
    return [walk - walk.mean() for walk in smooth]


def _tall(plane: Array) -> Array:
    """9 to 16, from 3 to 4: the wall above and the table below go on mirrored."""
    taller = cv2.copyMakeBorder(plane, 150, 205, 0, 0, cv2.BORDER_REFLECT)
    wide = taller.shape[0] * 9 // 16
    return np.ascontiguousarray(taller[:, -wide:])


def _levels(count: int, rng: np.random.Generator) -> Array:
    t = np.arange(count) / FPS
    level = np.where((t > 1.0) & (t < 5.1), 1.0, 0.0)
    stutter = (t > 1.9) & (t < 5.1)
    level[stutter] *= np.where(rng.random(stutter.sum()) < 0.45, rng.uniform(0.02, 0.4, stutter.sum()), 1.0)
    return level


def _frame(light: Array, gain: float, shake: list[float], seed: int) -> Array:
    turn = cv2.getRotationMatrix2D((400, 711), shake[2] * 0.5, 1.0)
    turn[:, 2] += np.array(shake[:2]) * 2.2 - np.array([40, 71])
    view = cv2.warpAffine(light, turn, (720, 1280), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    shot = camera.Shot(exposure=gain, noise=1.6, white=(1.04, 1.0, 0.93), sharpen=0.3, seed=seed)
    return np.ascontiguousarray(np.rot90(camera.develop(view, shot)))


def _turned(path: Path, taken: str) -> None:
    """Rewrap with the time of recording and a matrix that turns the frame upright, a quarter to the right."""
    flat = path.with_suffix(".flat.mp4")
    stamp = ["-metadata", f"creation_time={taken}"]
    order = ["ffmpeg", "-y", "-v", "error", "-i", str(flat), "-c", "copy", *stamp]
    subprocess.run([*order, "-fflags", "+bitexact", "-movflags", "+faststart", str(path)], check=True)
    flat.unlink()
    data = bytearray(path.read_bytes())
    # The track header's matrix (ISO/IEC 14496-12, 8.3.2): 16.16 numbers, the last column 2.30.
    matrix = (0, 1 << 16, 0, -(1 << 16), 0, 0, 720 << 16, 0, 1 << 30)
    at = data.index(b"tkhd") + 44
    data[at : at + 36] = struct.pack(">9i", *matrix)
    path.write_bytes(data)


def cut_off(whole: Path) -> bytes:
    """A recording as it lies on the card when the battery dies: media data, no index."""
    data = whole.read_bytes()
    start = data.index(b"mdat") - 4
    head = data[: int.from_bytes(data[:4], "big")]
    return head + data[start : start + 180_000]


def hollow(whole: Path) -> bytes:
    """A recording of which only the index came through; the rest reads as zeros, as from a failing card."""
    data = whole.read_bytes()
    start = data.index(b"mdat") + 4
    return data[:start] + bytes(len(data) - start)
