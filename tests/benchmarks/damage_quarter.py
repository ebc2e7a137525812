"""A quarter of a file zeroed, its tail zeroed, or random bytes in it: how often that is told, by format.

    python tests/benchmarks/damage_quarter.py FOLDER... [--each 24] [--seed 5]

Sources are the healthy files of the folders, at most ``--each`` of a type (where fewer, damaged more than once). Stills of the
photos among them are written anew as WebP, AVIF, TIFF (plain, LZW, deflated), BMP and PNG, and ffmpeg writes clips as MP4 and
MOV. Of each file a quarter is zeroed once within its middle and once at its end, as a download that broke off leaves it; and
in a further copy four holes of 4 KB are random bytes. Everything goes through the product's own opening: *told* is what
``damage.py`` counts so. The last column counts what is told of the sources themselves.
"""

from __future__ import annotations

import argparse
import io
import random
import subprocess
import tempfile
from collections import Counter, defaultdict
from pathlib import Path

from damage import BROKEN_ON_PURPOSE, files_of, what_is_told
from harness import table
from PIL import Image
from real_opening import real_opener

from pipeline.opening.host.opener import Opener
from validators.measures.containers.file_type import SUPPORTED, sniff

WAYS = ("a quarter zeroed", "the tail zeroed", "random bytes")
HOLE = 4096


def changed(data: bytes, way: str, rng: random.Random) -> bytes:
    quarter = len(data) // 4
    if way == "the tail zeroed":
        return data[:-quarter] + bytes(quarter)
    if way == "a quarter zeroed":
        start = rng.randint(len(data) // 10, len(data) - quarter - 1)
        return data[:start] + bytes(quarter) + data[start + quarter :]
    made = bytearray(data)
    for _ in range(4):
        start = rng.randint(len(data) // 10, max(len(data) // 10, len(data) - HOLE))
        made[start : start + HOLE] = rng.randbytes(min(HOLE, len(data) - start))
    return bytes(made)


def stills_of(data: bytes) -> dict[str, bytes]:
    """The photo at 2,000 px as other formats."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    image.thumbnail((2000, 2000))
    forms = {
        "WebP": ("WEBP", {"quality": 80}), "WebP, lossless": ("WEBP", {"lossless": True, "method": 0}),
        "AVIF": ("AVIF", {"quality": 70, "speed": 8}), "TIFF, plain": ("TIFF", {}),
        "TIFF, LZW": ("TIFF", {"compression": "tiff_lzw"}), "TIFF, deflated": ("TIFF", {"compression": "tiff_adobe_deflate"}),
        "BMP": ("BMP", {}), "PNG": ("PNG", {"compress_level": 1}),
    }  # fmt: skip
    made = {}
    for name, (form, options) in forms.items():
        stream = io.BytesIO()
        image.save(stream, form, **options)
        made[name] = stream.getvalue()
    return made


def clips(count: int) -> dict[str, list[bytes]]:
    """Six seconds each of moving pictures with sound, of several codecs, as phones and apps write them."""
    codecs = [
        ("-c:v", "libx264", "-g", "30"), ("-c:v", "libx264", "-g", "250", "-preset", "veryfast", "-crf", "28"),
        ("-c:v", "libx265", "-x265-params", "log-level=error", "-tag:v", "hvc1", "-preset", "ultrafast"),
        ("-c:v", "mpeg4", "-q:v", "5"),
    ]  # fmt: skip
    sources = ["testsrc2", "mandelbrot", "cellauto=rule=110", "life=mold=10:ratio=0.3"]
    found: dict[str, list[bytes]] = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder:
        for number in range(count):
            name = ("MP4", "MOV")[number % 2]
            path = Path(folder) / f"{number}.{name.lower()}"
            source, codec = sources[number // 2 % 4], codecs[number // 3 % 4]
            shape = ("640x360", "1280x720")[number // 5 % 2]
            joint = ":" if "=" in source else "="
            front = ("-movflags", "+faststart") if number % 3 else ()
            pictures = f"{source}{joint}size={shape}:rate=30"
            argv = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", pictures, "-f", "lavfi", "-i", "sine", "-t", "6",
                    "-pix_fmt", "yuv420p", *codec, "-c:a", "aac", *front, str(path)]  # fmt: skip
            subprocess.run(argv, check=True, stdin=subprocess.DEVNULL)
            found[name].append(path.read_bytes())
    return found


class Bench:
    def __init__(self, opener: Opener, scratch: Path) -> None:
        self.opener, self.path = opener, scratch / "upload"

    def told(self, data: bytes) -> bool:
        self.path.write_bytes(data)
        return bool(what_is_told(self.opener.open(self.path).measurements))


def upper(wrong: int, n: int) -> str:
    """The upper end of a one-sided 95 % interval where nothing was wrong."""
    return f"{wrong} of {n}" + (f" (at most {100 * (1 - 0.05 ** (1 / n)):.1f} %)" if not wrong and n else "")


def sources(folders: list[Path], each: int, rng: random.Random) -> dict[str, list[bytes]]:
    by_type: dict[str, list[bytes]] = defaultdict(list)
    for name, data in files_of(folders):
        mime = sniff(data[: 1 << 16], len(data))
        if mime in SUPPORTED and not any(word in name for word in BROKEN_ON_PURPOSE) and len(data) > 4 * HOLE:
            by_type[mime].append(data)
    photos = [d for d in by_type.get("image/jpeg", ()) if len(d) < 4 << 20]
    by_type = {m: rng.sample(d, min(each, len(d))) for m, d in by_type.items() if m != "image/jpeg"}  # type: ignore[assignment]
    for data in rng.sample(photos, min(each, len(photos))):
        for form, made in stills_of(data).items():
            by_type.setdefault(form, []).append(made)
    return {**by_type, **clips(each)}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--each", type=int, default=24)
    parser.add_argument("--seed", type=int, default=5)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    found = sources(options.folders, options.each, rng)
    rows = [("format", "files", *WAYS, "told of the sources")]
    with real_opener() as (opener, scratch):
        run = Bench(opener, scratch)
        for form, files in sorted(found.items()):
            healthy = [data for data in files if not run.told(data)]
            sample = healthy * max(1, options.each // max(1, len(healthy)))
            counts = Counter({way: sum(run.told(changed(data, way, rng)) for data in sample) for way in WAYS})
            cells = [f"{counts[way]} of {len(sample)}" for way in WAYS]
            rows.append((form, str(len(files)), *cells, upper(len(files) - len(healthy), len(files))))
            print(rows[-1], flush=True)
    table(rows)


if __name__ == "__main__":
    main()
