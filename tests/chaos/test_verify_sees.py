"""The verifier passes what a real worker leaves behind, and finds each way of tampering with it."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from chaos.drill import Drill, herd_of
from chaos.plan import Item, Recipe, make_plan
from chaos.record import Remains, read_remains
from chaos.stacks import Stack, embedded_stack
from chaos.verify import Expected, verify

from storage.objects.open_objects import open_objects
from storage.queues.open_queue import open_uploads


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Stack, Expected]]:
    """What one real worker made of a few uploads, hostile and malformed ones and a second version among them."""
    folder = tmp_path_factory.mktemp("chaos")
    plan = make_plan(5, 24, pairs=1, versions_share=0.0)
    crashing = next(item for item in plan.items if item.hostile == "segfault")
    healthy = [item for item in plan.items if not item.hostile]
    twice = replace(healthy[0], versions=(*healthy[0].versions, Recipe("photo", "newer")))
    plan = replace(plan, items=(twice, *healthy[1:], crashing))
    with embedded_stack(folder, 5) as stack:
        drill = Drill(stack, plan, print)
        drill.upload()
        drill.tell_of_some(1.0)
        herd = herd_of(stack, 1, folder)
        command = [sys.executable, str(Path(__file__).with_name("worker_main.py")), *herd.arguments, "--once"]
        done = subprocess.run(
            command, check=False, env=stack.environment, capture_output=True, text=True, timeout=120
        )
        assert done.returncode == 0, done.stderr
        yield stack, drill.expected()


class Copy:
    """A copy of what was left behind, to be tampered with."""

    def __init__(self, stack: Stack, expected: Expected, folder: Path) -> None:
        shutil.copytree(stack.folder, folder)
        self.folder, self.expected = folder, expected
        self.events = [dict(event) for event in stack.sink.received]

    def sql(self, statement: str, *parameters: object, file: str = "evidence.sqlite") -> int:
        with sqlite3.connect(self.folder / file) as connection:
            changed = connection.execute(statement, parameters).rowcount
        connection.close()
        return changed

    def value(self, query: str, *parameters: object) -> str:
        with sqlite3.connect(self.folder / "evidence.sqlite") as connection:
            (value,) = connection.execute(query, parameters).fetchone()
        connection.close()
        return value

    def broken(self) -> set[str]:
        """The names of the checks that do not hold."""
        return {check.name for check in verify(self.expected, self.remains()) if not check.holds}

    def remains(self) -> Remains:
        queue = open_uploads(f"sqlite:///{self.folder / 'queue.sqlite'}")
        try:
            return read_remains(
                f"sqlite:///{self.folder / 'evidence.sqlite'}",
                queue,
                open_objects(self.folder / "objects"),
                open_objects(self.folder / "uploads"),
                list(self.expected.report_keys().values()),
                self.events,
            )
        finally:
            queue.close()


@pytest.fixture
def copy(finished: tuple[Stack, Expected], tmp_path: Path) -> Copy:
    return Copy(*finished, tmp_path / "copy")


def test_what_a_worker_left_behind_is_in_order(copy: Copy) -> None:
    checks = verify(copy.expected, copy.remains())
    assert [(check.name, check.breaches) for check in checks if not check.holds] == []
    assert any(item.hostile for item in copy.expected.plan.items)
    assert copy.expected.plan.malformed


def healthy_key(copy: Copy) -> str:
    return next(i.key for i in copy.expected.plan.items if not i.hostile and len(i.versions) == 1)


def hostile_key(copy: Copy) -> str:
    return next(item.key for item in copy.expected.plan.items if item.hostile)


def twice(copy: Copy) -> Item:
    return next(item for item in copy.expected.plan.items if len(item.versions) == 2)


def lose_an_upload(copy: Copy) -> None:
    copy.sql("DELETE FROM uploads WHERE object_key = ?", healthy_key(copy))


def leave_an_upload_open(copy: Copy) -> None:
    copy.sql("UPDATE uploads SET state = 'open', ended_at = NULL WHERE object_key = ?", healthy_key(copy))


def leave_a_message(copy: Copy) -> None:
    copy.sql(
        "INSERT INTO messages (name, id, body, sent_at, visible_at) VALUES ('uploads', 'x', '{}', 0, 0)",
        file="queue.sqlite",
    )


def retire_an_item(copy: Copy) -> None:
    copy.sql("UPDATE evidence SET current = 0 WHERE id = (SELECT min(id) FROM evidence)")


def double_an_item(copy: Copy) -> None:
    columns = [
        "tenant", "id || 'x'", "dispute_id", "file", "sha256", "on_listing", "current",
        "submitted_at", "received_at", "uploaded_at", "body",
    ]  # fmt: skip
    copy.sql(
        f"INSERT INTO evidence SELECT {', '.join(columns)} FROM evidence WHERE id = (SELECT min(id) FROM evidence)"
    )


def show_older_bytes(copy: Copy) -> None:
    item = twice(copy)
    copy.sql(
        "UPDATE evidence SET sha256 = 'older' WHERE dispute_id = ? AND file = ?", item.dispute_id, item.file
    )


def lose_a_dead_letter(copy: Copy) -> None:
    copy.sql("DELETE FROM dead_letters", file="queue.sqlite")


def bury_the_healthy(copy: Copy) -> None:
    copy.sql(
        "INSERT INTO dead_letters (name, id, body, reason, buried_at) VALUES ('uploads', 'y', '{}', 'so', 0)",
        file="queue.sqlite",
    )


def bury_without_a_reason(copy: Copy) -> None:
    copy.sql("UPDATE dead_letters SET reason = ' '", file="queue.sqlite")


def let_a_hostile_file_pass(copy: Copy) -> None:
    copy.sql("UPDATE uploads SET state = 'done' WHERE object_key = ?", hostile_key(copy))


def leave_a_hostile_file_unnamed(copy: Copy) -> None:
    change_reports(copy, lambda body: body.replace("FMT_QUARANTINED", "FMT_OTHER"))


def quarantine_an_innocent(copy: Copy) -> None:
    copy.sql("UPDATE uploads SET state = 'quarantined' WHERE object_key = ?", healthy_key(copy))


def give_an_innocent_up(copy: Copy) -> None:
    copy.sql("UPDATE uploads SET state = 'given_up' WHERE object_key = ?", healthy_key(copy))


def crash_twice_and_go_on(copy: Copy) -> None:
    copy.sql(
        "UPDATE attempts SET outcome = 'crashed' WHERE subject = (SELECT subject FROM attempts WHERE outcome = 'crashed')"
    )


def leave_an_attempt_without_end(copy: Copy) -> None:
    copy.sql("UPDATE attempts SET ended_at = NULL WHERE started_at = (SELECT min(started_at) FROM attempts)")


def settle_on_an_older_version(copy: Copy) -> None:
    copy.sql(
        "UPDATE object_versions SET sequencer = '01' WHERE evidence_id = (SELECT max(evidence_id) FROM object_versions)"
    )


def go_back_to_an_older_version(copy: Copy) -> None:
    """A revision more whose report shows the older bytes again, with chain, event and object all in order."""
    item = twice(copy)
    older, newer = (one.sha256 for one in copy.expected.stored if one.item is item)
    body = copy.value(
        "SELECT body FROM dispute_reports WHERE dispute_id = ? ORDER BY revision DESC LIMIT 1",
        item.dispute_id,
    )
    assert newer in body
    insert_revision(copy, item.dispute_id, body.replace(newer, older))
    insert_revision(copy, item.dispute_id, body)


def drop_an_item_from_a_report(copy: Copy) -> None:
    change_reports(copy, lambda body: json.dumps({**json.loads(body), "evidence": []}))


def lose_a_revision(copy: Copy) -> None:
    copy.sql("UPDATE dispute_reports SET revision = revision + 1000")


def leave_an_old_report_object(copy: Copy) -> None:
    path = copy.folder / "uploads" / next(iter(copy.expected.report_keys().values()))
    path.write_text(json.dumps({**json.loads(path.read_text()), "revision": 0}))


def lose_a_report_object(copy: Copy) -> None:
    (copy.folder / "uploads" / next(iter(copy.expected.report_keys().values()))).unlink()


def lose_an_event(copy: Copy) -> None:
    copy.events.pop()


def tell_under_two_keys(copy: Copy) -> None:
    copy.events.append({**copy.events[0], "idempotency_key": "another"})


def leave_the_outbox_full(copy: Copy) -> None:
    copy.sql("UPDATE outbox SET sent_at = NULL WHERE id = (SELECT min(id) FROM outbox)")


def rewrite_history(copy: Copy) -> None:
    copy.sql("UPDATE audit SET detail = replace(detail, 'revision', 'Revision') WHERE sequence = 1")


def cut_the_chain(copy: Copy) -> None:
    copy.sql("DELETE FROM audit WHERE dispute_id = (SELECT min(dispute_id) FROM audit)")


def lose_a_derivative(copy: Copy) -> None:
    next(path for path in sorted((copy.folder / "objects").rglob("*")) if path.is_file()).unlink()


def part_a_pair(copy: Copy) -> None:
    change_reports(copy, lambda body: body.replace("-A000", "-Z000"))


def change_reports(copy: Copy, change: Callable[[str], str]) -> None:
    with sqlite3.connect(copy.folder / "evidence.sqlite") as connection:
        connection.create_function("changed", 1, change)
        connection.execute("UPDATE dispute_reports SET body = changed(body) WHERE body <> ''")
    connection.close()


def insert_revision(copy: Copy, dispute_id: str, body: str) -> None:
    copy.sql(
        "INSERT INTO dispute_reports SELECT tenant, dispute_id, revision + 1, content_sha256, policy_sha256, attached_at, ? "
        "FROM dispute_reports WHERE dispute_id = ? ORDER BY revision DESC LIMIT 1",
        body,
        dispute_id,
    )


LOST, CURRENT, DEAD = "nothing lost", "one current item each", "dead letters = the malformed"
HOSTILE, INNOCENT = "hostile files quarantined and named", "no innocent quarantined"
CRASHES, ORDER = "at most two attempts after crashes", "an older sequencer never replaced a newer"
REPORTS, GAPS = "exactly one current report each", "revisions without gaps"
OBJECTS, EVENTS = "report objects are the newest revision", "events delivered at least once"
AUDIT, DERIVATIVES, PAIRS = "audit chains verify", "derivatives rest in the objects", "pairs see each other"


@pytest.mark.parametrize(
    ("tamper", "found"),
    [
        (lose_an_upload, LOST),
        (leave_an_upload_open, LOST),
        (leave_a_message, LOST),
        (retire_an_item, CURRENT),
        (double_an_item, CURRENT),
        (show_older_bytes, CURRENT),
        (lose_a_dead_letter, DEAD),
        (bury_the_healthy, DEAD),
        (bury_without_a_reason, DEAD),
        (let_a_hostile_file_pass, HOSTILE),
        (leave_a_hostile_file_unnamed, HOSTILE),
        (quarantine_an_innocent, INNOCENT),
        (give_an_innocent_up, INNOCENT),
        (crash_twice_and_go_on, CRASHES),
        (leave_an_attempt_without_end, CRASHES),
        (settle_on_an_older_version, ORDER),
        (go_back_to_an_older_version, ORDER),
        (drop_an_item_from_a_report, REPORTS),
        (lose_a_revision, GAPS),
        (leave_an_old_report_object, OBJECTS),
        (lose_a_report_object, OBJECTS),
        (lose_an_event, EVENTS),
        (tell_under_two_keys, EVENTS),
        (leave_the_outbox_full, EVENTS),
        (rewrite_history, AUDIT),
        (cut_the_chain, AUDIT),
        (lose_a_derivative, DERIVATIVES),
        (part_a_pair, PAIRS),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_tampering_is_found(copy: Copy, tamper: Callable[[Copy], None], found: str) -> None:
    tamper(copy)
    assert found in copy.broken()
