"""Which queue an address names."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.errors import StoreMisconfiguredError
from storage.queues.local import LocalQueue
from storage.queues.open_queue import open_uploads
from storage.queues.sqs import SqsQueue

QUEUE = "https://sqs.eu-west-3.amazonaws.com/123456789012/uploads"


def test_a_path_and_its_address_name_one_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "a b" / "queue.sqlite"
    addresses = [file, str(file), f"sqlite:///{file}", "a b/queue.sqlite", "sqlite:///a b/queue.sqlite"]
    for number, address in enumerate(addresses):
        opened = open_uploads(address)
        assert isinstance(opened, LocalQueue)
        opened.send([str(number)])
        assert opened.depth().waiting == number + 1
        opened.close()


def test_queues_of_one_file_are_apart_by_name(tmp_path: Path) -> None:
    file = tmp_path / "queue.sqlite"
    uploads, backfill = open_uploads(file), open_uploads(file, name="backfill")
    backfill.send(["old"])
    assert uploads.receive(0, 60) is None
    assert uploads.depth().total == 0
    message = backfill.receive(0, 60)
    assert message is not None
    backfill.dead_letter(message, "why")
    assert (uploads.dead_count(), backfill.dead_count()) == (0, 1)
    assert uploads.dead_letters(9) == []
    assert uploads.redrive(9) == 0
    assert backfill.redrive(9) == 1
    uploads.close()
    backfill.close()


@pytest.mark.parametrize(
    "url",
    [
        QUEUE,
        "http://127.0.0.1:4566/000000000000/uploads",
        "http://localhost:4566/queue/us-east-1/000000000000/uploads",
    ],
)
def test_an_address_of_sqs(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_SQS"):
        monkeypatch.delenv(name, raising=False)
    opened = open_uploads(url, f"{url}-dead")
    assert isinstance(opened, SqsQueue)
    opened.close()


@pytest.mark.parametrize(
    ("url", "dead", "sentence"),
    [
        ("", None, "empty"),
        (QUEUE, None, "no dead letters"),
        (QUEUE, QUEUE, "second queue"),
        (QUEUE, "https://sqs.eu-west-1.amazonaws.com/123456789012/uploads-dead", "another host"),
        (QUEUE, "queue.sqlite", "no address of a queue"),
        (f"{QUEUE}.fifo", f"{QUEUE}-dead", "FIFO"),
        (f"{QUEUE}?a=b", f"{QUEUE}-dead", "no address of a queue"),
        ("https://sqs.eu-west-3.amazonaws.com/uploads", f"{QUEUE}-dead", "no address of a queue"),
        ("http:///1/uploads", f"{QUEUE}-dead", "no address of a queue"),
        ("http://[::1/1/uploads", f"{QUEUE}-dead", "no address of a queue"),
        ("redis://localhost/0/a", None, "no address of a queue"),
        ("s3://bucket/a/b", None, "no address of a queue"),
        ("queue.sqlite", f"{QUEUE}-dead", "itself"),
    ],
)
def test_any_other_address_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, dead: str | None, sentence: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(StoreMisconfiguredError, match=sentence) as raised:
        open_uploads(url, dead)
    assert "\n" not in str(raised.value)
    assert list(tmp_path.iterdir()) == []
