"""Finds numbers of orders and parcels in lines of text and barcodes, by their places.

A number belongs to a label such as "Order number" if it follows in the same line, to its right, or right below it.
Only numbers are kept. No other text of an item leaves this module.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from validators.evidence import Reading, Region
from validators.measures.numbers.number_shapes import canonical, has_s10_check

BARCODE, TEXT = "barcode", "text"
ORDER, TRACKING = "order", "tracking"

MOST = 64
"""Readings kept of one item."""

_LEAST, _LONGEST = 6, 64
_LEAST_DIGITS = 4
_SAME_ROW = 0.6
"""How far the middles of two boxes of one row may lie apart, in heights of the lower one."""
_BELOW = 2.0
"""How far below its label a number may begin, in heights of the label."""

_WORD = r"\s*(?:(?:number|code|no|nr|id)(?![a-z])|[#№])"
_NR = r"(?:n[°ºo.]?|n\.?\s?[°º]|num[eé]ro|número|numer|nr|numarası|no|kodu?)"
_ORDER = (
    rf"(?:order|purchase){_WORD}|bestell(?:nummer|nr)|bestelnummer|auftragsnummer|(?:номер|№)\s*заказа|номер\s*замовлення"
    rf"|{_NR}\s*(?:de\s*)?commande|commande\s*{_NR}|{_NR}\s*(?:de\s*|del\s*|do\s*)?pedido|pedido\s*{_NR}"
    rf"|{_NR}\s*(?:d['’]\s*)?ordine|ordine\s*{_NR}|{_NR}\s*zamówienia|sipariş\s*{_NR}"
    r"|订单(?:编号|号)|訂單(?:編號|號)|注文番号|주문\s?번호|رقم الطلب|מספר הזמנה"
)
_PARCEL = (
    rf"(?:tracking|shipment|parcel|consignment|waybill|awb)(?:{_WORD}|(?![a-z]))"
    r"|sendungs(?:nummer|nr)|трек-?номер|номер\s*отправления|номер\s*відправлення|track\s?(?:&|and)\s?trace(?:-?code)?"
    rf"|{_NR}\s*(?:de\s*)?suivi|{_NR}\s*(?:de\s*)?seguimiento|c[óo]digo\s*de\s*rastre(?:io|amento)|{_NR}\s*di\s*tracking"
    rf"|{_NR}\s*(?:przesyłki|śledzenia)|takip\s*{_NR}"
    r"|运单号|快递单号|物流单号|追蹤號碼|追跡番号|お問い合わせ番号|운송장\s?번호|رقم التتبع|מספר (?:ה)?מעקב"
)
_LABELS = {ORDER: _ORDER, TRACKING: _PARCEL}
_BETWEEN = r"[\s.:：\-–—]*(?:(?:is|ist|est|es|è|jest)(?![a-z])|是|为|為)?[\s.:：#№]*"
_ALONE = {k: re.compile(rf"\s*(?:your\s*|the\s*)?(?:{w}){_BETWEEN}", re.I) for k, w in _LABELS.items()}
_START = r"(?<![0-9A-Za-zÀ-ɏЀ-ӿ])"
"""No word of an alphabet goes on here. Chinese and Japanese write no spaces before a label."""
_BEFORE = {
    ORDER: re.compile(rf"{_START}(?:{_ORDER}|order){_BETWEEN}$", re.I),
    TRACKING: re.compile(rf"{_START}(?:{_PARCEL}){_BETWEEN}$", re.I),
}
_GLUED = re.compile(rf"({_ORDER}|{_PARCEL})(?=(?-i:[A-Z]{{0,2}})\d)", re.I)
"""A label and its number without a space between them, which text recognition often loses."""
_GROUP = r"[0-9A-Za-z]*\d[0-9A-Za-z]*"
_NUMBER = re.compile(
    rf"(?<![0-9A-Za-z])(?:(?!NO|NR|ID)[A-Z]{{2}} )?{_GROUP}(?: ?[-–] ?{_GROUP}| {_GROUP})*(?: [A-Z]{{2}}\b)?"
)
"""Groups with digits; the two letters before and after a postal number may stand apart."""


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line of text as a reader saw it; ``box`` in 0..1 of the view."""

    text: str
    confidence: float
    box: Region


@dataclass(frozen=True, slots=True)
class Barcode:
    """One barcode, decoded: its checksum held."""

    text: str
    box: Region


def readings_of(
    lines: Sequence[TextLine], barcodes: Sequence[Barcode], most: int = MOST
) -> tuple[Reading, ...]:
    """Every number that may be an order's or a parcel's, those of a known kind first, at most ``most``."""
    found = [*_of_barcodes(barcodes), *_of_lines(lines)]
    found.sort(key=lambda reading: not reading.kind)
    return tuple(found[:most])


def _of_barcodes(barcodes: Sequence[Barcode]) -> Iterator[Reading]:
    for code in barcodes:
        value = canonical(code.text)
        if _may_be_meant(value):
            checked = has_s10_check(value)
            yield Reading(TRACKING if checked else "", value, 1.0, BARCODE, checked, code.box)


def _of_lines(lines: Sequence[TextLine]) -> Iterator[Reading]:
    spaced = [replace(line, text=_GLUED.sub(r"\1 ", line.text)) for line in lines]
    numbers = [(line, match) for line in spaced for match in _numbers(line.text)]
    labels = [(kind, line) for line in spaced for kind, alone in _ALONE.items() if alone.fullmatch(line.text)]
    places = [line for line, _ in numbers]
    for line, match in numbers:
        value, before = canonical(match.group()), line.text[: match.start()]
        checked, sure = has_s10_check(value), round(line.confidence, 3)
        kind = TRACKING if checked else _kind_in_line(before)
        if not kind and not before.strip():
            kind = _kind_by_place(line, labels, places)
        yield Reading(kind, value, sure, TEXT, checked, line.box)
        groups = match.group().split()
        if len(groups) > 1:  # groups beside a number may not belong to it
            parts = [canonical(group) for group in groups]
            yield from (
                Reading("", part, sure, TEXT, region=line.box) for part in parts if _may_be_meant(part)
            )


def _numbers(text: str) -> Iterator[re.Match[str]]:
    return (match for match in _NUMBER.finditer(text) if _may_be_meant(canonical(match.group())))


def _may_be_meant(value: str) -> bool:
    return _LEAST <= len(value) <= _LONGEST and sum(c.isdigit() for c in value) >= _LEAST_DIGITS


def _kind_in_line(before: str) -> str:
    """The kind that the words before a number name."""
    return next((kind for kind, words in _BEFORE.items() if words.search(before)), "")


def _kind_by_place(
    line: TextLine, labels: Sequence[tuple[str, TextLine]], numbers: Sequence[TextLine]
) -> str:
    """The nearest label to the left in the same row, else the one right above with nothing beside it."""
    beside = [(line.box.x - label.box.x, kind) for kind, label in labels if _is_right_of(line.box, label.box)]
    if beside:
        return min(beside)[1]
    above = {
        kind
        for kind, label in labels
        if _is_below(line.box, label.box) and not any(_is_right_of(other.box, label.box) for other in numbers)
    }
    return above.pop() if len(above) == 1 else ""


def _is_right_of(box: Region, label: Region) -> bool:
    apart = abs((box.y + box.h / 2) - (label.y + label.h / 2))
    return apart <= _SAME_ROW * min(box.h, label.h) and box.x >= label.x + 0.9 * label.w


def _is_below(box: Region, label: Region) -> bool:
    gap = box.y - (label.y + label.h)
    overlaps = min(box.x + box.w, label.x + label.w) > max(box.x, label.x)
    return overlaps and -0.5 * label.h <= gap <= _BELOW * label.h
