"""Log lines: one JSON object an event, the upload's fields throughout, and no credential in any."""

from __future__ import annotations

import contextvars
import io
import json
import logging
import sys
import threading
import time
import warnings

import pytest
import structlog

from pipeline.observability.logs import start_logs, upload_context
from pipeline.observability.masking import MASK, MAX_TEXT, masker, secrets_of

pytestmark = pytest.mark.usefixtures("own_logs")

UPLOAD = {"upload": "up-1", "message": "m-1", "tenant": "default", "dispute": "D-1", "worker": "w-1"}


class Terminal(io.StringIO):
    """A stream that says a person reads it."""

    def isatty(self):
        return True


@pytest.fixture
def stream():
    return io.StringIO()


def lines(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def boom():
    raise RuntimeError("it broke: postgresql://evidence:s3cr3t@db/e")


@pytest.mark.parametrize("get_logger", [logging.getLogger, structlog.stdlib.get_logger])
def test_both_kinds_of_logger_give_one_json_object_an_event(stream, get_logger):
    start_logs(stream, common={"worker": "w-1"})
    get_logger("pipeline.somewhere").info("took %d of %s", 2, "three")
    (line,) = lines(stream)
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "level": "info",
        "logger": "pipeline.somewhere",
        "event": "took 2 of three",
        "worker": "w-1",
    }


@pytest.mark.parametrize("get_logger", [logging.getLogger, structlog.stdlib.get_logger])
def test_every_line_of_one_upload_carries_its_fields(stream, get_logger):
    start_logs(stream)
    log = get_logger("pipeline.somewhere")
    with upload_context(**UPLOAD, listing=None), upload_context(dispute="D-2"):
        log.info("inside")
    log.info("outside")
    inside, outside = lines(stream)
    assert {name: inside[name] for name in UPLOAD} == UPLOAD | {"dispute": "D-2"}
    assert "listing" not in inside
    assert not set(UPLOAD) & set(outside)


def test_fields_stay_in_their_thread_unless_handed_on(stream):
    start_logs(stream)
    log = logging.getLogger("pipeline.somewhere")
    with upload_context(upload="up-1"):
        handed_on = contextvars.copy_context()
        for target in (lambda: log.info("alone"), lambda: handed_on.run(log.info, "handed on")):
            thread = threading.Thread(target=target)
            thread.start()
            thread.join()
    assert [(line["event"], line.get("upload")) for line in lines(stream)] == [
        ("alone", None),
        ("handed on", "up-1"),
    ]


@pytest.mark.parametrize("get_logger", [logging.getLogger, structlog.stdlib.get_logger])
def test_a_traceback_is_one_field(stream, get_logger):
    start_logs(stream)
    try:
        boom()
    except RuntimeError:
        get_logger("pipeline.somewhere").exception("a fault of ours")
    (line,) = lines(stream)
    assert line["exception"].startswith("Traceback (most recent call last):\n")
    assert line["exception"].endswith(f"RuntimeError: it broke: postgresql://evidence:{MASK}@db/e")
    assert "exc_info" not in line


def test_extra_fields_become_plain_json(stream):
    start_logs(stream)
    extra = {"size": 3, "ratio": float("nan"), "names": ("a", {"b"}), "lone": "a\udc80", "thing": object()}
    logging.getLogger("x").warning("odd", extra=extra)
    (line,) = lines(stream)
    assert (line["size"], line["ratio"], line["names"], line["lone"]) == (3, "nan", ["a", ["b"]], "a\udc80")
    assert line["thing"].startswith("<object object")


@pytest.mark.parametrize(
    "said",
    [
        "cannot connect to postgresql://evidence:s3cr3t@db.internal:5432/evidence",
        "connection to host=db password=s3cr3t user=evidence failed",
        "connection to host=db password='s3cr3t' user=evidence failed",
        'sent {"token": "s3cr3t", "a": 1}',
        "{'Authorization': 'Bearer s3cr3t'}",
        "GET https://bucket/key?X-Amz-Credential=s3cr3t&X-Amz-Signature=s3cr3t&x=1",
        "aws_secret_access_key = s3cr3t",
    ],
)
def test_no_credential_in_a_line_wherever_it_stands(stream, said):
    start_logs(stream)
    try:
        raise RuntimeError(said)
    except RuntimeError:
        logging.getLogger("x").exception("%s", said, extra={"cause": said, "deep": [{"deeper": said}]})
    with upload_context(key=said):
        logging.getLogger("x").info("more")
    assert "s3cr3t" not in stream.getvalue()
    assert len(lines(stream)) == 2


def test_known_secrets_and_fields_named_as_such_are_masked(stream):
    address = "postgresql://evidence:p%40ss%2Fword@db/evidence"
    start_logs(stream, secrets=[*secrets_of([address, None, "http://[no"]), "tok-123456"])
    logging.getLogger("x").info(
        "p@ss/word p%40ss%2Fword tok-123456", extra={"password": "another", "api_key": b"raw"}
    )
    (line,) = lines(stream)
    assert line["event"] == f"{MASK} {MASK} {MASK}"
    assert (line["password"], line["api_key"]) == (MASK, MASK)


def test_ordinary_text_is_left_alone():
    for text in (
        "s3://bucket/a@b:c",
        "https://host:8080/path",
        "took 3 s: 2 of 3",
        "Bearer of news",
        "arn:aws:sqs:x",
    ):
        assert masker(["abc"])(text) == text


def test_masking_takes_time_in_proportion_to_the_text():
    mask = masker(["secret-word"])
    hostile = ["a", "token", "://a:", "authorization:", "password=", "password='", "@", "Bearer "]
    started = time.process_time()
    for part in hostile:
        mask(part * (200_000 // len(part)))
    assert time.process_time() - started < 10


def test_a_long_field_keeps_both_ends(stream):
    start_logs(stream)
    logging.getLogger("x").info("begin%send", "x" * 10 * MAX_TEXT)
    (line,) = lines(stream)
    assert line["event"].startswith("begin")
    assert line["event"].endswith("end")
    assert len(line["event"]) < MAX_TEXT + 100


def test_other_libraries_keep_quiet_at_any_level(stream):
    start_logs(stream, level="DEBUG")
    logging.getLogger("botocore.auth").debug("headers and signatures")
    logging.getLogger("pipeline.somewhere").debug("ours")
    assert [line["event"] for line in lines(stream)] == ["ours"]


def test_lines_below_the_level_are_left_out_and_an_unknown_level_is_refused(stream):
    start_logs(stream, level="WARNING")
    logging.getLogger("x").info("no")
    structlog.stdlib.get_logger("x").info("no")
    assert stream.getvalue() == ""
    with pytest.raises(ValueError, match="LOUD"):
        start_logs(stream, level="LOUD")


def test_starting_again_leaves_one_line_an_event(stream):
    start_logs(io.StringIO())
    start_logs(stream)
    logging.getLogger("x").info("once")
    assert len(lines(stream)) == 1


def test_warnings_and_errors_nobody_caught_are_lines_too(stream):
    start_logs(stream)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn("old ways", stacklevel=1)
    thread = threading.Thread(target=boom, name="consumer-1")
    thread.start()
    thread.join()
    try:
        boom()
    except RuntimeError as error:
        sys.excepthook(type(error), error, error.__traceback__)
    warned, in_thread, ended = lines(stream)
    assert "old ways" in warned["event"]
    assert (in_thread["level"], in_thread["thread_name"]) == ("critical", "consumer-1")
    assert "RuntimeError" in in_thread["exception"]
    assert ended["level"] == "critical"
    assert "s3cr3t" not in stream.getvalue()


def test_a_terminal_gets_readable_lines_that_strangers_cannot_shape():
    terminal = Terminal()
    start_logs(terminal)
    with upload_context(key="a\x1b[2J\nb", lone="\udc80"):
        logging.getLogger("x").info("hello", extra={"url": "postgresql://e:s3cr3t@db/e"})
        try:
            boom()
        except RuntimeError:
            logging.getLogger("x").exception("broken")
    text = terminal.getvalue()
    assert "hello" in text.splitlines()[0]
    assert "\x1b[2J" not in text
    assert "a\\x1b[2J\\nb" in text
    assert "RuntimeError: it broke" in text
    assert "s3cr3t" not in text
    text.encode()
