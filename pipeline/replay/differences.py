"""What differs between two reports on one dispute, each as report.json has it: plain data to plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Plain = dict[str, Any]

_WORDS = {"message", "action", "message_ids", "action_ids"}
"""Fields of a finding that only word it, and conclude nothing."""

APPEARS, VANISHES, CHANGES = "appears", "vanishes", "changes"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. ``evidence_id`` and ``file`` are None where it is of the dispute as a whole.

    ``what`` is "state", "late", "clarity", "capture_time", "finding", "match", "slot", "deadline" or "item"; ``name`` is
    the finding's code, the other item of a match, the role or the clock; ``before`` and ``after`` are as in report.json.
    """

    evidence_id: str | None
    file: str | None
    what: str
    how: str
    name: str | None
    before: Any
    after: Any


def differences_of(before: Plain, after: Plain) -> list[Change]:
    """Every difference in conclusions. Measurements and names are none."""
    old = {item["id"]: item for item in before["evidence"]}
    new = {item["id"]: item for item in after["evidence"]}
    changes: list[Change] = []
    for id_ in [*old, *(id_ for id_ in new if id_ not in old)]:
        changes += _of_item(old.get(id_), new.get(id_))
    return [*changes, *_of_dispute(before, after)]


def _of_item(old: Plain | None, new: Plain | None) -> Iterator[Change]:
    item = new or old or {}
    if old is None or new is None:
        yield Change(
            item["id"],
            item["file"],
            "item",
            APPEARS if old is None else VANISHES,
            None,
            old and old["state"],
            new and new["state"],
        )
        return
    for what, read in _VALUES.items():
        if (was := read(old)) != (now := read(new)):
            yield Change(item["id"], item["file"], what, CHANGES, None, was, now)
    for what, key, name in (("finding", "findings", _code), ("match", "matches", _other)):
        for how, label, was, now in paired(old[key], new[key], name):
            yield Change(item["id"], item["file"], what, how, label, was, now)


def _of_dispute(before: Plain, after: Plain) -> Iterator[Change]:
    old, new = before["completeness"], after["completeness"]
    parts = (
        ("finding", old["findings"], new["findings"], _code),
        ("slot", old["slots"], new["slots"], lambda slot: f"{slot['party']}:{slot['role']}"),
        ("deadline", before["deadlines"], after["deadlines"], _clock),
    )
    for what, ours, theirs, name in parts:
        for how, label, was, now in paired(ours, theirs, name):
            yield Change(None, None, what, how, label, was, now)


def paired(
    old: list[Plain], new: list[Plain], name: Callable[[Plain], str]
) -> Iterator[tuple[str, str, Plain | None, Plain | None]]:
    """Entries in one list only, or that differ: equal ones are dropped, then those of one name are paired in order."""
    left = [entry for entry in old if not any(_same(entry, other) for other in new)]
    came = [entry for entry in new if not any(_same(entry, other) for other in old)]
    for entry in left:
        twin = next((other for other in came if name(other) == name(entry)), None)
        if twin is not None:
            came.remove(twin)
        yield (CHANGES if twin is not None else VANISHES), name(entry), entry, twin
    for entry in came:
        yield APPEARS, name(entry), None, entry


def _same(one: Plain, other: Plain) -> bool:
    """Whether two entries conclude the same: a release may word a finding otherwise, or name more parameters."""
    lasting = (one.keys() | other.keys()) - _WORDS - {"params"}
    if any(one.get(name) != other.get(name) for name in lasting):
        return False
    ours, theirs = one.get("params") or {}, other.get("params") or {}
    return all(ours[name] == theirs[name] for name in ours.keys() & theirs.keys())


def _code(finding: Plain) -> str:
    return str(finding["code"])


def _other(match: Plain) -> str:
    return f"{match['dispute_id']}/{match['file']} ({match['evidence_id']})"


def _clock(deadline: Plain) -> str:
    return f"{deadline['kind']}:{deadline['party'] or ''}"


def _verdict(item: Plain) -> Any:
    return item["clarity"] and item["clarity"]["verdict"]


def _best(item: Plain) -> Any:
    time = item["capture_time"]
    return time and time["best"]


_VALUES: dict[str, Callable[[Plain], Any]] = {
    "state": lambda item: item["state"],
    "late": lambda item: item["late"],
    "clarity": _verdict,
    "capture_time": _best,
}
