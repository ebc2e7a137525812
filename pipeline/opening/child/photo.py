"""Stills: libjpeg-turbo decodes JPEG at a reduced scale, Pillow everything else, with the format named.

A file is decoded once. Orientation is applied, 16 bits are scaled and not clipped, CMYK and alpha become RGB on white.
"""

from __future__ import annotations

import io
import warnings
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, cast

import numpy as np
import pi_heif
import simplejpeg
from PIL import Image, ImageFile, ImageOps
from PIL.JpegImagePlugin import JpegImageFile

from pipeline.opening.child import colour
from pipeline.opening.child.animation import frame_that_shows
from pipeline.opening.child.measuring.pieces import is_long, pieces_of
from pipeline.opening.child.metadata import read_metadata
from pipeline.opening.child.missing_end import lacks_only_its_end
from pipeline.opening.child.pixels import shrink, shrink_evenly, upright
from pipeline.opening.child.second_decoder import AVIF, DECODE_FAULTS, open_again
from pipeline.opening.limits import DETAIL_SIDE, MIN_VIEW_SIDE, VIEW_SIDE, Limits
from validators.evidence import ImageFacts, Problem
from validators.exhibit import Exhibit, View
from validators.measures.containers.buffers import searchable
from validators.measures.containers.container import OR_FLAT
from validators.measures.containers.jpeg_structure import scan_jpeg, unusual_coding
from validators.measures.containers.simple_structures import gif_frames, tiff_pages
from validators.measures.image.lost_rows import flat_pixels, lost_rows
from validators.measures.image.tiles import grey

if TYPE_CHECKING:
    import mmap

    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

_FORMATS = {
    "image/png": "PNG",
    "image/webp": "WEBP",
    "image/heic": "HEIF",
    "image/heif": "HEIF",
    "image/avif": "AVIF",
    "image/gif": "GIF",
    "image/bmp": "BMP",
    "image/tiff": "TIFF",
}
_ANIMATED = ("GIF", "WEBP", "PNG", "AVIF")
_PLAIN = ("image/bmp", "image/tiff", "image/webp")
_TOLD_DAMAGE = ("truncated", "damaged", "no_end")


def warm_up() -> None:
    """Load every plug-in that a child may need."""
    pi_heif.register_heif_opener(thumbnails=False)
    Image.init()
    Image.MAX_IMAGE_PIXELS = None  # the header is checked against our own limit before decoding
    pixel = np.zeros((16, 16, 3), np.uint8)
    simplejpeg.decode_jpeg(simplejpeg.encode_jpeg(pixel))
    shrink(np.zeros((32, 32, 3), np.uint8), 16)
    colour.warm_up()


def warm_up_sample(name: str) -> bytes:
    """A small picture of ours with EXIF, to warm up on."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "none"
    exif.get_ifd(0x8769)[0x9003] = "2000:01:01 00:00:00"
    stream = io.BytesIO()
    Image.effect_noise((256, 192), 60).convert("RGB").save(stream, name, exif=exif)
    return stream.getvalue()


def open_photo(data: mmap.mmap, exhibit: Exhibit, limits: Limits) -> None:
    """Decode a still into ``exhibit``: one upright view, its geometry, metadata and times."""
    image = _header(data, exhibit)
    reading = read_metadata(image, data, exhibit.detected_type, "")
    exhibit.times.extend(reading.times)
    exhibit.metadata.update(reading.metadata)
    exhibit.has_gps = reading.has_gps
    exhibit.statements.extend(reading.statements)
    if image is None:
        return
    if _too_big(image.size, exhibit, limits):
        return
    _tell_missing_end(data, exhibit)
    orientation = _orientation(image)
    width, height = image.size  # Pillow's reduced decoding changes it
    pixels = _decode(data, image, exhibit, limits)
    if pixels is None:
        return
    _drop_if_flat(pixels, exhibit)
    _tell_lost_rows(pixels, exhibit)
    if orientation in (5, 6, 7, 8):
        width, height = height, width
    frames, shown = _frames(data, image), 0
    if frames > 1 and image.format in _ANIMATED:
        pixels, shown = frame_that_shows(image, pixels, frames, _flatten)
    exhibit.image = ImageFacts(width, height, image.format or "", image.mode, frames, orientation)
    if frames > 1:
        unit = "pages" if image.format == "TIFF" else "frames"
        exhibit.problems.append(Problem("limited", f"number {shown + 1} is shown", float(frames), 1.0, unit))
    profile = colour.colours_of(image, data, exhibit.detected_type)
    if is_long((width, height)):
        exhibit.pieces.extend(colour.to_srgb(one, profile) for one in pieces_of(upright(pixels, orientation)))
    view = upright(_view(pixels, image, profile), orientation)
    exhibit.views.append(View(view, width, height, fine=_fine(pixels, profile, orientation)))
    again = image.format == "JPEG" and max(pixels.shape[:2]) < min(max(image.size), DETAIL_SIDE)
    # Free what will be decoded again: pages that a child has touched before cost nothing to touch again.
    exhibit.in_full = partial(_in_full, data, image.size, None if again else pixels, orientation, profile)


def _view(pixels: Pixels, image: Image.Image, profile: bytes) -> Pixels:
    """A JPEG's view, halved if it stays large enough: smaller ones are quicker to compare."""
    side = max(pixels.shape[:2]) // 2
    halved = image.format == "JPEG" and MIN_VIEW_SIDE <= side < VIEW_SIDE
    return colour.to_srgb(shrink(pixels, side if halved else VIEW_SIDE), profile)


def _fine(pixels: Pixels, profile: bytes, orientation: int) -> Pixels | None:
    if max(pixels.shape[:2]) <= VIEW_SIDE:
        return None
    if profile:  # in the view's colours, because its brightness is judged
        return upright(grey(colour.to_srgb(shrink_evenly(pixels, VIEW_SIDE), profile)), orientation)
    return upright(shrink_evenly(grey(pixels), VIEW_SIDE), orientation)


def _in_full(
    data: mmap.mmap, size: tuple[int, int], pixels: Pixels | None, orientation: int, profile: bytes
) -> Pixels:
    """The picture at up to 2,400 px. A JPEG decoded at a reduced scale is decoded again from ``data``, still open."""
    whole = _decode_larger(data, size) if pixels is None else pixels
    return upright(colour.to_srgb(shrink(whole, DETAIL_SIDE), profile), orientation)


def _decode_larger(data: mmap.mmap, size: tuple[int, int]) -> Pixels:
    """A JPEG that has been decoded before, at a scale of ``DETAIL_SIDE`` or more."""
    part = next((p for p in (4, 2) if max(size) // p >= DETAIL_SIDE), 1)
    try:
        return _turbo(data, _scaled(size, part), strict=False)
    except ValueError:  # Pillow decoded it the first time too
        image = JpegImageFile(_stream(data))
        image.draft("RGB", (DETAIL_SIDE, DETAIL_SIDE))
        return _flatten(image)


def _header(data: mmap.mmap, exhibit: Exhibit) -> Image.Image | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Pillow warns of odd EXIF, which is read and reported elsewhere
            return _image(data, exhibit.detected_type)
    except DECODE_FAULTS as error:
        again = _again(data, exhibit)
        if again is None:
            _undecodable(exhibit, error, data)
        return again


def _again(data: mmap.mmap, exhibit: Exhibit) -> Image.Image | None:
    """A second decoder's picture of a file whose structure is sound. Of a damaged one it would show parts without a word."""
    if any(problem.code in _TOLD_DAMAGE for problem in exhibit.problems):
        return None
    image = open_again(data, exhibit.detected_type)
    if (
        image is not None and exhibit.detected_type != AVIF
    ):  # the first one refused, for example, words that inflate
        exhibit.problems.append(Problem("limited", "a second decoder read the picture alone"))
    return image


def _image(data: mmap.mmap, mime: str) -> Image.Image:
    """The still, its header read. A JPEG with further pictures after it (MPO) is its first one, a JPEG."""
    if mime == "image/jpeg":
        return JpegImageFile(_stream(data))
    return Image.open(_stream(data), formats=[_FORMATS[mime]])


def _stream(data: mmap.mmap) -> BinaryIO:
    """The mapped upload as a file with its own position. Nothing is copied until it is read."""
    data.seek(0)
    return cast("BinaryIO", data)


def _tell_missing_end(data: mmap.mmap, exhibit: Exhibit) -> None:
    """Report a truncated file that lacks only its end marker as such."""
    cut = next((problem for problem in exhibit.problems if problem.code == "truncated"), None)
    if cut is not None and lacks_only_its_end(data, exhibit.detected_type):
        exhibit.problems.remove(cut)
        exhibit.problems.append(Problem("no_end", cut.detail))


_PIXELS_A_BYTE = 2
"""Pixels of a flat area that a zero byte of lossless WebP stands for at least: four codes of one bit each."""


def _drop_if_flat(pixels: Pixels, exhibit: Exhibit) -> None:
    """Take back a problem of zeros that a flat area of the picture explains. Fast encoders write such areas so."""
    for problem in [one for one in exhibit.problems if one.unit == OR_FLAT]:
        if flat_pixels(pixels) >= _PIXELS_A_BYTE * (problem.actual or 0.0):
            exhibit.problems.remove(problem)


def _tell_lost_rows(pixels: Pixels, exhibit: Exhibit) -> None:
    """Report a hole in the samples of a format that may store them plain, without a checksum."""
    if exhibit.detected_type not in _PLAIN or any(p.code in _TOLD_DAMAGE for p in exhibit.problems):
        return
    lost = lost_rows(pixels)
    if lost is not None:
        code = "truncated" if lost.to_an_edge else "damaged"
        exhibit.problems.append(Problem(code, f"{lost.share:.1%} of the picture is of one exact value"))


def _undecodable(exhibit: Exhibit, error: Exception, data: mmap.mmap) -> None:
    known = {problem.code for problem in exhibit.problems}
    if exhibit.detected_type == "image/jpeg" and not known & {"truncated", "damaged"}:
        unusual = unusual_coding(scan_jpeg(data))
        if unusual:
            exhibit.problems.append(Problem("unchecked", unusual))
            return
    if "truncated" not in known:
        exhibit.problems.append(Problem("corrupt", f"{type(error).__name__}: {error}"[:300]))
    exhibit.problems.append(Problem("no_decode"))


def _too_big(size: tuple[int, int], exhibit: Exhibit, limits: Limits) -> bool:
    pixels = size[0] * size[1]
    if pixels > limits.pixels:
        exhibit.problems.append(Problem("too_large", "pixels", float(pixels), float(limits.pixels), "pixels"))
    elif max(size) > limits.side:
        exhibit.problems.append(Problem("too_large", "side", float(max(size)), float(limits.side), "px"))
    else:
        return False
    return True


def _orientation(image: Image.Image) -> int:
    if image.format in ("HEIF", "TIFF"):
        return 1  # libheif, and Pillow's TIFF plug-in, turn the picture themselves
    try:
        value = image.getexif().get(0x0112, 1)
    except DECODE_FAULTS:
        return 1  # metadata.py reports unreadable EXIF
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _frames(data: mmap.mmap, image: Image.Image) -> int:
    """The number of frames of an animation or pages of a TIFF, as the container states it. Nothing is decoded."""
    if image.format == "GIF":
        return max(1, gif_frames(searchable(data)))
    if image.format == "TIFF":
        return max(1, tiff_pages(searchable(data)))
    return int(getattr(image, "n_frames", 1))


def _decode(data: mmap.mmap, image: Image.Image, exhibit: Exhibit, limits: Limits) -> Pixels | None:
    if image.format == "JPEG" and image.mode in ("RGB", "L"):
        pixels = _decode_jpeg(data, image.size, exhibit)
        if pixels is not None:
            return pixels
    return _decode_pillow(data, image, exhibit)


def _decode_jpeg(data: mmap.mmap, size: tuple[int, int], exhibit: Exhibit) -> Pixels | None:
    """Decode strictly at a reduced scale, or leniently if that finds damage."""
    scale = _scaled(size, _part(_telling_side(size)))
    try:
        return _turbo(data, scale, strict=True)
    except ValueError as error:
        reason = str(error)
    try:
        pixels = _turbo(data, scale, strict=False)
    except ValueError:
        return None  # Pillow tries next: two healthy photos of the corpus need it
    _note_damage(exhibit, reason)
    return pixels


def _telling_side(size: tuple[int, int]) -> int:
    """The side that has to stay as large as a view: of a very long picture the short one."""
    return min(size) if is_long(size) else max(size)


def _part(long: int) -> int:
    """The largest of 8, 4, 2, 1 to divide by. libjpeg-turbo's inverse DCT is vectorised at these scales only.

    At least a view's side is left: below it blur of two pixels does not show (tests/benchmarks/clarity.py).
    """
    return next((part for part in (8, 4, 2) if long // part >= VIEW_SIDE), 1)


def _scaled(size: tuple[int, int], part: int) -> dict[str, int]:
    return {"min_width": -(-size[0] // part), "min_height": -(-size[1] // part)}


def _turbo(data: mmap.mmap, scale: dict[str, int], *, strict: bool) -> Pixels:
    pixels: Pixels = simplejpeg.decode_jpeg(
        data, "RGB", fastdct=True, fastupsample=True, min_factor=1, strict=strict, **scale
    )
    return pixels


def _note_damage(exhibit: Exhibit, reason: str) -> None:
    if not any(problem.code in _TOLD_DAMAGE for problem in exhibit.problems):
        exhibit.problems.append(Problem("damaged", reason[:200]))


def _decode_pillow(data: mmap.mmap, image: Image.Image, exhibit: Exhibit) -> Pixels | None:
    try:
        if image.format == "JPEG":
            side = VIEW_SIDE * max(image.size) // _telling_side(image.size)
            image.draft("RGB", (side, side))
        return _flatten(image)
    except MemoryError:
        raise
    except DECODE_FAULTS as error:
        first = error
    return _decode_what_is_left(data, exhibit, first)


def _decode_what_is_left(data: mmap.mmap, exhibit: Exhibit, first: Exception) -> Pixels | None:
    """Decode the beginning of a truncated file. Pillow fills the rest with grey."""
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        pixels = _flatten(_image(data, exhibit.detected_type))
    except DECODE_FAULTS:
        again = _again(data, exhibit)
        if again is None:
            _undecodable(exhibit, first, data)
        return None if again is None else _flatten(again)
    _note_damage(exhibit, str(first))
    return pixels


def _flatten(image: Image.Image) -> Pixels:
    """A picture of any Pillow mode as HxWx3 uint8 RGB."""
    if image.mode.startswith("I;16") or image.mode == "I":
        return _scale_16(np.asarray(image))
    if image.mode == "F":
        return _segment(np.asarray(image))
    if image.mode in ("RGBA", "LA", "PA", "RGBa", "La") or "transparency" in image.info:
        layer = image.convert("RGBA")
        page = Image.new("RGBA", layer.size, "white")
        page.alpha_composite(layer)
        image = page
    if image.mode == "CMYK":
        if max(image.size) > 4 * VIEW_SIDE:
            image = ImageOps.contain(image, (2 * VIEW_SIDE, 2 * VIEW_SIDE))
        image = colour.cmyk_to_srgb(image, colour.profile_of(image)) or image
    return np.asarray(image.convert("RGB"))


def _scale_16(samples: NDArray[np.generic]) -> Pixels:
    if samples.size and int(samples.max()) > 0xFFFF:  # 32 bits a sample
        return _segment(samples)
    grey = np.clip(samples.astype(np.int64) >> 8, 0, 255).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)


def _segment(samples: NDArray[np.generic]) -> Pixels:
    values = np.nan_to_num(samples.astype(np.float64), posinf=0.0, neginf=0.0)
    low, high = float(values.min()), float(values.max())
    grey = ((values - low) * (255.0 / (high - low or 1.0))).astype(np.uint8)
    return np.repeat(grey[:, :, None], 3, axis=2)
