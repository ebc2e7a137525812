"""Items judged before: one whose inputs are the same gets the same report, without judging it again.

Judging an item depends on nothing else, the time least of all. So a dispute of 240 items costs little more for the next
upload than one of ten.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, replace

from pipeline.judgement.report_json import PlainItem, item_to_json, plain_item
from validators.case import Case
from validators.disputes.judge import judge_item
from validators.policy import Policy
from validators.report import DerivativeRecord, EvidenceReport, ExposureFile

INCONCLUSIVE = "SYS_INCONCLUSIVE"
MOST = 1_000
"""Items remembered, those used last: about 30 KB each."""


@dataclass(frozen=True, slots=True)
class JudgedItem:
    """An item's report, as an object, as JSON can say it, and as text."""

    report: EvidenceReport
    plain: PlainItem
    body: str


@dataclass(frozen=True, slots=True)
class _Inputs:
    """All that an item's report depends on."""

    case: Case
    derivatives: tuple[DerivativeRecord, ...]
    files: tuple[ExposureFile, ...]
    policy: str


class JudgedItems:
    """The items that this process judged last. Serves any number of threads."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._known: OrderedDict[tuple[str, str], tuple[_Inputs, JudgedItem]] = OrderedDict()
        self._lock = threading.Lock()

    def judge(
        self,
        case: Case,
        policy: Policy,
        derivatives: tuple[DerivativeRecord, ...],
        files: tuple[ExposureFile, ...] = (),
    ) -> JudgedItem:
        """The item's report: the one known where nothing changed, else a new one. ``files`` belong to it: the film of a
        Live Photo."""
        key = (case.evidence.tenant, case.evidence.id)
        inputs = _Inputs(
            replace(case), derivatives, files, policy.sha256
        )  # without what judging it works out
        with self._lock:
            known = self._known.get(key)
        if known is not None and _same(known[0], inputs):
            with self._lock:
                if key in self._known:
                    self._known.move_to_end(key)
            return known[1]
        report = judge_item(case, policy, derivatives)
        if files:
            report = replace(report, files=files)
        plain = plain_item(report)
        judged = JudgedItem(report, plain, item_to_json(plain))
        if any(finding.code == INCONCLUSIVE for finding in report.findings):
            return judged  # a check of ours failed, and may not the next time
        with self._lock:
            self._known[key] = inputs, judged
            while len(self._known) > self._most:
                self._known.popitem(last=False)
        return judged


def _same(one: _Inputs, other: _Inputs) -> bool:
    """The time of judging apart: no item's report depends on it."""
    a, b = one.case, other.case
    return (
        one.policy == other.policy
        and a.evidence == b.evidence
        and a.bytes_before == b.bytes_before
        and a.match_sides == b.match_sides
        and one.derivatives == other.derivatives
        and one.files == other.files
        and a.dispute == b.dispute
        and a.measurements == b.measurements
    )
