"""What becomes of a message after it was worked on."""

from __future__ import annotations

from dataclasses import dataclass

ACKNOWLEDGE = "acknowledge"
HAND_BACK = "hand_back"
BURY = "bury"


@dataclass(frozen=True, slots=True)
class Verdict:
    """``delay_s`` for what is handed back, ``reason`` (one sentence) for what is buried."""

    action: str
    delay_s: float = 0.0
    reason: str = ""


DONE = Verdict(ACKNOWLEDGE)


def worst_of(verdicts: list[Verdict]) -> Verdict:
    """One verdict for a message of several records: whatever must come again comes first, then what is buried."""
    handed_back = [verdict for verdict in verdicts if verdict.action == HAND_BACK]
    if handed_back:
        return max(handed_back, key=lambda verdict: verdict.delay_s)
    buried = [verdict.reason for verdict in verdicts if verdict.action == BURY]
    return Verdict(BURY, reason=" ".join(buried)) if buried else DONE
