"""Chats come out in messages: every sender, every time and every word, in the date order of the phone's locale."""

from __future__ import annotations

import mmap
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from small_limits import LIMITS

from pipeline.opening.child.text import open_html, open_text
from validators.chat_block import chat_block
from validators.evidence import Measurements
from validators.exhibit import Exhibit

sys.path.append(str(Path(__file__).resolve().parents[3] / "benchmarks"))
from chat_exports import LOCALES, Said, conversation, copied, log, telegram_json, telegram_page, whatsapp

ROOM = replace(LIMITS, text_characters=100_000)
SAID = conversation(3)
EARLY = conversation(8, start=datetime(2024, 2, 1, 9, 5))
"""Ends on a day whose number is that of no month."""


def opened(text: str, how=open_text, mime: str = "text/plain") -> Exhibit:
    data = text.encode()
    held = mmap.mmap(-1, len(data))
    held.write(data)
    exhibit = Exhibit(detected_type=mime)
    how(held, exhibit, ROOM)
    return exhibit


def chat(text: str, how=open_text):
    exhibit = opened(text, how)
    return chat_block(Measurements("1", "text/plain", text=exhibit.text, chat=exhibit.chat))


def check(found, said: list[Said], *, exact: bool = False) -> None:
    written = [one for one in found.messages if one.sender is not None]
    assert [one.sender for one in written] == [one.sender for one in said]
    assert ["".join(one.text.split()) for one in written] == ["".join(one.text.split()) for one in said]
    for one, true in zip(written, said, strict=True):
        at = true.at.replace(tzinfo=UTC)
        if exact:
            assert one.earliest == one.latest == at - timedelta(hours=3)
        else:
            assert one.latest - one.earliest < timedelta(hours=26, minutes=1)
            assert one.earliest <= at - timedelta(hours=3) <= one.latest


@pytest.mark.parametrize("locale", LOCALES)
def test_whatsapp_is_read_in_every_locale(locale):
    for said in (SAID, EARLY):
        for ios in (False, True):
            found = chat(whatsapp(said, locale, ios))
            assert found.form == "whatsapp"
            check(found, said)


def test_telegram_states_the_zone():
    check(chat(telegram_page(SAID), open_html), SAID, exact=True)
    check(chat(telegram_json(SAID)), SAID, exact=True)


def test_chats_copied_from_a_program_are_read():
    found = chat(copied(SAID))
    assert found.form == "copied"
    check(found, SAID)


def test_a_log_of_names_has_senders_and_no_times():
    found = chat(log(SAID))
    assert [one.sender for one in found.messages] == [one.sender for one in SAID]
    assert {(one.time, one.earliest) for one in found.messages} == {(None, None)}


def test_what_is_no_message_stays_visible():
    found = chat("Chat with the shop, saved by me\n" + whatsapp(SAID, "de-DE", ios=True))
    assert found.before == "Chat with the shop, saved by me"
    program = chat(whatsapp(SAID, "de-DE", ios=False)).messages[0]
    assert (program.sender, program.text) == (None, "Messages and calls are end-to-end encrypted.")


def test_an_order_that_nothing_settles_is_left_open():
    lines = "".join(
        f"[3/{day}/24, 10:0{day}:00] {name}: hello\n" for day, name in ((4, "A"), (4, "B"), (5, "A"))
    )
    first = chat(lines).messages[0]
    assert first.earliest < datetime(2024, 3, 4, 12, tzinfo=UTC)
    assert first.latest > datetime(2024, 4, 3, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "Dear shop,\nI ordered on 5.1.2024. It came: broken.\nPlease: refund.\nRegards\nAnna\nBerlin\n",
        "Order number: 1\nDate: 2\nName: 3\nTotal: 4\n" * 3,
        '{"error": "not found", "messages": []}',
        "2024-01-05 10:11:12 INFO started\n" * 9,
    ],
)
def test_other_texts_are_no_chats(text):
    assert opened(text).chat is None
