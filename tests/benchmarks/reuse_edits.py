"""What people do to a photo before they upload it again, with the place where every pixel went.

An edit is a pure function ``(rgb, random, others) -> Edited``. Homographies take the centre of an original pixel, at
whole coordinates, to edited pixels. Words are drawn with the fonts inside OpenCV's wheel.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image
from reuse_screens import Canvas, Colour, theme

Pixels = NDArray[np.uint8]
Matrix = NDArray[np.float64]
Box = tuple[int, int, int, int]
Others = Sequence[Pixels]

_QUALITY = 90  # of edits that are not about compression
_WORDS = "order parcel arrived label box seller refund photo today please thank you wait sent again damaged".split()
_TINTS = {
    "sepia": ((0.393, 0.769, 0.189), (0.349, 0.686, 0.168), (0.272, 0.534, 0.131)),
    "cool": ((0.82, 0.05, 0), (0, 0.95, 0.03), (0, 0.08, 1.12)),
    "warm": ((1.12, 0.08, 0), (0, 0.97, 0), (0, 0.05, 0.78)),
    "grey": ((0.299, 0.587, 0.114),) * 3,
}


@dataclass(frozen=True, slots=True)
class Edited:
    """An upload made of a photo: its bytes, where its pixels went, and the box (x, y, w, h) that shows any of them."""

    data: bytes
    homography: Matrix | None = None
    shown: Box | None = None


@dataclass(frozen=True, slots=True)
class _Picture:
    """Pixels under way, and how the original's came there."""

    pixels: Pixels
    matrix: Matrix
    shown: Box

    @property
    def wide(self) -> int:
        return self.pixels.shape[1]

    @property
    def high(self) -> int:
        return self.pixels.shape[0]

    def with_pixels(self, pixels: Pixels) -> _Picture:
        """Changed where they stand."""
        return _Picture(pixels, self.matrix, self.shown)

    def moved(self, pixels: Pixels, by: Matrix, shown: Box | None = None) -> _Picture:
        """Changed in place: ``by`` takes pixels of this one to the new one's."""
        frame = (0, 0, pixels.shape[1], pixels.shape[0])
        return _Picture(pixels, by @ self.matrix, frame if shown is None else shown)

    def done(self, quality: int = _QUALITY) -> Edited:
        """Ended as a JPEG."""
        return Edited(_jpeg(self.pixels, quality), self.matrix, self.shown)


def whole(rgb: Pixels) -> _Picture:
    return _Picture(rgb, np.eye(3), (0, 0, rgb.shape[1], rgb.shape[0]))


def _jpeg(rgb: Pixels, quality: int, exif: Image.Exif | None = None) -> bytes:
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, "JPEG", quality=quality, exif=exif or Image.Exif())
    return buffer.getvalue()


def clipped(values: NDArray[np.floating]) -> Pixels:
    return np.clip(np.rint(values), 0, 255).astype(np.uint8)


def _shift(x: float, y: float) -> Matrix:
    return np.array([[1, 0, x], [0, 1, y], [0, 0, 1]], np.float64)


def _scale(x: float, y: float) -> Matrix:
    """Scaling about the corner of the first pixel, half a pixel off its centre, as resizing does."""
    return np.array([[x, 0, (x - 1) / 2], [0, y, (y - 1) / 2], [0, 0, 1]], np.float64)


def _crop(it: _Picture, left: int, top: int, wide: int, high: int) -> _Picture:
    cut = np.ascontiguousarray(it.pixels[top : top + high, left : left + wide])
    return it.moved(cut, _shift(-left, -top))


def crop_share(it: _Picture, share: float, random: np.random.Generator) -> _Picture:
    wide, high = (max(8, round(side * (1 - share))) for side in (it.wide, it.high))
    left, top = random.integers(0, it.wide - wide + 1), random.integers(0, it.high - high + 1)
    return _crop(it, int(left), int(top), wide, high)


def resize(it: _Picture, wide: int, high: int) -> _Picture:
    finer = wide < it.wide
    method = cv2.INTER_AREA if finer else cv2.INTER_CUBIC
    return it.moved(
        cv2.resize(it.pixels, (wide, high), interpolation=method), _scale(wide / it.wide, high / it.high)
    )


def mirrored(it: _Picture) -> _Picture:
    flip = np.array([[-1, 0, it.wide - 1], [0, 1, 0], [0, 0, 1]], np.float64)
    return it.moved(np.ascontiguousarray(it.pixels[:, ::-1]), flip)


def cover(it: _Picture, wide: int, high: int) -> _Picture:
    """Scaled to fill a frame, what stands over cut off on both sides."""
    scale = max(wide / it.wide, high / it.high)
    big = resize(it, max(wide, round(it.wide * scale)), max(high, round(it.high * scale)))
    return _crop(big, (big.wide - wide) // 2, (big.high - high) // 2, wide, high)


def placed(it: _Picture, ground: Pixels, left: int, top: int) -> _Picture:
    """Laid on a larger picture, which it changes."""
    ground[top : top + it.high, left : left + it.wide] = it.pixels
    return it.moved(ground, _shift(left, top), (left, top, it.wide, it.high))


def toned(it: _Picture, gain: float, offset: float) -> _Picture:
    return it.with_pixels(clipped(it.pixels.astype(np.float32) * gain + offset))


def say(random: np.random.Generator, count: int) -> str:
    return " ".join(random.choice(_WORDS, count)).capitalize()


def write(rgb: Pixels, words: str, x: float, y: float, size: float, fill: Colour) -> None:
    face = cv2.FontFace("sans")
    cv2.putText(rgb, words, (round(x), round(y)), fill, face, max(6, round(size)), 600)


def jpeg_q30(rgb: Pixels, random: np.random.Generator, others: Others) -> Edited:
    return whole(rgb).done(30)


def resize_25(rgb: Pixels, random: np.random.Generator, others: Others) -> Edited:
    it = whole(rgb)
    return resize(it, max(1, round(it.wide / 4)), max(1, round(it.high / 4))).done()


def brightness_contrast(rgb: Pixels, random: np.random.Generator, others: Others) -> Edited:
    return toned(whole(rgb), random.uniform(0.7, 1.3), random.uniform(-25, 25)).done()


def blur(rgb: Pixels, random: np.random.Generator, others: Others) -> Edited:
    sigma = random.uniform(1.5, 2.5) * max(rgb.shape[:2]) / 512
    return whole(rgb).with_pixels(cv2.GaussianBlur(rgb, (0, 0), sigma)).done()


def colour_filter(rgb: Pixels, random: np.random.Generator, others: Others) -> Edited:
    tint = np.array(_TINTS[str(random.choice(list(_TINTS)))], np.float32)
    return whole(rgb).with_pixels(clipped(rgb.astype(np.float32) @ tint.T)).done()


def watermark(rgb: Pixels, random: np.random.Generator, others: Others) -> Edited:
    """The same words in slanting rows over everything, 35 % opaque."""
    high, wide = rgb.shape[:2]
    reach = round(np.hypot(high, wide))
    size = max(8, round(min(high, wide) / 14))
    ground = np.zeros((reach, reach, 3), np.uint8)
    words = (f"© {say(random, 2)}     " * 40)[: 8 * reach // size]
    for row, y in enumerate(range(size, reach + size, round(2.6 * size))):
        write(ground, words, -(row % 2) * 3 * size, y, size, (255, 255, 255))
    angle = float(random.choice((-1, 1)) * random.uniform(25, 40))
    turn = cv2.getRotationMatrix2D(((reach - 1) / 2, (reach - 1) / 2), angle, 1.5)
    turn[:, 2] -= (reach - wide) / 2, (reach - high) / 2
    mask = cv2.warpAffine(ground, turn, (wide, high)).astype(np.float32)[..., :1] / 255 * 0.35
    tone = float(random.choice((255, 0)))
    return whole(rgb).with_pixels(clipped(rgb * (1 - mask) + tone * mask)).done()


def text_band(rgb: Pixels, random: np.random.Generator, others: Others) -> Edited:
    """An opaque caption over 15 % of the height, top or bottom."""
    made, high = rgb.copy(), rgb.shape[0]
    tall = round(0.15 * high)
    top = 0 if random.random() < 0.5 else high - tall
    back: Colour = ((255, 255, 255), (0, 0, 0), (214, 40, 40))[random.integers(3)]
    made[top : top + tall] = back
    fill: Colour = (0, 0, 0) if sum(back) > 600 else (255, 255, 255)
    size = min(0.3 * tall, rgb.shape[1] / 18)
    for line in range(2):
        write(made, say(random, 4), 0.04 * rgb.shape[1], top + tall * (0.42 + 0.4 * line), size, fill)
    return whole(rgb).with_pixels(made).done()


def rotate_3(rgb: Pixels, random: np.random.Generator, others: Others) -> Edited:
    """By 3 degrees either way; the corners white, black or cut off."""
    it, angle = whole(rgb), 3.0 * float(random.choice((-1, 1)))
    corners = str(random.choice(("white", "black", "inside")))
    turn = np.vstack([cv2.getRotationMatrix2D(((it.wide - 1) / 2, (it.high - 1) / 2), angle, 1.0), (0, 0, 1)])
    fill = (255,) * 3 if corners == "white" else (0,) * 3
    turned = it.moved(
        cv2.warpPerspective(rgb, turn, (it.wide, it.high), flags=cv2.INTER_CUBIC, borderValue=fill), turn
    )
    if corners != "inside":
        return turned.done()
    slope = np.tan(np.radians(3))
    across, down = int(np.ceil(it.high / 2 * slope)) + 2, int(np.ceil(it.wide / 2 * slope)) + 2
    return _crop(turned, across, down, it.wide - 2 * across, it.high - 2 * down).done()


def rotate_90(rgb: Pixels, random: np.random.Generator, others: Others) -> Edited:
    it = whole(rgb)
    if random.random() < 0.5:
        turn = np.array([[0, 1, 0], [-1, 0, it.wide - 1], [0, 0, 1]], np.float64)
        return it.moved(np.ascontiguousarray(np.rot90(rgb)), turn).done()
    turn = np.array([[0, -1, it.high - 1], [1, 0, 0], [0, 0, 1]], np.float64)
    return it.moved(np.ascontiguousarray(np.rot90(rgb, 3)), turn).done()


def mirror(rgb: Pixels, random: np.random.Generator, others: Others) -> Edited:
    return mirrored(whole(rgb)).done()


def crop_5(rgb: Pixels, random: np.random.Generator, others: Others) -> Edited:
    return crop_share(whole(rgb), 0.05, random).done()


def crop_10(rgb: Pixels, random: np.random.Generator, others: Others) -> Edited:
    return crop_share(whole(rgb), 0.10, random).done()


def crop_20(rgb: Pixels, random: np.random.Generator, others: Others) -> Edited:
    return crop_share(whole(rgb), 0.20, random).done()


def crop_40(rgb: Pixels, random: np.random.Generator, others: Others) -> Edited:
    return crop_share(whole(rgb), 0.40, random).done()


def perspective_noise(rgb: Pixels, random: np.random.Generator, others: Others) -> Edited:
    """Seen from a little aside, grainy."""
    it = whole(rgb)
    corners = np.array([(0, 0), (1, 0), (1, 1), (0, 1)]) * (it.wide - 1, it.high - 1)
    there = corners + random.uniform(-0.06, 0.06, (4, 2)) * (it.wide, it.high)
    by = cv2.getPerspectiveTransform(corners.astype(np.float32), there.astype(np.float32))
    fill = (int(random.choice((0, 128, 255))),) * 3
    seen = cv2.warpPerspective(rgb, by, (it.wide, it.high), flags=cv2.INTER_CUBIC, borderValue=fill)
    noisy = seen + random.normal(0, 6, seen.shape).astype(np.float32)
    return it.moved(clipped(noisy), np.asarray(by, np.float64)).done(80)


def _phone(random: np.random.Generator) -> Canvas:
    """A phone's screen with nothing but its bars."""
    accent: Colour = tuple(int(v) for v in random.integers(20, 220, 3))  # type: ignore[assignment]
    canvas = Canvas((1080, 2340), theme(bool(random.random() < 0.5), accent))
    canvas.status(f"{random.integers(24):02}:{random.integers(60):02}", int(random.integers(10, 100)))
    canvas.bar(say(random, 2), bool(random.random() < 0.3))
    canvas.navigation(int(random.integers(5)))
    return canvas


def _lines(canvas: Canvas, y: float, last: float, random: np.random.Generator) -> None:
    """Text from ``y`` down as far as there is room."""
    while y + 60 < last:
        faint = random.random() < 0.5
        words = say(random, int(random.integers(3, 8)))
        canvas.text(48, y, words, 34, canvas.theme.faint if faint else None)
        y += 62


def _on_full_screen(it: _Picture, random: np.random.Generator) -> _Picture:
    """As wide as the screen, with its own shape; cut off in the middle where it is higher than the room."""
    canvas = _phone(random)
    top, bottom = 224, round(canvas.height) - 196
    photo = resize(it, 1080, max(1, round(it.high * 1080 / it.wide)))
    room = bottom - top - 330
    if photo.high > room:
        photo = _crop(photo, 0, (photo.high - room) // 2, 1080, room)
    lead = int(random.integers(0, 100)) if random.random() < 0.5 else 0
    laid = placed(photo, canvas.pixels, 0, top + lead)
    below = top + lead + photo.high + 34
    _lines(canvas, below, bottom - 140, random)
    canvas.buttons(bottom - 126, say(random, 1), say(random, 1))
    return laid


def _screen_file(it: _Picture, random: np.random.Generator) -> Edited:
    """PNG as phones save a screen, or the JPEG that messengers make of it."""
    if random.random() < 0.5:
        return it.done(85)
    buffer = io.BytesIO()
    Image.fromarray(it.pixels).save(buffer, "PNG", compress_level=1)  # the same pixels in a fifth of the time
    return Edited(buffer.getvalue(), it.matrix, it.shown)


def screenshot_full(rgb: Pixels, random: np.random.Generator, others: Others) -> Edited:
    return _screen_file(_on_full_screen(whole(rgb), random), random)


def _rounded(photo: _Picture, back: Colour, radius: int) -> _Picture:
    """Its corners given to the background."""
    mask = np.zeros((photo.high, photo.wide), np.uint8)
    r = min(radius, photo.high // 2)
    cv2.rectangle(mask, (r, 0), (photo.wide - r - 1, photo.high), 255, -1)
    cv2.rectangle(mask, (0, r), (photo.wide, photo.high - r - 1), 255, -1)
    for x in (r, photo.wide - r - 1):
        for y in (r, photo.high - r - 1):
            cv2.circle(mask, (x, y), r, 255, -1, cv2.LINE_AA)
    share = mask[..., None].astype(np.float32) / 255
    return photo.with_pixels(clipped(photo.pixels * share + np.array(back, np.float32) * (1 - share)))


def screenshot_60(rgb: Pixels, random: np.random.Generator, others: Others) -> Edited:
    """At 60 % of the screen's width: in a chat's bubble, or on a gallery's card."""
    canvas, it = _phone(random), whole(rgb)
    photo = resize(it, 648, max(1, round(it.high * 648 / it.wide)))
    if photo.high > 1300:
        photo = _crop(photo, 0, (photo.high - 1300) // 2, 648, 1300)
    top, chat = int(random.integers(380, 520)), random.random() < 0.5
    left = int(random.choice((48, 384))) if chat else 216
    back = canvas.theme.line if chat else canvas.theme.card
    _lines(canvas, 260, top - 40, random)
    canvas.box(left - 12, top - 12, 672, photo.high + (24 if chat else 150), back, 30)
    if random.random() < 0.5:
        photo = _rounded(photo, back, 28)
    elif random.random() < 0.5:
        canvas.frame(left - 2, top - 2, 652, photo.high + 4, canvas.theme.faint, 3)
    laid = placed(photo, canvas.pixels, left, top)
    if not chat:
        canvas.text(left + 10, top + photo.high + 30, say(random, 3), 34)
        canvas.text(left + 10, top + photo.high + 84, f"{random.integers(1, 60)} min", 28, canvas.theme.faint)
    _lines(canvas, top + photo.high + 180, canvas.height - 210, random)
    return _screen_file(laid, random)


def collage_2x2(rgb: Pixels, random: np.random.Generator, others: Others) -> Edited:
    """In one of four squares; three other pictures in the rest."""
    gutter = int(random.integers(0, 13))
    side = (1200 - gutter) // 2
    tone = int(random.choice((0, 255)))
    ground = np.full((1200, 1200, 3), tone, np.uint8)
    places = [(x, y) for y in (0, 1200 - side) for x in (0, 1200 - side)]
    chosen = random.permutation(4)
    for place, number in zip(chosen[1:], random.permutation(len(others))[:3], strict=True):
        placed(cover(whole(others[number]), side, side), ground, *places[place])
    return placed(cover(whole(rgb), side, side), ground, *places[chosen[0]]).done(85)


def border(rgb: Pixels, random: np.random.Generator, others: Others) -> Edited:
    """8 to 20 % on each side: plain, or the photo itself, enlarged and blurred."""
    it, share = whole(rgb), random.uniform(0.08, 0.20)
    across, down = round(it.wide * share), round(it.high * share)
    size = (it.wide + 2 * across, it.high + 2 * down)
    if random.random() < 0.5:
        ground = np.full((size[1], size[0], 3), random.choice((0, 255, 200)), np.uint8)
    else:
        ground = cv2.GaussianBlur(cv2.resize(rgb, size), (0, 0), max(size) / 40)
    return placed(it, ground, across, down).done()


def combination(rgb: Pixels, random: np.random.Generator, others: Others) -> Edited:
    """Cropped by 15 %, mirrored, brighter or darker, in a screenshot, at quality 50."""
    it = mirrored(crop_share(whole(rgb), 0.15, random))
    lit = toned(it, random.uniform(0.7, 1.3), random.uniform(-25, 25))
    return _on_full_screen(lit, random).done(50)


def evasion_brightness(rgb: Pixels, random: np.random.Generator, others: Others) -> Edited:
    gain = 1 + float(random.choice((-1, 1))) * random.uniform(0.02, 0.05)
    return toned(whole(rgb), gain, 0).done()


def evasion_resize(rgb: Pixels, random: np.random.Generator, others: Others) -> Edited:
    """By under 1 %, yet by one pixel at least."""
    it, scale = whole(rgb), 1 + float(random.choice((-1, 1))) * random.uniform(0.003, 0.0095)
    sides = [side + (round(side * (scale - 1)) or (1 if scale > 1 else -1)) for side in (it.wide, it.high)]
    return resize(it, *sides).done()


def evasion_jpeg(rgb: Pixels, random: np.random.Generator, others: Others) -> Edited:
    return whole(rgb).done(int(random.integers(88, 93)))


def evasion_mirror_crop(rgb: Pixels, random: np.random.Generator, others: Others) -> Edited:
    return crop_share(mirrored(whole(rgb)), random.uniform(0.02, 0.04), random).done()


def evasion_metadata(rgb: Pixels, random: np.random.Generator, others: Others) -> Edited:
    """Another camera and another day."""
    exif = Image.Exif()
    exif[ExifTags.Base.Make], exif[ExifTags.Base.Model] = "Torvik", f"T-{random.integers(10, 99)}"
    day, clock = f"2026:{random.integers(1, 13):02}:{random.integers(1, 29):02}", random.integers(10, 60, 2)
    taken = f"{day} 14:{clock[0]}:{clock[1]}"
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = taken
    it = whole(rgb)
    return Edited(_jpeg(rgb, 92, exif), it.matrix, it.shown)


Edit = Callable[[Pixels, np.random.Generator, Others], Edited]
EDITS: dict[str, Edit] = {
    edit.__name__: edit
    for edit in (
        jpeg_q30,
        resize_25,
        brightness_contrast,
        blur,
        colour_filter,
        watermark,
        text_band,
        rotate_3,
        rotate_90,
        mirror,
        crop_5,
        crop_10,
        crop_20,
        crop_40,
        perspective_noise,
        screenshot_full,
        screenshot_60,
        collage_2x2,
        border,
        combination,
        evasion_brightness,
        evasion_resize,
        evasion_jpeg,
        evasion_mirror_crop,
        evasion_metadata,
    )
}
