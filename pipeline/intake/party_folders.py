"""Which party a folder's name stands for, in the languages that marketplaces are used in.

A name counts where one of its words is a party's and none is the other's: "Buyer photos" is the buyer's, "from seller to
buyer" is nobody's. Scripts without spaces between words are searched for the word itself.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from validators.dispute import BUYER, LISTING, SELLER

_WORDS = {
    BUYER: """
        buyer buyers customer customers comprador compradora compradores acheteur acheteuse acheteurs käufer kaeufer käuferin
        acquirente compratore kupujący kupujacy kupującego alıcı alici koper pembeli покупатель покупателя покупатели
        покупець покупця kupující المشتري مشتري הקונה קונה
    """.split(),
    SELLER: """
        seller sellers vendor vendors merchant vendedor vendedora vendedores vendeur vendeuse vendeurs verkäufer verkaeufer
        verkäuferin venditore sprzedawca sprzedawcy sprzedający satıcı satici verkoper penjual продавец продавца продавцы
        продавець продавця prodejce prodávající البائع بائع המוכר מוכר
    """.split(),
}
_INSIDE = {
    BUYER: ("买家", "買家", "买方", "買方", "구매자", "購入者", "買い手", "ผู้ซื้อ", "người mua"),
    SELLER: (
        "卖家",
        "賣家",
        "卖方",
        "賣方",
        "商家",
        "판매자",
        "販売者",
        "売り手",
        "出品者",
        "ผู้ขาย",
        "người bán",
    ),
}
_WORD = re.compile(r"[^\W\d_]+")


@cache
def party_of(folder: str) -> str | None:
    """BUYER, SELLER or LISTING, or None where the name stands for none of them, or for both parties."""
    name = _folded(folder)
    if name == LISTING:
        return LISTING
    words = set(_WORD.findall(name))
    parties = [
        party
        for party in (BUYER, SELLER)
        if not words.isdisjoint(map(_folded, _WORDS[party]))
        or any(_folded(one) in name for one in _INSIDE[party])
    ]
    return parties[0] if len(parties) == 1 else None


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()
