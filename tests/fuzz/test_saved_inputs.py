"""What the fuzzer found or kept is tried in every run of the tests, without the fuzzer."""

import pytest
from fuzz.parsers import CORPUS, TARGETS, seeds


def test_saved_inputs_belong_to_a_target():
    assert {path.name for path in CORPUS.iterdir()} <= set(TARGETS)


@pytest.mark.parametrize("target", TARGETS)
def test_no_parser_fails_by_another_error_than_its_own(target):
    inputs = seeds(target)
    assert inputs
    for data in inputs:
        TARGETS[target](data)
