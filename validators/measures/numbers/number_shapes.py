"""Shapes of order and tracking numbers: canonical form, letters and digits that are misread, the S10 check digit."""

from __future__ import annotations

import re

_NOT_SHOWN = re.compile(r"[^0-9A-Z]")
_LOOKALIKES = str.maketrans("OIBS", "0185")
_S10 = re.compile(r"[A-Z]{2}\d{9}[A-Z]{2}")
_S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)  # UPU S10-12


def canonical(text: str) -> str:
    """Only capitals and digits, because separators vary."""
    return _NOT_SHOWN.sub("", text.upper())


def folded(number: str) -> str:
    """The canonical number with O as 0, I as 1, B as 8 and S as 5."""
    return number.translate(_LOOKALIKES)


def has_s10_check(number: str) -> bool:
    """Whether the number is a postal one (RR123456785CN) whose check digit is right."""
    if not _S10.fullmatch(number):
        return False
    return int(number[10]) == s10_check(number[2:10])


def expected_s10_check(number: str) -> int | None:
    """The check digit that a postal number should have, where it has another. None where it is right, or no postal number."""
    if not _S10.fullmatch(number) or has_s10_check(number):
        return None
    return s10_check(number[2:10])


def s10_check(serial: str) -> int:
    """The check digit of a postal number's eight digits."""
    rest = 11 - sum(int(d) * w for d, w in zip(serial, _S10_WEIGHTS, strict=True)) % 11
    return {10: 0, 11: 5}.get(rest, rest)


def same_shape(one: str, other: str) -> bool:
    """Whether letters stand where letters stand and digits where digits, lookalikes fitting both."""
    pairs = zip(folded(one), folded(other), strict=False)
    return len(one) == len(other) and all(a.isdigit() == b.isdigit() for a, b in pairs)


def edits(one: str, other: str) -> int:
    """Characters to insert, remove or replace to make one of the other (Levenshtein)."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, row[0] = row[0], i
        for j, b in enumerate(other, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (a != b))
    return row[-1]
