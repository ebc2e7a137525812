"""Promises about reports: one of each dispute, whole, gapless, where it is looked for, told to others, provable."""

from __future__ import annotations

import json
from collections import Counter, defaultdict

from chaos.record import Remains, Row
from chaos.verify import TENANT, Check, Checker, Expected

from storage.database.audit import genesis, verify_chain
from storage.interfaces.audit import AuditEntry

REPORT_ATTACHED = "report_attached"


def one_report_each(expected: Expected, remains: Remains) -> Check:
    """The newest report of each dispute lists every current upload of it once, and nothing else."""
    wanted: dict[str, Counter[tuple[str, str]]] = defaultdict(Counter)
    for one in expected.current.values():
        wanted[one.item.dispute_id][one.item.file, one.sha256] += 1
    breaches = []
    for dispute, files in wanted.items():
        report = remains.newest.get(dispute)
        listed = (
            Counter((entry["file"], entry["sha256"]) for entry in report["evidence"]) if report else Counter()
        )
        breaches += [f"not in the report of {dispute}: {file}" for file, _ in files - listed]
        breaches += [f"too much in the report of {dispute}: {file}" for file, _ in listed - files]
    breaches += [f"a report of a dispute without uploads: {d}" for d in remains.newest.keys() - wanted.keys()]
    breaches += _item_reports(expected, remains)
    entries = sum(len(report["evidence"]) for report in remains.newest.values())
    return Check("exactly one current report each", f"{len(wanted)} disputes, {entries} items", breaches)


def _item_reports(expected: Expected, remains: Remains) -> list[str]:
    rows = Counter(row["evidence_id"] for row in remains.tables["evidence_reports"])
    listed = [entry["id"] for report in remains.newest.values() for entry in report["evidence"]]
    return [f"item {item} has {rows[item]} reports of its own" for item in listed if rows[item] != 1]


def revisions_have_no_gaps(_: Expected, remains: Remains) -> Check:
    """Revisions count 1, 2, 3…, and each body says its own number."""
    breaches = []
    for dispute, rows in remains.revisions.items():
        numbers = [row["revision"] for row in rows]
        if numbers != list(range(1, len(rows) + 1)):
            breaches.append(f"{dispute} has revisions {numbers}")
        breaches += [
            f"revision {row['revision']} of {dispute} says it is {said}"
            for row in rows
            if row["body"] and (said := json.loads(row["body"])["revision"]) != row["revision"]
        ]
    total = sum(map(len, remains.revisions.values()))
    return Check("revisions without gaps", f"{total} revisions", breaches)


def report_objects_are_newest(expected: Expected, remains: Remains) -> Check:
    """What lies at each dispute's predictable key is its newest revision, byte by byte."""
    breaches = []
    for dispute, key in expected.report_keys().items():
        lies, rows = remains.reports.get(key), remains.revisions.get(dispute)
        if rows and lies is None:
            breaches.append(f"no report lies at {key}")
        elif rows and lies != rows[-1]["body"].encode():
            said = json.loads(lies or b"{}").get("revision")
            breaches.append(f"at {key} lies revision {said}, the newest is {rows[-1]['revision']}")
    return Check("report objects are the newest revision", f"{len(remains.reports)} keys", breaches)


def events_were_delivered(expected: Expected, remains: Remains) -> Check:
    """Each revision was told at least once, always under the same key, and the outbox is empty."""
    received = Counter(event["idempotency_key"] for event in remains.events)
    breaches = [
        f"still in the outbox: {row['idempotency_key']}"
        for row in remains.tables["outbox"]
        if row["sent_at"] is None
    ]
    said = {(event["dispute"], event["revision"]) for event in remains.events}
    keys: dict[tuple[str, int], set[str]] = defaultdict(set)
    for event in remains.events:
        keys[event["dispute"], event["revision"]].add(event["idempotency_key"])
    if expected.announced:
        breaches += [
            f"revision {row['revision']} of {dispute} was never told"
            for dispute, rows in remains.revisions.items()
            for row in rows
            if (dispute, row["revision"]) not in said
        ]
    breaches += [
        f"{about} was told under {len(found)} keys" for about, found in keys.items() if len(found) > 1
    ]
    again = sum(received.values()) - len(received)
    return Check("events delivered at least once", f"{len(received)} events, {again} of them again", breaches)


def audit_chains_hold(_: Expected, remains: Remains) -> Check:
    """Each dispute's chain verifies and names every revision once, in order, with its content."""
    chains: dict[str, list[Row]] = defaultdict(list)
    for row in remains.tables["audit"]:
        chains[row["dispute_id"]].append(row)
    breaches = []
    nonces = {row["dispute_id"]: row["nonce"] for row in remains.tables["audit_nonces"]}
    for dispute in chains.keys() | remains.revisions.keys():
        rows = sorted(chains[dispute], key=lambda row: row["sequence"])
        entries = [
            AuditEntry(**{name: row[name] for name in AuditEntry.__dataclass_fields__}) for row in rows
        ]
        broken = verify_chain(entries, genesis(TENANT, dispute, nonces.get(dispute, "")))
        if broken is not None:
            breaches.append(f"the chain of {dispute} breaks at link {broken + 1}")
        attached = [json.loads(entry.detail) for entry in entries if entry.action == REPORT_ATTACHED]
        told = [(detail.get("revision"), detail.get("content_sha256")) for detail in attached]
        if told != [
            (str(row["revision"]), row["content_sha256"]) for row in remains.revisions.get(dispute, [])
        ]:
            breaches.append(f"the chain of {dispute} tells of other revisions than there are")
    return Check(
        "audit chains verify", f"{len(remains.tables['audit'])} links of {len(chains)} disputes", breaches
    )


def derivatives_are_there(_: Expected, remains: Remains) -> Check:
    """Every derivative that the record names rests in the objects."""
    keys = [
        derivative["key"]
        for row in remains.tables["examinations"]
        for derivative in json.loads(row["derivatives"])
    ]
    return Check(
        "derivatives rest in the objects",
        f"{len(keys)} derivatives",
        [f"missing: {key}" for key in keys if key not in remains.objects],
    )


def pairs_see_each_other(expected: Expected, remains: Remains) -> Check:
    """Both sides of each planned pair show the match."""
    breaches = []
    for earlier, later in expected.plan.pairs:
        for this, other in ((earlier, later), (later, earlier)):
            report = remains.newest.get(this.dispute_id, {"evidence": []})
            seen = {match["dispute_id"] for entry in report["evidence"] for match in entry["matches"]}
            if other.dispute_id not in seen and {this.key, other.key} <= expected.current.keys():
                breaches.append(f"{this.key} does not show {other.key}")
    return Check("pairs see each other", f"{len(expected.plan.pairs)} pairs", breaches)


REPORT_CHECKS: tuple[Checker, ...] = (
    one_report_each,
    revisions_have_no_gaps,
    report_objects_are_newest,
    events_were_delivered,
    audit_chains_hold,
    derivatives_are_there,
    pairs_see_each_other,
)
