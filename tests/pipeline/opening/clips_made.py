"""Small clips in the forms that phones and apps send, made by ffmpeg: four corners of known colours, a thing that moves."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np

CORNERS = {
    "top left": (200, 40, 40),
    "top right": (40, 160, 60),
    "bottom left": (40, 60, 200),
    "bottom right": (225, 225, 225),
}
RATE, SECONDS = 15, 4


def corners(wide: int, high: int, count: int = RATE * SECONDS) -> bytes:
    """RGB frames: a colour for each corner, with fine stripes to be sharp on, and a black square that moves along."""
    frame = np.zeros((high, wide, 3), np.uint8)
    halves = {"top": slice(0, high // 2), "bottom": slice(high // 2, high)}
    sides = {"left": slice(0, wide // 2), "right": slice(wide // 2, wide)}
    for name, colour in CORNERS.items():
        row, column = name.split()
        frame[halves[row], sides[column]] = colour
    frame[:, :: max(8, wide // 40)] = frame[:, :: max(8, wide // 40)] // 2
    frame[:: max(8, high // 30)] = frame[:: max(8, high // 30)] // 2
    out = []
    for number in range(count):
        moved = frame.copy()
        x = number * (wide - wide // 6) // count
        moved[high * 2 // 5 : high * 3 // 5, x : x + wide // 6] = 10
        out.append(moved.tobytes())
    return b"".join(out)


def encode(
    path: Path,
    *options: str,
    size: tuple[int, int] = (320, 240),
    sound: bool = True,
    rate: int = RATE,
    frames: bytes | None = None,
) -> Path:
    """The corners, or ``frames`` of RGB, through ffmpeg with ``options`` for the output."""
    command = [
        "ffmpeg",
        "-v",
        "error",
        "-y",
        "-f",
        "rawvideo",
        "-pix_fmt",
        "rgb24",
        "-s",
        f"{size[0]}x{size[1]}",
    ]
    command += ["-r", str(rate), "-i", "-"]
    command += ["-f", "lavfi", "-i", f"sine=frequency=440:duration={SECONDS}"] if sound else []
    command += ["-map", "0:v", *(["-map", "1:a"] if sound else []), *options, "-threads", "1", str(path)]
    subprocess.run(command, input=frames or corners(*size), check=True)
    return path


def run(*arguments: str | Path) -> None:
    """ffmpeg with these arguments."""
    subprocess.run(["ffmpeg", "-v", "error", "-y", *map(str, arguments)], check=True)


H264 = ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac")

KINDS = {
    "MP4, H.264": ("clip.mp4", (*H264, "-movflags", "+faststart")),
    "MP4, index at the end": ("clip.mp4", H264),
    "MP4, fragmented": ("clip.mp4", (*H264, "-movflags", "frag_keyframe+empty_moov")),
    "MP4, H.265 in 10 bits": (
        "clip.mp4",
        ("-c:v", "libx265", "-x265-params", "log-level=error", "-pix_fmt", "yuv420p10le"),
    ),
    "MP4, AV1": ("clip.mp4", ("-c:v", "libsvtav1", "-preset", "10", "-pix_fmt", "yuv420p")),
    "MOV, H.264": ("clip.mov", H264),
    "MOV, ProRes in 10 bits": (
        "clip.mov",
        ("-c:v", "prores", "-pix_fmt", "yuv422p10le", "-c:a", "pcm_s16le"),
    ),
    "WebM, VP8": ("clip.webm", ("-c:v", "libvpx", "-deadline", "realtime", "-b:v", "1M", "-c:a", "libopus")),
    "WebM, VP9": (
        "clip.webm",
        ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-b:v", "1M", "-c:a", "libopus"),
    ),
    "MKV, H.264": ("clip.mkv", H264),
    "MKV, without length or index": ("clip.mkv", (*H264, "-live", "1")),
    "3GP, H.263": ("clip.3gp", ("-c:v", "h263", "-s", "352x288", "-c:a", "aac")),
    "3GP, H.264": ("clip.3gp", H264),
    "AVI, MPEG-4": ("clip.avi", ("-c:v", "mpeg4", "-q:v", "3", "-c:a", "libmp3lame")),
    "AVI, Motion JPEG": (
        "clip.avi",
        ("-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-q:v", "3", "-c:a", "pcm_s16le"),
    ),
    "MPEG-TS, H.264": ("clip.ts", H264),
    "MPEG-TS, MPEG-2": ("clip.ts", ("-c:v", "mpeg2video", "-q:v", "3", "-c:a", "mp2")),
    "MP4, interlaced": ("clip.mp4", (*H264, "-flags", "+ilme+ildct", "-x264-params", "tff=1")),
    "MP4, variable frame rate": (
        "clip.mp4",
        (*H264, "-vf", "select='not(mod(n,4))+gt(n,40)'", "-fps_mode", "vfr"),
    ),
    "MP4, full range": ("clip.mp4", ("-c:v", "libx264", "-pix_fmt", "yuvj420p", "-c:a", "aac")),
    "MP4, without sound": ("clip.mp4", (*H264, "-an")),
}
"""By form: the file's name and ffmpeg's options for it."""


def hdr(path: Path, transfer: str) -> Path:
    """The corners in BT.2020 with the light curve ``transfer``, as bright as a phone films white paper (about 200 cd/m²)."""
    light = "zscale=tin=bt709:min=bt709:pin=bt709:rin=tv:t=linear:npl=200,format=gbrpf32le"
    coded = f"zscale=p=bt2020:t={transfer}:m=bt2020nc:r=tv:npl=200,format=yuv420p10le"
    params = f"log-level=error:colorprim=bt2020:transfer={transfer}:colormatrix=bt2020nc"
    filters = (
        f"format=yuv420p,setparams=colorspace=bt709:color_trc=bt709:color_primaries=bt709,{light},{coded}"
    )
    return encode(
        path, "-vf", filters, "-c:v", "libx265", "-x265-params", params, "-tag:v", "hvc1", sound=False
    )
