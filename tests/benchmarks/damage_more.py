"""Files of types that folders of photos lack, made on the spot: animations, pages, clips, modern stills. Seeded."""

from __future__ import annotations

import io
import re
import subprocess
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

SEED = 5
CLIPS = {
    "made/plain.mp4": ("-c:v", "libx264", "-pix_fmt", "yuv420p"),
    "made/faststart.mp4": ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-movflags", "+faststart"),
    "made/fragments.mp4": ("-c:v", "libx264", "-pix_fmt", "yuv420p", "-movflags", "frag_keyframe+empty_moov"),
    "made/clip.mov": ("-c:v", "libx264", "-pix_fmt", "yuv420p"),
    "made/clip.3gp": ("-c:v", "mpeg4"),
    "made/clip.webm": ("-c:v", "libvpx", "-b:v", "600k"),
    "made/clip.mkv": ("-c:v", "libx264", "-pix_fmt", "yuv420p"),
    "made/clip.avi": ("-c:v", "mjpeg"),
    "made/clip.ts": ("-c:v", "mpeg2video"),
}  # fmt: skip


def made_files() -> dict[str, bytes]:
    """Name to bytes: stills of each kind, PDF pages, and, where ffmpeg is there, clips of each container."""
    rng = np.random.default_rng(SEED)
    photo = _photo(rng, 640, 480)
    frames = [_photo(rng, 160, 120) for _ in range(4)]
    found = {
        "made/still.gif": _saved(photo, "GIF"),
        "made/moving.gif": _saved(frames[0], "GIF", save_all=True, append_images=frames[1:]),
        "made/still.bmp": _saved(photo, "BMP"),
        "made/strips.tiff": _saved(photo, "TIFF"),
        "made/packed.tiff": _saved(photo, "TIFF", compression="tiff_lzw"),
        "made/pages.tiff": _saved(frames[0], "TIFF", save_all=True, append_images=frames[1:]),
        "made/lossy.webp": _saved(photo, "WEBP", quality=80),
        "made/lossless.webp": _saved(photo, "WEBP", lossless=True),
        "made/alpha.webp": _saved(_with_alpha(photo), "WEBP", quality=80),
        "made/moving.webp": _saved(frames[0], "WEBP", save_all=True, append_images=frames[1:]),
        "made/still.avif": _saved(photo, "AVIF", quality=70),
        "made/moving.png": _saved(frames[0], "PNG", save_all=True, append_images=frames[1:]),
        "made/one.pdf": _saved(photo, "PDF"),
        "made/pages.pdf": _saved(photo, "PDF", save_all=True, append_images=frames),
    }
    found["made/updated.pdf"] = updated_pdf(found["made/one.pdf"])
    return {**found, **_clips()}


def updated_pdf(whole: bytes) -> bytes:
    """The document with a second, incremental end, as a signature or a note adds it."""
    note = b"99 0 obj\n<< /Note (" + b"words " * 200 + b") >>\nendobj\n"
    start = whole.rindex(b"startxref") + 9
    previous = int(whole[start:].split()[0])
    root = re.search(rb"/Root (\d+ \d+ R)", whole)
    assert root is not None
    at = len(whole)
    table = f"xref\n99 1\n{at:010d} 00000 n \ntrailer\n<< /Size 100 /Prev {previous} /Root {root[1].decode()} >>\n".encode()
    return whole + note + table + f"startxref\n{at + len(note)}\n%%EOF\n".encode()


def _photo(rng: np.random.Generator, width: int, height: int) -> Image.Image:
    coarse = rng.integers(0, 255, (height // 8, width // 8, 3), dtype=np.uint8)
    grain = rng.normal(0, 6, (height, width, 3))
    smooth = np.asarray(Image.fromarray(coarse).resize((width, height), Image.Resampling.BICUBIC), np.float64)
    return Image.fromarray(np.clip(smooth + grain, 0, 255).astype(np.uint8))


def _with_alpha(image: Image.Image) -> Image.Image:
    layer = image.copy()
    layer.putalpha(Image.radial_gradient("L").resize(image.size))
    return layer


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    stream = io.BytesIO()
    image.save(stream, kind, **options)
    return stream.getvalue()


def _clips() -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, options in CLIPS.items():
            path = Path(folder) / Path(name).name
            size = "352x288" if path.suffix == ".3gp" else "320x240"
            argv = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"testsrc2=size={size}:rate=15:duration=4"]
            try:
                subprocess.run([*argv, *options, str(path)], check=True, stdin=subprocess.DEVNULL)
            except (OSError, subprocess.CalledProcessError) as error:
                print(f"{name} could not be made: {error}")
                continue
            found[name] = path.read_bytes()
    return found
