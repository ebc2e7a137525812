"""What operators save: any encoding of a spreadsheet is read, and what is no text is said with its place."""

from __future__ import annotations

import pytest

from pipeline.intake.operator_text import TextError, decode_text, same_name

TEXT = "file;party\r\nGröße.jpg;buyer\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_way_of_saving_gives_the_same_text(encoding):
    assert decode_text(TEXT.encode(encoding)) == TEXT


@pytest.mark.parametrize(
    ("word", "encoding"),
    [("Коробка.jpg", "cp1251"), ("包装.jpg", "gb18030"), ("箱の写真.jpg", "cp932"), ("상자.jpg", "cp949")],
)
def test_among_legacy_encodings_the_one_that_names_files_is_taken(word, encoding):
    assert decode_text(word.encode(encoding), lambda text: text == word) == word


def test_what_is_no_text_is_said_with_line_and_byte():
    with pytest.raises(TextError, match="line 2, byte 3"):
        decode_text(b"file\nab\xff\xfe\0\n")


def test_composed_and_decomposed_names_are_one():
    assert same_name("Gro\u0308ße.jpg") == same_name("Größe.jpg")
