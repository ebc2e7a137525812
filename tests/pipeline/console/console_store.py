"""A store with two tenants' cases, filled by hand and judged by the product: no file is opened."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import simplejpeg
from comparison_scenes import mirrored_crop, scene
from declared_kit import gathered

from pipeline.judgement.judge import judge_and_attach
from pipeline.judgement.remarks import Remarks
from pipeline.opening.host.opener import Opener
from pipeline.setup.context import Context
from pipeline.setup.object_keys import original_key
from pipeline.setup.opened import MEASURES_VERSION
from pipeline.setup.policies import load_policy
from storage.database.database import SqlDatabase, open_database
from storage.database.encoding import encode
from storage.interfaces.examinations import Examination, StoredDerivative
from storage.interfaces.matches import Pair
from storage.objects.folder import FolderObjects
from validators.dispute import Dispute, Order, OrderEvent, Party
from validators.evidence import (
    ClarityMeasures,
    Comparison,
    Definition,
    Evidence,
    ImageFacts,
    Measurements,
    PageMeasures,
    Problem,
    TimeCandidate,
    VideoFacts,
)
from validators.report import ToolStamp
from validators.stated_origin import SOURCE_TYPE, OriginStatement, SignedAction, SignedOrigin

NOW = datetime(2026, 3, 12, 9, tzinfo=UTC)
OPENED = datetime(2026, 3, 9, 10, tzinfo=UTC)
DAY = timedelta(days=1)
SHARP = ClarityMeasures(
    0.8, 50_000, 2.0, 120.0, 30.0, 220.0, 55.0, 0.05, 0.02, 0.1, definition=Definition(0.42, 0.48, 200)
)
SMEARED = Definition(0.1, 0.2, 90)
BLURRED = replace(SHARP, sharpness=0.05, definition=SMEARED, definition_small=SMEARED)
ORDER = Order(
    "O-77", "LP001", None, (OrderEvent("placed", OPENED - 20 * DAY), OrderEvent("delivered", OPENED - DAY))
)
POLICY = load_policy()

FILM = bytes(range(256)) * 4000

HOSTILE = (
    "<script>document.title='taken'</script>",
    '"><img src=x onerror="document.title=\'taken\'">',
    "'><svg onload=document.title='taken'>",
    "javascript:document.title='taken'",
    "</textarea></title></style><script>document.title='taken'</script>",
    "{{ 7 * 7 }}{% raw %}",
    "\u202egnp.exe \x1b[31m \x00 \u200b",
    "data:text/html,<script>document.title='taken'</script>",
)


def sha(text: str | bytes) -> str:
    return hashlib.sha256(
        text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    ).hexdigest()


def open_context_in(folder: Path, opener: Opener) -> Context:
    """A desk over the store in ``folder``."""
    database = open_database(folder / "evidence.sqlite")
    database.migrate()
    incoming = folder / "incoming"
    incoming.mkdir(exist_ok=True)
    tool = ToolStamp("0.1.0", {"pillow": "13"}, "full")
    return Context(database, FolderObjects(folder / "objects"), opener, POLICY, tool, incoming)


def photo(**changes: Any) -> Measurements:
    taken = TimeCandidate("exif:DateTimeOriginal", "2026:03:09 11:00:00", OPENED, OPENED + DAY, False)
    plain = Measurements(
        MEASURES_VERSION, "image/jpeg", "photo", image=ImageFacts(1600, 1200, "JPEG"), clarity=SHARP, times=(taken,),
        metadata={"Make": "Korva", "Model": "K7"},
    )  # fmt: skip
    return replace(plain, **changes)


class Filling:
    """Puts items on the record, each with pictures."""

    def __init__(self, context: Context, tenant: str = "default") -> None:
        self.context = context
        self.tenant = tenant

    def dispute(self, id_: str, **changes: Any) -> None:
        plain = Dispute(
            id_, self.tenant, reason="NOT_AS_DESCRIBED", sub_reason="damaged", stage="NEGOTIATION", opened_at=OPENED,
            buyer=Party("b-1"), seller=Party("s-1"), listing_id="L-1", order=ORDER,
        )  # fmt: skip
        with self.context.database.transaction() as records:
            records.put_dispute(replace(plain, **changes))

    def item(
        self,
        id_: str,
        dispute_id: str,
        measured: Measurements,
        pictures: Iterable[np.ndarray] = (),
        **changes: Any,
    ) -> Evidence:
        given: dict[str, Any] = {
            "file": f"buyer/{id_}.jpg", "party": "buyer", "roles": ("item",), "description": "the lid",
            "submitted_at": OPENED + timedelta(minutes=len(id_)),
        } | changes  # fmt: skip
        item = Evidence(
            id=id_, dispute_id=dispute_id, sha256=sha(f"{self.tenant}/{id_}"), bytes=1_000, received_at=OPENED,
            tenant=self.tenant, **gathered(given),
        )  # fmt: skip
        kept = tuple(self._kept(item, number, pixels, measured) for number, pixels in enumerate(pictures, 1))
        done = Examination(item.sha256, item.bytes, MEASURES_VERSION, "full", measured, kept)
        with self.context.database.transaction() as records:
            records.put_evidence([item])
            records.put_examinations(self.tenant, [done])
        return item

    def _kept(
        self, item: Evidence, number: int, pixels: np.ndarray, measured: Measurements
    ) -> StoredDerivative:
        data = simplejpeg.encode_jpeg(np.ascontiguousarray(pixels), quality=90)
        page = number if measured.kind == "document" else None
        key = f"derivatives/{item.sha256[:2]}/{item.sha256}-preview-p{number}.jpg"
        self.context.objects.put(key, data)
        return StoredDerivative("preview", key, pixels.shape[1], pixels.shape[0], sha(data), "t", page)

    def decoded(self, id_: str, dispute_id: str, pictures: Iterable[np.ndarray]) -> None:
        """A video whose original the store keeps: bytes that count up."""
        frames = tuple(PageMeasures(n, 640, 360, SHARP, time_s=float(n)) for n in (1, 2))
        facts = VideoFacts(12.0, 640, 360, 0, 30.0, "h264", "aac")
        measured = Measurements(MEASURES_VERSION, "video/mp4", "video", pages=frames, video=facts)
        item = self.item(
            id_, dispute_id, measured, pictures, file="buyer/film.mp4", roles=("unboxing_video",)
        )
        self.context.objects.put(original_key(item.sha256), FILM)

    def judge(self, dispute_id: str, at: datetime = NOW) -> None:
        with self.context.database.transaction() as records:
            judge_and_attach(
                self.tenant, dispute_id, self.context, records, at, at, Remarks(("Thumbs.db",), ("Read.",))
            )


def fill(context: Context) -> None:
    """default: D-1 (buyer: a good and a blurred photo, a mail, a PDF; seller: a photo that D-2 holds too), D-2, "odd/ö d"
    with hostile strings. other: D-1, D-9."""
    whole = scene()
    part, matrix = mirrored_crop(whole, 120, 60, 360, 300)
    here = Filling(context)
    for id_, changes in (("D-1", {}), ("D-2", {"order": replace(ORDER, id="O-88")}), ("odd/ö d", {})):
        here.dispute(id_, **changes)
    here.item("good", "D-1", photo(), [whole])
    here.item(
        "blurred",
        "D-1",
        photo(clarity=BLURRED),
        [whole[::2, ::2]],
        roles=("packaging",),
        file="buyer/box.jpg",
    )
    page = PageMeasures(1, 600, 800, SHARP)
    pdf = Measurements(
        MEASURES_VERSION, "application/pdf", "document", pages=(page, replace(page, number=2)), page_count=2
    )
    here.item("pdf", "D-1", pdf, [whole, part], roles=("order_page",), file="buyer/order.pdf")
    mail = Measurements(MEASURES_VERSION, "message/rfc822", "text", text="From: seller\n\nWe sent it.")
    here.item("mail", "D-1", mail, roles=("communication",), file="buyer/mail.eml")
    here.item(
        "theirs",
        "D-1",
        photo(metadata={}),
        [whole],
        party="seller",
        roles=("packing_photo",),
        file="seller/p.jpg",
    )
    here.item(
        "listed", "D-1", photo(), [part], party=None, on_listing=True, file="listing/1.jpg", listing_id="L-1"
    )
    here.item("reused", "D-2", photo(), [part], submitted_at=OPENED + 2 * DAY)
    empty = Measurements(MEASURES_VERSION, "inode/x-empty", problems=(Problem("empty"),))
    here.item("broken", "D-2", empty, roles=("packaging",), file="buyer/empty.jpg")
    here.decoded("film", "D-1", [whole])
    compared = Comparison(tuple(np.linalg.inv(matrix).ravel().tolist()), 99, 99, 1.0, 1.0, 1.0, 0.0)
    with context.database.transaction() as records:
        pair = Pair("reused", "theirs", "aligned", 0, 2, "a", "1", encode(Comparison, compared), 1)
        records.put_pairs("default", [pair])
    _fill_hostile(here, whole)
    for id_ in ("D-1", "D-2", "odd/ö d"):
        here.judge(id_)
    there = Filling(context, "other")
    for id_ in ("D-1", "D-9"):
        there.dispute(id_)
        there.item(f"other-{id_}", id_, photo(), [part])
        there.judge(id_)


def _fill_hostile(here: Filling, whole: np.ndarray) -> None:
    for number, text in enumerate(HOSTILE):
        kept = photo(
            metadata={text: text, "Make": text},
            text=text,
            clarity=BLURRED if number % 2 else SHARP,
            statements=(OriginStatement("xmp:DigitalSourceType", SOURCE_TYPE, text),),
            signed=SignedOrigin("valid", text, actions=(SignedAction("c2pa.created", text),)),
        )
        name = f"hostile-{number}"
        file = f"buyer/{text}.jpg".replace("/html", "")
        here.item(name, "odd/ö d", kept, [whole], file=file, description=text, roles=(text, "item"))


def database_of(context: Context) -> SqlDatabase:
    """The desk's database, to be closed by whoever opened it."""
    assert isinstance(context.database, SqlDatabase)
    return context.database
