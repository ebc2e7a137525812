"""Exports of chats with their pictures, one to a dispute: how many reviews the pictures raise, and how many chats are read.

./dev bench chat_archives [--exports 500]

Each ZIP holds a chat in one locale's form, photos of its own, and what people forward to one another: the same three photos, a
sticker and a logo in very many of the exports. Nothing in it has a declared role, so nothing of it may be for review.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import sys
import zipfile
from collections import Counter
from datetime import datetime
from pathlib import Path

import numpy as np
from chat_exports import LOCALES, conversation, whatsapp
from harness import check_argv, run, scratch_folder
from PIL import Image

sys.path.append(str(Path(__file__).resolve().parents[1] / "validators" / "measures"))
from reuse_pictures import jpeg, scene


def archive(number: int, forwarded: list[bytes], sticker: bytes, logo: bytes) -> bytes:
    """One export."""
    rng = random.Random(number)
    said = conversation(number, rng.randrange(10, 40))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as files:
        text = whatsapp(said, rng.choice(LOCALES), ios=number % 2 == 0)
        files.writestr(f"WhatsApp Chat with {said[0].sender}.txt", text)
        for place in range(rng.randrange(1, 4)):
            files.writestr(f"IMG-20240105-WA{place:04}.jpg", jpeg(scene(1000 + 10 * number + place), 80))
        for place, data in enumerate(forwarded):
            if rng.random() < 0.3:
                files.writestr(f"IMG-20240106-WA{100 + place:04}.jpg", data)
        if rng.random() < 0.5:
            files.writestr("STK-20240105-WA0001.webp", sticker)
        if rng.random() < 0.3:
            files.writestr("logo.png", logo)
    return out.getvalue()


def _graphics() -> tuple[bytes, bytes]:
    sticker, logo = io.BytesIO(), io.BytesIO()
    plain = np.zeros((512, 512, 4), np.uint8)
    plain[120:400, 120:400] = (240, 200, 40, 255)
    Image.fromarray(plain).save(sticker, "WEBP", lossless=True)
    flat = np.full((90, 240, 3), 255, np.uint8)
    flat[20:70, 20:120] = (20, 90, 180)
    Image.fromarray(flat).save(logo, "PNG")
    return sticker.getvalue(), logo.getvalue()


def write_cases(folder: Path, count: int) -> None:
    """One declared dispute for each export."""
    forwarded = [jpeg(scene(seed), 85) for seed in range(3)]
    sticker, logo = _graphics()
    for number in range(count):
        case = folder / f"D-{number}"
        case.mkdir(parents=True)
        (case / "chat.zip").write_bytes(archive(number, forwarded, sticker, logo))
        parties = {"buyer": {"id": f"b-{number}"}, "seller": {"id": f"s-{number}"}}
        sent = {
            "file": "chat.zip",
            "party": "buyer",
            "submitted_at": f"{datetime(2026, 3, 1):%Y-%m-%d}T10:00:00Z",
        }
        body = {"id": f"D-{number}", "reason": "NOT_AS_DESCRIBED", "parties": parties, "evidence": [sent]}
        (case / "dispute.json").write_text(json.dumps(body))


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--exports", type=int, default=500)
    options = parser.parse_args()
    with scratch_folder() as scratch:
        write_cases(scratch / "cases", options.exports)
        argv = check_argv(scratch / "cases", scratch, jobs=min(2, os.cpu_count() or 1))
        done = run([*argv, "--no-comparisons"])
        out = Path(argv[argv.index("--out") + 1])
        counts: Counter[str] = Counter()
        for path in out.glob("*/report.json"):
            for item in json.loads(path.read_text())["evidence"]:
                counts["items"] += 1
                counts["reviews"] += any(finding["kind"] == "review" for finding in item["findings"])
                counts["chats read"] += item["chat"] is not None
    print("| exports | items | chats read | reviews | status |\n|---|---|---|---|---|")
    print(
        f"| {options.exports} | {counts['items']} | {counts['chats read']} | {counts['reviews']} | {done.status} |"
    )


if __name__ == "__main__":
    main()
