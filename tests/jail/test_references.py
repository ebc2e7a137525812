"""Nothing of any other file or host reaches a measurement or a picture: a canary file and a listening socket prove it."""

from __future__ import annotations

import io
import select
import socket

import numpy as np
import pytest
import simplejpeg
from PIL import Image, PngImagePlugin

from jail.references import WORDS, film_with_attachment, movie_elsewhere, texts, xmp_with_entities
from pipeline.opening.host.tools import find_tools

MAGENTA = (255, 0, 255)


@pytest.fixture
def listener():
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


@pytest.fixture
def canary(tmp_path):
    """A picture of one colour that no other has, with words in it, where everybody may read it."""
    words = PngImagePlugin.PngInfo()
    words.add_text("Comment", WORDS)
    path = tmp_path / "canary.png"
    Image.new("RGB", (400, 300), MAGENTA).save(path, pnginfo=words)
    return path


def assert_nothing_came(opener, path, listener):
    opened = opener.open(path)
    assert WORDS not in repr(opened.measurements), path.name
    for made in opened.derivatives:
        pixels = simplejpeg.decode_jpeg(made.data).astype(int)
        near = np.abs(pixels - MAGENTA).max(axis=2) < 40
        assert near.mean() < 0.01, (path.name, made.kind)
    assert select.select([listener], [], [], 0)[0] == [], path.name


def test_playlists_drawings_letters_and_pages_fetch_nothing(opener, canary, tmp_path, listener):
    made = texts(canary, listener.getsockname()[1])
    assert len(made) > 50
    for name, data in made.items():
        path = tmp_path / name
        path.write_bytes(data)
        assert_nothing_came(opener, path, listener)


def test_entities_in_xmp_are_not_resolved(opener, canary, tmp_path, listener):
    stream = io.BytesIO()
    Image.effect_noise((640, 480), 60).convert("RGB").save(stream, "JPEG")
    path = tmp_path / "photo.jpg"
    path.write_bytes(xmp_with_entities(stream.getvalue(), canary))
    assert_nothing_came(opener, path, listener)


@pytest.mark.ffmpeg
@pytest.mark.parametrize("make", [movie_elsewhere, film_with_attachment])
def test_films_show_only_what_is_in_them(opener, canary, tmp_path, listener, make):
    path = tmp_path / "film.bin"
    path.write_bytes(make(find_tools().ffmpeg, tmp_path, canary))
    opened = opener.open(path)
    assert opened.measurements.kind == "video"
    assert_nothing_came(opener, path, listener)


def test_the_canary_would_be_seen(opener, canary, listener):
    """The measure of these tests is not blind: opened itself, the canary shows."""
    with pytest.raises(AssertionError):
        assert_nothing_came(opener, canary, listener)
