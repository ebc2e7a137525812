"""Promises about uploads: none lost, none twice, the right ones set aside."""

from __future__ import annotations

from collections import Counter, defaultdict

from chaos.record import Remains, Row
from chaos.uploads import Stored
from chaos.verify import Check, Checker, Expected

from storage.interfaces.claims import CRASHED, DONE, OPEN, QUARANTINED, SUPERSEDED, UploadId

CONTENT_CODES = {"FMT_QUARANTINED", "FMT_TOO_LARGE"}
"""How a report names a file that could not be opened for what it is."""
MAX_CRASHES = 2


def nothing_lost(expected: Expected, remains: Remains) -> Check:
    """Every upload told of has come to an end, and the queue is empty."""
    rows = _uploads(remains)
    breaches = [
        f"never seen: {one.key} ({one.version})" for one in expected.stored if _id(expected, one) not in rows
    ]
    breaches += [f"not ended: {row['object_key']}" for row in rows.values() if row["state"] == OPEN]
    if remains.depth.total:
        breaches.append(f"the queue still holds {remains.depth.total} messages")
    seen = len(expected.stored) - sum(breach.startswith("never") for breach in breaches)
    return Check("nothing lost", f"{seen} of {len(expected.stored)} uploads ended", breaches)


def one_current_item(expected: Expected, remains: Remains) -> Check:
    """Each object has exactly one current item, with the newest version's bytes; there are no others."""
    items: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in remains.tables["evidence"]:
        if row["current"]:
            items[row["dispute_id"], row["file"]].append(row)
    breaches = []
    for key, one in expected.current.items():
        found = items.pop((one.item.dispute_id, one.item.file), [])
        if len(found) != 1:
            breaches.append(f"{key} has {len(found)} current items")
        elif found[0]["sha256"] != one.sha256:
            breaches.append(f"{key} shows other bytes than its newest version")
    breaches += [f"nobody uploaded {dispute}/{file}" for dispute, file in items]
    return Check("one current item each", f"{len(expected.current)} objects", breaches)


def dead_letters_are_malformed(expected: Expected, remains: Remains) -> Check:
    """The dead letters are the malformed messages, each with its reason. A crash may bury one twice."""
    counts = Counter(letter.body for letter in remains.dead)
    breaches = [
        f"not among the dead letters: {body[:60]}" for body in expected.plan.malformed if body not in counts
    ]
    known = set(expected.plan.malformed)
    breaches += [
        f"buried, but well-formed: {letter.body[:200]} ({letter.reason})"
        for letter in remains.dead
        if letter.body not in known
    ]
    breaches += [
        f"buried without a reason: {letter.body[:60]}" for letter in remains.dead if not letter.reason.strip()
    ]
    measured = f"{len(counts)} of {len(expected.plan.malformed)} malformed, {len(remains.dead) - len(counts)} of them again"
    return Check("dead letters = the malformed", measured, breaches)


def hostile_are_quarantined(expected: Expected, remains: Remains) -> Check:
    """Every hostile file is quarantined and named by its report."""
    rows, codes = _uploads(remains), _codes(remains)
    hostile = [one for one in expected.stored if one.item.hostile]
    breaches = []
    for one in hostile:
        state = rows[_id(expected, one)]["state"] if _id(expected, one) in rows else "unknown"
        if state != QUARANTINED:
            breaches.append(f"{one.key} ({one.item.hostile}) ended as {state}")
        if not codes.get((one.item.dispute_id, one.item.file), set()) & CONTENT_CODES:
            breaches.append(f"{one.key} ({one.item.hostile}) is not named as unopenable by its report")
    return Check("hostile files quarantined and named", f"{len(hostile)} hostile", breaches)


def no_innocent_is_quarantined(expected: Expected, remains: Remains) -> Check:
    """Healthy files ended as done (or as an older version), and no report says they could not be opened."""
    rows, codes = _uploads(remains), _codes(remains)
    current = expected.current
    healthy = [one for one in expected.stored if not one.item.hostile]
    breaches = []
    for one in healthy:
        row = rows.get(_id(expected, one))
        fine = {DONE} if current[one.key] == one else {DONE, SUPERSEDED}
        if row is not None and row["state"] not in fine | {OPEN}:
            breaches.append(f"{one.key} ended as {row['state']}")
        wrong = codes.get((one.item.dispute_id, one.item.file), set()) & (
            CONTENT_CODES | {"SYS_INCONCLUSIVE"}
        )
        if wrong and current[one.key] == one:
            breaches.append(f"{one.key} is reported with {', '.join(sorted(wrong))}")
    return Check("no innocent quarantined", f"{len(healthy)} healthy", breaches)


def crashes_are_bounded(expected: Expected, remains: Remains) -> Check:
    """No file was opened again after its second crash; no attempt is left without an end; the healthy never crash."""
    crashes: Counter[str] = Counter()
    attempts: Counter[str] = Counter()
    breaches = []
    keys = {row["digest"]: row["object_key"] for row in _uploads(remains).values()}
    hostile = {_id(expected, one).digest for one in expected.stored if one.item.hostile}
    for row in remains.tables["attempts"]:
        name = keys.get(row["subject"], row["subject"])
        attempts[name] += 1
        if row["outcome"] == CRASHED:
            crashes[name] += 1
            if row["subject"] not in hostile:
                breaches.append(f"an innocent crashed: {name} ({row['detail']})")
        if row["ended_at"] is None:
            breaches.append(f"an attempt at {name} has no end")
    breaches += [
        f"{name} crashed {n} times and was tried again" for name, n in crashes.items() if n >= MAX_CRASHES
    ]
    most = max(attempts.values(), default=0)
    return Check("at most two attempts after crashes", f"most attempts at one upload: {most}", breaches)


def order_is_kept(expected: Expected, remains: Remains) -> Check:
    """The current version of each object is its newest, and no report went back to an older one."""
    rows = {row["object_digest"]: row for row in remains.tables["object_versions"]}
    rank = {(one.item.dispute_id, one.item.file, one.sha256): one.number for one in expected.stored}
    breaches = []
    for key, one in expected.current.items():
        row = rows.get(_id(expected, one).object_digest)
        if row is None:
            breaches.append(f"{key} has no current version")
        elif row["sequencer"] != one.sequencer:
            breaches.append(f"{key}: current is sequencer {row['sequencer']}, the newest {one.sequencer}")
    breaches += _steps_back(remains, rank)
    several = sum(one.number > 0 for one in expected.current.values())
    return Check(
        "an older sequencer never replaced a newer", f"{several} objects of several versions", breaches
    )


def _steps_back(remains: Remains, rank: dict[tuple[str, str, str], int]) -> list[str]:
    import json

    several = {(dispute, file) for (dispute, file, _), number in rank.items() if number > 0}
    disputes = {dispute for dispute, _ in several}
    breaches = []
    for dispute in disputes & remains.revisions.keys():
        reached: dict[str, int] = {}
        for row in remains.revisions[dispute]:
            for entry in json.loads(row["body"] or '{"evidence": []}')["evidence"]:
                now = rank.get((dispute, entry["file"], entry["sha256"]), 0)
                if now < reached.get(entry["file"], 0):
                    breaches.append(
                        f"revision {row['revision']} of {dispute} went back to an older {entry['file']}"
                    )
                reached[entry["file"]] = now
    return breaches


def _uploads(remains: Remains) -> dict[UploadId, Row]:
    return {
        UploadId(row["tenant"], row["bucket"], row["object_key"], row["object_version"]): row
        for row in remains.tables["uploads"]
    }


def _id(expected: Expected, one: Stored) -> UploadId:
    return UploadId("default", expected.bucket, expected.prefix + one.key, one.version)


def _codes(remains: Remains) -> dict[tuple[str, str], set[str]]:
    """The finding codes of each item of the newest reports."""
    return {
        (dispute, entry["file"]): {finding["code"] for finding in entry["findings"]}
        for dispute, report in remains.newest.items()
        for entry in report["evidence"]
    }


UPLOAD_CHECKS: tuple[Checker, ...] = (
    nothing_lost,
    one_current_item,
    dead_letters_are_malformed,
    hostile_are_quarantined,
    no_innocent_is_quarantined,
    crashes_are_bounded,
    order_is_kept,
)
