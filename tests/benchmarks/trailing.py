"""What stands after the end marker of JPEGs, how often it would be told, and whether planted files are.

    python tests/benchmarks/trailing.py FOLDER...

Every JPEG of the folders is classified as it is. Then an archive, a page, a script and a program of each class are appended
to about 200 of them and to every one that has data there already; misses are named.
"""

from __future__ import annotations

import io
import sys
import tarfile
import zipfile
from collections import Counter
from pathlib import Path

from harness import table

from validators.measures.containers.file_type import sniff
from validators.measures.containers.jpeg_structure import scan_jpeg
from validators.measures.containers.trailing_data import (
    EXECUTABLE,
    GZIP,
    HTML,
    RAR,
    SCRIPT,
    SEVEN_ZIP,
    TOLD,
    ZIP,
    classify_trailing,
)

MOST = 200


def planted() -> dict[str, bytes]:
    """A small file of each class that is told."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.txt", "words " * 50)
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w:gz") as bundle:
        bundle.add(__file__, "a.py")
    return {
        ZIP: packed.getvalue(),
        RAR: b"Rar!\x1a\x07\x01\0" + bytes(range(200)),
        SEVEN_ZIP: b"7z\xbc\xaf\x27\x1c\0\4" + bytes(range(200)),
        GZIP: tar.getvalue(),
        HTML: b"<!doctype html><html><body>words</body></html>",
        SCRIPT: b"#!/bin/sh\necho words\n",
        EXECUTABLE: Path(sys.executable).resolve().read_bytes()[:65536],
    }


def main(folders: list[Path]) -> None:
    rows: list[tuple[str, ...]] = [("folder", "JPEGs", "with data after the end", "kinds", "told")]
    whole: list[tuple[str, bytes]] = []
    tailed: list[tuple[str, bytes]] = []
    for folder in folders:
        kinds: Counter[str] = Counter()
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            data = path.read_bytes()
            if sniff(data[: 1 << 16], len(data)) != "image/jpeg" or "ImageTestSuite" in path.name:
                continue
            found = scan_jpeg(data)
            if found.has_end_marker:
                kinds[classify_trailing(data, found.end_offset)] += 1
                whole.append((path.name, data))
                if found.end_offset < len(data):
                    tailed.append((path.name, data))
        there = kinds.total() - kinds["none"]
        named = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items()) if kind != "none")
        told = sum(count for kind, count in kinds.items() if kind in TOLD)
        rows.append(
            (folder.name, str(kinds.total()), f"{there} ({there / kinds.total():.1%})", named, str(told))
        )
    table(rows)
    step = max(1, len(whole) // MOST)
    missed = []
    rows = [("planted behind the file", "found", "of")]
    for kind, payload in planted().items():
        right = 0
        chosen = [*whole[::step], *tailed]
        for name, data in chosen:
            found = classify_trailing(data + payload, scan_jpeg(data + payload).end_offset)
            right += found == kind
            if found != kind:
                missed.append(f"{kind} behind {name}: {found}")
        rows.append((kind, str(right), str(len(chosen))))
    print()
    table(rows)
    print("\n".join(missed))


if __name__ == "__main__":
    main([Path(argument) for argument in sys.argv[1:]])
