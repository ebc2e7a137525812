"""Removes what earlier versions measured of files that the present one measured too: rows, derivatives, features."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.setup.opened import MEASURES_VERSION
from storage.interfaces.objects import Objects
from storage.interfaces.record import Database

_AT_ONCE = 200


def prune(database: Database, objects: Objects) -> tuple[int, int]:
    """How many files and how many objects were tidied up. Call it once the disputes were judged anew: until then their
    reports name the former pictures.

    Objects go before rows, so that an interrupted run finds the rest again. They are named by their bytes alone, so those of a
    file that another tenant has only in a former version stay.
    """
    files = removed = 0
    after = ("", "")
    with database.reading() as records:
        behind = records.contents_behind(MEASURES_VERSION)
    while True:
        with database.reading() as records:
            page = records.former_contents(MEASURES_VERSION, after, _AT_ONCE)
        if not page:
            return files, removed
        for key in _former_keys((sha256 for _, sha256 in page if sha256 not in behind), objects):
            objects.delete(key)
            removed += 1
        for tenant in sorted({tenant for tenant, _ in page}):
            with database.transaction() as records:
                contents = [sha256 for of, sha256 in page if of == tenant]
                records.erase_former(tenant, contents, MEASURES_VERSION)
        files += len(page)
        after = page[-1]


def _former_keys(contents: Iterable[str], objects: Objects) -> Iterator[str]:
    for sha256 in sorted(set(contents)):
        for prefix in (f"derivatives/{sha256[:2]}/{sha256}-", f"features/{sha256[:2]}/{sha256}-"):
            yield from [key for key in objects.keys(prefix) if not _is_present(key)]


def _is_present(key: str) -> bool:
    return re.search(rf"-v{re.escape(MEASURES_VERSION)}(?:\.\w+)?$", key) is not None
