"""ICC profiles: sRGB or something else, whatever the bytes."""

import struct

from PIL import ImageCms

from validators.measures.metadata.colour_profile import colour_space, is_srgb

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def wide(profile: bytes) -> bytes:
    """The same with a red further out."""
    count = struct.unpack_from(">I", profile, 128)[0]
    for at in range(132, 132 + 12 * count, 12):
        if profile[at : at + 4] == b"rXYZ":
            value = struct.unpack_from(">I", profile, at + 4)[0] + 8
            return profile[:value] + struct.pack(">i", round(0.5151 * 65536)) + profile[value + 4 :]
    raise AssertionError


def test_srgb_and_wider():
    assert is_srgb(SRGB)
    assert colour_space(SRGB) == colour_space(wide(SRGB)) == "RGB"
    assert not is_srgb(wide(SRGB))


def test_other_spaces():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert colour_space(lab) == "Lab"
    assert not is_srgb(lab)
    assert colour_space(b"no profile" * 20) == ""


def test_any_cut_and_byte():
    for at in range(0, len(SRGB), 3):
        is_srgb(SRGB[:at])
        is_srgb(SRGB[:at] + b"\xff\xff\xff\xff" + SRGB[at + 4 :])
