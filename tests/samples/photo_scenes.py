"""Every rendered picture by name, as linear light; rendered once and kept in a cache folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import scene_case
import scene_door
import scene_lamp
import scene_mug
import scene_parcel
import scene_shirt

Array = np.ndarray

SCENES: dict[str, Callable[[int], Array]] = {
    "mug_broken": scene_mug.broken,
    "mug_crack": scene_mug.crack,
    "mug_listing_white": scene_mug.listing_white,
    "mug_listing_scene": scene_mug.listing_scene,
    "mug_earlier": scene_mug.earlier,
    "cup_plain": scene_mug.plain_cup,
    "parcel_crushed": scene_parcel.crushed,
    "parcel_label": scene_parcel.label,
    "parcel_second": scene_parcel.second,
    "packing": scene_parcel.packing,
    "lamp_ambient": scene_lamp.ambient,
    "lamp_lit": scene_lamp.lit,
    "case_received": scene_case.received,
    "case_listing": scene_case.listing,
    "case_window": scene_case.window,
    "case_package": scene_case.package,
    "door_empty": scene_door.empty,
    "door_delivered": scene_door.delivered,
    "shirt_whole": scene_shirt.whole,
    "shirt_measure": scene_shirt.measure,
    "shirt_label": scene_shirt.label,
}


def light(name: str, cache: Path, samples: int = 16) -> Array:
    """The linear picture (height, width, 3) float32, from the cache or rendered."""
    kept = cache / f"{name}.npy"
    if not kept.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        np.save(kept, SCENES[name](samples).astype(np.float16))
    return np.load(kept).astype(np.float32)
