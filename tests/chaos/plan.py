"""What one chaos run uploads, planned from a seed: disputes, items in their versions, and what is wrong on purpose."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass

from chaos import pictures

HOSTILE = ("segfault", "abort", "memory", "hang", "bomb")
_MALFORMED = (
    "this is no JSON at all {number}",
    '{{"number": {number}, "unknown": "shape"}}',
    '["a list", {number}]',
    '{{"Records": [{{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put", "s3": {{"bucket": {number}}}}}]}}',
    '{{"schema": "dispute-evidence/upload/1", "key": {number}}}',
    '{{"Type": "Notification", "Message": "not an event {number}"}}',
)


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to make one file's bytes: a kind and a seed. Made again, it is the same bytes."""

    kind: str
    seed: str

    def make(self) -> bytes:
        """The bytes."""
        if self.kind == "bomb":
            return pictures.bomb(self.seed)
        picture = pictures.photo(self.seed)
        if self.kind == "photo":
            return picture
        if self.kind == "copy":
            return pictures.copy_of(picture)
        if self.kind == "png":
            return pictures.as_png(picture)
        if self.kind == "pdf":
            return pictures.as_pdf(picture)
        return pictures.marked(picture, self.kind)


@dataclass(frozen=True, slots=True)
class Item:
    """One object: its versions, oldest first. ``hostile`` says what its child does, None for a healthy file."""

    dispute_id: str
    file: str
    versions: tuple[Recipe, ...]
    hostile: str | None = None

    @property
    def key(self) -> str:
        """Below the uploads' root."""
        return f"{self.dispute_id}/{self.file}"


@dataclass(frozen=True, slots=True)
class PlannedDispute:
    """A dispute; ``declared`` ones have a dispute file."""

    id: str
    declared: bool

    def body(self) -> dict[str, object]:
        """Its dispute file."""
        number = int(hashlib.sha256(self.id.encode()).hexdigest()[:6], 16)
        return {
            "id": self.id,
            "reason": "NOT_AS_DESCRIBED",
            "sub_reason": "damaged",
            "opened_at": "2026-03-09T10:00:00Z",
            "parties": {"buyer": {"id": f"b-{self.id}"}, "seller": {"id": f"s-{number % 40}"}},
            "order": {"id": f"O-{number}"},
        }


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything of one run. ``pairs`` are (earlier, later) items that show one photo in two disputes."""

    seed: int
    disputes: tuple[PlannedDispute, ...]
    items: tuple[Item, ...]
    malformed: tuple[str, ...]
    duplicates: int
    pairs: tuple[tuple[Item, Item], ...] = ()


def make_plan(
    seed: int,
    messages: int,
    *,
    hostile: int | None = None,
    pairs: int = 6,
    versions_share: float = 0.04,
) -> Plan:
    """A plan of about ``messages`` messages: 10 % duplicated, 1 % malformed, 1 % hostile (or ``hostile`` files)."""
    chance = random.Random(f"plan/{seed}")
    malformed = max(1, messages // 100)
    bad = max(len(HOSTILE), messages // 100) if hostile is None else hostile
    duplicates = messages // 10
    healthy = messages - malformed - duplicates - bad - 2 * pairs
    again = round(healthy * versions_share)  # messages that tell of another version of an object
    disputes = [
        PlannedDispute(f"D-{seed}-{n:04d}", chance.random() < 0.8)
        for n in range(max(2, (healthy + bad) // 6))
    ]
    counts = [1] * max(1, healthy - again)
    for _ in range(again):
        counts[chance.randrange(len(counts))] += 1
    items = [_healthy(chance, seed, n, count, chance.choice(disputes).id) for n, count in enumerate(counts)]
    items += [
        _hostile(chance, seed, n, HOSTILE[n % len(HOSTILE)], chance.choice(disputes).id) for n in range(bad)
    ]
    twins = tuple(_twins(seed, n) for n in range(pairs))
    for earlier, later in twins:
        items += [earlier, later]
        disputes += [PlannedDispute(earlier.dispute_id, True), PlannedDispute(later.dispute_id, True)]
    used = {item.dispute_id for item in items}
    return Plan(
        seed,
        tuple(dispute for dispute in disputes if dispute.id in used),
        tuple(items),
        tuple(chance.choice(_MALFORMED).format(number=n) for n in range(malformed)),
        duplicates,
        twins,
    )


def single_dispute(seed: int, count: int) -> Plan:
    """``count`` photos of one declared dispute, and nothing else."""
    dispute = PlannedDispute(f"D-{seed}-one", True)
    items = tuple(
        Item(dispute.id, f"buyer/photo-{n:03d}.jpg", (Recipe("photo", f"{seed}/one/{n}"),))
        for n in range(count)
    )
    return Plan(seed, (dispute,), items, (), 0)


def pairs_only(seed: int, count: int) -> Plan:
    """``count`` pairs, each in two disputes of its own."""
    twins = tuple(_twins(seed, n) for n in range(count))
    ids = [item.dispute_id for pair in twins for item in pair]
    disputes = tuple(PlannedDispute(i, True) for i in ids)
    return Plan(seed, disputes, tuple(item for pair in twins for item in pair), (), 0, twins)


def _healthy(chance: random.Random, seed: int, number: int, versions: int, dispute_id: str) -> Item:
    kind = chance.choices(("photo", "png", "pdf"), (0.92, 0.05, 0.03))[0]
    party = chance.choice(("buyer/", "buyer/", "seller/", ""))
    name = chance.choice(("photo {n}.jpg", "IMG_{n}.jpg", "фото+{n}.jpg", "label%2F{n}.jpg"))
    file = party + name.format(n=number).replace(".jpg", {"photo": ".jpg"}.get(kind, f".{kind}"))
    recipes = tuple(Recipe(kind, f"{seed}/{number}/{version}") for version in range(versions))
    return Item(dispute_id, file, recipes)


def _hostile(chance: random.Random, seed: int, number: int, kind: str, dispute_id: str) -> Item:
    suffix = "png" if kind == "bomb" else "jpg"
    party = chance.choice(("buyer", "seller"))
    recipe = Recipe(kind, f"{seed}/hostile/{number}")
    return Item(dispute_id, f"{party}/odd-{number:03d}.{suffix}", (recipe,), kind)


def _twins(seed: int, number: int) -> tuple[Item, Item]:
    picture = f"{seed}/pair/{number}"
    earlier = Item(f"D-{seed}-A{number:03d}", "buyer/damage.jpg", (Recipe("photo", picture),))
    later = Item(f"D-{seed}-B{number:03d}", "buyer/damage.jpg", (Recipe("copy", picture),))
    return earlier, later
