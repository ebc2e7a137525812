"""Descriptions are asked for in disputes; places are told to nobody else."""

from __future__ import annotations

import pytest
from judging_cases import case, codes, dispute, evidence, only, photo

from validators.checks.description import description
from validators.checks.privacy import privacy
from validators.sentences.sentences import action, sentence


@pytest.mark.parametrize("text", [None, "", "  \n"])
def test_without_a_description_the_uploader_is_asked(policy, text):
    found = only(description(case(evidence(description=text)), policy), "DESC_MISSING")
    assert (found.severity, found.kind) == ("note", "fail")
    assert action(found) == "Say in one sentence what it shows."


def test_without_dispute_data_descriptions_are_not_applicable(policy):
    inferred = case(evidence(description=None), of=dispute(declared=False))
    assert codes(description(inferred, policy)) == []
    assert codes(description(case(), policy)) == []


def test_a_place_in_the_file_is_masked(policy):
    found = only(privacy(case(measured=photo(has_gps=True)), policy), "PII_GPS")
    assert "hidden from the other party" in sentence(found)
    assert codes(privacy(case(), policy)) == []
