"""How often the detected type agrees with libmagic and ExifTool, whatever the file is called.

    python tests/benchmarks/file_types.py FOLDER... [--exiftool exiftool.json] [--renamed]

Folders are walked; a listing of ExifTool's (``-G1 -json``) names files relative to itself, and is looked for in each folder
and its parent. libmagic (ctypes) and the listing are each optional. Where an oracle cannot say (no answer, or
"application/octet-stream") the file is left out of its count. ``--renamed`` opens every file of the folders three times
through the product's own opening, under its name, without an extension and with another type's extension.
Prints one row per disagreement with what is to be thought of it, then the totals by folder.
"""

from __future__ import annotations

import argparse
import ctypes
import ctypes.util
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

from harness import table
from real_opening import real_opener

from validators.checks.file_types import normal
from validators.measures.containers.file_type import sniff

HEAD = 1 << 16
MIME_FLAG = 0x10
EXTENSIONS = (".jpg", ".png", ".pdf", ".mp4", ".txt", ".heic")
NOT_MEDIA = frozenset({".json", ".csv", ".md"})
EQUAL = {
    "image/vnd.mozilla.apng": "image/png",
    "application/x-hdf": "application/octet-stream",
    "application/x-empty": "application/octet-stream",
    "audio/x-wav": "audio/wav",
    "video/3gpp2": "video/3gpp",
    "video/x-m4v": "video/mp4",
}
"""Other names for the same thing; HDF is libmagic's word for some noise, and nothing is not a type."""

JUDGED = {
    (
        "application/x-empty",
        "application/octet-stream",
    ): "of no byte there is no type; the opening says empty",
    ("video/x-m4v", "video/mp4"): "the same: M4V is MP4 with Apple's brand",
    ("audio/x-wav", "audio/wav"): "the same",
    ("image/vnd.mozilla.apng", "image/png"): "the same: an animated PNG is a PNG",
}
"""(an oracle's word, ours) and why the two are no disagreement."""


def libmagic() -> Callable[[bytes], str] | None:
    """libmagic's verdict on a buffer, or None where the library is not installed."""
    try:
        library = ctypes.CDLL(ctypes.util.find_library("magic") or "libmagic.so.1")
    except OSError:
        return None
    library.magic_open.restype = ctypes.c_void_p
    library.magic_buffer.restype = ctypes.c_char_p
    library.magic_buffer.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]
    library.magic_load.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
    handle = library.magic_open(MIME_FLAG)
    if not handle or library.magic_load(handle, None) != 0:
        return None

    def ask(data: bytes) -> str:
        answer = library.magic_buffer(handle, data, len(data))
        return answer.decode() if answer else ""

    return ask


def canonical(mime: str) -> str:
    plain = normal(mime)
    return EQUAL.get(plain, plain)


def exiftool_types(folders: list[Path], listing: Path | None) -> dict[Path, str]:
    """ExifTool's type by the file's path, from every listing found."""
    places = [listing] if listing else [p / "exiftool.json" for f in folders for p in (f, f.parent)]
    found: dict[Path, str] = {}
    for place in {p.resolve() for p in places if p.is_file()}:
        for row in json.loads(place.read_text(encoding="utf-8")):
            if "File:MIMEType" in row:
                found[(place.parent / row["SourceFile"]).resolve()] = row["File:MIMEType"]
    return found


def files_of(folder: Path) -> Iterator[Path]:
    yield from sorted(p for p in folder.rglob("*") if p.is_file() and p.suffix.lower() not in NOT_MEDIA)


def compare(
    folder: Path, magic: Callable[[bytes], str] | None, exiftool: dict[Path, str]
) -> list[tuple[str, ...]]:
    """Rows of the table for one folder; disagreements are printed."""
    agree: dict[tuple[str, str], Counter[bool]] = defaultdict(Counter)
    for path in files_of(folder):
        data, part = path.read_bytes(), folder.name
        ours = sniff(data[:HEAD], len(data))
        request = {"libmagic": magic(data) if magic else "", "ExifTool": exiftool.get(path.resolve(), "")}
        said = {k: v for k, v in request.items() if v and canonical(v) != "application/octet-stream"}
        right = {k: canonical(v) == canonical(ours) for k, v in said.items()}
        for oracle, same in right.items():
            agree[part, oracle][same] += 1
        if said:
            agree[part, "either"][any(right.values())] += 1
        for oracle, verdict in said.items():
            if verdict != ours:
                why = JUDGED.get((verdict, ours), "" if right[oracle] else "WRONG unless explained")
                print(
                    f"{part}/{path.name[:60]}: {oracle} {verdict}, ours {ours}: {why or 'another name for the same'}"
                )
    return [
        (part, oracle, f"{count[True]} of {count.total()}", f"{count[True] / count.total():.2%}")
        for (part, oracle), count in sorted(agree.items())
    ]


def renamed(folders: list[Path]) -> None:
    """Open each file under three names: the type must not move."""
    same, moved = 0, []
    with real_opener() as (opener, scratch):
        for number, path in enumerate(p for folder in folders for p in files_of(folder)):
            data = path.read_bytes()
            other = next(
                e for e in EXTENSIONS[number % len(EXTENSIONS) :] + EXTENSIONS if e != path.suffix.lower()
            )
            found = set()
            for suffix in (path.suffix, "", other):
                copy = scratch / f"upload{suffix}"
                copy.write_bytes(data)
                found.add(opener.open(copy).measurements.detected_type)
                copy.unlink()
            found.add(sniff(data[:HEAD], len(data)))
            same += len(found) == 1
            if len(found) > 1:
                moved.append(f"{path.name}: {sorted(found)}")
    print(
        f"\nthe same type under its own name, without an extension and with another's: {same} of {same + len(moved)}"
    )
    for line in moved:
        print(f"  {line}")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--exiftool", type=Path)
    parser.add_argument("--renamed", action="store_true")
    options = parser.parse_args()
    magic, exiftool = libmagic(), exiftool_types(options.folders, options.exiftool)
    rows: list[tuple[str, ...]] = [("folder", "against", "agrees", "share")]
    for folder in options.folders:
        rows += compare(folder, magic, exiftool)
    print()
    table(rows)
    if options.renamed:
        renamed(options.folders)


if __name__ == "__main__":
    main()
