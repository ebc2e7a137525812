"""Ten cases with three planted problems each, for eyes: does the first screen name them within half a minute?

    ./dev bench first_screens FOLDER

Writes the first screen of each case (1280 × 800) into FOLDER as 01.png to 10.png, and key.txt with what was planted. Somebody
who has not seen the cases looks at each for up to 30 s and writes down its three problems; nine of ten right is the goal.
The cases are made of measurements, judged and shown by the product; nothing is opened.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "pipeline" / "console")]

import numpy as np  # noqa: E402
from browsers import chromium  # noqa: E402
from comparison_scenes import scene  # noqa: E402
from console_access import LOCAL  # noqa: E402
from console_store import BLURRED, NOW, OPENED, SHARP, Filling, open_context_in, photo  # noqa: E402
from real_opening import real_opener  # noqa: E402
from serving import served  # noqa: E402

from pipeline.console.core import addresses  # noqa: E402
from pipeline.console.core.console_context import Console  # noqa: E402
from pipeline.setup.opened import MEASURES_VERSION  # noqa: E402
from storage.database.encoding import encode  # noqa: E402
from storage.interfaces.matches import Pair  # noqa: E402
from validators.dispute import Party  # noqa: E402
from validators.evidence import Comparison, Measurements, Problem, TimeCandidate  # noqa: E402

CASES = 10
DAY = timedelta(days=1)
LATER = NOW + 10 * DAY
"""After the evidence was due."""
DARK = replace(SHARP, luma_mean=6.0, luma_p05=0.0, luma_p95=14.0, luma_std=4.0, dark_fraction=0.99)
BLANK = replace(
    SHARP,
    sharpness=None,
    definition=None,
    edge_count=0,
    luma_std=0.5,
    luma_p05=120.0,
    luma_p95=121.0,
    flat_fraction=1.0,
)

Plant = Callable[[Filling, str, str], str]
"""Plants a problem in the case under an item's id; returns what to find, in words."""


def blurred(filling: Filling, case: str, name: str) -> str:
    filling.item(name, case, photo(clarity=BLURRED), [scene()], file=f"buyer/{name}.jpg")
    return f"{name}.jpg is blurred"


def dark(filling: Filling, case: str, name: str) -> str:
    filling.item(name, case, photo(clarity=DARK), [scene() // 20], file=f"seller/{name}.jpg", party="seller")
    return f"{name}.jpg is too dark"


def blank(filling: Filling, case: str, name: str) -> str:
    filling.item(
        name, case, photo(clarity=BLANK), [np.full((300, 400, 3), 120, np.uint8)], file=f"buyer/{name}.jpg"
    )
    return f"{name}.jpg shows nothing: it is blank"


def empty(filling: Filling, case: str, name: str) -> str:
    nothing = Measurements(
        MEASURES_VERSION, "inode/x-empty", problems=(Problem("empty", actual=0.0, limit=1.0, unit="bytes"),)
    )
    filling.item(name, case, nothing, file=f"seller/{name}.jpg", party="seller")
    return f"{name}.jpg is an empty file"


def locked(filling: Filling, case: str, name: str) -> str:
    shut = Measurements(MEASURES_VERSION, "application/pdf", "document", problems=(Problem("encrypted"),))
    filling.item(name, case, shut, file=f"buyer/{name}.pdf")
    return f"{name}.pdf is protected by a password"


def early(filling: Filling, case: str, name: str) -> str:
    at = OPENED - 40 * DAY
    taken = TimeCandidate("exif:DateTimeOriginal", f"{at:%Y:%m:%d %H:%M:%S}", at, at, True)
    filling.item(name, case, photo(times=(taken,)), [scene()], file=f"buyer/{name}.jpg")
    return f"{name}.jpg was taken before the order was placed"


def reused(filling: Filling, case: str, name: str) -> str:
    other = f"{name}-elsewhere"
    filling.dispute(f"E-{name}", buyer=Party("b-99"))
    filling.item(other, f"E-{name}", photo(), [scene()], submitted_at=OPENED - 5 * DAY)
    filling.item(name, case, photo(), [scene()], file=f"buyer/{name}.jpg")
    _pair(filling, name, other)
    return f"{name}.jpg was sent before in dispute E-{name}"


def listed(filling: Filling, case: str, name: str) -> str:
    other = f"{name}-listing"
    filling.item(
        other, case, photo(), [scene()], party=None, on_listing=True, file="listing/1.jpg", listing_id="L-1"
    )
    filling.item(
        name, case, photo(), [scene()], file=f"seller/{name}.jpg", party="seller", roles=("packing_photo",)
    )
    _pair(filling, name, other)
    return f"{name}.jpg is the listing's own photo"


def _pair(filling: Filling, one: str, other: str) -> None:
    same = Comparison((1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0), 99, 99, 1.0, 1.0, 1.0, 0.0)
    first, second = sorted((one, other))
    with filling.context.database.transaction() as records:
        records.put_pairs(
            "default", [Pair(first, second, "aligned", 0, 1, "a", "1", encode(Comparison, same), 1)]
        )


PLANTS: tuple[Plant, ...] = (blurred, dark, blank, empty, locked, early, reused, listed)
MISSING = "the buyer has not sent the packaging, and it is past due"


def make_cases(filling: Filling) -> list[tuple[str, list[str]]]:
    """Ten cases, each with what was planted."""
    chance = random.Random(7)
    made = []
    for number in range(1, CASES + 1):
        case = f"D-{4100 + 37 * number}"
        filling.dispute(case)
        lacks = number % 2 == 0
        told = [MISSING] if lacks else []
        for place, plant in enumerate(chance.sample(PLANTS, 2 if lacks else 3)):
            told.append(plant(filling, case, f"IMG_{number:02}{place}{chance.randint(10, 99)}"))
        for place in range(chance.randint(3, 7)):
            name, party = f"IMG_{number:02}9{place}", ("buyer", "seller")[place % 2]
            role = ("label", "packing_photo")[place % 2]
            filling.item(
                name, case, photo(), [scene()], file=f"{party}/{name}.jpg", party=party, roles=(role,)
            )
        if not lacks:
            filling.item(
                f"IMG_{number:02}88",
                case,
                photo(),
                [scene()],
                file=f"buyer/IMG_{number:02}88.jpg",
                roles=("packaging",),
            )
        filling.judge(case, LATER)
        made.append((case, told))
    return made


def main() -> None:
    """Make the cases, take the pictures, write the key."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    out: Path = parser.parse_args().folder
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, real_opener() as (opener, _):
        context = open_context_in(Path(folder), opener)
        made = make_cases(Filling(context))
        with served(Console(context, LOCAL, lambda: LATER)) as address:
            for browser in chromium():
                page = browser.new_page(viewport={"width": 1280, "height": 800})
                for number, (case, _) in enumerate(made, 1):
                    page.goto(address + addresses.case_page(case))
                    page.screenshot(path=out / f"{number:02}.png")
        context.database.close()
    key = [f"{number:02} {case}: {'; '.join(told)}" for number, (case, told) in enumerate(made, 1)]
    (out / "key.txt").write_text("\n".join(key) + "\n")
    print(f"{len(made)} first screens and key.txt in {out}")


if __name__ == "__main__":
    main()
