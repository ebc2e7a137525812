"""How often the detected type agrees with libmagic and ExifTool, and which problems healthy-looking files
get.

    python tests/benchmarks/file_types.py FOLDER

FOLDER is walked; ``exiftool.json`` in it (ExifTool's ``-G1 -json``) is the second oracle, where present.
libmagic is called through ctypes and is optional too. Prints one row per disagreement, then the totals.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import json
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from validators.file_types import normal
from validators.measures.container import structure_problems
from validators.measures.file_type import sniff

HEAD = 1 << 16
# Other names for the same thing; libmagic has no name of its own for some.
EQUAL = {
    "image/vnd.mozilla.apng": "image/png",
    "application/x-hdf": "application/octet-stream",
    "audio/x-wav": "audio/wav",
    "video/3gpp2": "video/3gpp",
}
MIME_FLAG = 0x10


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


def exiftool_types(folder: Path) -> dict[str, str]:
    listing = folder / "exiftool.json"
    if not listing.is_file():
        return {}
    rows = json.loads(listing.read_text(encoding="utf-8"))
    return {row["SourceFile"]: row["File:MIMEType"] for row in rows if "File:MIMEType" in row}


def main(folder: Path) -> None:
    magic, exiftool = libmagic(), exiftool_types(folder)
    agree: dict[str, Counter[bool]] = {"libmagic": Counter(), "exiftool": Counter(), "either": Counter()}
    problems: dict[str, Counter[str]] = {}
    sniffing = walking = 0.0
    for path in sorted(
        p for p in folder.rglob("*") if p.is_file() and p.suffix not in (".json", ".md", ".csv")
    ):
        name = path.relative_to(folder).as_posix()
        data = path.read_bytes()
        start = time.process_time()
        mime = sniff(data[:HEAD], len(data))
        middle = time.process_time()
        found = structure_problems(mime, data)
        walking += time.process_time() - middle
        sniffing += middle - start
        problems.setdefault(name.partition("/")[0], Counter())["+".join(p.code for p in found) or "none"] += 1
        oracles = {"libmagic": magic(data) if magic else "", "exiftool": exiftool.get(name, "")}
        said = {
            k: canonical(v) for k, v in oracles.items() if v and canonical(v) != "application/octet-stream"
        }
        for oracle, verdict in said.items():
            agree[oracle][verdict == canonical(mime)] += 1
        if said:
            right = canonical(mime) in said.values()
            agree["either"][right] += 1
            if len({*said.values(), canonical(mime)}) > 1:
                print(f"{name[:70]:70} ours {mime:28} {said}")
    print()
    for oracle, counts in agree.items():
        total = counts.total()
        if total:
            print(f"{oracle:9} agrees on {counts[True]} of {total} ({counts[True] / total:.2%})")
    for part, codes in problems.items():
        print(f"problems in {part}: {dict(codes.most_common())}")
    print(f"CPU: type {sniffing:.2f} s, structure {walking:.2f} s")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
