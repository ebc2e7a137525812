"""A finding that flips between two saves of one picture is a fault: each still as it is, saved again, and a pixel smaller.

    python tests/benchmarks/resaved.py FOLDER... [--every N]

The second save is a JPEG of quality 92, the third too, one pixel narrower and lower. Codes of clarity and whether the picture
is asked for again must be the same; whatever differs is named.
"""

from __future__ import annotations

import argparse
import io
from pathlib import Path

import cv2
from clarity_data import default_policy
from judged_stills import Judge, JudgedStill
from PIL import Image

QUALITY = 92
MIMES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png"}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--every", type=int, default=1, help="of so many files one")
    options = parser.parse_args()
    cv2.setNumThreads(1)
    judge = Judge(default_policy())
    for folder in options.folders:
        files = sorted(path for path in folder.rglob("*") if path.suffix.lower() in MIMES)
        flips = [told for path in files[:: options.every] if (told := flipped(judge, path)) is not None]
        print(f"{folder.name}: {sum(map(bool, flips))} of {len(flips)} differ")
        print("".join(f"  {told}\n" for told in flips if told), end="")


def flipped(judge: Judge, path: Path) -> str | None:
    """What differs, "" for nothing, None for a file that cannot be opened whole."""
    data = path.read_bytes()
    mime = MIMES[path.suffix.lower()] if not data.startswith(b"\x89PNG") else "image/png"
    try:
        with Image.open(io.BytesIO(data)) as image:
            exif, whole = image.info.get("exif", b""), image.convert("RGB")
    except OSError:
        return None
    smaller = whole.resize((max(whole.width - 1, 1), max(whole.height - 1, 1)), Image.Resampling.LANCZOS)
    first = judge(data, mime)
    if first is None:
        return None
    again = [
        (name, judge(_saved(each, exif))) for name, each in (("saved", whole), ("a pixel less", smaller))
    ]
    told = [
        f"{name}: {_said(first)} → {_said(other)}"
        for name, other in again
        if other is not None and _said(other) != _said(first)
    ]
    return f"{path.name}, {'; '.join(told)}" if told else ""


def _said(judged: JudgedStill) -> str:
    return " ".join((*judged.codes, "again" if judged.again else "")).strip() or "nothing"


def _saved(image: Image.Image, exif: bytes) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=QUALITY, exif=exif)
    return buffer.getvalue()


if __name__ == "__main__":
    main()
