from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from validators.measures.metadata.timestamps import (
    candidate,
    parse_creation_text,
    parse_exif,
    parse_gps,
    parse_iptc,
    parse_iso,
    parse_png_time,
    parse_quicktime,
    pdf_date,
    quicktime_tags,
)

HOUR = timedelta(hours=1)
EPOCH_1904_TO_1970 = 2_082_844_800


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


def span(reading, source="exif:DateTimeOriginal"):
    found = candidate(source, "", reading, "captured")
    return None if found is None else (found.earliest, found.latest)


@pytest.mark.parametrize(
    ("text", "sub", "offset", "earliest"),
    [
        ("2026:03:09 10:15:22", "", "+03:00", utc(2026, 3, 9, 7, 15, 22)),
        ("2026:03:09 10:15:22\0", "20", "+03:00\0", utc(2026, 3, 9, 7, 15, 22, 200_000)),
        ("2026:03:09 10:15:22", "075", "Z", utc(2026, 3, 9, 10, 15, 22, 75_000)),
        ("2026:03:09 10:15:22", "   ", "-05:30", utc(2026, 3, 9, 15, 45, 22)),
        ("2026-03-09 10:15:22", "", "", utc(2026, 3, 8, 20, 15, 22)),
        ("2026:03:09 10:15:22+01:00", "", "", utc(2026, 3, 9, 9, 15, 22)),
        ("2026: 3: 9  8:05:07", "", "Z", utc(2026, 3, 9, 8, 5, 7)),
        ("2026:03:09 10:15:60", "", "Z", utc(2026, 3, 9, 10, 15, 59)),
    ],
)
def test_exif_texts(text, sub, offset, earliest):
    assert span(parse_exif(text, sub, offset))[0] == earliest


def test_exif_without_zone_is_an_interval():
    found = candidate("exif:DateTime", "x", parse_exif("2026:03:09 10:15:22"), "modified")
    assert found.latest - found.earliest == 26 * HOUR
    assert not found.zone_known
    assert found.meaning == "modified"


def test_coarser_texts_widen():
    assert span(parse_exif("2026:03:09 10:15", "", "Z")) == (
        utc(2026, 3, 9, 10, 15),
        utc(2026, 3, 9, 10, 15, 59),
    )
    assert span(parse_exif("2026:03:09", "", "Z")) == (utc(2026, 3, 9), utc(2026, 3, 9, 23, 59, 59))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "0000:00:00 00:00:00",
        "    :  :     :  :  ",
        "2026:13:09 10:15:22",
        "2026:02:30 10:15:22",
        "2026:03:09 57:33:28",
        "2026:03:09 10:15:61",
        "2014:09:259",
        "1970:01:01 00:00:00",
        "1904:01:01 00:00:00",
        "1994:12:31 23:59:59",
        "2100:01:01 00:00:00",
        "9999:99:99 99:99:99",
        "yesterday",
    ],
)
def test_void_dates_are_never_candidates(text):
    assert span(parse_exif(text)) is None
    assert span(parse_iso(text)) is None


@pytest.mark.parametrize(
    ("read", "text"),
    [
        (parse_exif, "2026:03:09 24:15:00"),
        (parse_exif, "2026:03:09 24:00:00"),
        (parse_iso, "2026-03-09T24:15:00"),
        (parse_iso, "20260309T241500"),
    ],
)
def test_hour_24_keeps_its_day_and_the_hour_after_it(read, text):
    """Cameras disagree on which midnight it counts from."""
    reading = read(text)
    found = candidate("exif:DateTimeOriginal", text, replace(reading, offset=timedelta(0)), "captured")
    assert (found.earliest, found.latest) == (utc(2026, 3, 9), utc(2026, 3, 10, 0, 59, 59))
    assert candidate("exif:DateTimeOriginal", text, reading, "captured").zone_known is False


def test_hour_24_of_a_gps_clock_keeps_its_day():
    assert span(parse_gps("2026:03:09", (24.0, 15.0, 0.0))) == (utc(2026, 3, 9), utc(2026, 3, 10, 0, 59, 59))


def test_a_blank_clock_keeps_its_day():
    assert span(parse_exif("2026:03:09   :  :  ", "", "Z")) == (utc(2026, 3, 9), utc(2026, 3, 9, 23, 59, 59))
    assert span(parse_exif("2026:03:09 --:--:--", "", "Z")) == (utc(2026, 3, 9), utc(2026, 3, 9, 23, 59, 59))


def test_a_future_date_stays_to_be_judged():
    assert span(parse_exif("2099:12:31 23:00:00", "", "Z")) is not None


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("2026", utc(2025, 12, 31, 10), utc(2027, 1, 1, 11, 59, 59)),
        ("2026-12", utc(2026, 11, 30, 10), utc(2027, 1, 1, 11, 59, 59)),
        ("2026-02", utc(2026, 1, 31, 10), utc(2026, 3, 1, 11, 59, 59)),
        ("2026-03-09", utc(2026, 3, 8, 10), utc(2026, 3, 10, 11, 59, 59)),
        ("2026-03-09T10:15Z", utc(2026, 3, 9, 10, 15), utc(2026, 3, 9, 10, 15, 59)),
        ("2026-03-09T10:15+02:00", utc(2026, 3, 9, 8, 15), utc(2026, 3, 9, 8, 15, 59)),
        (
            "2026-03-09T10:15:22.644-04:00",
            utc(2026, 3, 9, 14, 15, 22, 644_000),
            utc(2026, 3, 9, 14, 15, 22, 644_000),
        ),
        ("20260309T101522Z", utc(2026, 3, 9, 10, 15, 22), utc(2026, 3, 9, 10, 15, 22)),
        (
            "2026-03-09T10:15:22.123456789Z",
            utc(2026, 3, 9, 10, 15, 22, 123_456),
            utc(2026, 3, 9, 10, 15, 22, 123_456),
        ),
    ],
)
def test_iso_of_any_precision(text, earliest, latest):
    assert span(parse_iso(text)) == (earliest, latest)


def test_gps_is_utc():
    found = candidate("gps:DateTime", "x", parse_gps("2018:02:05", (7.0, 11.0, 43.07)), "gps")
    assert found.earliest == utc(2018, 2, 5, 7, 11, 43, 70_000)
    assert found.zone_known


@pytest.mark.parametrize(
    ("day", "clock"),
    [
        ("2018:02:05", (25.0, 0.0, 0.0)),
        ("2018:02:05", (1.0, 2.0)),
        ("", (1.0, 2.0, 3.0)),
        ("2018:02:05", (1.0, float("nan"), 0.0)),
    ],
)
def test_void_gps(day, clock):
    assert parse_gps(day, clock) is None


def test_png_times():
    assert span(parse_png_time(bytes([7, 234, 3, 9, 10, 15, 22]))) == (utc(2026, 3, 9, 10, 15, 22),) * 2
    assert parse_png_time(bytes([7, 215, 3, 7, 57, 33, 28])) is None
    assert parse_png_time(b"\7\xea") is None


def test_png_creation_texts():
    assert span(parse_creation_text("Mon, 9 Mar 2026 10:15:22 +0300"))[0] == utc(2026, 3, 9, 7, 15, 22)
    assert not candidate("s", "", parse_creation_text("Mon, 9 Mar 2026 10:15:22 -0000"), "m").zone_known
    assert parse_creation_text("06/05/08") is None
    assert parse_creation_text("Mon 9 Aug 2004 2O:17:36 -0000") is None


def test_quicktime_counts_from_1904_without_zone():
    seconds = EPOCH_1904_TO_1970 + int(utc(2020, 1, 5, 11, 19, 45).timestamp())
    earliest, latest = span(parse_quicktime(seconds))
    assert earliest == utc(2020, 1, 5, 11, 19, 45) - 14 * HOUR
    assert latest == utc(2020, 1, 5, 11, 19, 45) + 12 * HOUR
    assert span(parse_quicktime(0)) is None
    assert span(parse_quicktime(EPOCH_1904_TO_1970)) is None


APPLE = "com.apple.quicktime.creationdate"


def test_a_stated_zone_settles_the_container_time():
    tags = {
        "major_brand": "qt  ",
        "creation_time": "2019-07-24T08:25:57.000000Z",
        APPLE: "2019-07-24T11:25:40+0300",
    }
    times = {t.source: t for t in quicktime_tags(tags)}
    assert times["quicktime:CreationDate"].earliest == utc(2019, 7, 24, 8, 25, 40)
    assert times["quicktime:CreationDate"].meaning == "captured"
    created = times["quicktime:CreateDate"]
    assert (created.earliest, created.zone_known, created.meaning) == (
        utc(2019, 7, 24, 8, 25, 57),
        True,
        "container",
    )


def test_a_container_time_in_local_time_stays_open():
    tags = {
        "major_brand": "isom",
        "creation_time": "2019-07-24T11:25:57.000000Z",
        APPLE: "2019-07-24T11:25:40+0300",
    }
    created = next(t for t in quicktime_tags(tags) if t.source == "quicktime:CreateDate")
    assert not created.zone_known
    assert created.latest - created.earliest == 26 * HOUR


def test_other_containers_and_void_tags():
    assert [t.source for t in quicktime_tags({"creation_time": "2026-03-09T10:15:22Z"})] == [
        "container:creation_time"
    ]
    assert quicktime_tags({}) == ()
    assert (
        quicktime_tags({"major_brand": "isom", "creation_time": "1970-01-01T00:00:00Z", "date": "unknown"})
        == ()
    )


@pytest.mark.parametrize(
    ("day", "clock", "earliest", "latest"),
    [
        ("20260309", "101522+0300", utc(2026, 3, 9, 7, 15, 22), utc(2026, 3, 9, 7, 15, 22)),
        ("20260309", "", utc(2026, 3, 8, 10), utc(2026, 3, 10, 11, 59, 59)),
        ("2026:03:09", "10:15:22", utc(2026, 3, 8, 20, 15, 22), utc(2026, 3, 9, 22, 15, 22)),
    ],
)
def test_iptc(day, clock, earliest, latest):
    assert span(parse_iptc(day, clock)) == (earliest, latest)


@pytest.mark.parametrize("day", ["", "00000000", "20261399", "2026"])
def test_void_iptc(day):
    assert span(parse_iptc(day)) is None


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("D:20260309101522+03'00'", utc(2026, 3, 9, 7, 15, 22), utc(2026, 3, 9, 7, 15, 22)),
        ("D:20260309101522Z", utc(2026, 3, 9, 10, 15, 22), utc(2026, 3, 9, 10, 15, 22)),
        ("20260309101522-05", utc(2026, 3, 9, 15, 15, 22), utc(2026, 3, 9, 15, 15, 22)),
        ("D:20260309", utc(2026, 3, 8, 10), utc(2026, 3, 10, 11, 59, 59)),
    ],
)
def test_pdf_dates(text, earliest, latest):
    found = pdf_date("pdf:CreationDate", text)
    assert (found.earliest, found.latest, found.meaning) == (earliest, latest, "container")


def test_void_pdf_dates():
    assert pdf_date("pdf:ModDate", "D:2026") is None
    assert pdf_date("pdf:ModDate", "") is None
    assert pdf_date("pdf:ModDate", "D:20260309101522Z").meaning == "modified"
