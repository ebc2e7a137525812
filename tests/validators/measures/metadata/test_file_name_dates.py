from datetime import UTC, datetime, timedelta

import pytest

from validators.measures.metadata.file_name_dates import file_name_times

LOCAL = datetime(2026, 3, 9, 10, 15, 22, tzinfo=UTC)
SPREAD = timedelta(hours=26)


def one(name):
    found = file_name_times(name)
    assert len(found) == 1, name
    assert (found[0].source, found[0].meaning) == ("file_name", "named")
    return found[0]


@pytest.mark.parametrize(
    "name",
    [
        "IMG_20260309_101522.jpg",
        "IMG_20260309_101522_123.jpg",
        "IMG20260309101522.jpg",
        "VID_20260309_101522.mp4",
        "20260309_101522.jpg",
        "20260309_101522(0).jpg",
        "20260309101522.mp4",
        "Screenshot_20260309-101522.png",
        "Screenshot_20260309_101522_WhatsApp.jpg",
        "Screenshot_2026-03-09-10-15-22.png",
        "Screenshot_2026-03-09-10-15-22-345_com.whatsapp.jpg",
        "Screenshot 2026-03-09 at 10.15.22.png",
        "Screenshot 2026-03-09 at 10.15.22\u202fAM.png",
        "Screenshot from 2026-03-09 10-15-22.png",
        "Simulator Screenshot - iPhone - 2026-03-09 at 10.15.22.png",
        "WhatsApp Image 2026-03-09 at 10.15.22.jpeg",
        "WhatsApp Image 2026-03-09 at 10.15.22 AM (1).jpeg",
        "WhatsApp Bild 2026-03-09 um 10.15.22_3fa1.jpg",
        "WhatsApp Video 2026-03-09 at 10.15.22.mp4",
        "photo_2026-03-09_10-15-22.jpg",
        "photo_2026-03-09_10-15-22 (2).jpg",
        "video_2026-03-09_10-15-22.mp4",
        "signal-2026-03-09-101522.jpg",
        "signal-2026-03-09-10-15-22-123.jpg",
        "WIN_20260309_10_15_22_Pro.jpg",
        "2026-03-09 10.15.22.jpg",
        "folder/2026-03-09 10.15.22.jpg",
        "Screenrecording_20260309_101522.mp4",
        "Screen_Recording_20260309_101522_AliExpress.mp4",
        "Screenrecorder-2026-03-09-10-15-22-345.mp4",
        "Screenshot_20260309_101522_com.alibaba.aliexpresshd.jpg",
        "Screenshot_20260309-101522~2.png",
        "Screenshot_2026-03-09-10-15-22-35.jpg",
        "Screenshot 2026-03-09 101522.png",
        "Captura de pantalla 2026-03-09 a la(s) 10.15.22.png",
        "Captura de Tela 2026-03-09 às 10.15.22.png",
        "Schermata 2026-03-09 alle 10.15.22.png",
        "Zrzut ekranu 2026-03-09 o 10.15.22.png",
        "Снимок экрана 2026-03-09 в 10.15.22.png",
        "截屏2026-03-09 10.15.22.png",
        "截屏2026-03-09 上午10.15.22.png",
        "スクリーンショット 2026-03-09 午前10.15.22.png",
        "스크린샷 2026-03-09 오전 10.15.22.png",
        "WhatsApp Görsel 2026-03-09 saat 10.15.22_a1b2c3d4.jpg",
        "Immagine WhatsApp 2026-03-09 ore 10.15.22.jpeg",
        "Imagem do WhatsApp de 2026-03-09 à(s) 10.15.22.jpg",
        "\u200fصورة واتساب بتاريخ 2026-03-09 في 10.15.22.jpg",
        "صورة واتساب بتاريخ ٢٠٢٦-٠٣-٠٩ في ١٠.١٥.٢٢.jpg",
        "תמונה של WhatsApp\u200f 2026-03-09 ב-10.15.22.jpg",
        "WhatsApp 图像2026-03-09于10.15.22.jpg",
        "Gambar WhatsApp 2026-03-09 pukul 10.15.22.jpeg",
        "Obraz WhatsApp 2026-03-09 o godz. 10.15.22.jpg",
        "Näyttökuva 2026-3-9 kello 10.15.22.png",
        "Captura de ecrã 2026-03-09, às 10.15.22.png",
        "ScreenRecording_03-09-2026 10-15-22_1.mov",
        "WeChat_20260309101522.mp4",
        "KakaoTalk_20260309_101522000.jpg",
        "signal-2026-03-09T101522.jpg",
        "IMG_20260309_101522345_HDR.jpg",
        "00000IMG_00000_BURST20260309101522345_COVER.jpg",
        "MVIMG_20260309_101522.jpg",
        "WP_20260309_10_15_22_Pro.jpg",
        "DJI_20260309101522_0001_D.JPG",
        "viber_image_2026-03-09_10-15-22-123.jpg",
        "微信图片_20260309101522.jpg",
    ],
)
def test_local_times_to_the_second(name):
    found = one(name)
    assert found.earliest == LOCAL - timedelta(hours=14)
    assert found.latest - found.earliest == SPREAD
    assert not found.zone_known


def test_pixel_names_are_utc_with_milliseconds():
    found = one("PXL_20260309_101522123.MP.jpg")
    assert found.earliest == found.latest == LOCAL.replace(microsecond=123_000)
    assert found.zone_known


@pytest.mark.parametrize(
    "name",
    [
        "IMG-20260309-WA0001.jpg",
        "IMG-20260309-WA0001(1).jpg",
        "VID-20260309-WA0012.mp4",
        "STK-20260309-WA0003.webp",
        "IMG_20260309.jpg",
        "WP_20260309_001.jpg",
        "2026-03-09 receipt.pdf",
    ],
)
def test_a_day_alone_covers_the_day(name):
    found = one(name)
    assert found.earliest == datetime(2026, 3, 8, 10, tzinfo=UTC)
    assert found.latest == datetime(2026, 3, 10, 11, 59, 59, tzinfo=UTC)


def test_minutes_and_the_afternoon():
    found = one("Scan 2026-03-09 at 1.05 PM.pdf")
    assert found.earliest == datetime(2026, 3, 8, 23, 5, tzinfo=UTC)
    assert found.latest - found.earliest == SPREAD + timedelta(seconds=59)
    midnight = one("Screenshot 2026-03-09 at 12.05.00 AM.png")
    assert midnight.earliest == datetime(2026, 3, 8, 10, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    "name",
    [
        "mmexport1773051322000.jpg",
        "FB_IMG_1773051322000.jpg",
        "IMG_1773051322000.jpg",
        "wx_camera_1773051322000.mp4",
        "RPReplay_Final1773051322.mp4",
    ],
)
def test_seconds_and_milliseconds_behind_a_prefix(name):
    found = one(name)
    assert found.earliest == found.latest == datetime(2026, 3, 9, 10, 15, 22, tzinfo=UTC)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "IMG_0123.JPG",
        "IMG_E0123.HEIC",
        "camphoto_1804928587.jpg",
        "telegram-cloud-photo-size-2-20260309101522123-y.jpg",
        "Screenshot (12).png",
        "DSC00042.JPG",
        "8123456789012345.jpg",
        "order 3020260309101522.png",
        "IMG_202603091015229999.jpg",
        "1773051322000.jpg",
        "LP00123456789CN.png",
        "20261399_101522.jpg",
        "tracking-20260309.png",
        "received_1773051322000123.jpeg",
        "IMG-20261345-WA0001.jpg",
        "Screenshot_19040101-000000.png",
        "photo_1970-01-01_00-00-00.jpg",
    ],
)
def test_other_digits_are_no_date(name):
    assert file_name_times(name) == ()


@pytest.mark.parametrize(
    ("name", "hour"),
    [
        ("截屏2026-03-09 下午3.15.22.png", 15),
        ("スクリーンショット 2026-03-09 午後3.15.22.png", 15),
        ("스크린샷 2026-03-09 오후 12.15.22.png", 12),
        ("스크린샷 2026-03-09 오전 12.15.22.png", 0),
    ],
)
def test_the_half_of_the_day_is_read_in_chinese_japanese_and_korean(name, hour):
    found = one(name)
    assert found.earliest + SPREAD / 2 - LOCAL.replace(hour=hour) < timedelta(hours=14)
    middle = found.earliest + (found.latest - found.earliest) / 2
    assert abs((middle - LOCAL.replace(hour=hour)).total_seconds()) <= 3600


@pytest.mark.parametrize(
    "name", ["Adobe Scan 9 Mar 2026.pdf", "Adobe Scan Mar 9, 2026.pdf", "Scan_9-March-2026 (2).pdf"]
)
def test_a_month_in_words_gives_the_day(name):
    found = one(name)
    assert found.earliest <= LOCAL.replace(hour=12) <= found.latest
    assert found.latest - found.earliest < timedelta(days=3)


@pytest.mark.parametrize(
    "name", ["Foto 03-09-2026.jpg", "9.3.2026.jpg", "invoice 8100-2231-4417.pdf", "LP00123456789CN.png"]
)
def test_a_day_that_may_be_a_month_is_not_read(name):
    assert file_name_times(name) == ()
