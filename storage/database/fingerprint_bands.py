"""How hashes within 31 of 256 bits are found exactly: 8 pairs of two bands of 16 bits, keyed ``kind << 16 | value``.

By the pigeonhole principle, twice. Give pair i a radius R_i (-1: not looked at). Where the sum of (R_i + 1) exceeds
d, no hash within d bits can differ in more than R_i bits in every pair. And a pair of radius R has a band of radius
a or its partner one of radius b, where (a + 1) + (b + 1) exceeds R. With 8 pairs of radius 3, d is 31, and all 16
bands have radius 1: 17 keys each. Smaller distances need fewer keys.

Each row holds its band's key and its partner's value: of the rows under a key, only those within the pair's radius
are candidates.

A picture is looked for in 8 orientations, and bit (u, v) of a hash is the sign of a coefficient of the cosine transform:
mirroring changes the signs of odd u, or of odd v, and transposing swaps u and v. So every band is of bits of one parity
of u and one of v, and mirroring turns all of it or none: of a band and its partner with all bits turned the form is
kept whose band begins with 0. And a band of even u and odd v has the kind of the one where u and v are swapped. What
8 orientations ask for is then much the same: 900 probes for a real picture, not 2,176 (and 408 if the signs were not
about a median, which moves). The bits of one parity are dealt to their bands in an order that parts neighbours, since
neighbouring coefficients of real pictures go together: among 100,000 hashes of these a search meets an eighth more rows
than among random ones.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

BANDS = 16
BAND_BITS = 16
HASH_BYTES = 32
MAX_DISTANCE = 31
ROOM = 3
"""The largest radius of a pair. A probe's ``slack`` is what its row may not use of it."""

_SIDE = 16
_SLACK_BITS = 2
_PARTNER_BITS = 16
_SCOPE_BITS = 47  # which SQLite keeps in 6 bytes
_PAIRS = BANDS // 2
_KINDS = np.array([0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], dtype=np.int64) << BAND_BITS
_TURNED = np.arange(BANDS) // 4 != 2  # all but those of even u and even v, which mirroring leaves as they are
_PARTNERS = np.arange(BANDS) ^ 1
_NEIGHBOURS = np.concatenate([[0], 1 << np.arange(BAND_BITS, dtype=np.int64)])
_ALL = (1 << BAND_BITS) - 1


def _dealt() -> list[int]:
    """Bands 0-3 of even u and odd v, 4-7 of the same with u and v swapped, 8-11 of both even, 12-15 of both odd."""
    # 2 is a primitive root of the prime 67: its powers are 1 to 66, each once, in no visible order.
    order = [place - 1 for place in (pow(2, n, 67) for n in range(66)) if place <= BAND_BITS * 4]
    cells = [divmod(place, _SIDE // 2) for place in order]
    mixed, even, odd = ([(2 * i + u, 2 * j + v) for i, j in cells] for u, v in ((0, 1), (0, 0), (1, 1)))
    swapped = [(v, u) for u, v in mixed]
    return [_SIDE * u + v for u, v in (*mixed, *swapped, *even, *odd)]


DEALT = np.array(_dealt())
"""Which bit of a hash, 0 its first (16 u + v), stands at each place of the bands."""

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


@lru_cache(maxsize=1024)
def scope_of(tenant: str, algorithm: str, version: str) -> int:
    """A number for what is searched together, short, for 16 rows a hash name it.

    Should two share one, at odds of one in 10**8 among a thousand, a search meets more candidates, whose names it sees in
    full; and of a file that both hold, erasing it in one makes it unfindable in the other.
    """
    name = f"{len(tenant)} {len(algorithm)} {tenant}{algorithm}{version}"
    digest = hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> (64 - _SCOPE_BITS)


def bands_of(raws: bytes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The 16 keys under which each of the hashes, joined together, is stored, and the partners' values.

    Both of shape (n, 16). Of a hash that is its own mirror image or nearly so two may be the same.
    """
    values = _values(raws)
    turn = _all_if_turned(values, _TURNED)
    return (values ^ turn) | _KINDS, values[:, _PARTNERS] ^ turn


def probes(raws: list[bytes], max_distance: int) -> list[int]:
    """Where hashes within ``max_distance`` (0..31) of one of ``raws`` rest: ``key << 18 | slack << 16 | partner``.

    Such a hash has a row under ``key`` with slack + (bits by which its partner differs from ``partner``) <= ROOM.
    Each once, ordered by key, which is the index's order.
    """
    values = _values(b"".join(raws))
    found = []
    for band, radius, slack in _plan(max_distance):
        reached = _NEIGHBOURS if radius else _NEIGHBOURS[:1]
        near = values[:, band, None] ^ reached
        turn = _all_if_turned(near, _TURNED[band])
        slacks = slack + (reached > 0)
        keys = (near ^ turn) | _KINDS[band]
        partners = values[:, _PARTNERS[band], None] ^ turn
        found.append((keys << (_SLACK_BITS + _PARTNER_BITS) | slacks << _PARTNER_BITS | partners).ravel())
    ordered: list[int] = np.unique(np.concatenate(found)).tolist()
    return ordered


def _all_if_turned(values: NDArray[np.int64], turned: NDArray[np.bool_] | np.bool_) -> NDArray[np.int64]:
    """The bits to be changed so that values that mirroring turns begin with 0: all or none."""
    return (values >> (BAND_BITS - 1)) * turned * _ALL


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
