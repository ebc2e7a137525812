"""Plain text in the encodings that phones and desktops write."""

from __future__ import annotations

import pytest

from pipeline.opening.child.text import decode

LINE = "Größe: 12 €, „wie bestellt“ – Заказ 订单\n" * 8


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be"])
def test_every_encoding_of_unicode_reads_the_same(codec: str) -> None:
    assert decode(LINE.encode(codec), whole=True) == LINE


def test_an_eight_bit_page_is_read_as_windows_1252() -> None:
    line = "Das Gerät kam defekt an – 20 € zurück?\n" * 4
    assert decode(line.encode("cp1252"), whole=True) == line


def test_a_character_cut_by_the_limit_is_left_out() -> None:
    assert decode("ab€".encode()[:-1], whole=False) == "ab"
