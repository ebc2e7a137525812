"""C2PA manifests: verified offline, in a child of their own that costs nothing but the manifest."""

from __future__ import annotations

import mmap
import tempfile
from datetime import UTC, datetime

import pytest
from c2pa_signing import SAMPLE, created, signed, signer
from jail.bombs import MANIFESTS
from origin_files import MIME, VOCABULARY, movie, packet, still
from small_limits import LIMITS
from uploads_opened import opened_upload

from pipeline.opening.child import c2pa_manifest
from pipeline.opening.host.jail import Jail, Outcome
from pipeline.opening.host.opener import Opener
from pipeline.opening.host.tools import find_tools
from pipeline.setup.settings import read_settings
from pipeline.wiring.assembly import trust_list_of
from storage.errors import StoreMisconfiguredError
from validators.measures.containers.c2pa_box import holds_manifest

CAPTURE = [created("computationalCapture")]
GENERATE = [created("trainedAlgorithmicMedia", tool="Model 3")]


@pytest.fixture(scope="module")
def trust_list(tmp_path_factory):
    """The roots of the signers of these tests."""
    path = tmp_path_factory.mktemp("trust") / "roots.pem"
    path.write_text(signer().root)
    return path


@pytest.fixture(scope="module", autouse=True)
def trusting(trust_list):
    c2pa_manifest.warm_up(str(trust_list))


def read(data: bytes, kind: str = "JPEG"):
    with tempfile.TemporaryFile() as file:
        file.write(data)
        file.flush()
        with mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as mapped:
            return c2pa_manifest.read_manifest(mapped, MIME[kind])


def changed(data: bytes, kind: str = "JPEG") -> bytes:
    """The same with one bit of its picture changed."""
    at = data.index(still(kind)[-40:-16])
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIC", "AVIF"])
def test_the_verdict_is_right_in_every_format(kind):
    data = signed(still(kind), MIME[kind], CAPTURE)
    assert holds_manifest(MIME[kind], data)
    assert not holds_manifest(MIME[kind], still(kind))
    whole, spoilt = read(data, kind), read(changed(data, kind), kind)
    assert (whole.signed.state, whole.signed.codes) == ("trusted", ())
    assert whole.signed.signer == "Test Camera Maker / Test Camera"
    assert [(one.source, one.value) for one in whole.statements] == [("c2pa:created", "computationalCapture")]
    assert spoilt.signed.state == "invalid"
    assert any(code.endswith("Hash.mismatch") for code in spoilt.signed.codes)
    assert spoilt.times == ()


def test_a_manifest_outside_its_place_is_none():
    data = signed(still("JPEG"), "image/jpeg", CAPTURE)
    segments = data[2 : data.index(b"\xff\xdb")]
    for kind, moved in (
        ("JPEG", still("JPEG") + segments),
        ("PNG", still("PNG") + segments),
        ("MP4", movie(free=data)),
        ("JPEG", still("JPEG", xmp=packet({"dc:description": "jumdc2pa"}))),
    ):
        assert not holds_manifest(MIME[kind], moved)


def test_a_trusted_camera_dates_its_capture_and_nobody_else_does():
    dated = read(signed(still("JPEG"), "image/jpeg", CAPTURE)).times
    assert [(one.source, one.earliest, one.zone_known) for one in dated] == [
        ("c2pa:created", datetime(2026, 3, 9, 10, 15, 22, tzinfo=UTC), True)
    ]
    for data in (
        signed(still("JPEG"), "image/jpeg", CAPTURE, signer("Stranger")),
        signed(still("JPEG"), "image/jpeg", GENERATE),
    ):
        assert read(data).times == ()


def test_a_signer_who_is_not_on_the_list_is_told_by_a_code():
    unknown = read(signed(still("JPEG"), "image/jpeg", CAPTURE, signer("Stranger"))).signed
    assert (unknown.state, unknown.codes) == ("valid", ("signingCredential.untrusted",))


def test_the_history_runs_from_the_first_file_to_the_last():
    first = signed(still("JPEG"), "image/jpeg", GENERATE, tool="Model")
    opened = {"action": "c2pa.opened"}
    filled = {
        "action": "c2pa.edited",
        "digitalSourceType": VOCABULARY + "compositeWithTrainedAlgorithmicMedia",
    }
    parent = ({"title": "first.jpg", "relationship": "parentOf"}, "image/jpeg", first)
    found = read(signed(still("JPEG"), "image/jpeg", [opened, filled], tool="Editor", ingredients=[parent]))
    tools = [(one.action, one.tool) for one in found.signed.actions]
    assert tools == [
        ("c2pa.created", "Model 3"),
        ("c2pa.opened", "Editor 1.0"),
        ("c2pa.edited", "Editor 1.0"),
    ]
    assert [(one.title, one.relationship) for one in found.signed.ingredients] == [("first.jpg", "parentOf")]
    assert [(one.source, one.value) for one in found.statements] == [
        ("c2pa:created", "trainedAlgorithmicMedia"),
        ("c2pa:edited", "compositeWithTrainedAlgorithmicMedia"),
    ]
    placed = ({"title": "part.jpg", "relationship": "componentOf"}, "image/jpeg", first)
    collage = read(signed(still("JPEG"), "image/jpeg", CAPTURE, ingredients=[placed]))
    assert ("c2pa:ingredient", "trainedAlgorithmicMedia") in [
        (one.source, one.value) for one in collage.statements
    ]


def test_a_broken_manifest_costs_only_the_manifest(trust_list, tmp_path):
    """In the jail: the picture is measured whatever becomes of the manifest."""
    whole = signed(still("JPEG"), "image/jpeg", CAPTURE)
    at = whole.index(b"jumdc2pa")
    cases = {
        "trusted": whole,
        "invalid": changed(whole),
        "unreadable": whole[: at + 40] + b"\xff" * 200 + whole[at + 240 :],
    }
    with Jail(trust_list=trust_list) as jail:
        opener = Opener(jail, find_tools(), LIMITS, {})
        for state, data in cases.items():
            (tmp_path / "upload").write_bytes(data)
            found = opener.open(tmp_path / "upload").measurements
            assert found.signed.state == state
            assert found.image.width == 64
            assert [one.source for one in found.times] == (["c2pa:created"] if state == "trusted" else [])
        for make in MANIFESTS:
            (tmp_path / "upload").write_bytes(make())
            found = opener.open(tmp_path / "upload").measurements
            assert found.signed.state in ("unreadable", "invalid"), make.__name__
            assert found.image.width == 64, make.__name__
        (tmp_path / "upload").write_bytes(still("JPEG"))
        assert opener.open(tmp_path / "upload").measurements.signed is None


def test_a_capture_lies_before_the_time_stamp_of_its_signature():
    """A clock without a zone may mean 26 hours: those after the signature are not among them."""
    for stamp, latest in (("2026-03-09T12:00:00Z", 12), ("2026-03-08T00:00:00Z", None)):
        action = {"action": "c2pa.created", "digitalSourceType": VOCABULARY + "digitalCapture"}
        exif = {"label": "stds.exif", "data": {"exif:DateTimeOriginal": "2026:03:09 10:15:22"}}
        own = {
            "assertions": [{"label": "c2pa.actions.v2", "data": {"actions": [action]}}, exif],
            "signature_info": {"issuer": "Maker", "time": stamp},
        }
        report = {"active_manifest": "a", "manifests": {"a": own}, "validation_state": "Trusted"}
        found = c2pa_manifest.reduced(report).times
        assert [(one.source, one.latest.hour) for one in found] == (
            [("c2pa:DateTimeOriginal", latest)] if latest else []
        )


class Ending:
    """A jail in which every child ends by ``fault`` that is asked for manifests."""

    def __init__(self, fault: str) -> None:
        self.fault = fault
        self.jobs: list[bool] = []

    def measure(self, upload: int, job: dict, limits: object) -> Outcome:
        """What the child answers."""
        del upload, limits
        self.jobs.append(job.get("manifests", True))
        if self.jobs[-1]:
            return Outcome(None, (), b"", self.fault)
        return Outcome(
            {"version": "1", "detected_type": "image/jpeg", "signed": {"state": "unreadable"}}, (), b"", None
        )


@pytest.mark.parametrize("fault", ["crashed", "time_limit", "memory_limit"])
def test_a_manifest_that_ends_the_child_is_left_out_and_nothing_else_is_tried_twice(fault, tmp_path):
    for data, jobs in (
        (signed(still("JPEG"), "image/jpeg", CAPTURE), [True, False]),
        (still("JPEG"), [True]),
    ):
        jail = Ending(fault)
        with opened_upload(tmp_path, data) as upload:
            found, _ = Opener(jail, find_tools(), LIMITS, {})._measured(jail, upload)
        assert jail.jobs == jobs
        assert (found.signed is not None) == (len(jobs) == 2)
        assert (found.problem(fault) is None) == (len(jobs) == 2)


@pytest.mark.parametrize(
    ("content", "told"), [(None, "cannot be read"), ("no certificate", "holds no certificate")]
)
def test_a_trust_list_that_is_none_is_the_operators_fault(content, told, tmp_path, monkeypatch):
    path = tmp_path / "roots.pem"
    if content is not None:
        path.write_text(content)
    monkeypatch.setenv("EVIDENCE_C2PA_TRUST", str(path))
    with pytest.raises(StoreMisconfiguredError, match=told):
        trust_list_of(read_settings(tmp_path))
    path.write_text(signer().root)
    assert trust_list_of(read_settings(tmp_path)) == path
    monkeypatch.delenv("EVIDENCE_C2PA_TRUST")
    assert trust_list_of(read_settings(tmp_path)) is None


def test_a_report_of_any_shape_is_reduced():
    """Manifests that are their own parents, lists for objects, numbers for texts."""
    circle = {"ingredients": [{"relationship": "parentOf", "active_manifest": "b"}], "assertions": 7}
    other = {
        "ingredients": [{"relationship": "parentOf", "active_manifest": "a"}, 3],
        "claim_generator_info": "x",
    }
    report = {"active_manifest": "a", "manifests": {"a": circle, "b": other}, "validation_state": 1}
    assert c2pa_manifest.reduced(report).signed.state == "unreadable"
    assert c2pa_manifest.reduced({"active_manifest": [], "manifests": []}).statements == ()


def test_the_sample_that_is_warmed_up_on_is_signed():
    assert read(SAMPLE.read_bytes()).signed.signer == "Test Camera Maker / Test Camera"
