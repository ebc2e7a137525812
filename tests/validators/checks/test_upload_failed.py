"""An upload that broke off before it reached us is said to be one, and nothing else that somebody chose to send."""

from __future__ import annotations

from dataclasses import replace

import pytest
from judging_cases import POLICY, case, evidence, unopened

from validators.checks.file_format import file_format
from validators.evidence import Problem
from validators.states import state_of


def read(name, detected, text=None, *problems):
    measured = replace(unopened(detected, *problems), text=text)
    found = list(file_format(case(evidence(file=name), measured=measured), POLICY))
    return [one.code for one in found], state_of(found, measured)


@pytest.mark.parametrize(
    ("name", "detected", "text"),
    [
        ("photo.jpg", "text/plain", '{"error": "expired"}'),
        ("photo.heic", "text/plain", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"),
        ("video.mp4", "text/html", None),
        ("page.pdf", "application/xml", None),
        ("photo.png", "text/plain", "Access denied"),
    ],
)
def test_a_message_under_a_pictures_name_is_a_failed_upload(name, detected, text):
    assert read(name, detected, text) == (["FMT_UPLOAD_FAILED"], "NEEDS_RESUBMISSION")


def test_zeros_are_a_failed_upload_whatever_their_name():
    assert read("photo", "application/octet-stream", None, Problem("zeros"))[0] == ["FMT_UPLOAD_FAILED"]


@pytest.mark.parametrize("text", ["Anna: hello\n" * 400, "9 March 10:15 Departed the sorting centre\n" * 3])
def test_a_text_that_tells_something_is_a_text_under_the_wrong_name(text):
    assert read("chat.jpg", "text/plain", text)[0] == ["FMT_TYPE_MISMATCH"]


def test_a_text_under_its_own_name_is_evidence():
    assert read("chat.txt", "text/plain", '{"messages": []}') == ([], "USABLE")


def test_what_a_person_can_open_is_no_fault_until_a_marketplace_narrows_the_list():
    codes, state = read("shot.psd", "image/vnd.adobe.photoshop", None, Problem("unchecked"))
    assert (codes, state) == ([], "NOT_CHECKED")
