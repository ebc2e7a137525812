"""Format findings: one cause, one finding, with the limit and the actual value."""

from __future__ import annotations

from dataclasses import replace

import pytest
from judging_cases import HEALTHY, case, codes, document, evidence, only, photo, unopened, video

from pipeline.setup.policies import load_policy
from validators.checks.all_checks import examine
from validators.checks.file_format import file_format
from validators.evidence import PROBLEMS, Problem
from validators.sentences.sentences import action, sentence
from validators.states import state_of

MIB = 1024 * 1024


def test_a_healthy_photo_yields_nothing(policy):
    assert codes(file_format(case(), policy)) == []


@pytest.mark.parametrize(
    ("problem", "code", "state"),
    [
        ("empty", "FMT_EMPTY", "UNREADABLE"),
        ("missing", "FMT_MISSING", "UNREADABLE"),
        ("unsafe_path", "FMT_UNSUPPORTED", "UNREADABLE"),
        ("unreadable_path", "SYS_INCONCLUSIVE", "PROCESSING_FAILED"),
        ("not_fetched", "SYS_NOT_FETCHED", "PROCESSING_FAILED"),
        ("internal", "SYS_INCONCLUSIVE", "PROCESSING_FAILED"),
        ("unsupported", "FMT_UNSUPPORTED", "UNREADABLE"),
        ("corrupt", "FMT_CORRUPT", "UNREADABLE"),
        ("no_decode", "FMT_CORRUPT", "UNREADABLE"),
        ("truncated", "FMT_TRUNCATED", "UNREADABLE"),
        ("encrypted", "FMT_ENCRYPTED", "UNREADABLE"),
        ("too_large", "FMT_TOO_LARGE", "UNREADABLE"),
        ("time_limit", "FMT_TOO_LARGE", "UNREADABLE"),
        ("memory_limit", "FMT_TOO_LARGE", "UNREADABLE"),
        ("output_limit", "FMT_TOO_LARGE", "UNREADABLE"),
        ("crashed", "FMT_QUARANTINED", "UNREADABLE"),
        ("tool_missing", "SYS_TOOL_MISSING", "PROCESSING_FAILED"),
    ],
)
def test_an_unopened_item_gets_one_finding_and_its_state(policy, problem, code, state):
    measured = unopened("image/jpeg", Problem(problem))
    found = tuple(file_format(case(measured=measured), policy))
    assert codes(found) == [code]
    assert state_of(found, measured) == state


def test_every_problem_of_opening_is_told_by_some_validator(policy):
    for problem in sorted(PROBLEMS):
        kind = "video" if problem in ("no_video_stream", "no_decode") else "unknown"
        measured = unopened("video/mp4", Problem(problem, detail="zip"), kind=kind)
        told = codes(examine(case(evidence(file="a.mp4"), measured), policy))
        assert told, problem


def test_several_problems_of_one_cause_make_one_finding(policy):
    measured = unopened("image/jpeg", Problem("damaged"), Problem("no_decode"), Problem("truncated"))
    assert codes(file_format(case(measured=measured), policy)) == ["FMT_TRUNCATED"]


def test_too_large_names_limit_and_actual(policy):
    problem = Problem("too_large", "bytes", 512.0 * MIB, 100.0 * MIB, "bytes")
    found = only(file_format(case(measured=unopened("image/jpeg", problem)), policy), "FMT_TOO_LARGE")
    assert sentence(found) == "The file is too large: 512 MB. At most 100 MB can be opened."
    assert (found.measured, found.threshold, found.rule) == (512.0 * MIB, 100.0 * MIB, "limits.still_mb")


def test_a_bomb_is_told_in_megapixels(policy):
    problem = Problem("too_large", "pixels", 2.5e9, 2.2e8, "pixels")
    found = only(file_format(case(measured=unopened("image/png", problem)), policy), "FMT_TOO_LARGE")
    assert sentence(found) == "The file is too large: 2,500 megapixels. At most 220 megapixels can be opened."
    assert found.rule == "limits.megapixels"


def test_a_limit_that_one_page_ran_into_does_not_refuse_the_document(policy):
    measured = document(HEALTHY, problems=(Problem("too_large", "page 2", 20_000.0, 14_400.0, "points"),))
    found = tuple(file_format(case(evidence(file="a.pdf"), measured), policy))
    assert codes(found) == ["FMT_LIMITED"]
    assert state_of(found, measured) == "USABLE"


def test_truncated_but_visible_is_to_be_sent_again(policy):
    measured = photo(problems=(Problem("truncated"),))
    found = tuple(file_format(case(measured=measured), policy))
    assert codes(found) == ["FMT_TRUNCATED"]
    assert state_of(found, measured) == "NEEDS_RESUBMISSION"


def test_damage_is_a_warning(policy):
    measured = photo(problems=(Problem("damaged", "hole"),))
    found = tuple(file_format(case(measured=measured), policy))
    assert codes(found) == ["FMT_DAMAGED"]
    assert state_of(found, measured) == "USABLE_WITH_WARNINGS"


@pytest.mark.parametrize(
    ("name", "detected", "message"),
    [
        ("photo.jpg", "image/heic", "The file is named .jpg, but its content is HEIC."),
        ("photo.PNG", "image/jpeg", "The file is named .png, but its content is JPEG."),
        ("shot.png", "text/plain", "The file is named .png, but its content is plain text."),
        ("clip.mp4", "video/webm", "The file is named .mp4, but its content is WebM."),
    ],
)
def test_a_name_that_promises_another_type(policy, name, detected, message):
    found = file_format(case(evidence(file=name), photo(detected_type=detected)), policy)
    mismatch = only(found, "FMT_TYPE_MISMATCH")
    assert sentence(mismatch) == message
    assert action(mismatch) is None


@pytest.mark.parametrize(
    ("name", "declared", "detected"),
    [
        ("photo.jpeg", None, "image/jpeg"),
        ("photo.JPG", "image/jpg", "image/jpeg"),
        ("photo.heic", None, "image/heif"),
        ("clip.mov", "video/quicktime", "video/mp4"),
        ("clip.mp4", None, "video/3gpp"),
        ("chat.txt", None, "message/rfc822"),
        ("photo", None, "image/jpeg"),
        ("photo.unknown", "application/octet-stream", "image/jpeg"),
        ("photo.jpg", "image/png", "image/jpeg"),
        ("upload", "image/pjpeg; q=1", "image/jpeg"),
    ],
)
def test_names_of_one_family_are_no_mismatch(policy, name, declared, detected):
    item = evidence(file=name, declared_type=declared)
    assert codes(file_format(case(item, photo(detected_type=detected)), policy)) == []


def test_a_declared_type_counts_where_the_name_is_silent(policy):
    item = evidence(file="upload", declared_type="image/png")
    found = only(file_format(case(item), policy), "FMT_TYPE_MISMATCH")
    assert sentence(found) == "The file was declared as PNG, but its content is JPEG."


def test_the_marketplace_may_narrow_its_list(tmp_path):
    narrow = tmp_path / "narrow.toml"
    narrow.write_text(
        'id = "narrow"\nversion = "1"\n[rules.accept.types]\nvalue = ["image/jpeg", "image/png"]\n', "utf-8"
    )
    item = case(evidence(file="a.pdf"), document())
    found = only(file_format(item, load_policy(str(narrow))), "FMT_NOT_ACCEPTED")
    assert action(found) == "Send it as JPEG or PNG."
    assert state_of([found], document()) == "NEEDS_RESUBMISSION"
    assert codes(file_format(item, load_policy())) == []


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        *((kind, True) for kind in ("zip", "rar", "7z", "gzip", "html", "script", "executable")),
        *((kind, False) for kind in ("none", "padding", "jpeg", "video", "vendor")),
    ],
)
def test_only_archives_pages_scripts_and_programs_after_the_end_are_told(policy, kind, told):
    measured = photo(problems=(Problem("trailing_data", kind, actual=5000.0, unit="bytes"),))
    found = codes(file_format(case(measured=measured), policy))
    assert found == (["FMT_TRAILING_DATA"] if told else [])


def test_what_was_left_out_is_said(policy):
    measured = document(problems=(Problem("limited", "", 900.0, 200.0, "pages"),))
    found = only(file_format(case(evidence(file="a.pdf"), measured), policy), "FMT_LIMITED")
    assert sentence(found) == "Only the first 200 pages of 900 were read."


def test_a_video_that_ends_early_is_said(policy):
    measured = video()
    measured = replace(measured, video=replace(measured.video, decoded_to_end=False))
    found = only(file_format(case(evidence(file="a.mp4"), measured), policy), "FMT_LIMITED")
    assert "4 frames" in sentence(found)


def test_an_unknown_type_is_said_to_be_unknown(policy):
    measured = unopened("application/octet-stream", Problem("unsupported"))
    found = only(file_format(case(measured=measured), policy), "FMT_UNSUPPORTED")
    assert "is unknown" in sentence(found)
