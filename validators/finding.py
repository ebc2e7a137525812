"""Findings: what a check concludes about an item, with the measurement behind it.

Severity says how bad it is, kind who acts. Codes never change once released.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from validators.evidence import Region

ERROR = "error"
WARNING = "warning"
NOTE = "note"

FAIL = "fail"
REVIEW = "review"
PASS = "pass"  # noqa: S105 - a kind of finding, no secret
NOT_APPLICABLE = "not_applicable"

SEVERITIES = (NOTE, WARNING, ERROR)

Param = str | int | float | bool | None


def time_param(at: datetime) -> str:
    """A time as parameters hold it: ISO 8601 in UTC, ending in Z."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class StoredWords:
    """The English words of a report of an earlier release, if its codes and parameters do not suffice for the sentence."""

    message: str
    action: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding, in codes and raw values: ``validators.sentences`` says it in the reader's language.

    ``message_ids`` name its sentences in order; none means the one named like the code. ``action_ids`` name what the
    uploader is asked to do next, if anything. ``params`` fill their fields, as do ``measured`` and ``threshold``, which share
    the unit that ``params["unit"]`` names. ``rule`` is the policy rule's dotted name.
    """

    code: str
    severity: str
    kind: str
    message_ids: tuple[str, ...] = ()
    action_ids: tuple[str, ...] = ()
    params: dict[str, Param] = field(default_factory=dict)
    measured: float | None = None
    threshold: float | None = None
    rule: str | None = None
    region: Region | None = None
    stored: StoredWords | None = None

    @property
    def asks(self) -> bool:
        """Whether the uploader is asked for something."""
        return bool(self.action_ids if self.stored is None else self.stored.action)


CODES = frozenset(
    """
    FMT_EMPTY FMT_UNSUPPORTED FMT_CORRUPT FMT_TRUNCATED FMT_ENCRYPTED FMT_TOO_LARGE FMT_MISSING FMT_NOT_ACCEPTED
    FMT_DAMAGED FMT_TYPE_MISMATCH FMT_TRAILING_DATA FMT_LIMITED FMT_QUARANTINED FMT_NO_END FMT_NOT_CHECKED
    FMT_MEMBERS FMT_UPLOAD_FAILED TXT_ENCODING TXT_EMPTY
    CLR_BLUR CLR_DARK CLR_OVEREXPOSED CLR_GLARE CLR_LOW_CONTRAST CLR_LOW_RES CLR_BLANK CLR_TEXT_ILLEGIBLE
    TIM_BEFORE_ORDER TIM_BEFORE_DELIVERY TIM_FUTURE TIM_INCONSISTENT TIM_EDITED_AFTER_CAPTURE TIM_NO_CAPTURE_TIME
    TIM_AFTER_DEADLINE
    DUP_SAME_FILE DUP_SAME_PHOTO DUP_SAME_SCENE DUP_CANNOT_COMPARE DUP_COMMON LST_MATCHES_LISTING
    VID_NO_DECODE VID_BLACK VID_FROZEN VID_SHAKE VID_CUTS VID_SILENT VID_REENCODED
    PRV_GENERATED PRV_COMPOSITE PRV_CHANGED PRV_CAPTURED PRV_UNTRUSTED
    AUD_SILENT AUD_CLIPPED
    TXT_DIFFERS DESC_MISSING PII_GPS CMP_MISSING SLOT_MISMATCH
    SYS_FORMER_MEASURES SYS_INCONCLUSIVE SYS_NOT_FETCHED SYS_TOOL_MISSING
    """.split()
)
