"""How hashes within 31 of 256 bits are found exactly: 8 pairs of two bands of 16 bits, keyed ``band << 16 | value``.

By the pigeonhole principle, twice. Give pair i a radius R_i (-1: not looked at). Where the sum of (R_i + 1) exceeds
d, no hash within d bits can differ in more than R_i bits in every pair. And a pair of radius R has a band of radius
a or its partner one of radius b, where (a + 1) + (b + 1) exceeds R. With 8 pairs of radius 3, d is 31, and all 16
bands have radius 1: 17 keys each. Smaller distances need fewer keys.

Each row holds its band's key and its partner's value: of the rows under a key, only those within the pair's radius
are candidates, one in 400. The bits are dealt to the bands in an order that parts neighbours, since neighbouring
coefficients of real pictures go together: among 15,000 real hashes a search then meets a tenth more rows than among
random ones, and not 40 % more (a twentieth of the searches: twice as many).
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

BANDS = 16
BAND_BITS = 16
HASH_BYTES = 32
MAX_DISTANCE = 31
ROOM = 3
"""The largest radius of a pair. A probe's ``slack`` is what its row may not use of it."""

_KEY_BITS = 20
_PARTNER_BITS = 16
_PAIRS = BANDS // 2
_OFFSETS = np.arange(BANDS, dtype=np.int64) << BAND_BITS
_PARTNERS = np.arange(BANDS) ^ 1
_NEIGHBOURS = np.concatenate([[0], 1 << np.arange(BAND_BITS, dtype=np.int64)])

# 7 is a primitive root of the prime 257: its powers are 1 to 256, each once, in no visible order.
DEALT = np.array([pow(7, place, 257) - 1 for place in range(BANDS * BAND_BITS)])
"""Which bit of a hash, 0 its first, stands at each place of the bands."""

SLACKENED = np.bitwise_count(np.arange((ROOM + 1) << _PARTNER_BITS) & 0xFFFF).astype(np.uint8)
SLACKENED += np.repeat(np.arange(ROOM + 1, dtype=np.uint8), 1 << _PARTNER_BITS)
"""By ``slack << 16 | difference``: the slack and the difference's bits. For SQLite, which cannot count bits."""


def parse_hash(digits: str) -> bytes:
    """64 hexadecimal digits as 32 bytes; ValueError for anything else."""
    raw = bytes.fromhex(digits)
    if len(raw) != HASH_BYTES:
        raise ValueError(f"a fingerprint has {HASH_BYTES * 2} hexadecimal digits, not {len(digits)}")
    return raw


def identifier(sha256: str, part: int = 0) -> int:
    """A number below 2**63 that follows from a file's part: short, for 16 rows name it; equal on every machine.

    Two parts may share one, at odds of one in 10**7 among a million: keys hold the sha256 and the part too.
    """
    name = f"{sha256}/{part}" if part else sha256
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big") >> 1


def bands_of(raws: bytes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The 16 keys under which each of the hashes, joined together, is stored, and the partners' values.

    Both of shape (n, 16).
    """
    values = _values(raws)
    return values + _OFFSETS, values[:, _PARTNERS]


def probes(raws: list[bytes], max_distance: int) -> list[int]:
    """Where hashes within ``max_distance`` (0..31) of one of ``raws`` rest: ``slack << 36 | partner << 20 | key``.

    Such a hash has a row under ``key`` with slack + (bits by which its partner differs from ``partner``) <= ROOM.
    Ordered by key, which is the index's order.
    """
    values = _values(b"".join(raws))
    found = []
    for band, radius, slack in _plan(max_distance):
        reached = _NEIGHBOURS if radius else _NEIGHBOURS[:1]
        keys = (values[:, band, None] ^ reached) | _OFFSETS[band]
        slacks = slack + (reached > 0)
        partners = values[:, _PARTNERS[band], None]
        found.append((slacks << (_KEY_BITS + _PARTNER_BITS) | partners << _KEY_BITS | keys).ravel())
    joined = np.concatenate(found)
    ordered: list[int] = joined[np.argsort(joined & ((1 << _KEY_BITS) - 1), kind="stable")].tolist()
    return ordered


def nearest(stored: list[bytes], raws: list[bytes]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each stored hash its least distance in bits to any of ``raws``, and the first index that has it.

    Shapes (n,), both int64; ``stored`` of n hashes of 32 bytes, n > 0.
    """
    candidates = np.frombuffer(b"".join(stored), dtype=np.uint64).reshape(-1, 1, HASH_BYTES // 8)
    queries = np.frombuffer(b"".join(raws), dtype=np.uint64).reshape(1, -1, HASH_BYTES // 8)
    distances = np.bitwise_count(candidates ^ queries).sum(axis=2, dtype=np.int64)
    best = distances.argmin(axis=1)
    return distances[np.arange(len(stored)), best], best.astype(np.int64)


def _plan(max_distance: int) -> list[tuple[int, int, int]]:
    """(band, its radius, slack of its pair) of every band to be looked at."""
    plan = []
    for pair in range(_PAIRS):
        pair_radius = (max_distance + 1 + _PAIRS - 1 - pair) // _PAIRS - 1  # their sum of R + 1 is d + 1
        for half in range(2):
            radius = (pair_radius + 1 + 1 - half) // 2 - 1  # the sum of r + 1 is R + 1
            if radius >= 0:
                plan.append((2 * pair + half, radius, ROOM - pair_radius))
    return plan


def _values(raws: bytes) -> NDArray[np.int64]:
    """The bands' values, shape (n, 16)."""
    bits = np.unpackbits(np.frombuffer(raws, dtype=np.uint8).reshape(-1, HASH_BYTES), axis=1)
    packed = np.packbits(bits[:, DEALT].reshape(-1, BAND_BITS), axis=1)
    return packed.view(">u2").reshape(-1, BANDS).astype(np.int64)
