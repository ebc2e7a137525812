"""What a replay prints: text for a person, JSON and CSV for an analyst."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Sequence
from typing import Any

from pipeline.replay.differences import Change
from pipeline.replay.replay import Replayed
from pipeline.reports.csv_table import safe_cell
from validators.policy import Policy
from validators.safe_text import visible
from validators.sentences.sentences import Sentences

SCHEMA = "dispute-evidence/replay/1"
COLUMNS = (
    "tenant", "dispute", "revision", "evidence_id", "file", "what", "how", "name", "before", "after",
    "measured_before", "measured_after", "threshold_before", "threshold_after", "rule",
)  # fmt: skip


def totals(replayed: Sequence[Replayed]) -> dict[str, Any]:
    """How many disputes and items were judged again and would change; item states; changes by kind."""
    states: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    items = 0
    for one in replayed:
        items += len({change.evidence_id for change in one.changes if change.evidence_id})
        for change in one.changes:
            named = f" {change.name}" if change.what == "finding" else ""
            kinds[f"{change.what}{named} {change.how}"] += 1
            if change.what == "state":
                states[f"{change.before} -> {change.after}"] += 1
    return {
        "disputes": len(replayed),
        "items": sum(one.items for one in replayed),
        "disputes_changed": sum(bool(one.changes) for one in replayed),
        "items_changed": items,
        "states": dict(sorted(states.items())),
        "changes": dict(sorted(kinds.items())),
    }


def as_json(replayed: Sequence[Replayed], policy: Policy, unseen: Sequence[str]) -> str:
    """All changes by dispute."""
    disputes = [
        {
            "tenant": one.tenant,
            "dispute": one.dispute_id,
            "revision": one.revision,
            "changes": [
                {name: getattr(change, name) for name in Change.__dataclass_fields__}
                for change in one.changes
            ],
        }
        for one in replayed
        if one.changes
    ]
    stamp = {"id": policy.id, "version": policy.version, "sha256": policy.sha256}
    tree = {
        "schema": SCHEMA,
        "policy": stamp,
        "needs_a_run": list(unseen),
        "totals": totals(replayed),
        "disputes": disputes,
    }
    return json.dumps(tree, indent=1)


def as_csv(replayed: Sequence[Replayed]) -> str:
    """All changes, a row each, safe to open in a spreadsheet."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for one in replayed:
        for change in one.changes:
            writer.writerow([safe_cell(cell) if cell else "" for cell in _row(one, change)])
    return text.getvalue()


def as_text(
    replayed: Sequence[Replayed], policy: Policy, unseen: Sequence[str], limit: int, sentences: Sentences
) -> str:
    """The disputes with the most changes of state first, then totals."""
    changed = sorted((one for one in replayed if one.changes), key=_weight)
    shown = changed[:limit] if limit else changed
    lines = [line for one in shown for line in _dispute(one, sentences)]
    if len(shown) < len(changed):
        lines.append(sentences.text("terminal.replay.more", count=len(changed) - len(shown)))
    sums = totals(replayed)
    lines.append(
        sentences.text(
            "terminal.replay.summary",
            policy=policy.id,
            version=policy.version,
            items_changed=sums["items_changed"],
            items=sums["items"],
            disputes_changed=sums["disputes_changed"],
            disputes=sums["disputes"],
        )
    )
    lines += [f"  {count:>7,}  {name}" for name, count in (sums["states"] | sums["changes"]).items()]
    if unseen:
        lines.append(sentences.text("terminal.replay.needs_run", rules=list(unseen)))
    return "\n".join(lines)


def _weight(one: Replayed) -> tuple[int, int, str, str]:
    states = sum(change.what == "state" for change in one.changes)
    return -states, -len(one.changes), one.tenant, one.dispute_id


def _dispute(one: Replayed, sentences: Sentences) -> list[str]:
    head = sentences.text("terminal.replay.dispute", dispute=one.dispute_id, revision=str(one.revision))
    lines, file = [head], None
    for change in one.changes:
        if change.file != file:
            file = change.file
            lines.append("  " + (visible(file) if file else sentences.text("terminal.replay.whole_dispute")))
        lines.append(visible(f"    {_sentence(change)}"))
    return lines


def _sentence(change: Change) -> str:
    subject = change.what if change.name is None else f"{change.what} {change.name}"
    before, after = _short(change.before), _short(change.after)
    if change.how == "changes":
        return f"{subject}: {before} -> {after}"
    return f"{subject} {change.how}: {after or before}"


def _short(value: Any) -> str:
    """One line of a value: of a finding its weight, sentence and measure."""
    if not isinstance(value, dict):
        return "" if value is None else str(value)
    if "message" in value:
        measure = "" if value["measured"] is None else f" [{value['measured']:g}"
        if measure:
            measure += "]" if value["threshold"] is None else f" against {value['threshold']:g}]"
        return f"{value['severity']}/{value['kind']} {value['message']}{measure}"
    for names in (
        ("class", "scope", "direction"),
        ("state",),
        ("due_by", "past_due"),
        ("source", "earliest"),
    ):
        if names[0] in value:
            return " ".join(f"{name} {value[name]}" for name in names)
    return json.dumps(value)


def _row(one: Replayed, change: Change) -> list[str]:
    before = change.before if isinstance(change.before, dict) else {}
    after = change.after if isinstance(change.after, dict) else {}
    figures = [side.get(name) for name in ("measured", "threshold") for side in (before, after)]
    cells = [
        one.tenant, one.dispute_id, one.revision, change.evidence_id, change.file, change.what, change.how, change.name,
        _short(change.before), _short(change.after), *figures, after.get("rule") or before.get("rule"),
    ]  # fmt: skip
    return ["" if cell is None else str(cell) for cell in cells]
