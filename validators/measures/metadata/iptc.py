"""IPTC-IIM records in a Photoshop resource block (JPEG's APP13).

Sources: IPTC IIM 4.2 section 1.5; Adobe Photoshop File Formats, "Image resource blocks".
"""

from __future__ import annotations

from collections.abc import Mapping

PHOTOSHOP_HEADER = b"Photoshop 3.0\x00"
_IIM_RESOURCE = 0x0404
_MAX_DATASETS = 500

DATE_CREATED, TIME_CREATED, DIGITAL_DATE, DIGITAL_TIME = (2, 55), (2, 60), (2, 62), (2, 63)
ORIGINATING_PROGRAM, CREDIT = (2, 65), (2, 110)


def iptc_datasets(resources: bytes) -> Mapping[tuple[int, int], bytes]:
    """(record, dataset) → first value, from image resource blocks (after the "Photoshop 3.0" header). Never
    raises.
    """
    at = 0
    while at + 12 <= len(resources) and resources[at : at + 4] in (
        b"8BIM",
        b"MeSa",
        b"AgHg",
        b"PHUT",
        b"DCSR",
    ):
        resource = int.from_bytes(resources[at + 4 : at + 6], "big")
        name = resources[at + 6] + 1
        start = at + 6 + name + (name & 1)
        size = int.from_bytes(resources[start : start + 4], "big")
        if resource == _IIM_RESOURCE:
            return _datasets(resources[start + 4 : start + 4 + size])
        at = start + 4 + size + (size & 1)
    return {}


def _datasets(block: bytes) -> Mapping[tuple[int, int], bytes]:
    found: dict[tuple[int, int], bytes] = {}
    at = 0
    for _ in range(_MAX_DATASETS):
        if at + 5 > len(block) or block[at] != 0x1C:
            break
        size, start = int.from_bytes(block[at + 3 : at + 5], "big"), at + 5
        if size & 0x8000:  # an extended dataset: the length of the length
            wide = min(size & 0x7FFF, 4)
            size, start = int.from_bytes(block[start : start + wide], "big"), start + wide
        found.setdefault((block[at + 1], block[at + 2]), block[start : start + size])
        at = start + size
    return found
