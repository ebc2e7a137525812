"""Stills of every kind come out as the picture that was put in: four quarters of known colours, known by construction."""

from __future__ import annotations

import io
import mmap
import os
import struct

import cv2
import numpy as np
import pytest
from heic_picture import heic
from PIL import Image
from small_limits import LIMITS

from pipeline.opening.child import child, photo
from pipeline.opening.child.measurement import ContentThresholds

RED, GREEN, BLUE, YELLOW = (200, 40, 40), (40, 180, 60), (50, 60, 200), (230, 220, 90)
QUARTERS = (RED, GREEN, BLUE, YELLOW)


@pytest.fixture(scope="module", autouse=True)
def decoders():
    child.warm_up()


def opened(data: bytes):
    upload = os.memfd_create("upload")
    try:
        os.write(upload, data)
        with mmap.mmap(upload, 0, prot=mmap.PROT_READ) as mapped:
            return child._open(mapped, LIMITS, manifests=True)
    finally:
        os.close(upload)


def quarters(colours=QUARTERS, *, high=64, wide=96, kind=np.uint8) -> np.ndarray:
    """Four quarters: top left, top right, bottom left, bottom right."""
    top, bottom = (np.concatenate([np.tile(np.array(c, kind), (high // 2, wide // 2, 1)) for c in pair], axis=1)
                   for pair in (colours[:2], colours[2:]))  # fmt: skip
    return np.concatenate([top, bottom])


def corners(exhibit) -> np.ndarray:
    """The colour in the middle of each quarter of the only view."""
    (view,) = exhibit.views
    high, wide = view.pixels.shape[:2]
    return np.array(
        [view.pixels[y, x] for y in (high // 4, 3 * high // 4) for x in (wide // 4, 3 * wide // 4)]
    )


def saved(image: Image.Image, form: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


RGB = Image.fromarray(quarters())
GREYS = [(20,), (90,), (160,), (240,)]
GREY = Image.fromarray(quarters(GREYS)[:, :, 0])
AS_GREY = [(v,) * 3 for (v,) in GREYS]


def with_alpha(image: Image.Image, opacity: int) -> Image.Image:
    layer = image.copy()
    layer.putalpha(opacity)
    return layer


def on_white(colours, opacity: int) -> list[tuple[float, ...]]:
    share = opacity / 255
    return [tuple(share * v + (1 - share) * 255 for v in colour) for colour in colours]


def see_through() -> Image.Image:
    """A palette whose first colour, the top left quarter's, is transparent."""
    image = RGB.quantize(4, dither=Image.Dither.NONE)
    first = image.getpixel((5, 5))
    image.info["transparency"] = first
    return image


def deep(form: str, colours, top: int = 65535) -> bytes:
    """16 bits a sample, by OpenCV: each 8-bit value spread over the full range."""
    samples = (quarters(colours, kind=np.float64) / 255 * top).round().astype(np.uint16)
    pixels = samples[:, :, ::-1] if samples.shape[2] == 3 else samples[:, :, 0]
    return bytes(cv2.imencode(form, pixels)[1])


def deep_tiff() -> bytes:
    """16-bit RGB by hand: one strip, little-endian."""
    samples = (quarters(kind=np.float64) / 255 * 65535).round().astype("<u2").tobytes()
    entries = (
        (256, 3, 1, 96), (257, 3, 1, 64), (258, 3, 3, 8 + 2 + 120 + 4), (259, 3, 1, 1), (262, 3, 1, 2),
        (273, 4, 1, 140), (277, 3, 1, 3), (278, 3, 1, 64), (279, 4, 1, len(samples)), (284, 3, 1, 1),
    )  # fmt: skip
    body = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return (
        b"II*\0"
        + struct.pack("<IH", 8, len(entries))
        + body
        + bytes(4)
        + struct.pack("<HHH", 16, 16, 16)
        + samples
    )


INKS = [(0, 200, 200, 20), (200, 20, 200, 40), (220, 200, 10, 20), (10, 15, 160, 10)]
CMYK = Image.frombytes("CMYK", (96, 64), quarters(INKS).tobytes())
PRINTED = [tuple((255 - ink) * (255 - k) / 255 for ink in (c, m, y)) for c, m, y, k in INKS]


@pytest.mark.parametrize(
    ("name", "data", "mode", "expected", "near"),
    [
        ("jpeg", saved(RGB, "JPEG", quality=95, subsampling=0), "RGB", QUARTERS, 3),
        ("progressive jpeg", saved(RGB, "JPEG", quality=95, subsampling=0, progressive=True), "RGB", QUARTERS, 3),
        ("grey jpeg", saved(GREY, "JPEG", quality=95), "L", AS_GREY, 3),
        ("cmyk jpeg", saved(CMYK, "JPEG", quality=95), "CMYK", PRINTED, 5),
        ("cmyk tiff", saved(CMYK, "TIFF"), "CMYK", PRINTED, 2),
        ("png", saved(RGB, "PNG"), "RGB", QUARTERS, 0),
        ("palette png", saved(RGB.quantize(4), "PNG"), "P", QUARTERS, 1),
        ("2-bit palette png", saved(RGB.quantize(4), "PNG", bits=2), "P", QUARTERS, 1),
        ("see-through palette png", saved(see_through(), "PNG"), "P", ((255,) * 3, *QUARTERS[1:]), 1),
        ("see-through gif", saved(see_through(), "GIF"), "P", ((255,) * 3, *QUARTERS[1:]), 1),
        ("palette tiff", saved(RGB.quantize(4), "TIFF"), "P", QUARTERS, 1),
        ("palette bmp", saved(RGB.quantize(4), "BMP"), "P", QUARTERS, 1),
        ("gif", saved(RGB.quantize(4), "GIF"), "P", QUARTERS, 1),
        ("alpha png", saved(with_alpha(RGB, 128), "PNG"), "RGBA", on_white(QUARTERS, 128), 1),
        ("grey alpha png", saved(with_alpha(GREY, 64), "PNG"), "LA", on_white(AS_GREY, 64), 1),
        ("alpha webp", saved(with_alpha(RGB, 128), "WEBP", lossless=True), "RGBA", on_white(QUARTERS, 128), 1),
        ("alpha tiff", saved(with_alpha(RGB, 128), "TIFF"), "RGBA", on_white(QUARTERS, 128), 1),
        ("alpha avif", saved(with_alpha(RGB, 128), "AVIF", quality=95), "RGBA", on_white(QUARTERS, 128), 6),
        ("fully clear png", saved(with_alpha(RGB, 0), "PNG"), "RGBA", [(255,) * 3] * 4, 0),
        ("16-bit grey png", deep(".png", GREYS), "I;16", AS_GREY, 1),
        ("dim 16-bit grey png", deep(".png", GREYS, 25_700), "I;16", [(v * 0.392,) * 3 for (v,) in GREYS], 1),
        ("16-bit rgb png", deep(".png", QUARTERS), "RGB", QUARTERS, 1),
        ("16-bit grey tiff", deep(".tiff", GREYS), "I;16", AS_GREY, 1),
        ("16-bit rgb tiff", deep_tiff(), "RGB", QUARTERS, 1),
        ("1-bit png", saved(Image.fromarray(quarters([(0,), (255,), (255,), (0,)])[:, :, 0]).convert("1"), "PNG"),
         "1", [(0,) * 3, (255,) * 3, (255,) * 3, (0,) * 3], 0),
        ("float tiff", saved(Image.fromarray(quarters([(0.0,), (1.0,), (2.0,), (4.0,)], kind=np.float32)[:, :, 0]), "TIFF"),
         "F", [(0,) * 3, (63.75,) * 3, (127.5,) * 3, (255,) * 3], 1),
        ("webp", saved(RGB, "WEBP", lossless=True), "RGB", QUARTERS, 0),
        ("bmp", saved(RGB, "BMP"), "RGB", QUARTERS, 0),
        ("heic", heic(1), "RGB", QUARTERS, 3),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_pixels_are_those_put_in(name, data, mode, expected, near):
    exhibit = opened(data)
    assert exhibit.problems == [], name
    assert exhibit.image.mode == mode
    assert (exhibit.image.width, exhibit.image.height, exhibit.image.frames) == (96, 64, 1)
    assert np.abs(corners(exhibit) - np.array(expected)).max() <= near + 0.5


MOVING = [Image.fromarray(quarters(QUARTERS[i:] + QUARTERS[:i])) for i in range(4)]
REST: dict[str, object] = {"save_all": True, "append_images": MOVING[1:]}


def thumbnailed_tiff() -> bytes:
    """Two pages, then a directory that calls itself a reduced copy of the first."""
    data = bytearray(saved(MOVING[0], "TIFF", save_all=True, append_images=[MOVING[1], MOVING[2]]))
    at, found = struct.unpack_from("<I", data, 4)[0], 0
    while at:
        count = struct.unpack_from("<H", data, at)[0]
        found += 1
        if found == 3:  # its width entry, the first of all, becomes NewSubfileType 1; the width is then 0
            struct.pack_into("<HHII", data, at + 2, 254, 4, 1, 1)
        at = struct.unpack_from("<I", data, at + 2 + 12 * count)[0]
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "frames", "unit"),
    [
        (saved(MOVING[0], "GIF", **REST), 4, "frames"),
        (saved(MOVING[0], "WEBP", lossless=True, **REST), 4, "frames"),
        (saved(MOVING[0], "PNG", **REST), 4, "frames"),
        (saved(MOVING[0], "AVIF", quality=95, **REST), 4, "frames"),
        (saved(MOVING[0], "TIFF", **REST), 4, "pages"),
        (thumbnailed_tiff(), 2, "pages"),
    ],
    ids=["gif", "webp", "png", "avif", "tiff", "tiff with a thumbnail"],
)
def test_of_several_frames_the_first_is_shown_and_the_rest_is_said(data, frames, unit):
    exhibit = opened(data)
    assert exhibit.image.frames == frames
    assert [(p.code, p.actual, p.limit, p.unit) for p in exhibit.problems] == [("limited", frames, 1.0, unit)]
    assert np.abs(corners(exhibit) - np.array(QUARTERS)).max() <= 6


def test_a_photo_with_a_second_picture_behind_it_is_one_photo():
    """Phones keep a depth map or a brightness map behind a JPEG (MPO)."""
    exhibit = opened(saved(MOVING[0], "MPO", quality=95, subsampling=0, **REST))
    assert (exhibit.image.format, exhibit.image.frames) == ("JPEG", 1)
    assert exhibit.problems == []
    assert np.abs(corners(exhibit) - np.array(QUARTERS)).max() <= 3


SHOWN = {1: "0123", 2: "1032", 3: "3210", 4: "2301", 5: "0213", 6: "2031", 7: "3120", 8: "1302"}
"""Orientation to the stored quarters (0 top left, 1 top right, 2 bottom left, 3 bottom right) in the order in which they
are seen: from where EXIF 2.32 section 4.6.4 puts the stored 0th row and column."""


def turned(form: str, orientation: int) -> bytes:
    if form == "HEIC":  # with an orientation in EXIF too, as phones write, which must not turn it twice
        exif = Image.Exif()
        exif[0x0112] = orientation
        return heic(orientation, exif.tobytes().removeprefix(b"Exif\0\0"))
    exif = Image.Exif()
    exif[0x0112] = orientation
    options: dict[str, object] = {"JPEG": {"quality": 95, "subsampling": 0}, "WEBP": {"lossless": True}}.get(
        form, {}
    )
    if form == "TIFF":
        return saved(RGB, form, tiffinfo={0x0112: orientation})
    return saved(RGB, form, exif=exif, **options)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF", "HEIC"])
def test_every_orientation_of_every_container(form, orientation):
    exhibit = opened(turned(form, orientation))
    expected = np.array([QUARTERS[int(stored)] for stored in SHOWN[orientation]])
    assert np.abs(corners(exhibit) - expected).max() <= 8
    size = (96, 64) if orientation < 5 else (64, 96)
    assert (exhibit.image.width, exhibit.image.height) == size
    assert exhibit.views[0].pixels.shape[1::-1] == size
    assert exhibit.problems == []


def number(value: float) -> bytes:
    return struct.pack(">i", round(value * 65536))


P3 = ((0.5151, 0.2412, -0.0011), (0.2920, 0.6922, 0.0419), (0.1571, 0.0666, 0.7841))
SRGB = ((0.4360, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7139))


def profile(primaries, gamma: float = 2.2) -> bytes:
    """A small RGB profile: primaries adapted to D50 (Display P3's or sRGB's) and a gamma."""
    curve = b"curv" + bytes(4) + struct.pack(">IHH", 1, round(gamma * 256), 0)
    white = b"XYZ " + bytes(4) + b"".join(map(number, (0.9642, 1.0, 0.8249)))
    text = b"text" + bytes(4) + b"none\0\0\0\0"
    tags = {
        b"wtpt": white,
        b"cprt": text,
        b"desc": b"desc" + bytes(4) + struct.pack(">I", 2) + b"a\0" + bytes(78),
    }
    for name, xyz in zip((b"rXYZ", b"gXYZ", b"bXYZ"), primaries, strict=True):
        tags[name] = b"XYZ " + bytes(4) + b"".join(map(number, xyz))
    tags |= dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    table, body, at = b"", b"", 128 + 4 + 12 * len(tags)
    for name, value in tags.items():
        padded = value + bytes(-len(value) % 4)
        table += name + struct.pack(">II", at + len(body), len(value))
        body += padded
    rest = struct.pack(">I", len(tags)) + table + body
    head = (
        struct.pack(">I", 128 + len(rest))
        + bytes(4)
        + struct.pack(">I", 0x02100000)
        + b"mntrRGB XYZ "
        + bytes(12)
    )
    head += b"acsp" + bytes(28) + b"".join(map(number, (0.9642, 1.0, 0.8249)))
    return head + bytes(128 - len(head)) + rest


def as_srgb(colours, primaries, gamma: float = 2.2) -> np.ndarray:
    """What the colours are in sRGB, by the formulas of IEC 61966-2-1."""
    linear = (np.array(colours) / 255) ** gamma @ np.array(primaries) @ np.linalg.inv(np.array(SRGB))
    linear = np.clip(linear, 0, 1)
    return 255 * np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_a_wide_profile_is_brought_to_srgb(form):
    options = {"JPEG": {"quality": 95, "subsampling": 0}, "WEBP": {"lossless": True}, "AVIF": {"quality": 95}}
    exhibit = opened(saved(RGB, form, icc_profile=profile(P3), **options.get(form, {})))
    expected = as_srgb(QUARTERS, P3)
    assert np.abs(expected - np.array(QUARTERS)).max() > 15  # the profile makes a difference
    assert np.abs(corners(exhibit) - expected).max() <= (6 if form == "AVIF" else 4)


@pytest.mark.parametrize(
    "icc", [profile(SRGB), profile(P3)[:200], b"no profile", profile(P3).replace(b"rXYZ", b"zzzz")]
)
@pytest.mark.parametrize("image", [RGB, GREY], ids=["rgb", "grey"])
def test_an_srgb_or_malformed_profile_leaves_the_colours(icc, image):
    exhibit = opened(saved(image, "PNG", icc_profile=icc))
    assert np.abs(corners(exhibit) - np.array(QUARTERS if image is RGB else AS_GREY)).max() == 0


def test_a_cmyk_picture_with_a_malformed_profile_is_shown_without_it():
    exhibit = opened(saved(CMYK, "TIFF", icc_profile=b"x" * 36 + b"acsp" + bytes(200)))
    assert np.abs(corners(exhibit) - np.array(PRINTED)).max() <= 2


@pytest.mark.parametrize("form", ["PNG", "JPEG"])
def test_a_screen_sends_its_full_view_at_its_own_size(form):
    screen = Image.new("RGB", (1170, 2340), "white")
    for y in range(40, 2300, 60):
        screen.paste((30, 30, 30), (60, y, 900, y + 12))
    upload = os.memfd_create("upload")
    os.write(upload, saved(screen, form, **({"quality": 92} if form == "JPEG" else {})))
    measured = child.measure_upload(upload, LIMITS, ContentThresholds(), "test")
    os.close(upload)
    assert measured.measurements.kind != "photo"
    assert [view.pixels.shape for view in measured.views if view.kind == "detail"] == [(2340, 1170, 3)]


def test_a_jpeg_that_only_pillow_decodes_gives_its_full_view_as_well(monkeypatch):
    """Two healthy camera files of the corpus are such."""

    def refuses(*_args, **_options):
        raise ValueError("not for libjpeg-turbo")

    monkeypatch.setattr(photo.simplejpeg, "decode_jpeg", refuses)
    with io.BytesIO(saved(Image.new("RGB", (1200, 2400), "teal"), "JPEG")) as stream:
        assert photo._decode_larger(stream, (1200, 2400)).shape == (2400, 1200, 3)


@pytest.mark.parametrize(
    ("form", "size", "view", "fine"),
    [
        ("JPEG", (4000, 3000), (1000, 750), (1024, 768)),
        ("JPEG", (1600, 1200), (800, 600), (1024, 768)),
        ("JPEG", (1300, 900), (1024, 709), (1024, 709)),
        ("JPEG", (1024, 700), (1024, 700), None),
        ("PNG", (1600, 1200), (1024, 768), (1024, 768)),
        ("PNG", (5000, 40), (1024, 8), (1024, 8)),
        ("PNG", (640, 480), (640, 480), None),
    ],
)
def test_focus_is_told_on_a_plane_of_the_full_side(form, size, view, fine):
    shown = opened(saved(Image.effect_noise(size, 50).convert("RGB"), form)).views[0]
    assert shown.pixels.shape[1::-1] == view
    assert (shown.fine is None) == (fine is None)
    assert shown.plane.shape[1::-1] == (fine or view)


def test_the_plane_of_focus_is_upright_and_of_the_colours_that_are_shown():
    exif = Image.Exif()
    exif[0x0112] = 6
    wide = Image.fromarray(quarters(high=1200, wide=1600))
    shown = opened(saved(wide, "JPEG", exif=exif, quality=95, icc_profile=profile(P3))).views[0]
    assert shown.fine is not None
    luma = cv2.cvtColor(shown.pixels, cv2.COLOR_RGB2GRAY)
    same_size = cv2.resize(luma, shown.fine.shape[::-1])
    assert shown.fine.shape == (1024, 768)
    assert np.median(np.abs(shown.fine.astype(int) - same_size)) <= 2


def test_a_large_jpeg_that_pillow_reduces_is_told_at_its_own_size():
    """CMYK is decoded by Pillow, at half the size."""
    exhibit = opened(saved(Image.new("CMYK", (4000, 3000), (20, 120, 200, 10)), "JPEG"))
    assert (exhibit.image.width, exhibit.image.height) == (4000, 3000)
    assert (exhibit.views[0].full_width, exhibit.views[0].full_height) == (4000, 3000)
    assert max(exhibit.views[0].pixels.shape) <= 1024
