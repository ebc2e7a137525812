"""evidence enqueue, worker, queue, redrive, dispute put: the real commands on both stacks."""

from __future__ import annotations

import json
import signal
import time
from pathlib import Path
from urllib.parse import quote_plus

import pytest
from kit import codes, declare
from pictures import jpeg, save, scene
from PIL import ImageFilter
from worker_stacks import Stack, served, stack, until

__all__ = ["stack"]

SUBMITTED = "2026-03-10T10:00:00Z"


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """Two declared disputes; the second repeats a photo of the first, sent later."""
    folder = tmp_path / "cases"
    declare(folder / "D-1", "b-1", reason="NOT_AS_DESCRIBED", sub_reason="damaged")
    declare(folder / "D-2", "b-2")
    save(scene(1), folder / "D-1" / "buyer" / "crack in lid.jpg")
    save(scene(2), folder / "D-1" / "seller" / "packing.jpg")
    save(scene(1), folder / "D-2" / "buyer" / "é+%2F.jpg", quality=60)
    save(scene(3).filter(ImageFilter.GaussianBlur(9)), folder / "D-2" / "buyer" / "soft.jpg")
    return folder


def item(report: dict, file: str) -> dict:
    return next(entry for entry in report["evidence"] if entry["file"] == file)


def timeless(value: object) -> object:
    """A report without the times of this run and without the revision, which counts how often it was judged."""
    dropped = ("created_at", "as_of", "revision", "received_at", "submitted_at")
    if isinstance(value, dict):
        return {name: timeless(part) for name, part in value.items() if name not in dropped}
    return [timeless(part) for part in value] if isinstance(value, list) else value


def test_a_folder_goes_through_the_queue_to_reports_on_the_record(stack: Stack, cases: Path) -> None:
    sent = stack.run("enqueue", cases / "D-1", "--submitted-at", "2026-03-01T10:00:00Z")
    assert sent.status == 0, sent.log
    log = stack.drain().log
    stack.run("enqueue", cases, "--submitted-at", SUBMITTED)
    log += stack.drain().log

    first, second = stack.report("D-1"), stack.report("D-2")
    assert [entry["file"] for entry in first["evidence"]] == ["buyer/crack in lid.jpg", "seller/packing.jpg"]
    assert {entry["party"] for entry in first["evidence"]} == {"buyer", "seller"}
    assert "DUP_SAME_PHOTO" in codes(item(second, "buyer/é+%2F.jpg"))
    assert "CLR_BLUR" in codes(item(second, "buyer/soft.jpg"))
    assert [match["dispute_id"] for match in item(first, "buyer/crack in lid.jpg")["matches"]] == ["D-2"]
    lines = [json.loads(line) for line in log.splitlines()]
    assert {line["dispute"] for line in lines if line.get("upload")} == {"D-1", "D-2"}
    for name in ("D-1", "D-2"):
        beside = json.loads(stack.objects().get(f"{name}/evidence-report/report.json"))
        assert beside == stack.report(name)
    shown = stack.run("queue")
    assert shown.status == 0
    assert "dead letters: 0" in shown.text


@pytest.mark.servers
def test_both_stacks_give_equal_reports(tmp_path: Path, cases: Path, request: pytest.FixtureRequest) -> None:
    servers = [request.getfixturevalue(name) for name in ("postgres", "s3", "ministack")]
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    reports = []
    for made in (Stack(tmp_path / "one"), served(tmp_path / "two", *servers)):
        assert made.run("enqueue", cases, "--submitted-at", SUBMITTED).status == 0
        made.drain()
        reports.append([timeless(made.report(name)) for name in ("D-1", "D-2")])
    assert reports[0] == reports[1]


def test_what_is_malformed_is_set_aside_with_its_reason_and_can_be_sent_back(stack: Stack) -> None:
    stack.objects().put("D-9/buyer/a b.jpg", jpeg(scene(5)))
    record = {
        "eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "eventTime": SUBMITTED,
        "s3": {"bucket": {"name": "elsewhere"}, "object": {"key": quote_plus("D-9/buyer/a b.jpg"), "size": 1}},
    }  # fmt: skip
    stack.send("no json at all", json.dumps({"Records": [record]}))
    stack.drain()
    shown = stack.run("queue", "--dead")
    assert shown.status == 1
    assert "dead letters: 2" in shown.text
    assert "not JSON" in shown.text
    assert "elsewhere" in shown.text
    assert stack.run("redrive").text.startswith("2 dead letters sent back")
    stack.drain()
    assert "dead letters: 2" in stack.run("queue").text


def test_a_dispute_put_after_its_evidence_is_judged_again(stack: Stack, tmp_path: Path) -> None:
    folder = tmp_path / "loose" / "D-7"
    save(scene(6), folder / "buyer" / "mug.jpg")
    stack.run("enqueue", folder)
    stack.drain()
    before = stack.report("D-7")
    assert before["completeness"]["applicable"] is False
    said = {"file": "buyer/mug.jpg", "roles": ["item"], "description": "the chipped rim"}
    body = {"id": "D-7", "reason": "NOT_AS_DESCRIBED", "sub_reason": "damaged", "evidence": [said]}
    path = tmp_path / "dispute.json"
    path.write_text(json.dumps(body))
    put = stack.run("dispute", "put", path)
    assert put.status == 0, put.log
    stack.drain()
    after = stack.report("D-7")
    assert after["revision"] == before["revision"] + 1
    assert item(after, "buyer/mug.jpg")["description"] == "the chipped rim"
    assert {slot["role"]: slot["state"] for slot in after["completeness"]["slots"]}["item"] == "filled"


def test_sigterm_ends_an_idle_worker_without_waiting_for_its_long_poll(tmp_path: Path) -> None:
    with Stack(tmp_path).worker("--listen", "127.0.0.1:0") as process:
        process.send_signal(signal.SIGTERM)
        assert process.wait(15) == 0


def test_a_killed_workers_upload_is_finished_by_the_next(tmp_path: Path, cases: Path) -> None:
    stack = Stack(tmp_path, {"EVIDENCE_VISIBILITY_S": "2"})
    stack.run("enqueue", cases)
    with stack.worker() as process:
        until(lambda: '"done' in "".join(path.read_text() for path in tmp_path.glob("worker-*.log")))
        process.kill()
    stack.drain()
    assert len(stack.report("D-1")["evidence"]) == 2
    assert len(stack.report("D-2")["evidence"]) == 2


def test_a_worker_waits_for_a_database_that_is_not_there_yet(tmp_path: Path) -> None:
    stack = Stack(tmp_path, {"EVIDENCE_DATABASE_URL": "postgresql://evidence@127.0.0.1:9/none"})
    with stack.worker(ready="start: the database cannot be reached") as process:
        time.sleep(0.5)
        assert process.poll() is None


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"EVIDENCE_QUEUE_URL": "http://127.0.0.1:1/1/q"}, "EVIDENCE_DEAD_LETTERS_URL"),
        ({"EVIDENCE_VISIBILITY_S": "soon"}, "EVIDENCE_VISIBILITY_S"),
        ({"EVIDENCE_KEY_LAYOUT": "{file}"}, "EVIDENCE_KEY_LAYOUT"),
        ({"EVIDENCE_DATABASE_URL": "mysql://x"}, "database's address"),
    ],
)
def test_a_wrong_setting_is_refused_in_one_sentence(
    tmp_path: Path, settings: dict[str, str], said: str
) -> None:
    ran = Stack(tmp_path, settings).run("worker", "--once")
    assert ran.status == 2
    assert said in ran.log
    assert "Traceback" not in ran.log


@pytest.mark.servers
def test_a_buckets_own_events_reach_the_worker(tmp_path: Path, postgres, ministack, monkeypatch) -> None:
    """One flow as the server has it: S3 tells SQS of an upload, and nobody stands between."""
    queue, bucket = ministack.create_queue("native"), "native-uploads"
    sqs, objects = ministack.client("sqs"), ministack.client("s3")
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    objects.create_bucket(Bucket=bucket)
    objects.put_bucket_notification_configuration(
        Bucket=bucket,
        NotificationConfiguration={
            "QueueConfigurations": [
                {
                    "QueueArn": arn,
                    "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"],
                    "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": "uploads/"}]}},
                }
            ]
        },
    )
    settings = {
        **ministack.environment,
        "EVIDENCE_DATABASE_URL": postgres.create_database(),
        "EVIDENCE_OBJECTS_URL": f"s3://{bucket}/derived",
        "EVIDENCE_UPLOADS_URL": f"s3://{bucket}/uploads",
        "EVIDENCE_QUEUE_URL": queue,
        "EVIDENCE_DEAD_LETTERS_URL": ministack.create_queue("native-dead"),
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    stack = Stack(tmp_path, settings)
    objects.put_object(Bucket=bucket, Key="uploads/D-5/buyer/a b+c é.jpg", Body=jpeg(scene(8)))
    stack.drain()
    report = stack.report("D-5")
    assert [(entry["file"], entry["party"]) for entry in report["evidence"]] == [
        ("buyer/a b+c é.jpg", "buyer")
    ]
    assert "D-5/evidence-report/report.json" in list(stack.objects().keys("D-5/"))
