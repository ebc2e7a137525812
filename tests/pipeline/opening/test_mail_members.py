"""Mails and saved pages: attachments and the pictures in the text come out, logos and what the mail says do not."""

from __future__ import annotations

import io
import mmap
from dataclasses import replace
from email.message import EmailMessage

import numpy as np
import pytest
from PIL import Image
from small_limits import LIMITS

from pipeline.opening.child.inside.mail_members import read_mail
from pipeline.opening.child.inside.members import FoundMember
from pipeline.opening.host.jail import Jail
from pipeline.opening.host.opener import Opener
from pipeline.opening.host.tools import find_tools
from pipeline.opening.limits import limits_of
from pipeline.setup.policies import load_policy
from pipeline.wiring.assembly import content_thresholds

BOUNDED = replace(LIMITS, members=10, member_bytes=1 << 26, inline_picture_px=200)


def picture(width, height, seed=1):
    noise = np.random.default_rng(seed).integers(0, 255, (height, width, 3), dtype=np.uint8)
    made = io.BytesIO()
    Image.fromarray(noise).save(made, "PNG")
    return made.getvalue()


def mail(text="It arrived broken.\n"):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.com", "b@example.com", "My order"
    message.set_content(text)
    return message


def read(data):
    data = data if isinstance(data, bytes) else data.as_bytes()
    with mmap.mmap(-1, len(data)) as mapped:
        mapped.write(data)
        found = list(read_mail(mapped, BOUNDED))
    files = [(one.path, b"".join(one.chunks)) for one in found if isinstance(one, FoundMember)]
    return files, [(one.code, one.detail) for one in found if not isinstance(one, FoundMember)]


def test_a_mail_without_files_holds_none():
    message = mail()
    message.add_alternative("<p>It arrived broken.</p>", subtype="html")
    assert read(message) == ([], [])


def test_attachments_come_out_under_their_names():
    message, photo = mail(), picture(300, 300)
    message.add_attachment(photo, "image", "png", filename="Фото 1.png")
    message.add_attachment(b"%PDF-1.4", "application", "pdf", filename="invoice.pdf")
    message.add_attachment(b"words", "application", "octet-stream")
    message.add_attachment("a chat\n", filename="chat.txt")
    files, told = read(message)
    assert (files[:3], told) == (
        [("Фото 1.png", photo), ("invoice.pdf", b"%PDF-1.4"), ("4.bin", b"words")],
        [],
    )
    assert files[3] == ("chat.txt", b"a chat\n")


def test_a_photo_in_the_text_comes_out_and_the_logo_of_a_signature_does_not():
    message, photo = mail(), picture(640, 480)
    message.add_alternative('<img src="cid:photo"><img src="cid:logo">', subtype="html")
    _, html = message.iter_parts()
    html.add_related(photo, "image", "png", cid="<photo>", filename="IMG_1.png", disposition="inline")
    html.add_related(
        picture(400, 120), "image", "png", cid="<logo>", filename="logo.png", disposition="inline"
    )
    assert read(message) == ([("IMG_1.png", photo)], [])


def test_a_small_picture_that_was_attached_comes_out():
    message, small = mail(), picture(100, 100)
    message.add_attachment(small, "image", "png", filename="small.png")
    assert read(message)[0] == [("small.png", small)]


def test_the_same_picture_again_and_signatures_of_keys_are_left_out():
    message, photo = mail(), picture(300, 300)
    for name in ("a.png", "again.png"):
        message.add_attachment(photo, "image", "png", filename=name)
    message.add_attachment(b"key", "application", "pkcs7-signature", filename="smime.p7s")
    assert [name for name, _ in read(message)[0]] == ["a.png"]


def test_a_forwarded_mail_is_a_file_and_its_files_are_its_own():
    inner, outer = mail("The first mail.\n"), mail()
    inner.add_attachment(picture(300, 300), "image", "png", filename="inner.png")
    outer.add_attachment(inner)
    ((name, body),), _ = read(outer)
    assert name.endswith(".eml")
    assert [name for name, _ in read(body)[0]] == ["inner.png"]


def test_a_name_that_cannot_be_decoded_is_kept_as_it_is():
    message = mail()
    message.add_attachment(b"words", "text", "plain", filename="name.txt")
    data = message.as_bytes().replace(b"name.txt", b"=?utf-8?B?a?=.txt")
    assert read(data) == ([("=?utf-8?B?a?=.txt", b"words")], [])


def test_an_empty_attachment_is_told():
    message = mail()
    message.add_attachment(b"", "image", "jpeg", filename="a.jpg")
    assert read(message) == ([], [("limited", "1 files inside it are empty or cannot be decoded.")])


def saved_page(photo):
    part = (
        b"Content-Type: image/png\r\nContent-Transfer-Encoding: binary\r\n"
        b"Content-Location: https://shop.example/media/lid%201.png?size=2\r\n\r\n"
    )
    return (
        b"From: <Saved by a browser>\r\nSnapshot-Content-Location: https://shop.example/\r\nSubject: A page\r\n"
        b"Date: Mon, 4 Mar 2024 10:00:00 -0000\r\nMIME-Version: 1.0\r\n"
        b'Content-Type: multipart/related; type="text/html"; boundary="cut"\r\n\r\n'
        b"--cut\r\nContent-Type: text/html\r\nContent-Location: https://shop.example/\r\n\r\n<p>words</p>\r\n"
        b"--cut\r\nContent-Type: text/css\r\nContent-Location: cid:css@x\r\n\r\np {}\r\n"
        b"--cut\r\n" + part.replace(b"binary", b"base64") + photo + b"\r\n--cut--\r\n"
    )


def test_a_saved_page_gives_its_pictures_under_the_names_in_their_addresses():
    import base64

    photo = picture(300, 300)
    assert read(saved_page(base64.encodebytes(photo))) == ([("lid 1.png", photo)], [])
    assert read(saved_page(base64.encodebytes(picture(32, 32)))) == ([], [])


@pytest.fixture(scope="module")
def opener():
    policy = load_policy()
    with Jail() as jail:
        yield Opener(jail, find_tools(), limits_of(policy), content_thresholds(policy))


def test_the_jail_shows_the_text_and_takes_out_the_files(opener, tmp_path):
    message, photo = mail(), picture(640, 480)
    message.add_alternative('<img src="cid:photo"><img src="cid:logo">', subtype="html")
    _, html = message.iter_parts()
    html.add_related(photo, "image", "png", cid="<photo>", filename="IMG_1.png", disposition="inline")
    html.add_related(picture(64, 64), "image", "png", cid="<logo>", filename="logo.png", disposition="inline")
    path = tmp_path / "upload"
    path.write_bytes(message.as_bytes())
    found = opener.open(path, members=10)
    assert (found.measurements.kind, found.measurements.problems) == ("text", ())
    assert "It arrived broken." in found.measurements.text
    assert [(one.path, one.file.read_bytes()) for one in found.members] == [("IMG_1.png", photo)]
    found.discard()


def test_a_mail_beyond_the_depth_keeps_its_text(opener, tmp_path):
    message = mail()
    message.add_attachment(picture(300, 300), "image", "png", filename="a.png")
    path = tmp_path / "upload"
    path.write_bytes(message.as_bytes())
    found = opener.open(path, members=0)
    assert "It arrived broken." in found.measurements.text
    assert found.members == ()
