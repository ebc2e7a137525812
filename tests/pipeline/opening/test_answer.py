"""What a child says: only numbers that a record can hold come through."""

import json

import pytest

from pipeline.opening.host.answer import check_measurements
from pipeline.opening.host.answer_error import AnswerError
from storage.database.encoding import encode
from validators.evidence import ClarityMeasures, GlareSpot, Measurements, Region

SPOT = GlareSpot(0.05, 0.9, 0.9, 100.0, Region(0.1, 0.1, 0.2, 0.2))


def body() -> dict[str, object]:
    clarity = ClarityMeasures(0.6, 900, 1.0, 120.0, 10.0, 240.0, 50.0, 0.1, 0.1, 0.1, glare=SPOT)
    sent: dict[str, object] = json.loads(
        encode(Measurements, Measurements("8", "image/jpeg", "photo", clarity=clarity))
    )
    return sent


def test_an_honest_answer_comes_through():
    found = check_measurements(body())
    assert found.clarity is not None
    assert found.clarity.glare == SPOT


@pytest.mark.parametrize("number", ["NaN", "1e999", "-1e999"])
@pytest.mark.parametrize("at", [("sharpness",), ("glare", "area"), ("glare", "region", "x")])
def test_numbers_that_json_has_not_are_refused(number, at):
    sent = body()
    *way, last = ("clarity", *at)
    inner = sent
    for name in way:
        inner = inner[name]  # type: ignore[assignment]
    inner[last] = json.loads(number)
    with pytest.raises(AnswerError, match="finite"):
        check_measurements(sent)
