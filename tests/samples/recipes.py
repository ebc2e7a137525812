"""How the bytes of each picture and video come about."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import clips
import cv2
import numpy as np
import photo_scenes
import pillow_heif
from camera import Exif, Shot, auto_exposure, develop, exif_bytes, jpeg
from PIL import Image
from textures import SKIMAGE_DATA

Array = np.ndarray
KORVA = ("Korva", "K7 Neo")
LUMEO = ("Lumeo", "One 12")
ARDEN = ("Arden", "12 Lite")
HALDEN = ("Halden", "H-40")


@dataclass(frozen=True, slots=True)
class Maker:
    """Renders come from ``cache``; videos are made in ``scratch``."""

    cache: Path
    scratch: Path

    def light(self, scene: str) -> Array:
        """A render as linear light."""
        return photo_scenes.light(scene, self.cache)

    def pixels(self, scene: str, key: float = 0.20, **shot: object) -> Array:
        """A render as an exposed picture; ``shot`` is Shot's other fields."""
        plane = self.light(scene)
        return develop(plane, Shot(exposure=auto_exposure(plane, key), **shot))  # type: ignore[arg-type]

    def flicker(self) -> Path:
        """The buyer's video, made once."""
        path = self.scratch / "flicker.mp4"
        if not path.is_file():
            clips.flicker(self.light("lamp_ambient"), self.light("lamp_lit"), path)
        return path


def _phone(phone: tuple[str, str], taken: str, offset: str | None = None, **more: object) -> Exif:
    return Exif(phone[0], phone[1], taken, offset, **more)  # type: ignore[arg-type]


def _saved(pixels: Array, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.fromarray(pixels).save(out, kind, **options)
    return out.getvalue()


def cleaned_up(data: bytes) -> bytes:
    """A JPEG that states in XMP that a part of it was replaced by a model, as galleries write it."""
    packet = (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description rdf:about="" xmlns:Iptc4xmpExt="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" '
        b'Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"/>'
        b"</rdf:RDF></x:xmpmeta>"
    )
    payload = b"http://ns.adobe.com/xap/1.0/\0" + packet
    after_first = 4 + int.from_bytes(data[4:6], "big")
    segment = b"\xff\xe1" + (len(payload) + 2).to_bytes(2, "big") + payload
    return data[:after_first] + segment + data[after_first:]


def _smaller(pixels: Array, wide: int) -> Array:
    scale = wide / pixels.shape[1]
    return cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)


def _reframed(plane: Array, zoom: float, turn: float, shift: tuple[float, float], lean: float = 0.0) -> Array:
    """Another shot of the same things: nearer, turned (degrees), shifted (shares), leaning a little."""
    rows, cols = plane.shape[:2]
    matrix = np.vstack(
        [cv2.getRotationMatrix2D((cols / 2, rows / 2), turn, zoom), [lean / cols, lean / rows, 1]]
    )
    matrix[:2, 2] += np.array([shift[0] * cols, shift[1] * rows])
    return cv2.warpPerspective(
        plane, matrix, (cols, rows), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REFLECT
    )


def d1001_original(make: Maker) -> bytes:
    """The broken lid."""
    exif = _phone(KORVA, "2026:03:09 10:15:00", "+01:00")
    return jpeg(make.pixels("mug_broken", 0.19, noise=1.5, seed=101), 80, exif)


def d1001_blurred(make: Maker) -> bytes:
    """Out of focus: a disc of 17 pixels' radius at 1,600 pixels."""
    pixels = make.pixels("mug_crack", 0.19, defocus=17.0, noise=1.5, seed=102)
    return jpeg(pixels, 82, _phone(KORVA, "2026:03:09 10:15:22", "+01:00"))


def d1001_parcel(make: Maker) -> bytes:
    """The crushed parcel, with an invented place at sea."""
    exif = _phone(KORVA, "2026:03:09 10:17:48", "+01:00", orientation=6, gps=(43.1180, 15.2044))
    return jpeg(make.pixels("parcel_crushed", 0.19, noise=1.4, seed=103), 78, exif)


def d1001_label(make: Maker) -> bytes:
    """The shipping label, cleaned up in the phone's gallery."""
    exif = _phone(KORVA, "2026:03:09 10:18:11", "+01:00")
    return cleaned_up(jpeg(make.pixels("parcel_label", 0.26, noise=1.3, seed=104), 80, exif))


def d1001_packing(make: Maker) -> bytes:
    """The seller's bench."""
    exif = _phone(HALDEN, "2026:02:22 16:40:12")
    return jpeg(make.pixels("packing", 0.22, noise=1.3, white=(0.97, 1.0, 1.06), seed=105), 78, exif)


def d1001_listing_1(make: Maker) -> bytes:
    """White sweep."""
    return _saved(make.pixels("mug_listing_white", 0.52, noise=0.4, seed=106), "WEBP", quality=84)


def d1001_listing_2(make: Maker) -> bytes:
    """Styled."""
    return jpeg(make.pixels("mug_listing_scene", 0.16, noise=0.4, seed=107), 86)


def d1002_video(make: Maker) -> bytes:
    """The flicker."""
    return make.flicker().read_bytes()


def d1002_cut(make: Maker) -> bytes:
    """Another rewrapping of a test, without its index."""
    return clips.cut_off(make.flicker())


def d1002_hollow(make: Maker) -> bytes:
    """Sent again, from a failing card."""
    return clips.hollow(make.flicker())


def d1002_dark(make: Maker) -> bytes:
    """Night, lamp off: a tenth of the light needed, and the noise that goes with it."""
    plane = _reframed(make.light("lamp_ambient"), 1.15, -7, (0.02, 0.05), 0.06)
    shot = Shot(exposure=auto_exposure(plane, 0.0035), noise=2.2, white=(1.1, 1.0, 0.85), seed=108)
    return jpeg(develop(plane, shot), 84, _phone(LUMEO, "2026:04:12 18:44:10", "+02:00"))


def d1002_bright(make: Maker) -> bytes:
    """Flash and lamp together: most of the picture is white."""
    plane = make.light("lamp_ambient") + 0.5 * make.light("lamp_lit")
    plane = _reframed(plane, 1.35, 5, (0.06, -0.13))
    shot = Shot(exposure=auto_exposure(plane, 4.2), seed=109)
    return jpeg(develop(plane, shot), 84, _phone(LUMEO, "2026:04:12 18:44:55", "+02:00"))


def d1002_day(make: Maker) -> bytes:
    """By day."""
    plane = make.light("lamp_ambient")
    shot = Shot(exposure=auto_exposure(plane, 0.22), noise=1.2, white=(0.88, 1.0, 1.2), seed=110)
    return jpeg(develop(plane, shot), 82, _phone(LUMEO, "2026:04:13 09:02:12", "+02:00"))


def d1003_heic(make: Maker) -> bytes:
    """HEIC, whatever its name says."""
    pixels = make.pixels("case_received", 0.2, noise=1.2, seed=111)
    picture = pillow_heif.from_bytes("RGB", (pixels.shape[1], pixels.shape[0]), pixels.tobytes())
    out = io.BytesIO()
    block = exif_bytes(_phone(ARDEN, "2026:03:22 09:47:31", "+02:00"))
    picture.save(out, quality=58, exif=block if block.startswith(b"Exif") else b"Exif\0\0" + block)
    return out.getvalue()


def d1003_card(make: Maker) -> bytes:
    """Case and card."""
    exif = _phone(ARDEN, "2026:03:22 09:51:06", "+02:00")
    return jpeg(make.pixels("case_package", 0.2, noise=1.2, seed=112), 82, exif)


def d1003_late(make: Maker) -> bytes:
    """Beside the window, a fortnight on."""
    exif = _phone(ARDEN, "2026:04:05 18:58:40", "+03:00")
    return jpeg(make.pixels("case_window", 0.2, noise=1.2, seed=113), 82, exif)


def d1003_listing(make: Maker) -> bytes:
    """AVIF, as shops serve it."""
    return _saved(_case_listing(make), "AVIF", quality=72)


def d1003_copied(make: Maker) -> bytes:
    """The listing's picture, 800 pixels, compressed again."""
    return jpeg(_smaller(_case_listing(make), 800), 74)


def _case_listing(make: Maker) -> Array:
    return make.pixels("case_listing", 0.34, noise=0.4, seed=114)


def d1003_blank(make: Maker) -> bytes:
    """A finger on the lens: near black, and barely any noise left after the phone's own smoothing."""
    del make
    plane = np.full((1200, 1600, 3), 0.0022, np.float32) * np.float32((1.3, 1.0, 0.9))
    pixels = cv2.GaussianBlur(develop(plane, Shot(noise=0.8, sharpen=0.0, seed=115)), (0, 0), 2.0)
    return jpeg(pixels, 85, _phone(HALDEN, "2026:03:03 11:00:00"))


def d1004_door(make: Maker) -> bytes:
    """The bare doorstep."""
    exif = _phone(LUMEO, "2026:03:05 16:42:20", "+01:00", orientation=6)
    return jpeg(make.pixels("door_empty", 0.2, noise=1.1, white=(0.98, 1.0, 1.03), seed=116), 74, exif)


def d1004_pod(make: Maker) -> bytes:
    """The courier's."""
    return jpeg(make.pixels("door_delivered", 0.2, noise=1.1, seed=117), 72)


def d1005_whole(make: Maker) -> bytes:
    """Shirt and tape."""
    exif = _phone(KORVA, "2026:04:22 12:03:11", "+02:00")
    return jpeg(make.pixels("shirt_whole", 0.2, noise=1.2, seed=118), 76, exif)


def d1005_smeared(make: Maker) -> bytes:
    """The hand moved while the shutter was open."""
    plane = _reframed(make.light("shirt_measure"), 1.2, 9, (0.03, -0.06))
    pixels = develop(plane, Shot(auto_exposure(plane), motion=(44.0, 27.0), noise=1.3, seed=119))
    return jpeg(pixels, 82, _phone(KORVA, "2026:04:22 12:03:55", "+02:00"))


def d1005_label(make: Maker) -> bytes:
    """The sewn label."""
    exif = _phone(KORVA, "2026:04:22 12:05:01", "+02:00")
    return jpeg(make.pixels("shirt_label", 0.14, noise=1.2, seed=120), 80, exif)


def d1005_truncated(make: Maker) -> bytes:
    """The first 58 % of a healthy file."""
    pixels = make.pixels("shirt_measure", 0.2, noise=1.2, seed=121)
    whole = jpeg(pixels, 80, _phone(KORVA, "2026:04:22 12:05:33", "+02:00"))
    return whole[: int(len(whole) * 0.58)]


def d1006_mirrored(make: Maker) -> bytes:
    """D-1001's photograph as a chat app passes it on: mirrored, 1,280 pixels, no metadata."""
    with Image.open(io.BytesIO(d1001_original(make))) as original:
        pixels = np.asarray(original.convert("RGB"))[:, ::-1]
    return jpeg(_smaller(np.ascontiguousarray(pixels), 1280), 68)


def d1006_earlier(make: Maker) -> bytes:
    """From November before."""
    exif = _phone(HALDEN, "2025:11:03 14:30:52", "+01:00")
    return jpeg(make.pixels("mug_earlier", 0.2, noise=1.2, seed=122), 76, exif)


def d1006_parcel(make: Maker) -> bytes:
    """The second parcel."""
    exif = _phone(HALDEN, "2026:04:02 09:58:01", "+02:00")
    return jpeg(make.pixels("parcel_second", 0.2, noise=1.4, seed=123), 78, exif)


def d1007_cup(make: Maker) -> bytes:
    """The grey cup."""
    exif = _phone(LUMEO, "2026:04:27 08:15:30", "+02:00")
    return jpeg(make.pixels("cup_plain", 0.2, noise=1.2, seed=124), 78, exif)


def coffee(wide: int) -> Array:
    """scikit-image's cup of coffee, enlarged."""
    pixels = cv2.cvtColor(cv2.imread(str(SKIMAGE_DATA / "coffee.png")), cv2.COLOR_BGR2RGB)
    scale = wide / pixels.shape[1]
    return cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_LANCZOS4)


def d1007_listing(make: Maker) -> bytes:
    """The listing's picture."""
    del make
    return jpeg(coffee(1000), 88)


def d1007_copied(make: Maker) -> bytes:
    """The same, compressed again and a little smaller."""
    del make
    return jpeg(coffee(900), 70)


PICTURES: dict[str, Callable[[Maker], bytes]] = {
    "D-1001/buyer/IMG_20260309_101500.jpg": d1001_original,
    "D-1001/buyer/IMG_20260309_101500(1).jpg": d1001_original,
    "D-1001/buyer/IMG_20260309_101522.jpg": d1001_blurred,
    "D-1001/buyer/IMG_20260309_101748.jpg": d1001_parcel,
    "D-1001/buyer/IMG_20260309_101811.jpg": d1001_label,
    "D-1001/seller/IMG_20260222_164012.jpg": d1001_packing,
    "D-1001/listing/1.webp": d1001_listing_1,
    "D-1001/listing/2.jpg": d1001_listing_2,
    "D-1002/buyer/VID_20260412_183005.mp4": d1002_video,
    "D-1002/buyer/IMG_20260412_184410.jpg": d1002_dark,
    "D-1002/buyer/IMG_20260412_184455.jpg": d1002_bright,
    "D-1002/buyer/IMG_20260413_090212.jpg": d1002_day,
    "D-1002/seller/VID-20260416-WA0003.mp4": d1002_cut,
    "D-1002/seller/VID-20260416-WA0004.mp4": d1002_hollow,
    "D-1003/buyer/IMG_0412.jpg": d1003_heic,
    "D-1003/buyer/IMG_0415.jpg": d1003_card,
    "D-1003/buyer/IMG_0431.jpg": d1003_late,
    "D-1003/listing/main.avif": d1003_listing,
    "D-1003/seller/packing.jpg": d1003_copied,
    "D-1003/seller/IMG_20260303_110000.jpg": d1003_blank,
    "D-1004/buyer/PXL_20260305_154220118.jpg": d1004_door,
    "D-1004/seller/POD_LP00500712093QX.jpg": d1004_pod,
    "D-1005/buyer/20260422_120311.jpg": d1005_whole,
    "D-1005/buyer/20260422_120355.jpg": d1005_smeared,
    "D-1005/buyer/20260422_120501.jpg": d1005_label,
    "D-1005/buyer/20260422_120533.jpg": d1005_truncated,
    "D-1006/buyer/WhatsApp Image 2026-04-02 at 10.15.22.jpeg": d1006_mirrored,
    "D-1006/buyer/IMG_20251103_143052.jpg": d1006_earlier,
    "D-1006/buyer/IMG_20260402_095801.jpg": d1006_parcel,
    "D-1007/buyer/IMG_20260427_081530.jpg": d1007_cup,
    "D-1007/listing/cup.jpg": d1007_listing,
    "D-1007/seller/original_photo.jpg": d1007_copied,
}
