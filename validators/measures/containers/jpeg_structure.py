"""Walks a JPEG's markers without decoding it: where it ends, what is missing, and what does not belong there.

Source: ITU-T T.81, annex B. Entropy-coded data is searched with numpy, so that a 5 MB photo costs about 2 ms.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from validators.measures.containers.buffers import Buffer, Searchable, searchable, u16

SOI, EOI, SOS, DNL, DRI, DHT, DQT, DAC, COM = 0xD8, 0xD9, 0xDA, 0xDC, 0xDD, 0xC4, 0xDB, 0xCC, 0xFE
_FRAMES = frozenset(range(0xC0, 0xD0)) - {DHT, 0xC8, DAC}
_PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
_STANDALONE = frozenset({0x01, *range(0xD0, 0xD9)})
_TABLES = frozenset({DHT, DQT, DAC, DRI, COM, *range(0xE0, 0xF0)})
_MAX_SEGMENTS = 4096
_MAX_STRAY = 64
_CHUNK = 1 << 17  # fits the second-level cache
_SHORTEST_RUN = 64
_MAX_RUNS = 10_000
_COEFFICIENTS = 64
_COMMON = frozenset({0xC0, 0xC1, 0xC2, 0xC9, 0xCA})  # what libjpeg-turbo decodes at 8 bits a sample
_UNUSUAL_BITS = (*range(2, 8), *range(9, 17))


@dataclass(frozen=True, slots=True)
class Segment:
    """A marker segment of the header; ``start``/``end`` bound its payload, without marker and length."""

    marker: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class JpegStructure:
    """What the markers say. Offsets and lengths in bytes, sizes in pixels as stored (not yet upright).

    ``end_offset`` is just past the EOI marker, or the end of the data where none was found.
    ``longest_zero_run_in_scan`` is 0 where no run reaches 64 bytes. ``stray_markers`` counts markers inside
    scan data that cannot stand there, ``restart_errors`` restart markers out of their cyclic order,
    ``stray_bytes`` bytes between header segments (some healthy cameras write them). ``all_scanned``: some scan has begun on
    every bit of every component.
    """

    end_offset: int
    has_end_marker: bool
    width: int = 0
    height: int = 0
    components: int = 0
    bits: int = 0
    progressive: bool = False
    scans: int = 0
    longest_zero_run_in_scan: int = 0
    stray_markers: int = 0
    restart_errors: int = 0
    stray_bytes: int = 0
    all_scanned: bool = False
    process: int = 0
    """The frame's marker, which names how the picture is coded."""

    @property
    def has_frame(self) -> bool:
        """A frame header was read."""
        return self.components > 0


def header_segments(data: Buffer) -> tuple[Segment, ...]:
    """The segments from SOI to the first SOS (inclusive). Empty where ``data`` is no JPEG; never raises."""
    return _read_header(searchable(data))[0]


def scan_jpeg(data: Buffer) -> JpegStructure:
    """Walk the whole stream to its EOI marker. Thumbnails inside segments are skipped with their segment."""
    source = searchable(data)
    segments, stray_bytes = _read_header(source)
    frame = next((s for s in segments if s.marker in _FRAMES and s.end - s.start >= 6), None)
    first_scan = next((s for s in segments if s.marker == SOS), None)
    walk = _Walk(
        source,
        interleaved=_is_interleaved(source, frame, first_scan),
        restarts=_has_restarts(source, segments),
    )
    if first_scan is not None:
        walk.run(first_scan.end)
    end = walk.end if walk.end is not None else len(source)
    zero_run = 0
    if first_scan is not None:
        zero_run = longest_zero_run(source, first_scan.end, end)
    return JpegStructure(
        end_offset=end,
        has_end_marker=walk.end is not None,
        width=u16(source, frame.start + 3) if frame else 0,
        height=u16(source, frame.start + 1) if frame else 0,
        components=source[frame.start + 5] if frame else 0,
        bits=source[frame.start] if frame else 0,
        progressive=frame is not None and frame.marker in _PROGRESSIVE,
        scans=walk.scans,
        longest_zero_run_in_scan=zero_run,
        stray_markers=walk.stray,
        restart_errors=walk.restart_errors,
        stray_bytes=stray_bytes,
        all_scanned=_all_scanned(source, frame, [first_scan.start, *walk.scan_starts])
        if frame and first_scan
        else False,
        process=frame.marker if frame else 0,
    )


def unusual_coding(found: JpegStructure) -> str:
    """Why no common decoder reads a whole JPEG, in words for the log: more than 8 bits a sample, or a lossless or
    hierarchical process. "" for an ordinary one. Medical scanners and measuring cameras write such files."""
    if found.has_frame and found.bits in _UNUSUAL_BITS:
        return f"{found.bits} bits a sample"
    return f"coding process {found.process:#x}" if found.process in _FRAMES - _COMMON else ""


def _all_scanned(data: Searchable, frame: Segment, scans: list[int]) -> bool:
    """Whether the scans' headers cover all 64 coefficients of every component, down to their last bit."""
    seen = dict.fromkeys(data[frame.start + 6 : frame.end : 3], 0)
    for start in scans:
        count = data[start]
        band = data[start + 1 + 2 * count : start + 4 + 2 * count]
        if len(band) == 3 and band[0] <= band[1] < _COEFFICIENTS and band[2] & 15 == 0:
            bits = (1 << band[1] + 1) - (1 << band[0])
            seen |= {one: seen.get(one, 0) | bits for one in data[start + 1 : start + 1 + 2 * count : 2]}
    return all(bits == (1 << _COEFFICIENTS) - 1 for bits in seen.values())


def longest_zero_run(data: Searchable, start: int, end: int) -> int:
    """Length of the longest run of zero bytes in ``data[start:end]``; 0 where none reaches 64 bytes."""
    needle = bytes(_SHORTEST_RUN)
    longest, at = 0, data.find(needle, start, end)
    for _ in range(_MAX_RUNS):
        if at < 0:
            break
        stop = _end_of_zeros(data, at, end)
        longest = max(longest, stop - at)
        at = data.find(needle, stop, end)
    return longest


def _end_of_zeros(data: Searchable, at: int, end: int) -> int:
    while at < end:
        block = data[at : min(at + 65536, end)]
        rest = block.lstrip(b"\0")
        at += len(block) - len(rest)
        if rest:
            break
    return at


def _read_header(data: Searchable) -> tuple[tuple[Segment, ...], int]:
    if data[:2] != b"\xff\xd8":
        return (), 0
    segments: list[Segment] = []
    at, stray, size = 2, 0, len(data)
    while len(segments) < _MAX_SEGMENTS:
        found = data.find(b"\xff", at)
        if found < 0 or found + 4 > size:
            break
        stray += found - at
        at = found
        marker = data[at + 1]
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        if marker == 0 or marker in _STANDALONE:
            stray += 2 if marker == 0 else 0
            at += 2
            continue
        if marker == EOI:
            break
        length = u16(data, at + 2)
        end = min(at + 2 + max(length, 2), size)
        segments.append(Segment(marker, at + 4, end))
        at = end
        if marker == SOS:
            break
    return tuple(segments), stray


def _is_interleaved(data: Searchable, frame: Segment | None, scan: Segment | None) -> bool:
    """True for a sequential image whose first scan holds every component: only EOI or DNL may follow it."""
    if frame is None or scan is None or frame.marker in _PROGRESSIVE or scan.start >= scan.end:
        return False
    return data[scan.start] == data[frame.start + 5]


def _has_restarts(data: Searchable, segments: tuple[Segment, ...]) -> bool:
    return any(s.marker == DRI and u16(data, s.start) > 0 for s in segments)


class _Walk:
    """The state of one walk through entropy-coded data."""

    def __init__(self, data: Searchable, *, interleaved: bool, restarts: bool) -> None:
        self.data = data
        self.interleaved = interleaved
        self.restarts = restarts
        self.end: int | None = None
        self.scans = 0
        self.scan_starts: list[int] = []
        self.stray = 0
        self.restart_errors = 0
        self._next_restart = 0

    def run(self, start: int) -> None:
        self.scans = 1
        resume = start
        for at, marker in self._markers(start):
            if at < resume:
                continue
            if 0xD0 <= marker <= 0xD7:
                self._restart(marker - 0xD0)
            elif marker == EOI:
                self.end = at + 2
                return
            elif (after := self._segment_end(at, marker)) is not None:
                resume = after
                if marker == SOS:
                    self.scans += 1
                    self.scan_starts.append(at + 4)
                    self._next_restart = 0
                elif marker == DRI:
                    self.restarts = u16(self.data, at + 4) > 0
            elif marker != 0xFF:  # else a fill byte
                self.stray += 1
                if self.stray > _MAX_STRAY and not self._ends_later(at):
                    return

    def _ends_later(self, at: int) -> bool:
        """Whether an end marker may still follow. After many stray markers the walk is only worth it then."""
        return self.data.find(b"\xff\xd9", at) >= 0

    def _restart(self, number: int) -> None:
        if not self.restarts or number != self._next_restart:
            self.restart_errors += 1
        self._next_restart = (number + 1) % 8

    def _segment_end(self, at: int, marker: int) -> int | None:
        """Where the segment at ``at`` ends, or None where no such segment can stand between scans."""
        length = u16(self.data, at + 2)
        after = at + 2 + length
        if marker == DNL:
            return after if length == 4 else None
        if self.interleaved or length < 2 or after + 2 > len(self.data):
            return None
        if marker == SOS:
            return after if length == 6 + 2 * self.data[at + 4] and 1 <= self.data[at + 4] <= 4 else None
        if marker not in _TABLES:
            return None
        return after if self.data[after] == 0xFF and self.data[after + 1] >= 0xC0 else None

    def _markers(self, start: int) -> Iterator[tuple[int, int]]:
        """Every (offset, code) from ``start``, without chunks whose restart markers are in order."""
        view = np.frombuffer(self.data, np.uint8)
        for base in range(start, len(view) - 1, _CHUNK):
            codes = view[base + 1 : base + 1 + _CHUNK]
            hit = (view[base : base + len(codes)] == 0xFF) & (codes != 0)
            if not hit.any():
                continue
            at = np.flatnonzero(hit)
            codes = codes[at]
            at += base
            if self.restarts and self._restarts_in_order(codes):
                plain = (codes < 0xD0) | (codes > 0xD7)
                at, codes = at[plain], codes[plain]
            yield from zip(at.tolist(), codes.tolist(), strict=True)

    def _restarts_in_order(self, codes: NDArray[np.uint8]) -> bool:
        """Check a chunk with only restart markers at once, instead of one by one."""
        if codes.size == 0 or ((codes < 0xD0) | (codes > 0xD7)).any():
            return False
        expected = (self._next_restart + np.arange(codes.size)) % 8
        if not np.array_equal(codes - 0xD0, expected):
            return False
        self._next_restart = int((expected[-1] + 1) % 8)
        return True
