"""The worker's settings from the environment, and where uploads rest."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from working_kit import NOON

from pipeline.intake.messages.key_layout import KeyLayout
from pipeline.intake.messages.notice import CREATED, UploadNotice
from pipeline.intake.origin import ForeignUploadError, open_origin
from pipeline.intake.worker_settings import read_worker_settings
from storage.errors import StoreMisconfiguredError

STORE = Path("store")
LAYOUT = KeyLayout.parse("{dispute}/{party}/{file}")
SQS = "https://sqs.eu-west-1.amazonaws.com/1/uploads"
DEAD = "https://sqs.eu-west-1.amazonaws.com/1/dead"


@pytest.fixture(autouse=True)
def no_settings(monkeypatch):
    """Nothing set, but what AWS's library would otherwise look for on the network."""

    for name in [name for name in os.environ if name.startswith(("EVIDENCE_", "AWS_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")


def test_with_nothing_set_everything_is_inside_the_store():
    settings = read_worker_settings(STORE)
    assert settings.uploads_url == "store/uploads"
    assert settings.queue_url == settings.backfill_url == "sqlite:///store/queue.sqlite"
    assert settings.embedded
    assert (settings.events_url, settings.events_token, settings.dead_letters_url) == (None, None, None)
    assert settings.layout == LAYOUT
    assert 2 <= settings.visibility_s < settings.deadline_s
    assert settings.grace_s > 0


def test_every_setting_is_read(monkeypatch):
    given = {
        "EVIDENCE_UPLOADS_URL": "s3://bucket/in",
        "EVIDENCE_QUEUE_URL": SQS,
        "EVIDENCE_BACKFILL_QUEUE_URL": f"{SQS}-old",
        "EVIDENCE_DEAD_LETTERS_URL": DEAD,
        "EVIDENCE_EVENTS_URL": "https://shop.example/events",
        "EVIDENCE_EVENTS_TOKEN": "s3cret",
        "EVIDENCE_KEY_LAYOUT": "{tenant}/{dispute}/{file}",
        "EVIDENCE_VISIBILITY_S": "30",
        "EVIDENCE_ITEM_DEADLINE_S": "120.5",
        "EVIDENCE_GRACE_S": "0",
    }
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    settings = read_worker_settings(STORE)
    assert (settings.uploads_url, settings.queue_url) == ("s3://bucket/in", SQS)
    assert (settings.backfill_url, settings.dead_letters_url) == (f"{SQS}-old", DEAD)
    assert (settings.events_url, settings.events_token) == ("https://shop.example/events", "s3cret")
    assert settings.layout == KeyLayout.parse("{tenant}/{dispute}/{file}")
    assert (settings.visibility_s, settings.deadline_s, settings.grace_s) == (30.0, 120.5, 0.0)
    assert not settings.embedded


def test_a_served_queue_has_no_backfill_unless_named(monkeypatch):
    monkeypatch.setenv("EVIDENCE_QUEUE_URL", SQS)
    monkeypatch.setenv("EVIDENCE_DEAD_LETTERS_URL", DEAD)
    assert read_worker_settings(STORE).backfill_url is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("EVIDENCE_KEY_LAYOUT", "{dispute}"),
        ("EVIDENCE_KEY_LAYOUT", "{file}/{dispute}"),
        ("EVIDENCE_VISIBILITY_S", "soon"),
        ("EVIDENCE_VISIBILITY_S", "1"),
        ("EVIDENCE_VISIBILITY_S", "43201"),
        ("EVIDENCE_VISIBILITY_S", "nan"),
        ("EVIDENCE_ITEM_DEADLINE_S", "0"),
        ("EVIDENCE_ITEM_DEADLINE_S", "inf"),
        ("EVIDENCE_GRACE_S", "-1"),
        ("EVIDENCE_GRACE_S", "10 s"),
        ("EVIDENCE_EVENTS_URL", "shop.example/events"),
        ("EVIDENCE_EVENTS_URL", "ftp://shop.example/events"),
    ],
)
def test_a_wrong_value_is_refused_with_the_name_of_its_setting(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(StoreMisconfiguredError, match=name):
        read_worker_settings(STORE)


def test_a_served_queue_needs_one_for_dead_letters(monkeypatch):
    monkeypatch.setenv("EVIDENCE_QUEUE_URL", SQS)
    with pytest.raises(StoreMisconfiguredError, match=r"EVIDENCE_QUEUE_URL.*EVIDENCE_DEAD_LETTERS_URL"):
        read_worker_settings(STORE)


def test_an_empty_setting_is_none(monkeypatch):
    for name in ("EVIDENCE_QUEUE_URL", "EVIDENCE_EVENTS_URL", "EVIDENCE_VISIBILITY_S", "EVIDENCE_KEY_LAYOUT"):
        monkeypatch.setenv(name, "")
    assert read_worker_settings(STORE).embedded
    assert read_worker_settings(STORE).events_url is None


def notice(bucket, key):
    return UploadNotice(CREATED, bucket, key, event_at=NOON)


def test_a_folder_of_uploads_is_named_like_a_bucket(tmp_path):
    for url in (str(tmp_path / "uploads"), (tmp_path / "uploads").as_uri()):
        origin = open_origin(url, LAYOUT)
        assert (origin.bucket, origin.prefix) == ("uploads", "")
        assert origin.relative(notice("uploads", "D-1/a.jpg")) == "D-1/a.jpg"
        origin.objects.put("D-1/a.jpg", b"1")
    assert (tmp_path / "uploads" / "D-1" / "a.jpg").read_bytes() == b"1"


@pytest.mark.parametrize("url", ["s3://evidence/in/2026", "s3://evidence/in/2026/"])
def test_behind_a_prefix_of_a_bucket_keys_are_relative(url):
    origin = open_origin(url, LAYOUT)
    assert (origin.bucket, origin.prefix) == ("evidence", "in/2026/")
    assert origin.relative(notice("evidence", "in/2026/D-1/a.jpg")) == "D-1/a.jpg"
    assert origin.relative(notice(None, "D-1/a.jpg")) == "D-1/a.jpg"
    for bucket, key in (
        ("other", "in/2026/D-1/a.jpg"),
        ("evidence", "in/20267/a.jpg"),
        ("evidence", "D-1/a.jpg"),
    ):
        with pytest.raises(ForeignUploadError):
            origin.relative(notice(bucket, key))


def test_a_whole_bucket_has_no_prefix():
    origin = open_origin("s3://evidence", LAYOUT)
    assert (origin.bucket, origin.prefix) == ("evidence", "")


def test_an_address_of_no_objects_is_refused():
    with pytest.raises(StoreMisconfiguredError):
        open_origin("ftp://evidence/in", LAYOUT)
