"""evidence forget: afterwards no byte of database, objects, queue or reports tells of what was erased."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest
from kit import declare, submitted
from pictures import save, scene
from servers import aws_client
from sqlalchemy import create_engine, inspect, text
from worker_stacks import Stack, stack

__all__ = ["stack"]

SUBMITTED = "2026-03-10T10:00:00Z"
REPORT = "D-{}/evidence-report/report.json"


@pytest.fixture
def cases(tmp_path: Path) -> Path:
    """Two disputes that share a photo, and one apart; all have ended."""
    folder = tmp_path / "cases"
    sent = {
        1: [submitted("buyer/crack-in-the-lid.jpg", 1)],
        2: [submitted("buyer/another-crack.jpg", 9)],
        3: [],
    }
    for number in (1, 2, 3):
        declare(folder / f"D-{number}", f"buyer-{number}-account", status="CLOSED", evidence=sent[number])
    save(scene(1), folder / "D-1" / "buyer" / "crack-in-the-lid.jpg")
    save(scene(2), folder / "D-1" / "seller" / "packing-of-it.jpg")
    save(scene(1), folder / "D-2" / "buyer" / "another-crack.jpg", quality=60)
    save(scene(3), folder / "D-3" / "buyer" / "elsewhere.jpg")
    return folder


def traces(folder: Path) -> list[bytes]:
    """What would tell of the files in ``folder``: their names and hashes, written either way."""
    found = []
    for path in sorted(folder.rglob("*.jpg")):
        digest = hashlib.sha256(path.read_bytes())
        found += [path.name.encode(), digest.hexdigest().encode(), digest.digest()]
    return found


def everything(stack: Stack) -> bytes:
    """All that is kept: every file, every version of every object, every row of every table."""
    kept = [
        path.read_bytes() + str(path).encode() for path in stack.folder.rglob("store/**/*") if path.is_file()
    ]
    if "EVIDENCE_DATABASE_URL" in stack.settings:
        kept += [*rows(stack.settings["EVIDENCE_DATABASE_URL"]), *versions(stack)]
    return b"\0".join(kept)


def rows(url: str) -> list[bytes]:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.connect() as connection:
        every = [
            repr(tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)).encode()
            for table in inspect(connection).get_table_names()
            for row in connection.execute(text(f'SELECT * FROM "{table}"'))
        ]
    engine.dispose()
    return every


def versions(stack: Stack) -> list[bytes]:
    client = aws_client("s3", {**stack.settings, "AWS_ENDPOINT_URL": stack.settings["AWS_ENDPOINT_URL_S3"]})
    bucket = bucket_of(stack)
    kept = []
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for one in page.get("Versions", ()):
            body = client.get_object(Bucket=bucket, Key=one["Key"], VersionId=one["VersionId"])["Body"].read()
            kept.append(one["Key"].encode() + body)
        kept += [one["Key"].encode() for one in page.get("DeleteMarkers", ())]
    return kept


def bucket_of(stack: Stack) -> str:
    return stack.settings["EVIDENCE_UPLOADS_URL"].removeprefix("s3://").partition("/")[0]


def worked(stack: Stack, cases: Path) -> None:
    """Everything through the worker; the photo of D-1 came twice, in two versions of its object."""
    if "EVIDENCE_DATABASE_URL" in stack.settings:
        client = aws_client(
            "s3", {**stack.settings, "AWS_ENDPOINT_URL": stack.settings["AWS_ENDPOINT_URL_S3"]}
        )
        client.put_bucket_versioning(Bucket=bucket_of(stack), VersioningConfiguration={"Status": "Enabled"})
    assert stack.run("enqueue", cases, "--submitted-at", SUBMITTED).status == 0
    stack.drain()
    assert [m["dispute_id"] for m in stack.report("D-2")["evidence"][0]["matches"]] == ["D-1"]


def test_a_dispute_leaves_no_trace(stack: Stack, cases: Path) -> None:
    worked(stack, cases)
    told = [*traces(cases / "D-1"), b"buyer-1-account", b"D-1"]
    before = everything(stack)
    assert all(trace in before for trace in told if len(trace) != 32), "else the scan would find nothing ever"
    apart = stack.report("D-3")["revision"]
    done = stack.run("forget", "D-1", "--yes")
    assert done.status == 0, done.log + done.text
    after = everything(stack)
    assert [trace for trace in told if trace in after] == []
    assert stack.report("D-2")["evidence"][0]["matches"] == []
    assert not stack.objects().exists(REPORT.format(1))
    assert json.loads(stack.objects().get(REPORT.format(2))) == stack.report("D-2")
    assert stack.report("D-3")["revision"] == apart, "what had nothing to do with it stays as it was"
    assert "0 faults found" in stack.run("verify").text
    assert "dispute_forgotten" in str(after)


def test_an_item_leaves_no_trace_and_its_dispute_goes_on(stack: Stack, cases: Path) -> None:
    worked(stack, cases)
    other = cases / "D-1" / "seller" / "packing-of-it.jpg"
    shutil.move(other, cases / "packing-of-it.jpg")
    told = traces(cases / "D-1")
    done = stack.run("forget", "D-1/buyer/crack-in-the-lid.jpg", "--yes", "--ground", "order")
    assert done.status == 0, done.log + done.text
    after = everything(stack)
    assert [trace for trace in told if trace in after] == []
    assert [item["file"] for item in stack.report("D-1")["evidence"]] == ["seller/packing-of-it.jpg"]
    assert stack.report("D-2")["evidence"][0]["matches"] == []
    assert b'"ground":"order"' in after.replace(b"\\", b"")
    again = stack.run("forget", "D-1/buyer/crack-in-the-lid.jpg", "--yes")
    assert (again.status, "no dispute and no item" in again.log) == (2, True)


def test_reports_in_folders_are_renewed(evidence, tmp_path: Path, cases: Path) -> None:
    assert evidence("check", cases).status == 1
    told = [*traces(cases / "D-1"), b"buyer-1-account", b"D-1"]
    pictures = {path.name for path in (tmp_path / "out" / "D-2" / "media").iterdir()}
    assert any(name.startswith("comparison") for name in pictures)
    done = evidence("forget", "D-1", "--yes", "--store", "store", "--reports", "out")
    assert done.status == 0, done.text
    kept = [path for name in ("out", "store") for path in (tmp_path / name).rglob("*") if path.is_file()]
    assert [
        (path, t)
        for path in kept
        for t in told
        if t in path.read_bytes() or t in str(path.relative_to(tmp_path)).encode()
    ] == []
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "D-2",
        "D-3",
        "files.csv",
        "index.html",
    ]
    assert not any(
        path.name.startswith("comparison") for path in (tmp_path / "out" / "D-2" / "media").iterdir()
    )
    assert evidence("check", cases / "D-2").status == 0


def test_bytes_that_another_dispute_sent_too_stay_there(evidence, tmp_path: Path, cases: Path) -> None:
    shutil.copy(cases / "D-1" / "buyer" / "crack-in-the-lid.jpg", cases / "D-3" / "buyer" / "same.jpg")
    evidence("check", cases, "--keep-originals")
    done = evidence("forget", "D-1", "--yes", "--store", "store")
    assert (done.status, "The same bytes are also uploaded elsewhere for 1 file" in done.text) == (0, True)
    digest = hashlib.sha256((cases / "D-3" / "buyer" / "same.jpg").read_bytes()).hexdigest()
    assert (tmp_path / "store" / "objects" / "originals" / digest[:2] / digest).exists()


def test_a_hold_and_an_open_dispute_refuse(evidence, tmp_path: Path, cases: Path) -> None:
    declare(cases / "D-1", "b", status="CLOSED", legal_hold=True)
    declare(cases / "D-2", "b", status="OPEN")
    evidence("check", cases)
    held = evidence("forget", "D-1", "--yes", "--while-open", "--store", "store")
    assert (held.status, "legal hold" in held.text) == (2, True)
    kept = evidence("forget", "D-2", "--yes", "--store", "store")
    assert (kept.status, "--while-open" in kept.text) == (2, True)
    assert evidence("forget", "D-2", "--yes", "--while-open", "--store", "store").status == 0


def test_a_dry_run_tells_and_keeps(evidence, tmp_path: Path, cases: Path) -> None:
    evidence("check", cases)
    done = evidence("forget", "D-1", "--dry-run", "--store", "store")
    assert (done.status, "crack-in-the-lid.jpg" in done.text, "dry run" in done.text) == (0, True, True)
    assert evidence("report", "D-1", "--store", "store").status == 0
