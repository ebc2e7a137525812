"""Texts, mails and pages in the encodings and forms that phones, desktops and mail programs write."""

from __future__ import annotations

import base64
import mmap
import sys
from email.message import EmailMessage
from pathlib import Path

import pytest
from small_limits import LIMITS

from pipeline.opening.child.charset import decode_text
from pipeline.opening.child.html_words import words_of
from pipeline.opening.child.mail import open_mail
from pipeline.opening.child.text import open_html, open_text
from validators.exhibit import Exhibit
from validators.measures.containers.file_type import sniff

sys.path.append(str(Path(__file__).resolve().parents[2] / "benchmarks"))
from text_chats import chats

LINE = "Größe: 12 €, „wie bestellt“ – Заказ 订单\n" * 8
RUSSIAN = "Анна: Здравствуйте, посылка пришла с трещиной на крышке\n" * 40


def opened(data, how=open_text, mime="text/plain"):
    held = mmap.mmap(-1, len(data))
    held.write(data)
    exhibit = Exhibit(detected_type=mime)
    how(held, exhibit, LIMITS)
    return exhibit


def read(data, **about):
    return decode_text(data, **{"whole": True, **about}).text


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_every_encoding_of_unicode_reads_the_same(codec: str) -> None:
    assert read(LINE.encode(codec)) == LINE


def test_an_eight_bit_page_is_read_as_windows_1252() -> None:
    line = "Das Gerät kam defekt an – 20 € zurück?\n" * 4
    assert read(line.encode("cp1252")) == line


def test_a_character_cut_by_the_limit_is_left_out() -> None:
    assert read("ab€".encode()[:-1], whole=False) == "ab"


def test_one_broken_byte_costs_one_character() -> None:
    broken = RUSSIAN[:300].encode() + b"\xff" + RUSSIAN[300:].encode()
    found = decode_text(broken, whole=True)
    assert (found.encoding, found.certain) == ("utf-8", True)
    assert found.text.replace("\ufffd", "") == RUSSIAN


def test_utf_16_with_a_lone_surrogate_or_a_zero_stays_text() -> None:
    data = "\ufeffhello \ud83d there \0 and on\n".encode("utf-16-le", "surrogatepass")
    assert sniff(data, len(data)) == "text/plain"
    assert "there" in read(data)
    assert "\0" not in read(data)


def test_chats_in_every_script_and_their_encodings_are_read_or_said_to_be_uncertain() -> None:
    wrong = [
        (chat.language, chat.encoding)
        for chat in chats(seed=11, lengths=(8, 30), each=1)
        if (found := decode_text(chat.data, whole=True)).text != chat.text and found.certain
    ]
    assert wrong == []


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("gb2312", "gb18030", "镕基：包裹裂了"),
        ("iso-8859-1", "cp1252", "20 € – “so”"),
        ("shift_jis", "cp932", "①箱が割れた"),
    ],
)
def test_a_label_too_small_is_widened(label, codec, text) -> None:
    assert read(text.encode(codec), declared=label) == text


def mail(plain: str | None, html: str | None = None, subject: str = "Order") -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "b@example.org", subject
    if plain is not None:
        message.set_content(plain)
    if html is not None:
        message.add_alternative(html, subtype="html") if plain is not None else message.set_content(
            html, subtype="html"
        )
    return message.as_bytes()


PAGE = "<html><body><style>p{}</style><p>The lid is broken.</p><script>x()</script><img src='http://a/b.png'></body></html>"


@pytest.mark.parametrize("plain", [None, "", " \n\t\n"])
def test_where_the_plain_part_is_blank_the_page_is_read(plain) -> None:
    exhibit = opened(mail(plain, PAGE), open_mail, "message/rfc822")
    assert exhibit.text == "The lid is broken."


def test_a_blank_first_part_hides_nothing() -> None:
    message = EmailMessage()
    message["From"], message["Date"], message["Subject"] = (
        "a@example.org",
        "Mon, 9 Mar 2026 10:00:00 +0000",
        "x",
    )
    message.set_content("\n")
    message.make_mixed()
    second = EmailMessage()
    second.set_content("See the crack.")
    message.attach(second)
    assert opened(message.as_bytes(), open_mail, "message/rfc822").text == "See the crack."


def test_headers_in_raw_utf_8_are_read() -> None:
    data = (
        "From: a@example.org\nSubject: Посылка разбита\nDate: Mon, 9 Mar 2026 10:00:00 +0000\n\nx\n".encode()
    )
    assert opened(data, open_mail, "message/rfc822").metadata["mail:Subject"] == "Посылка разбита"


def test_a_header_under_a_label_too_small_is_read() -> None:
    subject = b"=?gb2312?B?" + base64.b64encode("镕基：裂了".encode("gb18030")) + b"?="
    data = b"From: a@example.org\nSubject: " + subject + b"\nMessage-ID: <1>\n\nx\n"
    assert opened(data, open_mail, "message/rfc822").metadata["mail:Subject"] == "镕基：裂了"


def test_a_table_keeps_its_columns() -> None:
    assert words_of(
        "<table><tr><td>Order</td><td>8100</td></tr><tr><td>Paid</td><td>9</td></tr></table>"
    ) == ("Order  8100\nPaid   9")


def test_markup_nested_beyond_all_measure_is_read_all_the_same() -> None:
    assert "deep" in words_of("<div>" * 30_000 + "deep" + "</div>" * 30_000)


def test_a_saved_page_is_read_by_the_charset_it_states() -> None:
    page = '<html><head><meta charset="gb2312"></head><body>包裹裂了，请退款</body></html>'.encode("gb18030")
    assert opened(page, open_html, "text/html").text == "包裹裂了，请退款"
