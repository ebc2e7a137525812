"""Keeps the stores' credentials out of log lines, wherever they turn up."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from urllib.parse import quote, quote_plus, unquote, urlsplit

MASK = "***"
MAX_TEXT = 16_384
"""Characters a single field keeps: of a longer one, its beginning and its end."""

_MAX_DEPTH = 6
_MIN_SECRET = 4
_SECRET_NAMES = re.compile(
    r"(password|passwd|secret|token|authorization|credential|signature|api_?key)", re.IGNORECASE
)
# Each is linear in the length of the text: texts quote what strangers sent.
_PATTERNS = (
    # scheme://user:password@host: the password may itself hold an @, so up to the last one before a slash.
    (re.compile(r"(://[^\s:/@\"']*:)[^\s/\"']*(?=@)"), rf"\1{MASK}"),
    # Words of libpq and of query strings, members of JSON: password=…, X-Amz-Signature=…, "token": "…".
    (
        re.compile(
            r"((?:password|passwd|secret|token|signature|credential)[\w-]{0,40}[\"']?\s{0,4}[=:]\s{0,4})"
            r"(?:\"[^\"\n]*\"|'[^'\n]*'|[\"']?[^\s&\"',;}]+)",
            re.IGNORECASE,
        ),
        rf"\1{MASK}",
    ),
    (re.compile(r"(authorization[\"']?\s{0,4}[=:]\s{0,4})[^\r\n}]+", re.IGNORECASE), rf"\1{MASK}"),
    (re.compile(r"\b(Bearer\s)[\w.~+/=-]{8,}", re.IGNORECASE), rf"\1{MASK}"),
)

# Most texts hold none of it: one search instead of four substitutions.
_HINT = re.compile(r"://|passw|secret|token|signature|credential|authorization|bearer", re.IGNORECASE)


def secrets_of(addresses: Iterable[str | None]) -> frozenset[str]:
    """The passwords inside addresses (``scheme://user:password@host``), as written and decoded."""
    found: set[str] = set()
    for address in addresses:
        try:
            password = urlsplit(address or "").password
        except ValueError:  # no address at all: whoever opens it says so
            continue
        if password:
            found |= {password, unquote(password)}
    return frozenset(found)


def masker(secrets: Iterable[str] = ()) -> Callable[[str], str]:
    """A function that masks credentials in a text: the given ``secrets`` (those of four characters and more, also
    percent-encoded) and whatever stands where credentials usually do."""
    words = {word for secret in secrets for word in (secret, quote(secret, safe=""), quote_plus(secret))}
    longest_first = sorted((word for word in words if len(word) >= _MIN_SECRET), key=len, reverse=True)
    known = re.compile("|".join(map(re.escape, longest_first))) if longest_first else None

    def mask(text: str) -> str:
        if known is not None:
            text = known.sub(MASK, text)
        if _HINT.search(text):
            for pattern, replacement in _PATTERNS:
                text = pattern.sub(replacement, text)
        return text

    return mask


def plain(value: object, mask: Callable[[str], str], depth: int = 0) -> object:
    """``value`` as JSON can say it: masked, cut to MAX_TEXT, at most six levels deep; objects as their repr."""
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, str):
        return _cut(mask(value))
    if depth < _MAX_DEPTH and isinstance(value, Mapping):
        return {mask(str(key)): named(str(key), item, mask, depth + 1) for key, item in value.items()}
    if depth < _MAX_DEPTH and isinstance(value, list | tuple | set | frozenset):
        return [plain(item, mask, depth + 1) for item in value]
    return _cut(mask(repr(value)))


def named(name: str, value: object, mask: Callable[[str], str], depth: int = 0) -> object:
    """The same for the field ``name``, whose name alone may mark it as secret."""
    if value is not None and not isinstance(value, int | float) and _is_secret_name(name):
        return MASK
    return plain(value, mask, depth)


@lru_cache(maxsize=512)
def _is_secret_name(name: str) -> bool:
    return _SECRET_NAMES.search(name) is not None


def _cut(text: str) -> str:
    if len(text) <= MAX_TEXT:
        return text
    half = MAX_TEXT // 2
    return f"{text[:half]} …[{len(text) - MAX_TEXT} characters left out]… {text[-half:]}"
