from datetime import UTC, datetime, timedelta

import pytest

from validators.measures.metadata.zones import DAY, MINUTE, SECOND, parse_offset, utc_interval

NOON = datetime(2026, 3, 9, 12, 0, 0)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("+03:00", 180),
        ("-0430", -270),
        ("Z", 0),
        ("+14:00", 840),
        ("-12:00", -720),
        ("+9", 540),
        ("UTC+5:45", 345),
    ],
)
def test_offsets(text, minutes):
    assert parse_offset(text) == timedelta(minutes=minutes)


@pytest.mark.parametrize("text", ["", "03:00", "+15:00", "-13:00", "+03:75", "east", "+"])
def test_no_offset(text):
    assert parse_offset(text) is None


def test_a_known_zone_gives_a_point():
    moment = datetime(2026, 3, 9, 9, 0, 0, tzinfo=UTC)
    assert utc_interval(NOON, SECOND, timedelta(hours=3)) == (moment, moment)


def test_no_zone_spans_all_offsets_in_use():
    earliest, latest = utc_interval(NOON, SECOND, None)
    assert earliest == datetime(2026, 3, 8, 22, 0, 0, tzinfo=UTC)
    assert latest == datetime(2026, 3, 10, 0, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(("precision", "seconds"), [(SECOND, 0), (MINUTE, 59), (DAY, 86_399)])
def test_coarse_readings_widen_the_interval(precision, seconds):
    earliest, latest = utc_interval(NOON, precision, timedelta(0))
    assert latest - earliest == timedelta(seconds=seconds)
