"""Links and pipes among the uploads of a folder: never followed, never waited for, and in nobody's way."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from chaos.drill import Drill, herd_of
from chaos.goals import Goal, equal
from chaos.pictures import photo
from chaos.plan import make_plan
from chaos.scenarios import LIMIT_S, Setting, ending
from chaos.verify import verify

from pipeline.intake.messages.notice import CREATED, UploadNotice
from pipeline.intake.messages.own import own_message

_MOST = 200
_ODD = "D-odd"
_SECRET = b"nobody sent this: 5be1c0"


def links(setting: Setting) -> list[Goal]:
    """Messages name links to files and folders outside, a pipe, and a dispute whose report's folder is a link."""
    plan = make_plan(setting.seed, min(setting.messages, _MOST), hostile=0)
    with setting.fresh() as stack:
        drill = Drill(stack, plan, setting.say)
        drill.upload()
        outside = setting.folder / "outside"
        keys = list(place_odd(Path(stack.uploads_url), outside))
        before = tree(outside)
        drill.queue.send(
            [own_message(UploadNotice(kind=CREATED, bucket=None, key=key, etag=key, size=3)) for key in keys]
        )
        with herd_of(stack, 2, setting.folder) as herd:
            drill.run(herd, LIMIT_S)
            goals = ending(herd)
        remains = drill.remains()
        done = {
            row["object_key"]: row["state"] for row in remains.tables["uploads"] if row["object_key"] in keys
        }
        goals.append(equal("odd uploads that came to an end", len(done), len(keys)))
        goals.append(equal("traces of what lies outside", traces(stack.folder), 0))
        goals.append(
            Goal(
                "what lies outside",
                "as before" if tree(outside) == before else "changed",
                tree(outside) == before,
            )
        )
        breaches = tuple(
            breach
            for check in verify(drill.expected(), remains)
            for breach in check.breaches
            if _ODD not in breach
        )
        return [*goals, Goal("the others", f"{len(breaches)} breaches", not breaches, breaches)]


def place_odd(uploads: Path, outside: Path) -> Iterator[str]:
    """Put them there; yields their keys."""
    (outside / "folder").mkdir(parents=True)
    (outside / "secret.txt").write_bytes(_SECRET)
    (outside / "folder" / "a.jpg").write_bytes(photo("outside") + _SECRET)
    buyer = uploads / _ODD / "buyer"
    buyer.mkdir(parents=True)
    (buyer / "link.txt").symlink_to(outside / "secret.txt")
    (buyer / "folder").symlink_to(outside / "folder")
    os.mkfifo(buyer / "pipe.jpg")
    (buyer / "socket.jpg").symlink_to("/dev/zero")
    for name in ("link.txt", "folder/a.jpg", "pipe.jpg", "socket.jpg"):
        yield f"{_ODD}/buyer/{name}"
    other = uploads / f"{_ODD}-2"
    (other / "buyer").mkdir(parents=True)
    (other / "buyer" / "a.jpg").write_bytes(photo("inside"))
    (other / "evidence-report").symlink_to(outside / "folder")
    yield f"{_ODD}-2/buyer/a.jpg"


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below ``folder``."""
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def traces(store: Path) -> int:
    """How many files of the store hold what was never sent."""
    files = (path for path in store.rglob("*") if not path.is_symlink() and path.is_file())
    return sum(_SECRET in path.read_bytes() for path in files)
