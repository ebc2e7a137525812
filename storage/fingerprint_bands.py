"""How hashes within 31 of 256 bits are found exactly: 16 bands of 16 bits, keyed ``band << 16 | value``.

By the pigeonhole principle: give band i a radius r_i (-1: not looked at). Where the sum of (r_i + 1) exceeds
d, no hash within d bits can differ in more than r_i bits in every band. With 16 bands of radius 1, d is 31;
smaller distances need fewer probes.
"""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

BANDS = 16
BAND_BITS = 16
HASH_BYTES = 32
MAX_DISTANCE = 31

_OFFSETS = np.arange(BANDS, dtype=np.int64) << BAND_BITS
_NEIGHBOURS = np.concatenate([[0], 1 << np.arange(BAND_BITS, dtype=np.int64)])


def parse_hash(digits: str) -> bytes:
    """64 hexadecimal digits as 32 bytes; ValueError for anything else."""
    raw = bytes.fromhex(digits)
    if len(raw) != HASH_BYTES:
        raise ValueError(f"a fingerprint has {HASH_BYTES * 2} hexadecimal digits, not {len(digits)}")
    return raw


def identifier(sha256: str) -> int:
    """A number below 2**63 that follows from ``sha256``: short, for 16 rows name it; equal on every machine.

    Two files may share one, at odds of one in 10**7 among a million: keys hold the sha256 too.
    """
    return int.from_bytes(hashlib.blake2b(sha256.encode(), digest_size=8).digest(), "big") >> 1


def band_keys(raw: bytes) -> list[int]:
    """The 16 keys under which a hash is stored."""
    keys: list[int] = band_keys_of(raw).tolist()
    return keys


def band_keys_of(raws: bytes) -> NDArray[np.int64]:
    """The same for hashes joined together: 16 keys for each, shape (16 n,)."""
    return (_values(raws).reshape(-1, BANDS) + _OFFSETS).ravel()


def probes_for(max_distance: int, orientations: int = 8) -> int:
    """How many keys ``probe_keys`` gives."""
    looked_at = min(BANDS, max_distance + 1)
    widened = max_distance + 1 - looked_at
    return orientations * (looked_at + widened * BAND_BITS)


def probe_keys(raws: list[bytes], max_distance: int) -> list[int]:
    """Every key under which a hash within ``max_distance`` (0..31) of one of ``raws`` may rest; sorted."""
    values = np.stack([_values(raw) for raw in raws]) + _OFFSETS
    looked_at = min(BANDS, max_distance + 1)
    widened = max_distance + 1 - looked_at
    wide = values[:, :widened, None] ^ _NEIGHBOURS
    keys: list[int] = np.sort(np.concatenate([wide.ravel(), values[:, widened:looked_at].ravel()])).tolist()
    return keys


def nearest(stored: list[bytes], raws: list[bytes]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each stored hash its least distance in bits to any of ``raws``, and the first index that has it.

    Shapes (n,), both int64; ``stored`` of n hashes of 32 bytes, n > 0.
    """
    candidates = np.frombuffer(b"".join(stored), dtype=np.uint64).reshape(-1, 1, HASH_BYTES // 8)
    queries = np.frombuffer(b"".join(raws), dtype=np.uint64).reshape(1, -1, HASH_BYTES // 8)
    distances = np.bitwise_count(candidates ^ queries).sum(axis=2, dtype=np.int64)
    best = distances.argmin(axis=1)
    return distances[np.arange(len(stored)), best], best.astype(np.int64)


def _values(raw: bytes) -> NDArray[np.int64]:
    return np.frombuffer(raw, dtype=">u2").astype(np.int64)
