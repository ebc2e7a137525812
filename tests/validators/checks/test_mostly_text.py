"""What shows mostly text: documents, and whatever is print for the most part."""

from __future__ import annotations

from dataclasses import replace

import pytest
from judging_cases import POLICY, document, photo

from validators.before_judging import ContentThresholds
from validators.checks.mostly_text import shows_mostly_text
from validators.evidence import ContentMeasures

LEAST = POLICY.group(ContentThresholds).mostly_text
CONTENT = ContentMeasures(0.1, 0.2, 0.0, 0.1)


@pytest.mark.parametrize(("printed", "expected"), [(0.0, False), (LEAST * 0.99, False), (LEAST, True)])
def test_a_photo_shows_mostly_text_from_the_share_of_the_policy_on(printed, expected):
    measured = photo(content=replace(CONTENT, printed_fraction=printed))
    assert shows_mostly_text(measured, POLICY) is expected


def test_documents_do_and_what_was_not_measured_does_not():
    assert shows_mostly_text(document(), POLICY)
    assert not shows_mostly_text(photo(content=None), POLICY)
