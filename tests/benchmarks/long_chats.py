"""Long screenshots of chats: one chat found again after edits, with the rows that agree, and no two chats taken for one.

./dev bench long_chats [--chats 30]

Chats are drawn here, of 6,000 to 20,000 px. All have one app's look, share most of their sentences, and every second one
brings the same message of a shop. In the pairs of different chats every chat is looked up against all others.
"""

from __future__ import annotations

import argparse
import io
import random
import time
from collections import Counter
from collections.abc import Callable

import numpy as np
from PIL import Image
from reuse_engine import Engine
from reuse_screens import Canvas, Pixels, theme

from validators.checks.match_class import SAME_FILE, SAME_PHOTO, Link

_WORDS = (
    "parcel lid photo box label cracked late refund seller order courier street Monday refused return voucher size colour "
    "blue cable lamp mug seal opened weight customs paid twice wrong floor neighbour evening depot tracking answer"
).split()
_SHOP = (
    "Dear customer, thank you for writing to our store. We answer within one working day. Please send a photo of the parcel "
    "and of the label, and keep the packaging until the case is closed. Returns are free within 30 days of delivery."
)


def drawn(seed: int, least: int = 6000, most: int = 20000) -> Pixels:
    """A chat of ``least`` to ``most`` px, 1,080 px wide."""
    rng = random.Random(seed)
    high = rng.randrange(least, most)
    canvas = Canvas((1080, high), theme(seed % 3 == 2, (32, 120, 90)))
    canvas.status(f"{rng.randrange(24):02}:{rng.randrange(60):02}", rng.randrange(10, 99))
    canvas.bar(rng.choice(("Nova Store", "Mill & Co", "Harbour Shop")))
    y = 270.0
    while y < canvas.height - 700:
        mine = rng.random() < 0.5
        words = _SHOP if seed % 2 and rng.random() < 0.08 else _sentence(rng)
        lines = canvas.wrapped(words, 640, 36)
        tall = 52 * len(lines) + 74
        left = 340 if mine else 40
        canvas.box(left, y, 700, tall, canvas.theme.accent if mine else canvas.theme.card, 28)
        for number, line in enumerate(lines):
            canvas.text(
                left + 30,
                y + 24 + 52 * number,
                line,
                36,
                (255, 255, 255) if mine else None,
            )
        clock = f"{rng.randrange(24):02}:{rng.randrange(60):02}"
        canvas.text(left + 670, y + tall - 40, clock, 24, canvas.theme.faint, align=1)
        y += tall + 24
    canvas.navigation(3)
    return canvas.pixels


def _sentence(rng: random.Random) -> str:
    if rng.random() < 0.3:
        return rng.choice(
            ("Hello!", "Thank you, I will wait.", "Please send a photo of the label.", "Yes", "OK")
        )
    return " ".join(rng.choice(_WORDS) for _ in range(rng.randrange(3, 26))).capitalize() + "."


EDITS: dict[str, Callable[[Pixels], tuple[Pixels, tuple[float, float], bool]]] = {}
"""The edited picture, the rows of the original that it shows, in 0..1, and whether it is sent as a JPEG."""


def _edit(name: str) -> Callable[..., Callable[..., object]]:
    def add(work: Callable[..., object]) -> Callable[..., object]:
        EDITS[name] = work  # type: ignore[assignment]
        return work

    return add


@_edit("crop")
def _crop(pixels: Pixels) -> tuple[Pixels, tuple[float, float], bool]:
    """200 px less at the top and 300 at the bottom, 12 at the sides."""
    high = pixels.shape[0]
    return pixels[200:-300, 12:-12], (200 / high, (high - 300) / high), False


@_edit("overlap")
def _overlap(pixels: Pixels) -> tuple[Pixels, tuple[float, float], bool]:
    """The later two thirds of the first half of the chat, under a bar of its own."""
    high = pixels.shape[0]
    first, last = int(high * 0.3), int(high * 0.8)
    part = pixels[first:last].copy()
    part[:224] = pixels[:224]
    return part, ((first + 224) / high, last / high), False


@_edit("JPEG 75")
def _jpeg(pixels: Pixels) -> tuple[Pixels, tuple[float, float], bool]:
    return pixels, (0.0, 1.0), True


@_edit("half size")
def _half(pixels: Pixels) -> tuple[Pixels, tuple[float, float], bool]:
    image = Image.fromarray(pixels)
    return np.asarray(image.resize((540, pixels.shape[0] // 2), Image.Resampling.LANCZOS)), (0.0, 1.0), False


def encoded(pixels: Pixels, jpeg: bool = False) -> bytes:
    """As a file."""
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, "JPEG", quality=75) if jpeg else Image.fromarray(pixels).save(
        out, "PNG"
    )
    return out.getvalue()


def _says_rows(link: Link, expected: tuple[float, float]) -> bool:
    """Whether the rows named of the other are those it shows, to 2 % of its height."""
    seen = link.match_side.comparison
    if seen is None or seen.other_area is None or seen.other_rows is None:
        return False
    area = seen.other_area
    return abs(area.y - expected[0]) < 0.02 and abs(area.y + area.h - expected[1]) < 0.02


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--chats", type=int, default=30)
    parser.add_argument("--first", type=int, default=0, help="the seed of the first chat")
    options = parser.parse_args()
    engine = Engine()
    chats = {f"chat-{n}": n for n in range(options.first, options.first + options.chats)}
    false = 0
    for name, seed in chats.items():
        data = encoded(drawn(seed))
        false += sum(link.class_ in (SAME_FILE, SAME_PHOTO) for _, link in engine.look(f"q-{name}", data))
        engine.add(name, data)
    found: Counter[str] = Counter()
    rows: Counter[str] = Counter()
    start = time.process_time()
    for name, seed in chats.items():
        original = drawn(seed)
        for edit, work in EDITS.items():
            pixels, expected, jpeg = work(original)
            links = engine.look(f"{name}-{edit}", encoded(pixels, jpeg))
            copies = [one for one in links if one[1].class_ == SAME_PHOTO]
            own = [link for other, link in copies if other == name]
            false += len(copies) - len(own)
            found[edit] += bool(own)
            rows[edit] += bool(own) and _says_rows(own[0], expected)
            if not own or not rows[edit]:
                print(f"<!-- {name} {edit}: {[link.match_side.comparison for link in own]} -->")
    took = (time.process_time() - start) / (len(chats) * len(EDITS))
    print("| edit | chats | found | right rows named |\n|---|---|---|---|")
    for edit in EDITS:
        print(f"| {edit} | {len(chats)} | {found[edit]} | {rows[edit]} |")
    pairs = len(chats) * (len(chats) - 1) // 2
    print(
        f"\nDifferent chats called the same: {false} of {pairs} pairs, and of all edited ones with all others."
    )
    print(f"CPU a query: {took:.1f} s")


if __name__ == "__main__":
    main()
