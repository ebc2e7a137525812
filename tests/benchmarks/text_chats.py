"""Chats in many languages, for measuring which encoding they are read in: made here, from phrases people write in disputes."""

from __future__ import annotations

import random
from dataclasses import dataclass

PHRASES = {
    "Russian": (
        "Здравствуйте, посылка пришла с трещиной на крышке", "Пожалуйста, пришлите фотографию упаковки и этикетки",
        "Я открыл спор, верните деньги за заказ", "Трек-номер не отслеживается уже две недели",
        "Размер не подходит, на таблице было другое", "Спасибо, жду вашего ответа до пятницы",
        "Продавец обещал отправить новую чашку", "Ещё раз: товар не работает, лампа мигает",
    ),
    "Ukrainian": (
        "Доброго дня, посилка прийшла пошкоджена", "Надішліть, будь ласка, фото упаковки та етикетки",
        "Я відкрив суперечку, поверніть кошти за замовлення", "Номер відстеження не працює вже два тижні",
        "Розмір не підходить, у таблиці було інше", "Дякую, чекаю на вашу відповідь до п’ятниці".replace("’", "'"),
    ),
    "Greek": (
        "Καλημέρα, το δέμα έφτασε με σπασμένο καπάκι", "Παρακαλώ στείλτε φωτογραφία της συσκευασίας",
        "Άνοιξα διαφορά, θέλω επιστροφή χρημάτων", "Ο αριθμός αποστολής δεν λειτουργεί εδώ και δύο εβδομάδες",
        "Το μέγεθος δεν ταιριάζει με τον πίνακα", "Ευχαριστώ, περιμένω την απάντησή σας μέχρι την Παρασκευή",
    ),
    "Hebrew": (
        "שלום, החבילה הגיעה עם סדק במכסה", "בבקשה שלחו תמונה של האריזה והתווית", "פתחתי מחלוקת, אני רוצה החזר כספי",
        "מספר המעקב לא עובד כבר שבועיים", "המידה לא מתאימה לטבלה", "תודה, אני מחכה לתשובה עד יום שישי",
    ),
    "Arabic": (
        "مرحبا، وصل الطرد وفي الغطاء كسر", "من فضلك أرسل صورة للعبوة والملصق", "فتحت نزاعا وأريد استرداد المبلغ",
        "رقم التتبع لا يعمل منذ أسبوعين", "المقاس لا يطابق الجدول", "شكرا، أنتظر ردكم حتى يوم الجمعة",
    ),
    "Turkish": (
        "Merhaba, paketin kapağı kırık geldi", "Lütfen ambalajın ve etiketin fotoğrafını gönderin",
        "Anlaşmazlık açtım, paramın iadesini istiyorum", "Takip numarası iki haftadır çalışmıyor",
        "Beden tablodakine uymuyor, çok küçük", "Teşekkürler, cuma gününe kadar cevabınızı bekliyorum",
    ),
    "Thai": (
        "สวัสดีค่ะ พัสดุมาถึงแล้วแต่ฝาแตก", "กรุณาส่งรูปกล่องและฉลากด้วย", "ฉันเปิดข้อพิพาทแล้ว ขอเงินคืน",
        "หมายเลขติดตามใช้ไม่ได้มาสองสัปดาห์แล้ว", "ขนาดไม่ตรงกับตาราง", "ขอบคุณค่ะ รอคำตอบถึงวันศุกร์",
    ),
    "Simplified Chinese": (
        "你好，收到的包裹盖子裂了", "请把包装和标签的照片发给我", "我已经申请纠纷，要求退款", "物流单号两个星期都没有更新",
        "尺码和表格上的不一样", "谢谢，请在星期五之前回复", "卖家答应重新发一个杯子", "灯一直在闪，完全不能用",
    ),
    "Traditional Chinese": (
        "你好，收到的包裹蓋子裂了", "請把包裝和標籤的照片傳給我", "我已經申請糾紛，要求退款", "物流單號兩個星期都沒有更新",
        "尺寸和表格上的不一樣", "謝謝，請在星期五之前回覆",
    ),
    "Japanese": (
        "こんにちは、届いた箱のふたが割れていました", "梱包とラベルの写真を送ってください",
        "紛争を開きました。返金をお願いします",
        "追跡番号が二週間も更新されていません", "サイズが表と違います", "ありがとうございます。金曜日までに返事をください",
    ),
    "Korean": (
        "안녕하세요, 도착한 상자의 뚜껑이 깨져 있어요", "포장과 라벨 사진을 보내 주세요", "분쟁을 신청했으니 환불해 주세요",
        "운송장 번호가 이 주째 조회되지 않아요", "사이즈가 표와 달라요", "감사합니다, 금요일까지 답장 기다릴게요",
    ),
    "Polish": (
        "Dzień dobry, paczka przyszła z pękniętą pokrywką", "Proszę przesłać zdjęcie opakowania i etykiety",
        "Otworzyłem spór, żądam zwrotu pieniędzy za zamówienie", "Numer śledzenia nie działa od dwóch tygodni",
        "Rozmiar się nie zgadza, w tabeli było coś innego", "Dziękuję, czekam na odpowiedź do piątku",
    ),
    "Western": (
        "Bonjour, le colis est arrivé avec le couvercle cassé", "Envoyez s'il vous plaît une photo de l'étiquette",
        "Größe passt nicht, in der Tabelle stand etwas anderes", "Señor, el número de seguimiento no funciona",
        "Obrigado, não recebi a encomenda até hoje", "Die Lampe flackert, ich möchte mein Geld zurück für die Übergrößen",
    ),
}  # fmt: skip
ENCODINGS = {
    "Russian": ("cp1251", "koi8-r", "cp866"), "Ukrainian": ("cp1251",), "Greek": ("cp1253", "iso8859-7"), "Hebrew": ("cp1255",),
    "Arabic": ("cp1256",), "Turkish": ("cp1254",), "Thai": ("cp874",), "Simplified Chinese": ("gb18030", "gbk"),
    "Traditional Chinese": ("big5",), "Japanese": ("cp932", "euc_jp", "iso2022_jp"), "Korean": ("cp949",),
    "Polish": ("cp1250", "iso8859-2"), "Western": ("cp1252", "iso8859-15"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat as written, and its bytes."""

    language: str
    encoding: str
    lines: int
    text: str
    data: bytes


def chats(seed: int = 7, lengths: tuple[int, ...] = (3, 8, 30), each: int = 4) -> list[Chat]:
    """Chats of every language in each of its legacy encodings, of so many lines."""
    rng = random.Random(seed)
    made = []
    for language, encodings in ENCODINGS.items():
        for encoding in encodings:
            for count in lengths:
                for _ in range(each):
                    text = _text(PHRASES[language], count, rng)
                    made.append(Chat(language, encoding, count, text, text.encode(encoding)))
    return made


def _text(phrases: tuple[str, ...], count: int, rng: random.Random) -> str:
    who = rng.sample(["Anna", "Shop 88", "buyer_17", "Li Wei", "seller"], 2)
    lines = []
    for at in range(count):
        stamp = f"[{rng.randint(1, 28):02}.03.2026, {rng.randint(0, 23):02}:{rng.randint(0, 59):02}] {who[at % 2]}: "
        lines.append((stamp if rng.random() < 0.8 else "") + rng.choice(phrases))
    return "\r\n".join(lines) + "\r\n"
