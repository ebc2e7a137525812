"""How a language writes numbers, times and names."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import jinja2
import pytest

from pipeline.reports.jinja_sentences import html_text, install_sentences
from validators.sentences.catalogue import OURS, Catalogues
from validators.sentences.formats import Formats
from validators.sentences.sentences import Sentences

AT = datetime(2026, 4, 2, 14, 5, tzinfo=UTC)
EN = Sentences().formats
DE = Formats("de", Sentences())


@pytest.mark.parametrize(
    ("spec", "value", "english", "german"),
    [
        ("", 1234.5, "1,234.5", "1.234,5"),
        ("", 3, "3", "3"),
        ("", "a name", "a name", "a name"),
        ("number 0", 0.6, "1", "1"),
        ("number 1", 1234.56, "1,234.6", "1.234,6"),
        ("percent", 0.854, "85%", "85\xa0%"),
        ("bytes", 1, "1 byte", "1\xa0Byte"),
        ("bytes", 12.34 * 1024**2, "12.3 MB", "12,3 MB"),
        ("bytes", 3 * 1024**3, "3 GB", "3\xa0GB"),
        ("span", 12.9 * 86400, "12 days", "12 Tage"),
        ("span", 86400, "1 day", "1 Tag"),
        ("span", 5.9 * 3600, "5 hours", "5 Stunden"),
        ("span", timedelta(minutes=59), "less than an hour", "less than an hour"),
        ("seconds", 7.26, "7.3 seconds", "7,3 Sekunden"),
        ("seconds", 31.4, "31 seconds", "31 Sekunden"),
        ("clock", 3723.9, "1:02:03", "1:02:03"),
        ("clock", 14.2, "0:14", "0:14"),
        ("date", AT, "2 Apr 2026", "2 Apr. 2026"),
        ("datetime", "2026-04-02T14:05:00Z", "2 Apr 2026, 14:05 UTC", "2 Apr. 2026, 14:05 UTC"),
        ("datetime", AT.astimezone(timezone(timedelta(hours=9))), "2 Apr 2026, 14:05 UTC", "2 Apr. 2026, 14:05 UTC"),
        ("and", "A,B,C", "A, B and C", "A, B und C"),
        ("or", ("A", "B"), "A or B", "A oder B"),
        ("or", ("A",), "A", "A"),
        ("label role", "item", "item photo", "item photo"),
        ("heading role", "item", "Item photo", "Item photo"),
        ("choice type", "image/jpeg,image/png,video/3gpp,video/3gpp2", "JPEG, PNG or 3GP", "JPEG, PNG oder 3GP"),
        ("and 2", "0:03, 0:12, 0:31, 0:40", "0:03, 0:12 and 2 more", "0:03, 0:12 und 2 more"),
        ("span hours", 47.99, "1 day", "1 Tag"),
        ("spans 3", "0:03-0:07, 0:12-0:14", "0:03 to 0:07 and 0:12 to 0:14", "0:03 to 0:07 und 0:12 to 0:14"),
    ],
)  # fmt: skip
def test_formats_follow_the_locale(spec, value, english, german):
    assert (EN.field(spec, value, {}), DE.field(spec, value, {})) == (english, german)


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        (2 * 1024**2, "bytes", "2 MB"),
        (180e6, "pixels", "180 megapixels"),
        (300, "s", "300 seconds"),
        (1, "s", "1 second"),
        (1200, "pages", "1,200 pages"),
        (1, "pages", "1 page"),
        (4000, "px", "4,000 px"),
    ],
)
def test_quantities_carry_their_unit(value, unit, told):
    assert EN.field("quantity unit", value, {"unit": unit}) == told


def test_a_name_from_outside_is_short_and_hides_nothing():
    assert EN.field("text", "a\u202eb\n", {}) == "a\\u202eb\\n"
    assert EN.field("", "x" * 100, {}) == "x" * 79 + "…"
    assert EN.field("full", "x" * 100, {}) == "x" * 100


def test_a_format_that_does_not_exist_is_a_fault_of_ours():
    with pytest.raises(KeyError):
        EN.field("roman", 4, {})


@pytest.fixture
def toy(tmp_path):
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "toy.po").write_text(
        'msgid ""\nmsgstr "Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n\n'
        'msgid "toy.from"\nmsgstr "<b>From</b> {name}, {size:bytes}"\n'
    )
    return Sentences("en", Catalogues(OURS, tmp_path))


def test_pages_escape_fields_and_keep_markup(toy):
    told = html_text(toy, "toy.from", name="<i>", size=1024)
    assert told == "<b>From</b> <bdi>&lt;i&gt;</bdi>, 1\u00a0kB"


def test_templates_ask_by_id(toy):
    environment = jinja2.Environment(autoescape=True)
    install_sentences(environment, toy)
    template = environment.from_string(
        '{{ _("toy.from", name=name, size=2048) }} {{ labels.party("buyer") }} {{ language }}'
    )
    assert template.render(name="&") == "<b>From</b> <bdi>&amp;</bdi>, 2\u00a0kB Buyer en"
