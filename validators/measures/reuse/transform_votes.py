"""Finds stored pictures that share words with a query at places that one movement explains.

Every shared word votes for a movement (mirrored or not, turned, scaled, shifted) that takes the query to the stored
picture. The words of a true copy vote for the same one, those shared by chance do not. Source of the method: H. Jégou, M. Douze
and C. Schmid, "Hamming embedding and weak geometric consistency" (2008), with the whole similarity as in Lowe (2004).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from validators.measures.image.tiles import Floats
from validators.measures.reuse.visual_words import Spots

__all__ = ["Shared", "Tally", "tally"]

_TURNS = 12  # bins of 30 degrees
_OCTAVES = 12  # bins of one octave
_SHIFT = 0.25  # bin of the shift, of the larger of the two pictures


@dataclass(frozen=True, slots=True)
class Shared:
    """n words shared: ``number`` (n,) int64 names the stored picture; ``query`` and ``stored`` the two places."""

    number: NDArray[np.int64]
    query: Spots
    stored: Spots


@dataclass(frozen=True, slots=True)
class Tally:
    """The stored picture ``number`` has ``votes`` words that agree on one movement; ``mirrored`` says whether that mirrors."""

    number: int
    votes: int
    mirrored: bool


def tally(shared: Shared, least: int, most: int) -> list[Tally]:
    """The stored pictures with at least ``least`` agreeing votes, most votes first, at most ``most`` of them."""
    if not len(shared.number):
        return []
    mirror = shared.query.flipped ^ shared.stored.flipped
    turn = np.where(
        mirror, shared.stored.angle + shared.query.angle, shared.stored.angle - shared.query.angle
    )
    octave = np.log2(shared.stored.scale / shared.query.scale) + _OCTAVES / 2
    keep = _enough(shared.number, mirror, turn, least)
    if not keep.any():
        return []
    number, mirror, turn, octave = shared.number[keep], mirror[keep], turn[keep], octave[keep]
    shift = _shift(shared, keep, mirror, turn, octave)
    best: dict[int, Tally] = {}
    ids, place = np.unique(number, return_inverse=True)
    for half_turn in (0.0, 0.5):
        for half_octave in (0.0, 0.5):
            for half_shift in (0.0, 0.5):
                cells = _cells(place, mirror, turn, octave, shift, (half_turn, half_octave, half_shift))
                _count(cells, place, mirror, ids, least, best)
    return sorted(best.values(), key=lambda one: (-one.votes, one.number))[:most]


def _enough(
    number: NDArray[np.int64], mirror: NDArray[np.bool_], turn: Floats, least: int
) -> NDArray[np.bool_]:
    """Which words belong to a picture that can reach ``least`` votes for one mirror state and about one turn."""
    ids, place = np.unique(number, return_inverse=True)
    coarse = _TURNS // 2
    bins = np.floor(turn / (2 * np.pi) * coarse).astype(np.int64) % coarse
    cell = (place * 2 + mirror) * coarse + bins
    counts = np.bincount(cell, minlength=len(ids) * 2 * coarse).reshape(-1, coarse)
    either = counts + np.roll(counts, -1, axis=1)  # a true turn may lie on the border of two bins
    enough = (either >= least).reshape(len(ids), -1).any(axis=1)
    return np.asarray(np.asarray(enough)[place])


def _shift(
    shared: Shared, keep: NDArray[np.bool_], mirror: NDArray[np.bool_], turn: Floats, octave: Floats
) -> Floats:
    """(n, 2): where the query's origin is taken, in units of the larger picture."""
    x, y = shared.query.x[keep], shared.query.y[keep]
    x = np.where(mirror, -x, x)
    # A mirrored keypoint's angle is pi minus its own: the turn that remains is theirs less that.
    angle = np.where(mirror, turn - np.pi, turn)
    factor = np.exp2(octave - _OCTAVES / 2)
    cos, sin = np.cos(angle) * factor, np.sin(angle) * factor
    moved = np.stack([cos * x - sin * y, sin * x + cos * y], axis=1)
    there = np.stack([shared.stored.x[keep], shared.stored.y[keep]], axis=1)
    return np.asarray((there - moved) / np.maximum(factor, 1.0)[:, None])


def _cells(
    place: NDArray[np.intp],
    mirror: NDArray[np.bool_],
    turn: Floats,
    octave: Floats,
    shift: Floats,
    offset: tuple[float, float, float],
) -> NDArray[np.int64]:
    turns = np.floor(turn / (2 * np.pi) * _TURNS + offset[0]).astype(np.int64) % _TURNS
    octaves = np.clip(np.floor(octave + offset[1]), 0, _OCTAVES).astype(np.int64)
    shifts = np.clip(np.floor(shift / _SHIFT + offset[2]) + 32, 0, 63).astype(np.int64)
    cell = (place.astype(np.int64) * 2 + mirror) * _TURNS + turns
    return np.asarray(((cell * (_OCTAVES + 1) + octaves) * 64 + shifts[:, 0]) * 64 + shifts[:, 1], np.int64)


def _count(
    cells: NDArray[np.int64],
    place: NDArray[np.intp],
    mirror: NDArray[np.bool_],
    ids: NDArray[np.int64],
    least: int,
    best: dict[int, Tally],
) -> None:
    _, first, counts = np.unique(cells, return_index=True, return_counts=True)
    for index in np.flatnonzero(counts >= least).tolist():
        at = first[index]
        number, votes = int(ids[place[at]]), int(counts[index])
        known = best.get(number)
        if known is None or votes > known.votes:
            best[number] = Tally(number, votes, bool(mirror[at]))
