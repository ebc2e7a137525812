"""Detects whether an ICC profile describes sRGB, so that pixels can be used as they are.

Source: ICC.1:2022 sections 7.2 (header), 7.3 (tag table), 10.31 (XYZType).
"""

from __future__ import annotations

import re

from validators.measures.containers.buffers import Buffer, Searchable, searchable, u32

HDR_CURVES = {16: "PQ", 18: "HLG"}
"""Transfer curves for HDR by their code in ITU-T H.273."""

_HDR_NAME = re.compile(rb"2100[ _-]{0,2}(PQ|HLG)")
_MAX_TAGS = 100
# sRGB's primaries adapted to D50, as its profiles state them (IEC 61966-2-1)
_SRGB = {
    b"rXYZ": (0.4360, 0.2225, 0.0139),
    b"gXYZ": (0.3851, 0.7169, 0.0971),
    b"bXYZ": (0.1431, 0.0606, 0.7139),
}
_NEAR = 0.01


def colour_space(profile: Buffer) -> str:
    """The data colour space of a profile: "RGB", "CMYK", "GRAY" …; "" where it is no profile."""
    source = searchable(profile)
    if len(source) < 132 or source[36:40] != b"acsp":
        return ""
    return bytes(source[16:20]).decode("latin-1").strip()


def is_srgb(profile: Buffer) -> bool:
    """An RGB profile whose primaries are sRGB's, to a hundredth of XYZ. Never raises."""
    source = searchable(profile)
    if colour_space(source) != "RGB":
        return False
    found = {source[at : at + 4]: u32(source, at + 4) for at in _tags(source)}
    return all(
        tag in found and all(abs(a - b) <= _NEAR for a, b in zip(_xyz(source, found[tag]), want, strict=True))
        for tag, want in _SRGB.items()
    )


def states_hdr(profile: Buffer) -> str:
    """ "PQ" or "HLG" where the profile says that the picture is coded for brighter screens than usual, else ""."""
    source = searchable(profile)
    if colour_space(source) != "RGB":
        return ""
    for at in _tags(source):
        where = u32(source, at + 4)
        if source[at : at + 4] == b"cicp":
            return HDR_CURVES.get(source[where + 9] if where + 9 < len(source) else 0, "")
        if source[at : at + 4] == b"desc":
            text = bytes(source[where : where + 256]).replace(b"\0", b"")
            found = _HDR_NAME.search(text)
            if found:
                return found[1].decode()
    return ""


def _tags(source: Searchable) -> range:
    count = min(u32(source, 128), _MAX_TAGS)
    return range(132, min(132 + 12 * count, len(source) - 11), 12)


def _xyz(source: Searchable, at: int) -> tuple[float, ...]:
    """Three s15Fixed16 numbers after the type's signature and four reserved bytes."""
    raw = (source[at + 8 + 4 * i : at + 12 + 4 * i] for i in range(3))
    return tuple(int.from_bytes(part, "big", signed=True) / 65536 for part in raw)
