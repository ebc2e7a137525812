"""The report: one EvidenceReport an item, one QualityReport a dispute. Field names are the JSON contract."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from validators.declared import Declared
from validators.evidence import Region, TimeCandidate
from validators.finding import Finding

SCHEMA = "dispute-evidence/report/1"

PROCESSING_FAILED = "PROCESSING_FAILED"
UNREADABLE = "UNREADABLE"
NEEDS_RESUBMISSION = "NEEDS_RESUBMISSION"
NOT_CHECKED = "NOT_CHECKED"
USABLE_WITH_WARNINGS = "USABLE_WITH_WARNINGS"
USABLE = "USABLE"

STATES = (USABLE, USABLE_WITH_WARNINGS, NOT_CHECKED, NEEDS_RESUBMISSION, UNREADABLE, PROCESSING_FAILED)
"""From best to worst. An item has the worst that applies."""


@dataclass(frozen=True, slots=True)
class Clarity:
    """The clarity verdict with its numbers. ``sharpness`` is 0..1, higher is sharper."""

    verdict: str
    sharpness: float | None
    noise: float
    luma_mean: float
    contrast: float
    dark_fraction: float
    clipped_fraction: float
    weakest: Region | None = None


@dataclass(frozen=True, slots=True)
class CaptureTime:
    """Every candidate found, and the best by the documented order of sources.

    ``best_is``: "taken" where it states a moment of capture, "dated" where it is the date of a document, a mail, the last
    saving or the file's name, "implausible" where a clock was not set or the date lies years before the order.
    """

    best: TimeCandidate | None
    candidates: tuple[TimeCandidate, ...] = ()
    best_is: str | None = None


@dataclass(frozen=True, slots=True)
class Transform:
    """The edit recovered between this item and the other. ``rotation_deg`` is clockwise, 0..359."""

    mirrored: bool = False
    rotation_deg: float = 0.0
    scale: float | None = None
    crop: float | None = None
    container: str = "none"


@dataclass(frozen=True, slots=True)
class Where:
    """The shared area in each item, 0..1 of the upright view."""

    this: Region
    other: Region


@dataclass(frozen=True, slots=True)
class Segment:
    """An aligned segment of two videos, in seconds."""

    this_start_s: float
    this_end_s: float
    other_start_s: float
    other_end_s: float


@dataclass(frozen=True, slots=True)
class Match:
    """One stored pair, seen from this item. ``class_`` is written as "class"."""

    class_: str
    scope: str
    relation: str
    direction: str
    dispute_id: str
    evidence_id: str
    file: str
    sha256: str
    party: str | None
    submitted_at: datetime | None
    distance: int | None
    aligned_fraction: float | None = None
    where: Where | None = None
    segments: tuple[Segment, ...] = ()
    transform: Transform = Transform()
    comparison: str | None = None


@dataclass(frozen=True, slots=True)
class DerivativeRecord:
    """Something we made of the original. ``path`` is relative to the report; ``parent`` the original's sha256."""

    kind: str
    path: str
    width: int
    height: int
    sha256: str
    page: int | None = None
    time_s: float | None = None


@dataclass(frozen=True, slots=True)
class NumberAnswer:
    """Whether a number of the dispute ("order", "tracking") is the one on the item.

    ``answer`` is "agrees", "differs" or "cannot_read"; ``source`` is "barcode" or "text", ``confidence`` the reader's
    own, 0..1. Both are null if no number was read. The number itself is not repeated.
    """

    number: str
    answer: str
    source: str | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class ReportedSegment:
    """A segment of a video. ``kind``: black, dark, overexposed, blurred, shaky, frozen or static."""

    kind: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class VideoCut:
    """Where one take ends and another begins. ``kind`` is "cut", "leap" (the view is elsewhere from one
    frame to the next), "dissolve" or "dip" (through black or white).

    ``unlike``: the share of what was seen before that is not seen after.
    """

    time_s: float
    kind: str
    unlike: float


@dataclass(frozen=True, slots=True)
class VideoSound:
    """``state`` is "sound", "silent", "none" or "not_measured". ``loudest_db``: RMS of the loudest second in dB below full
    scale; ``clipped_share`` of all samples is cut off at full scale, too much where ``clipped``."""

    state: str
    loudest_db: float | None = None
    clipped_share: float | None = None
    clipped: bool = False


@dataclass(frozen=True, slots=True)
class VideoReport:
    """What was measured of a video, in seconds from its start.

    ``measured_s`` of it were decoded frame by frame. ``moments`` are the times on the contact sheet, by row. ``shares`` of
    the measured time, by kind of segment.
    """

    fps: float | None
    video_codec: str
    audio_codec: str | None
    rotation_deg: int
    measured_s: float
    moments: tuple[float, ...]
    shares: dict[str, float]
    stretches: tuple[ReportedSegment, ...]
    cuts: tuple[VideoCut, ...]
    sound: VideoSound


@dataclass(frozen=True, slots=True)
class StatedOrigin:
    """One statement of the file about how it was made. ``source`` is its place, e.g. "xmp:DigitalSourceType".

    ``kind`` says what ``value`` is: "source_type" (a term of IPTC's vocabulary), "ai_label" (GB 45438-2025: "1" generated,
    "2" possibly, "3" suspected), "parameters" (the program that keeps its prompt there) or "name" (of a program, or a
    credit). ``says`` is "generated", "composed", "captured" or "other". ``by``: who wrote the label, as it says itself.
    """

    source: str
    kind: str
    value: str
    says: str
    by: str | None = None


@dataclass(frozen=True, slots=True)
class C2paAction:
    """One step of the signed history: what was done ("c2pa.created"), with which tool. ``at`` as written."""

    action: str
    tool: str
    source_type: str | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class C2paIngredient:
    """A file that went into this one. ``relationship`` is "parentOf", "componentOf" or "inputTo"."""

    title: str
    relationship: str
    tool: str


@dataclass(frozen=True, slots=True)
class C2pa:
    """A C2PA manifest as it was verified offline.

    ``state`` is "trusted" (intact, by a signer on the trust list), "valid" (intact), "invalid", or "unreadable" (the library
    gave no verdict). ``codes`` are C2PA's names of what failed. ``time`` is that of a time stamp.
    ``actions`` are in order, those of the files that it was made from first.
    """

    state: str
    signer: str | None = None
    time: datetime | None = None
    codes: tuple[str, ...] = ()
    actions: tuple[C2paAction, ...] = ()
    ingredients: tuple[C2paIngredient, ...] = ()


@dataclass(frozen=True, slots=True)
class Origin:
    """What the file itself states about how it was made. Such statements can be added and removed.

    ``c2pa`` is None where the file has no manifest.
    """

    statements: tuple[StatedOrigin, ...] = ()
    c2pa: C2pa | None = None


@dataclass(frozen=True, slots=True)
class AudioReport:
    """What was measured of a recording of sound."""

    codec: str
    sound: VideoSound


@dataclass(frozen=True, slots=True)
class ExposureFile:
    """A further file of the same exposure: the film of a Live Photo. ``id`` is that of the item it came as."""

    id: str
    file: str
    sha256: str
    bytes: int
    detected_type: str
    duration_s: float | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """A message of a chat. ``sender`` is null for what the program itself says, ``time`` is as written.

    ``earliest`` and ``latest`` span what the time can mean: hardly any chat states a zone.
    """

    sender: str | None
    time: str | None
    earliest: datetime | None
    latest: datetime | None
    text: str


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat in messages. ``form`` is "whatsapp", "telegram", "copied" or "log". Nobody knows which sender owns the chat.

    ``before`` and ``after``: what of the text belongs to no message.
    """

    form: str
    senders: tuple[str, ...]
    messages: tuple[Message, ...]
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class EvidenceReport:
    """The report of one item: the unit of idempotency."""

    id: str
    file: str
    sha256: str | None
    bytes: int
    declared: Declared
    """In JSON its fields stand beside the others."""
    detected_type: str | None
    kind: str
    state: str
    received_at: datetime | None = None
    late: bool = False
    width: int | None = None
    height: int | None = None
    pages: int | None = None
    duration_s: float | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    text: str | None = None
    clarity: Clarity | None = None
    capture_time: CaptureTime | None = None
    findings: tuple[Finding, ...] = ()
    matches: tuple[Match, ...] = ()
    derivatives: tuple[DerivativeRecord, ...] = ()
    numbers: tuple[NumberAnswer, ...] = ()
    """Empty if no reader of numbers ran, or the dispute has no numbers."""
    withheld: bool = False
    """In a copy for the other party: the measurements of the item are left out."""
    video: VideoReport | None = None
    audio: AudioReport | None = None
    files: tuple[ExposureFile, ...] = ()
    """Further files of the same exposure. They have no entry of their own."""
    parent: str | None = None
    """The id of the item inside which this one was found: an archive, or a mail."""
    chat: Chat | None = None
    """The messages of an exported or copied chat; ``text`` has them as they stand in the file."""
    mostly_text: bool = False
    """Whether it is a document, or a picture that shows mostly text: a photo of a page may fill a role of pages."""
    origin: Origin | None = None
    """None where the file states nothing about how it was made."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One role that the reason asks of one party. ``state`` is "filled", "weak" or "missing".

    ``accepted`` names those of ``by`` that fill it only because a mediator accepted them though they are weak, ``flagged``
    those on which a mediator confirmed a finding.
    """

    role: str
    party: str
    required: bool
    state: str
    by: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()
    flagged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConfirmedFinding:
    """A finding above a note that a mediator agreed with: of an item, or of an entry of the checklist ("buyer:packaging").

    ``at`` is when that was decided.
    """

    code: str
    evidence_id: str | None
    slot: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Deadline:
    """A clock of the dispute, and what came against it. ``source`` is the guide or contract the day-count is taken from.

    ``state`` is "open" (it still runs), "met" (what it waits for came in time), "late" (it came afterwards, or something
    required never came), "closed" (it ran out, and nothing is held against anyone) or "not_known" (no record says whether
    an answer came). ``past_due`` is true of "late" alone. ``last_at``: when what it waits for came, of several the last.
    """

    kind: str
    due_by: datetime
    rule: str
    source: str
    party: str | None = None
    past_due: bool = False
    state: str = ""
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class EvidenceDetails:
    """How evidence stands for one party: when it is due, whether any came, how often.

    ``past_due`` is that of the party's own deadlines of evidence: something came late, or something required never came.
    """

    party: str
    due_by: datetime | None
    has_evidence: bool
    past_due: bool
    submission_count: int


@dataclass(frozen=True, slots=True)
class Completeness:
    """``applicable`` is False without a known reason: nothing is missing then.

    ``unknown_sub_reason``: the policy has no checklist for the dispute's sub-reason. Where it has one for the reason in
    general, that applies (``general``).
    """

    applicable: bool
    slots: tuple[Slot, ...] = ()
    findings: tuple[Finding, ...] = ()
    unknown_sub_reason: bool = False
    general: bool = False


@dataclass(frozen=True, slots=True)
class PartyView:
    """A party as the report names it."""

    id: str | None = None


@dataclass(frozen=True, slots=True)
class OrderEventView:
    """An order event as the report names it."""

    type: str
    at: datetime
    source: str


@dataclass(frozen=True, slots=True)
class OrderView:
    """The order as the report names it."""

    id: str | None
    tracking: str | None
    promised_by: datetime | None
    events: tuple[OrderEventView, ...] = ()


@dataclass(frozen=True, slots=True)
class ResolutionView:
    """The resolution that the buyer asks for. ``amount`` is as the platform writes it, with its currency."""

    type: str
    amount: str | None = None
    return_goods: bool | None = None


@dataclass(frozen=True, slots=True)
class DisputeView:
    """The dispute as the report names it."""

    id: str
    tenant: str
    declared: bool
    reason: str | None
    sub_reason: str | None
    stage: str | None
    status: str | None
    opened_at: datetime | None
    withdrawn_at: datetime | None
    listing_id: str | None
    parties: dict[str, PartyView]
    order: OrderView
    evidence_details: tuple[EvidenceDetails, ...] = ()
    requested_resolution: ResolutionView | None = None


@dataclass(frozen=True, slots=True)
class PolicyStamp:
    """The policy that judged."""

    id: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class ToolStamp:
    """The code and libraries that measured, and the level of the jail."""

    version: str
    libraries: dict[str, str]
    jail: str


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts of items by state and of findings by code, and how many need a person."""

    items: int
    by_state: dict[str, int]
    by_code: dict[str, int]
    reviews: int


@dataclass(frozen=True, slots=True)
class QualityReport:
    """The report of one dispute, attached to its record. ``schema`` names the contract's version."""

    schema: str
    created_at: datetime
    as_of: datetime
    revision: int
    dispute: DisputeView
    policy: PolicyStamp
    tool: ToolStamp
    evidence: tuple[EvidenceReport, ...]
    completeness: Completeness
    deadlines: tuple[Deadline, ...]
    summary: Summary
    skipped: tuple[str, ...] = ()
    notices: tuple[str, ...] = ()
    confirmed: tuple[ConfirmedFinding, ...] = ()
    copy_for: str | None = None
    """The party that this copy is for. None for the full report."""
