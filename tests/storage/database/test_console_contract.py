"""What the record promises about decisions, the queue and tokens, in every database."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from storage_samples import NOON, ODD_TEXT, sha256_of, some_evidence

from storage.database.audit import verify_chain
from storage.database.database import SqlDatabase, open_database
from storage.database.decisions import decision_sha256
from storage.interfaces.decisions import ACTS, Agreement, Decision
from storage.interfaces.dispute_queue import BY_NAME, BY_NEEDS, QueueLine, QueueQuery
from storage.interfaces.tokens import ApiToken


def decided(act: str = "agree", **other: Any) -> Decision:
    """A decision on a finding of E-1."""
    given: dict[str, Any] = {"evidence_id": "E-1", "finding": "CLR_BLUR", "by": "ann", "at": NOON} | other
    return Decision(given.pop("dispute_id", "D-1"), act, **given)


def line(dispute_id: str, **other: Any) -> QueueLine:
    """A line of an open dispute with nothing to do."""
    given: dict[str, Any] = {
        "revision": 1, "attached_at": NOON, "reason": "NOT_AS_DESCRIBED", "sub_reason": "damaged", "stage": "",
        "order_id": "", "closed": False, "items": 0, "needs": 0, "undecided": 0, "looks": 0, "unusable": 0, "missing": 0,
    }  # fmt: skip
    return QueueLine(dispute_id, **(given | other))


def put(database: SqlDatabase, tenant: str, *lines: QueueLine) -> None:
    with database.transaction() as records:
        for one in lines:
            records.put_queue_line(tenant, one)


def names(database: SqlDatabase, tenant: str, **query: Any) -> list[str]:
    with database.reading() as records:
        page = records.queue(tenant, QueueQuery(**query))
    return [one.dispute_id for one in page.lines]


def test_decisions_are_numbered_kept_and_come_back_in_order(database: SqlDatabase, tenant: str) -> None:
    given = [decided(act, note=ODD_TEXT, revision=n) for n, act in enumerate(ACTS)]
    given.append(decided(evidence_id=None, finding=None, slot="buyer:packaging", act="ask"))
    with database.transaction() as records:
        put_back = [records.append_decision(tenant, one) for one in given]
        records.append_decision(tenant, decided(dispute_id="D-2"))
        records.append_decision(f"{tenant}-other", decided(by="bob"))
    assert [replace(one, salt="") for one in put_back] == [
        replace(one, number=n) for n, one in enumerate(given, 1)
    ]
    assert len({one.salt for one in put_back}) == len(given)
    with database.reading() as records:
        assert records.decisions(tenant, "D-1") == put_back
        assert records.decisions(tenant, "D-3") == []


def test_each_decision_stands_in_the_chain_with_the_sum_of_all_of_it(
    database: SqlDatabase, tenant: str
) -> None:
    with database.transaction() as records:
        made = [records.append_decision(tenant, decided(note=note)) for note in ("secret", "")]
        entries, start = records.audit(tenant, "D-1"), records.audit_start(tenant, "D-1")
    assert verify_chain(entries, start) is None
    told = [json.loads(entry.detail) for entry in entries]
    assert [(one["number"], one["act"], one["by"]) for one in told] == [
        ("1", "agree", "ann"),
        ("2", "agree", "ann"),
    ]
    assert [one["sha256"] for one in told] == [decision_sha256(one) for one in made]
    assert "secret" not in "".join(entry.detail for entry in entries)
    assert decision_sha256(replace(made[0], note="edited")) != told[0]["sha256"]


def test_what_is_no_act_is_refused_and_leaves_no_trace(database: SqlDatabase, tenant: str) -> None:
    with pytest.raises(ValueError, match="not an act"), database.transaction() as records:
        records.append_decision(tenant, decided("delete"))
    with database.reading() as records:
        assert records.decisions(tenant, "D-1") == []
        assert records.audit(tenant, "D-1") == []


def test_an_accepted_item_counts_until_it_is_taken_back(database: SqlDatabase, tenant: str) -> None:
    acts = [("accept_weak", "E-1"), ("accept_weak", "E-2"), ("unaccept", "E-1"), ("unaccept", "E-3")]
    with database.transaction() as records:
        for act, item in acts:
            records.append_decision(tenant, decided(act, evidence_id=item, finding=None))
        assert records.accepted_items(tenant, "D-1") == {"E-2"}
        records.append_decision(tenant, decided("accept_weak", finding=None))
        assert records.accepted_items(tenant, "D-1") == {"E-1", "E-2"}
        assert records.accepted_items(tenant, "D-2") == frozenset()
        assert records.accepted_items(f"{tenant}-other", "D-1") == frozenset()


def test_agreement_counts_the_last_word_on_each_finding(database: SqlDatabase, tenant: str) -> None:
    given = [
        decided("seen"),
        decided("agree"),
        decided("disagree", by="bob"),
        decided("agree", evidence_id="E-2"),
        decided("agree", evidence_id="E-2", slot="buyer:item"),
        decided("agree", evidence_id=None, finding="CMP_MISSING", slot="buyer:item"),
        decided("agree", evidence_id=None, finding="CMP_MISSING", slot="buyer:packaging"),
        decided("agree", dispute_id="D-2"),
        decided("seen", finding="CLR_DARK"),
        decided("ask", finding="CLR_DARK"),
        decided("agree", finding="CLR_GLARE"),
        decided("undo", finding="CLR_GLARE"),
        decided("undo", evidence_id="E-3"),
        decided("accept_weak", finding=None),
    ]
    with database.transaction() as records:
        for one in given:
            records.append_decision(tenant, one)
        records.append_decision(f"{tenant}-other", decided("disagree"))
        assert records.agreement(tenant) == [
            Agreement("CLR_BLUR", 2, 1, 0), Agreement("CLR_DARK", 0, 0, 1), Agreement("CMP_MISSING", 2, 0, 0),
        ]  # fmt: skip


def test_the_queue_is_ordered_by_clock_needs_or_name(database: SqlDatabase, tenant: str) -> None:
    soon, later = NOON + timedelta(days=1), NOON + timedelta(days=2)
    put(
        database, tenant,
        line("D-1", next_due=later), line("D-2", undecided=3, needs=3), line("D-3", next_due=soon, undecided=1),
        line("D-4", closed=True),
    )  # fmt: skip
    put(database, f"{tenant}-other", line("D-9"))
    assert names(database, tenant) == ["D-3", "D-1", "D-2"]
    assert names(database, tenant, order=BY_NEEDS) == ["D-2", "D-3", "D-1"]
    assert names(database, tenant, order=BY_NAME, closed=None) == ["D-1", "D-2", "D-3", "D-4"]
    assert names(database, tenant, order=BY_NAME, offset=1, limit=1) == ["D-2"]


def test_the_queue_is_narrowed_down(database: SqlDatabase, tenant: str) -> None:
    put(
        database, tenant,
        line("D-1", undecided=1), line("D-2", past_due=("evidence",)), line("D-3", sub_reason="colour"),
        line("D-4", closed=True, sub_reason=""),
    )  # fmt: skip
    assert names(database, tenant, only_undecided=True) == ["D-1"]
    assert names(database, tenant, only_past_due=True) == ["D-2"]
    assert names(database, tenant, reason="colour") == ["D-3"]
    assert names(database, tenant, closed=True) == ["D-4"]
    with database.reading() as records:
        assert records.queue_reasons(tenant) == ["NOT_AS_DESCRIBED", "colour", "damaged"]
        page = records.queue(tenant, QueueQuery(limit=1, only_undecided=True))
    assert (len(page.lines), page.total) == (1, 1)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("d-1", ["D-1", "D-10"]),
        ("o-77", ["D-2"]),
        ("Crack.JP", ["D-1"]),
        ("100%_", ["D-2"]),
        ("%", ["D-2"]),
        (sha256_of("E-1")[:8], ["D-1"]),
        (sha256_of("E-1").upper(), ["D-1"]),
        ("retired", []),
        ("nowhere", []),
    ],
)
def test_text_is_sought_in_ids_orders_names_and_sums(
    database: SqlDatabase, tenant: str, text: str, found: list[str]
) -> None:
    put(database, tenant, line("D-1"), line("D-10"), line("D-2", order_id="O-77"))
    items = [
        some_evidence(tenant, "E-1", file="buyer/crack.jpg"),
        some_evidence(tenant, "E-2", "D-2", file="buyer/100%_ok.jpg"),
        some_evidence(tenant, "E-3", "D-2", file="buyer/retired.jpg"),
        some_evidence(f"{tenant}-other", "E-4", "D-10", file="crack.jpg"),
    ]
    with database.transaction() as records:
        records.put_evidence(items)
        records.retire_evidence(tenant, "D-2", ["E-2"])
    assert names(database, tenant, text=text, order=BY_NAME) == found


def test_a_line_comes_back_whole_and_is_replaced(database: SqlDatabase, tenant: str) -> None:
    full = line(
        ODD_TEXT, order_id=ODD_TEXT, next_due=NOON, next_kind="evidence", past_due=("a", "b"),
        by_state=(("USABLE", 3),),
    )  # fmt: skip
    put(database, tenant, line(ODD_TEXT), full)
    with database.reading() as records:
        assert records.queue(tenant, QueueQuery()).lines == (full,)


def test_reports_of_earlier_releases_are_named_until_they_have_a_line(
    database: SqlDatabase, tenant: str
) -> None:
    with database.transaction() as records:
        for revision in ("a", "b"):
            records.attach_report(tenant, "D-1", "{}", revision, "p", NOON)
    with database.reading() as records:
        assert (tenant, "D-1") in records.without_queue_line(10_000)
    put(database, tenant, line("D-1", revision=1))
    with database.reading() as records:
        assert (tenant, "D-1") in records.without_queue_line(10_000)
    put(database, tenant, line("D-1", revision=2))
    with database.reading() as records:
        assert (tenant, "D-1") not in records.without_queue_line(10_000)


def test_tokens_are_found_by_their_sum_alone(database: SqlDatabase, tenant: str) -> None:
    one = ApiToken("one", tenant, sha256_of(tenant), "mediator", ODD_TEXT, NOON)
    ended = replace(one, revoked_at=NOON, expires_at=NOON)
    with database.transaction() as records:
        records.put_tokens([one])
        assert records.token_by_sha256(one.sha256) == one
        records.put_tokens([ended])
        assert records.token_by_sha256(one.sha256) == ended
        assert records.token_by_sha256("one") is None
        assert [token for token in records.tokens() if token.tenant == tenant] == [ended]


def test_many_mediators_at_once_lose_no_decision(address: str) -> None:
    databases = [open_database(address) for _ in range(4)]
    databases[0].migrate()

    def decide(number: int) -> None:
        with databases[number % len(databases)].transaction() as records:
            records.append_decision("default", decided(note=str(number)))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(decide, range(60)))
    with databases[0].reading() as records:
        made = records.decisions("default", "D-1")
        entries, start = records.audit("default", "D-1"), records.audit_start("default", "D-1")
    for database in databases:
        database.close()
    assert [one.number for one in made] == list(range(1, 61))
    assert {one.note for one in made} == {str(number) for number in range(60)}
    assert verify_chain(entries, start) is None
    told = [json.loads(entry.detail) for entry in entries]
    assert [one["sha256"] for one in told] == [decision_sha256(one) for one in made]
