"""An uploaded item, its measurements and its matches, as plain data."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from validators.declared import NOTHING_DECLARED, Declared
from validators.stated_origin import OriginStatement, SignedOrigin

PHOTO = "photo"
SCREENSHOT = "screenshot"
DOCUMENT = "document"
TEXT = "text"
VIDEO = "video"
AUDIO = "audio"
UNKNOWN = "unknown"

INSIDE = " › "
"""Stands between a file's name and that of one found inside it."""


_DAY = timedelta(days=1, microseconds=-1)


@dataclass(frozen=True, slots=True)
class Evidence:
    """One file that one party uploaded to one dispute. Times are aware UTC.

    ``file`` is the path relative to the dispute's folder, or the object key. It is never trusted for display. ``sha256`` is
    empty if the file could not be read: it is missing, or a link that leads outside.
    ``parent`` is the id of the item inside which this one was found. ``guessed`` names the fields of ``declared`` that nobody
    stated: they were read from the file's name, its key or the time of an event.
    """

    id: str
    dispute_id: str
    file: str
    sha256: str
    bytes: int
    received_at: datetime
    tenant: str = "default"
    declared: Declared = NOTHING_DECLARED
    parent: str | None = None
    guessed: tuple[str, ...] = ()

    @property
    def content_key(self) -> str:
        """The key of its examination: its sha256, or its own id if it was never opened."""
        return self.sha256 or f"unopened:{self.id}"

    def completed_by(self, again: Evidence) -> Evidence:
        """This item after it was sent ``again``. What was stated of it stays, a guess gives way to a statement, and only what
        nobody said yet is added. A guess never replaces an earlier one: a later time would change who was first.
        """
        known, guesses = self.declared.said, frozenset(self.guessed)
        new = again.declared.said - known
        stated = (again.declared.said & guesses) - frozenset(again.guessed)
        added = {name: getattr(again.declared, name) for name in new | stated}
        left = (guesses - stated) | (new & frozenset(again.guessed))
        return replace(self, declared=replace(self.declared, **added), guessed=tuple(sorted(left)))

    @property
    def uploaded_at(self) -> datetime:
        """When it reached the dispute: the time of submission, else of receipt."""
        return self.declared.submitted_at or self.received_at

    @property
    def sent_between(self) -> tuple[datetime, datetime] | None:
        """The earliest and the latest time at which it can have been sent. None if no record says.

        Exports write a date without a time as midnight, so midnight stands for the whole day. Only one upload in 86,400 is
        really sent in that second.
        """
        sent = self.declared.submitted_at or (self.received_at if self.declared.received_at else None)
        if sent is None:
            return None
        return (sent, sent + _DAY) if sent.time() == time() else (sent, sent)


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle in 0..1 of the upright view; ``page`` counts from 1; ``time_s`` for video."""

    x: float
    y: float
    w: float
    h: float
    page: int | None = None
    time_s: float | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """A fact about opening the file, without judgement. ``code`` is one of PROBLEMS.

    ``actual`` and ``limit`` are in the unit ``unit`` names ("bytes", "pixels", "pages", "s").
    """

    code: str
    detail: str = ""
    actual: float | None = None
    limit: float | None = None
    unit: str | None = None


PROBLEMS = frozenset(
    {
        "missing",  # named in the dispute file, absent from the folder
        "gone",  # its upload was announced, but the object was removed before it could be read
        "unsafe_path",  # a link leading outside, a socket, a device: never opened
        "unreadable_path",  # the file system refused
        "not_fetched",  # the store of uploads refused this object; detail is the reason: storage.errors.REFUSALS
        "not_measured_again",  # what an earlier version measured: the original cannot be had any more; detail is the reason
        "empty",
        "unsupported",
        "corrupt",  # nothing could be decoded
        "truncated",  # the end is missing
        "no_end",  # the end marker alone is missing, and nothing before it
        "zeros",  # nothing but zero bytes: an upload that broke off
        "encoding_uncertain",  # a text whose bytes other encodings read as well; detail names them
        "unchecked",  # a valid file that our decoders do not read; detail says why
        "encrypted",
        "too_large",  # bytes, pixels, pages or seconds over a limit of opening
        "damaged",  # decodes, but part of the data is broken
        "trailing_data",  # data of another type after the end; detail names the type
        "limited",  # only part was read; detail says which
        "members_left",  # files inside were not opened for a reason outside the file, which "limited" reports
        "time_limit",
        "memory_limit",
        "output_limit",
        "crashed",  # the process that opened it was ended by its own signal; ``actual`` counts the attempts
        "tool_missing",
        "no_video_stream",
        "no_decode",
        "internal",  # a fault of ours; the traceback is in the log
    }
)


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """Geometry of a still (or of a video frame), upright: orientation applied."""

    width: int
    height: int
    format: str
    mode: str = "RGB"
    frames: int = 1
    orientation: int = 1
    bits: int = 8


@dataclass(frozen=True, slots=True)
class GlareSpot:
    """A washed-out spot: ``area`` of the picture, ``solidity``, its share of its convex hull, and ``softness``, the share of
    its border that is bright, each 0..1. ``around``: the luma 0..255 of its surroundings.
    """

    area: float
    solidity: float
    softness: float
    around: float
    region: Region


@dataclass(frozen=True, slots=True)
class Definition:
    """How much of the range of tones about a pixel the best places of a picture change within that pixel, 0..0.5 and more.

    ``least`` in the direction that has least of it, ``most`` in the one that has most. ``places`` is how many tiles hold a
    range of tones at all. ``least_drawn`` makes up for directions in which drawings have no edges.
    """

    least: float
    most: float
    places: int
    least_drawn: float = 0.0


@dataclass(frozen=True, slots=True)
class ClarityMeasures:
    """How clear an upright grey view of at most 1,024 px is.

    ``sharpness`` is 0..1, higher is sharper, None if there are too few edges. ``definition`` is that of a copy of 400 px, in
    which only blur shows that everybody sees, ``definition_small`` that of one of 200 px, in which only such blur shows that
    leaves hardly anything to be made out; None before they were measured. ``fine_detail`` is about 1 for a sharp picture,
    whatever its contrast, and less where blur took the texture. Luma is 0..255. Fractions are shares of the tiles of a
    grid; ``washed_fraction`` is the share of clipped pixels beside a white ground that reaches the rim. ``noise`` is the
    estimated sigma in luma levels. ``glare`` is the most serious spot of reflected light, None if nothing away from the rim
    is washed out. ``side`` is the longer side of the view in px.
    """

    sharpness: float | None
    edge_count: int
    noise: float
    luma_mean: float
    luma_p05: float
    luma_p95: float
    luma_std: float
    dark_fraction: float
    clipped_fraction: float
    flat_fraction: float
    weakest: Region | None = None
    glare: GlareSpot | None = None
    definition: Definition | None = None
    definition_small: Definition | None = None
    fine_detail: float = 0.0
    washed_fraction: float = 1.0
    side: int = 1024


@dataclass(frozen=True, slots=True)
class LegibilityMeasures:
    """The text of a picture. ``text_height``: px of the upload between the baseline and the top of the small letters
    (of capitals and digits in a word without others), the median over words by width. ``text_contrast``: luma levels 0..255
    between ink and paper. Both are None if too few ``words`` were found. Where a photographed page was told by its ``lines``,
    words are lines.
    """

    text_height: float | None = None
    text_contrast: float | None = None
    words: int = 0
    lines: bool = False


@dataclass(frozen=True, slots=True)
class ContentMeasures:
    """What distinguishes a photo from a screen or a document, and how much of it is print. All are 0..1.

    ``printed_fraction`` is the share of the detail that is print, of a photographed page too, whatever its light.
    ``largest_patch`` is the share of all that differs from the ground in the largest patch of it: a thing on white is one
    patch, a page is many.
    """

    flat_fraction: float
    palette_share: float
    text_fraction: float
    white_fraction: float
    printed_fraction: float = 0.0
    largest_patch: float = 1.0


@dataclass(frozen=True, slots=True)
class TimeCandidate:
    """One statement of when something happened, as an interval.

    ``source`` is e.g. "exif:DateTimeOriginal", "xmp:CreateDate", "quicktime:CreationDate", "file_name".
    ``value`` is the text as found. ``earliest``/``latest`` are aware UTC; without a zone they span the
    26 hours of possible offsets around the local reading. ``meaning`` is "captured", "digitized", "modified", "gps",
    "container" or "named".
    """

    source: str
    value: str
    earliest: datetime
    latest: datetime
    zone_known: bool
    meaning: str = "captured"


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """A perceptual hash in all 8 orientations, 64 hex digits each; ``orientations[0]`` is the upright one.

    The order of orientations is that of EXIF's Orientation tag, 1..8. ``abstained`` names why no comparison may
    be made ("blank", "near_uniform", "split"), and then ``orientations`` is empty.
    """

    algorithm: str
    version: str
    orientations: tuple[str, ...]
    abstained: str | None = None


@dataclass(frozen=True, slots=True)
class PageMeasures:
    """One rendered page of a document, or one frame of a contact sheet; ``time_s`` for frames.

    ``pictured`` is the share 0..1 that pictures cover of a page: of a scan all, where letters and lines are drawn little.
    """

    number: int
    width: int
    height: int
    clarity: ClarityMeasures | None = None
    fingerprint: Fingerprint | None = None
    time_s: float | None = None
    characters: int = 0
    pictured: float = 1.0
    text_sha256: str | None = None
    """Of the text that a document's page holds, but for its spaces. None where it holds too little."""


@dataclass(frozen=True, slots=True)
class SpriteFacts:
    """The tiles of a video's sprite: ``columns`` across, each ``width`` x ``height`` px, by row, at ``times``."""

    columns: int
    width: int
    height: int
    times: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """What ffprobe says, and which frames were decoded. The size is upright, with rotation applied.

    ``encoders``: the programs that the file names as its writers.
    """

    duration_s: float | None
    width: int
    height: int
    rotation_deg: int
    fps: float | None
    video_codec: str
    audio_codec: str | None
    poster_time_s: float | None = None
    decoded_to_end: bool = True
    sprite: SpriteFacts | None = None
    encoders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CutMeasure:
    """A place where one take may end and another begin. ``kind`` is "cut", "leap" (the view is elsewhere from one
    frame to the next), "dissolve" or "dip" (through black or white).

    ``unlike``: the share 0..1 of what was seen before that is not seen after. ``quiet``: the share of the view that stays
    between frames around it.
    """

    time_s: float
    kind: str
    unlike: float
    quiet: float


@dataclass(frozen=True, slots=True)
class SoundMeasures:
    """The sound of a video or a recording, one number for each second. ``loudness`` is RMS in dB below full scale (0 is
    full, -96 nothing); ``clipped`` the share of samples cut off at full scale. ``peak`` over all of it, in dB."""

    loudness: tuple[float, ...]
    clipped: tuple[float, ...]
    peak: float


@dataclass(frozen=True, slots=True)
class VideoMeasures:
    """A video measured frame by frame from its start to ``measured_s``, in time bins of ``cell_s`` seconds.

    ``brightest``: the highest 95th percentile of luma of the bin's frames, 0..255. ``change``: the largest mean difference
    between two frames, in luma levels. ``moved``: how far the view moved, and ``shaken``: how far it strayed from its
    smoothed movement (RMS), both in shares of the long side. ``frames`` were measured in total.
    """

    measured_s: float
    cell_s: float
    frames: int
    brightest: tuple[float, ...] = ()
    change: tuple[float, ...] = ()
    moved: tuple[float, ...] = ()
    shaken: tuple[float, ...] = ()
    cuts: tuple[CutMeasure, ...] = ()


@dataclass(frozen=True, slots=True)
class AudioFacts:
    """What ffprobe says of a recording of sound alone."""

    duration_s: float | None
    codec: str


@dataclass(frozen=True, slots=True)
class DecoderErrors:
    """What the decoder of a video or of sound reported of broken data: so many ``lines``, around these ``seconds``."""

    lines: int
    seconds: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A number read on an item: only capitals and digits, without separators.

    ``kind`` is "order" or "tracking" if a word beside it or its own shape says so, else "". ``source`` is "barcode", "text"
    (recognised in a picture) or "text_layer" (text that the file itself holds). ``checked``: its check digit is right.
    ``region`` is its place.
    """

    kind: str
    value: str
    confidence: float
    source: str
    checked: bool = False
    region: Region | None = None


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """A message of a chat: ``start`` to ``end`` of the item's text, head included, and where its own words begin.

    ``sender``: its place among the chat's senders, None for what the program itself says ("Anna joined"). ``value``: the time
    as written, "" where none is. ``earliest`` and ``latest`` are aware UTC and None where the time cannot be read. They span
    every reading that the chat leaves open: the day and month in both orders, and a zone that is not stated.
    """

    start: int
    words: int
    end: int
    sender: int | None
    value: str = ""
    earliest: datetime | None = None
    latest: datetime | None = None


@dataclass(frozen=True, slots=True)
class ChatFacts:
    """An exported chat. ``form``: "whatsapp", "telegram", "copied" (name and time above each message) or "log" (names only).

    What stands before the first message, and is none, is in the text alone. Which of the senders owns the chat is not known.
    """

    form: str
    senders: tuple[str, ...]
    messages: tuple[ChatMessage, ...]


@dataclass(frozen=True, slots=True)
class MemberFacts:
    """A file found inside another: its name there, and its bytes."""

    path: str
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True)
class Measurements:
    """Everything measured of one file: measured once, judged as often as policies change.

    ``readers`` names the readers of numbers that ran: "text_layer" on what holds text, "barcode" and "text" if they are on.
    ``seconds`` are the views of a video, one a second. ``pages`` are those of them that are shown. ``members`` were found
    inside the file, and are items of their own. ``statements``: what the file itself states about how it was made.
    ``signed``: its C2PA manifest, if it has one.
    """

    version: str
    detected_type: str
    kind: str = UNKNOWN
    problems: tuple[Problem, ...] = ()
    image: ImageFacts | None = None
    clarity: ClarityMeasures | None = None
    content: ContentMeasures | None = None
    fingerprint: Fingerprint | None = None
    pixels_sha256: str | None = None
    times: tuple[TimeCandidate, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)
    has_gps: bool = False
    pages: tuple[PageMeasures, ...] = ()
    page_count: int | None = None
    video: VideoFacts | None = None
    text: str | None = None
    parts: tuple[Part, ...] = ()
    readings: tuple[Reading, ...] = ()
    readers: tuple[str, ...] = ()
    legibility: LegibilityMeasures | None = None
    decoded: VideoMeasures | None = None
    sound: SoundMeasures | None = None
    seconds: tuple[PageMeasures, ...] = ()
    members: tuple[MemberFacts, ...] = ()
    statements: tuple[OriginStatement, ...] = ()
    decoder_errors: DecoderErrors | None = None
    audio: AudioFacts | None = None
    signed: SignedOrigin | None = None
    chat: ChatFacts | None = None

    def problem(self, *codes: str) -> Problem | None:
        """The first problem with one of ``codes``."""
        return next((p for p in self.problems if p.code in codes), None)


@dataclass(frozen=True, slots=True)
class AlignedSegment:
    """A segment of two videos that shows the same, in seconds of each."""

    this_start_s: float
    this_end_s: float
    other_start_s: float
    other_end_s: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """What was measured by comparing two pictures, seen from this one.

    ``matrix``: nine numbers, row by row, that take a point of this view to the other's, each in units of its view's
    long side. ``inliers``: features that agree on it. ``shared``: share 0..1 of this view that the other covers;
    ``tiles`` of it have detail, of which the share ``correlated`` correlates, by ``correlation`` in the median;
    neighbouring tiles are displaced together by ``parallax_residual`` px at 512 px across. For screens and pages, else None,
    ``changed``: places whose text differs, of ``tiles`` compared. ``this_part`` and ``other_part``: 0 for the whole,
    else a region, page or frame. ``this_area`` and ``other_area``: what is shared, with page or time. ``bits``: in how
    many of 256 the parts' hashes differ in the nearest orientation, None if one has none. ``stretches``: the aligned
    segments of two videos, in the order of this one's time.

    Where the detail agrees at all, colours were compared too. ``tone``: levels by which tones lie off, in the mean, after the
    one tint that fits best. ``recoloured``: share 0..1 of the coloured area whose colour no tint explains, None where
    there is too little colour. ``greyed``: one of the two lost the other's colours. ``differing``: share of the shared
    area that shows something else, within ``this_difference`` and ``other_difference``; both None where nothing does, or
    no one place.

    Of very long screens, ``this_rows`` and ``other_rows`` are those whose text agrees, from and to, in px of the uploads,
    ``widths`` how many widths of this one they are long, and ``correlated`` their share of the rows that both could show.
    """

    matrix: tuple[float, ...]
    inliers: int
    tiles: int
    shared: float
    correlated: float
    correlation: float
    parallax_residual: float
    changed: int | None = None
    this_part: int = 0
    other_part: int = 0
    this_area: Region | None = None
    other_area: Region | None = None
    bits: int | None = None
    stretches: tuple[AlignedSegment, ...] = ()
    tone: float | None = None
    recoloured: float | None = None
    greyed: bool = False
    differing: float = 0.0
    this_difference: Region | None = None
    other_difference: Region | None = None
    this_rows: tuple[int, int] | None = None
    other_rows: tuple[int, int] | None = None
    widths: float | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a file that is compared by itself: ``number`` 0 is the whole still, 1.. are regions, pages, pieces or frames.

    ``region`` in 0..1 of the upright view (or of the page, piece or frame), None for all of it.
    """

    number: int
    fingerprint: Fingerprint
    region: Region | None = None
    is_piece: bool = False
    """Whether it is a whole page of a document, or a whole piece of a very long picture, and compared by its text."""


@dataclass(frozen=True, slots=True)
class MatchSide:
    """Another item that looks like this one, seen from this one.

    ``method`` is "sha256" (same bytes), "pixels" (same decoded pixels), "phash256" or "aligned" (the detail of
    aligned pictures). ``distance`` is in bits of 256; ``orientation`` is the EXIF orientation (1..8) that turns the
    other item into this one. ``comparison`` if the two were aligned.
    """

    other: Evidence
    other_account: str | None
    other_declared: bool
    method: str
    distance: int
    orientation: int
    other_kind: str = UNKNOWN
    other_has_gps: bool = False
    comparison: Comparison | None = None
    other_mostly_text: bool = False
