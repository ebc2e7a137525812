"""The search finds every hash within the distance, and no other: against brute force."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from storage_samples import sha256_of

from storage.database.database import SqlDatabase
from storage.database.fingerprint_bands import (
    DEALT,
    ROOM,
    SLACKENED,
    bands_of,
    identifier,
    parse_hash,
    probes,
)
from storage.interfaces.fingerprints import Hit
from storage.memory import memory_database
from validators.evidence import Fingerprint

BITS = 256
BANDS = 16


def fingerprint(*hashes: int, algorithm: str = "phash256", version: str = "1") -> Fingerprint:
    """A fingerprint of these orientations."""
    return Fingerprint(algorithm, version, tuple(f"{value:064x}" for value in hashes))


def flipped(value: int, bits: list[int]) -> int:
    """``value`` with those bits changed; bit 0 is the first of the hash."""
    for bit in bits:
        value ^= 1 << (BITS - 1 - bit)
    return value


def brute_force(stored: dict[str, int], query: Fingerprint, max_distance: int) -> list[Hit]:
    """What a search must give."""
    hits = []
    for sha256, value in stored.items():
        distances = [(value ^ int(digits, 16)).bit_count() for digits in query.orientations]
        if min(distances) <= max_distance:
            hits.append(Hit(sha256, min(distances), distances.index(min(distances)) + 1))
    return sorted(hits, key=lambda hit: (hit.distance, hit.sha256))


def spread_evenly(count: int, offset: int) -> list[int]:
    """Bits dealt to the bands in turn: the spread that bands find hardest."""
    return [int(DEALT[(n % BANDS) * 16 + (n // BANDS + offset) % 16]) for n in range(count)]


def unevenly_in_pairs(count: int, offset: int) -> list[int]:
    """Bits dealt to the pairs in turn, two to one half and one to the other: the hardest within a pair."""
    halves = (0, 1, 1, 0)
    return [
        int(DEALT[(2 * (n % 8) + (halves[n // 8 % 4] + offset) % 2) * 16 + n // 8 % 16]) for n in range(count)
    ]


def in_few_bands(count: int, first: int) -> list[int]:
    """Bits that fill one band after another."""
    return [int(DEALT[(first * 16 + n) % BITS]) for n in range(count)]


SPREADS = (spread_evenly, unevenly_in_pairs, in_few_bands)


@pytest.fixture(scope="module")
def shared() -> Iterator[SqlDatabase]:
    """One database for all examples, each under a tenant of its own."""
    database = memory_database()
    yield database
    database.close()


@st.composite
def searches(draw: st.DrawFn) -> tuple[list[int], list[int], int]:
    """Hashes near and far, queries in up to 8 orientations, and a distance."""
    queries = draw(st.lists(st.integers(0, 2**BITS - 1), min_size=1, max_size=8))
    stored = draw(st.lists(st.integers(0, 2**BITS - 1), max_size=5))
    for _ in range(draw(st.integers(0, 12))):
        count = draw(st.integers(0, 34))
        start = draw(st.integers(0, 15))
        at_random = st.lists(st.integers(0, BITS - 1), min_size=count, max_size=count, unique=True)
        bits = draw(st.one_of(at_random, *(st.just(spread(count, start)) for spread in SPREADS)))
        stored.append(flipped(draw(st.sampled_from(queries)), bits))
    return stored, queries, draw(st.one_of(st.just(31), st.integers(0, 31)))


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(searches())
def test_the_search_equals_brute_force(shared: SqlDatabase, search: tuple[list[int], list[int], int]) -> None:
    values, queries, max_distance = search
    stored = {sha256_of(n): value for n, value in enumerate(values)}
    query = fingerprint(*queries)
    tenant = secrets.token_hex(8)
    with shared.transaction() as records:
        records.add_fingerprints(
            tenant, [(sha256, 0, fingerprint(value)) for sha256, value in stored.items()]
        )
        assert records.search(tenant, query, max_distance) == brute_force(stored, query, max_distance)


def test_every_distance_is_exact_among_many(database: SqlDatabase, tenant: str) -> None:
    random = np.random.default_rng(7)
    base = int.from_bytes(random.bytes(32), "big")
    values = [int.from_bytes(random.bytes(32), "big") for _ in range(300)]
    for count in range(36):
        values += [flipped(base, spread(count, count % BANDS)) for spread in SPREADS]
        values.append(flipped(base, random.permutation(BITS)[:count].tolist()))
    stored = {sha256_of(n): value for n, value in enumerate(values)}
    others = [int.from_bytes(random.bytes(32), "big") for _ in range(7)]
    query = fingerprint(*others[:4], base, *others[4:])
    with database.transaction() as records:
        records.add_fingerprints(
            tenant, [(sha256, 0, fingerprint(value)) for sha256, value in stored.items()]
        )
    with database.reading() as records:
        for max_distance in (0, 1, 14, 15, 16, 24, 30, 31):
            hits = records.search(tenant, query, max_distance)
            assert hits == brute_force(stored, query, max_distance)
            assert len(hits) >= 4 * (max_distance + 1) - 3
            assert {hit.orientation for hit in hits} == {5}
        assert records.search(tenant, query, 31, limit=4) == brute_force(stored, query, 31)[:4]


def test_the_first_of_equally_near_orientations_is_named(database: SqlDatabase, tenant: str) -> None:
    with database.transaction() as records:
        records.add_fingerprints(tenant, [(sha256_of("a"), 0, fingerprint(0))])
        assert records.search(tenant, fingerprint(3, 5, 0b110), 31) == [Hit(sha256_of("a"), 2, 1)]
        assert records.search(tenant, fingerprint(7, 1, 1), 31) == [Hit(sha256_of("a"), 1, 2)]


def test_only_the_upright_orientation_is_stored(database: SqlDatabase, tenant: str) -> None:
    with database.transaction() as records:
        records.add_fingerprints(tenant, [(sha256_of("a"), 0, fingerprint(0, 2**BITS - 1))])
        assert records.search(tenant, fingerprint(2**BITS - 1), 31) == []
        assert records.search(tenant, fingerprint(2**BITS - 1, 0), 31) == [Hit(sha256_of("a"), 0, 2)]


def test_adding_again_changes_nothing(database: SqlDatabase, tenant: str) -> None:
    with database.transaction() as records:
        records.add_fingerprints(tenant, [(sha256_of("a"), 0, fingerprint(9))])
        records.add_fingerprints(tenant, [(sha256_of("a"), 0, fingerprint(9))])
        assert records.search(tenant, fingerprint(9), 0) == [Hit(sha256_of("a"), 0, 1)]


def test_an_abstained_fingerprint_is_neither_found_nor_a_query(database: SqlDatabase, tenant: str) -> None:
    blank = Fingerprint("phash256", "1", (), "blank")
    with database.transaction() as records:
        records.add_fingerprints(tenant, [(sha256_of("blank"), 0, blank)])
        records.add_fingerprints(tenant, [(sha256_of("zero"), 0, fingerprint(0))])
        assert records.search(tenant, blank, 31) == []
        assert records.search(tenant, fingerprint(0), 31) == [Hit(sha256_of("zero"), 0, 1)]


def test_parts_are_told_apart_and_ordered(database: SqlDatabase, tenant: str) -> None:
    a, b = sorted((sha256_of("a"), sha256_of("b")))
    with database.transaction() as records:
        parts = [
            (b, 0, fingerprint(0)),
            (a, 12, fingerprint(0)),
            (a, 0, fingerprint(1)),
            (a, 3, fingerprint(0)),
        ]
        records.add_fingerprints(tenant, parts)
        records.add_fingerprints(
            tenant, [(a, 3, fingerprint(0)), (a, 5, Fingerprint("phash256", "1", (), "blank"))]
        )
        hits = [Hit(a, 0, 1, 3), Hit(a, 0, 1, 12), Hit(b, 0, 1), Hit(a, 1, 1)]
        assert records.search(tenant, fingerprint(0), 31) == hits
        assert records.search(tenant, fingerprint(0), 31, limit=2) == hits[:2]


def test_tenants_algorithms_and_versions_stay_apart(database: SqlDatabase, tenant: str) -> None:
    same, other_version = fingerprint(5), fingerprint(5, version="2")
    other_algorithm = fingerprint(5, algorithm="pdq")
    with database.transaction() as records:
        records.add_fingerprints(tenant, [(sha256_of("a"), 0, same)])
        records.add_fingerprints(f"{tenant}-other", [(sha256_of("b"), 0, same)])
        records.add_fingerprints(tenant, [(sha256_of("c"), 0, other_version)])
        records.add_fingerprints(tenant, [(sha256_of("d"), 0, other_algorithm)])
        for query, name in ((same, "a"), (other_version, "c"), (other_algorithm, "d")):
            assert records.search(tenant, query, 31) == [Hit(sha256_of(name), 0, 1)]


def test_many_copies_of_one_picture_are_given_to_the_limit(database: SqlDatabase, tenant: str) -> None:
    copies = sorted(sha256_of(n) for n in range(1_500))
    with database.transaction() as records:
        records.add_fingerprints(tenant, [(sha256, 0, fingerprint(77)) for sha256 in reversed(copies)])
        assert [hit.sha256 for hit in records.search(tenant, fingerprint(77), 31)] == copies[:1000]
        assert len(records.search(tenant, fingerprint(77), 31, limit=5_000)) == len(copies)


@pytest.mark.parametrize("max_distance", [-1, 32])
def test_a_distance_beyond_the_bands_is_refused(
    database: SqlDatabase, tenant: str, max_distance: int
) -> None:
    with database.reading() as records, pytest.raises(ValueError, match=r"0\.\.31"):
        records.search(tenant, fingerprint(1), max_distance)


@pytest.mark.parametrize("digits", ["", "ab", "0" * 63, "0" * 66, "x" * 64])
def test_a_malformed_hash_is_refused(digits: str) -> None:
    with pytest.raises(ValueError, match="hexadecimal"):
        parse_hash(digits)


KINDS = (0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11)


def test_rows_hold_the_kind_of_band_its_value_and_its_partners() -> None:
    raw = bytes(range(32))
    bits = [raw[bit // 8] >> (7 - bit % 8) & 1 for bit in DEALT.tolist()]
    values = [int("".join(map(str, bits[start : start + 16])), 2) for start in range(0, BITS, 16)]
    keys, partners = bands_of(raw + bytes(32))
    for band, value in enumerate(values):
        turn = 0xFFFF if value >= 0x8000 and not 8 <= band < 12 else 0
        assert keys[0, band] == KINDS[band] << 16 | value ^ turn
        assert partners[0, band] == values[band ^ 1] ^ turn
    assert keys[1].tolist() == [kind << 16 for kind in KINDS]


def turned(raw: bytes, orientation: int) -> bytes:
    """The hash whose coefficients have the signs that mirroring gives them, and are swapped: EXIF's orientations 1 to 8."""
    bits = np.unpackbits(np.frombuffer(raw, np.uint8)).reshape(16, 16)
    odd = np.arange(16) % 2 == 1
    across, down = orientation in (2, 3, 6, 7), orientation in (3, 4, 7, 8)
    bits = bits ^ (across * odd)[None, :].astype(np.uint8) ^ (down * odd)[:, None].astype(np.uint8)
    return np.packbits(bits.T if orientation > 4 else bits).tobytes()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_turned_rests_under_the_same_keys(orientation: int) -> None:
    """But for those of equal parities where rows and columns are swapped: their bands hold other bits then."""
    raw = np.random.default_rng(3).bytes(32)
    (keys,), (partners,) = bands_of(raw)
    (their_keys,), (their_partners,) = bands_of(turned(raw, orientation))
    rows, theirs = set(zip(keys, partners, strict=True)), set(zip(their_keys, their_partners, strict=True))
    assert len(rows & theirs) >= (8 if orientation > 4 else 16)


def test_eight_orientations_ask_for_little_more_than_two() -> None:
    raw = np.random.default_rng(4).bytes(32)
    eight = probes([turned(raw, orientation) for orientation in range(1, 9)], 31)
    assert len(probes([raw], 31)) == 272
    assert len(eight) == 272 + 8 * 17


def test_the_bits_are_dealt_each_once() -> None:
    assert sorted(DEALT.tolist()) == list(range(BITS))


@pytest.mark.parametrize("max_distance", range(32))
def test_no_hash_within_the_distance_escapes_the_probes(max_distance: int) -> None:
    random = np.random.default_rng(max_distance)
    places = [random.permutation(BITS)[:max_distance].tolist() for _ in range(300)]
    places += [spread(max_distance, start) for spread in SPREADS for start in range(BANDS)]
    base = int.from_bytes(random.bytes(32), "big")
    near = b"".join(flipped(base, bits).to_bytes(32, "big") for bits in places)
    probed = defaultdict(list)
    for probe in probes([base.to_bytes(32, "big")], max_distance):
        probed[probe >> 18].append(probe & 0x3FFFF)
    met = [
        any(
            SLACKENED[sought ^ partner] <= ROOM
            for key, partner in zip(*row, strict=True)
            for sought in probed[key]
        )
        for row in zip(*(column.tolist() for column in bands_of(near)), strict=True)
    ]
    assert all(met)


@pytest.mark.parametrize(("max_distance", "count"), [(0, 1), (7, 8), (15, 16), (16, 32), (31, 272)])
def test_probes_come_in_the_order_of_the_index(max_distance: int, count: int) -> None:
    found = probes([bytes(range(32)), np.random.default_rng(5).bytes(32)], max_distance)
    assert len(found) == 2 * count
    keys = [probe >> 18 for probe in found]
    assert keys == sorted(keys)


def test_part_0_has_the_identifier_of_its_file() -> None:
    assert identifier("ab", 0) == identifier("ab") == 516043656796244036
    assert len({identifier("ab", part) for part in range(100)}) == 100


def test_identifiers_fit_64_bits_signed() -> None:
    numbers = [identifier(sha256_of(n)) for n in range(1_000)]
    assert len(set(numbers)) == len(numbers)
    assert all(0 <= number < 2**63 for number in numbers)
