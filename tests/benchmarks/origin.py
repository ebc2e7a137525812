"""What files state about how they were made: read, judged, left alone, and at what cost.

    ./dev bench origin planted                  every writer's convention in every format, and the same words in wrong places
    ./dev bench origin photos FOLDER...         ordinary files: how many findings of each kind, and which files
    ./dev bench origin signed FOLDER            public C2PA test files, in the jail, against their names and the library alone
    ./dev bench origin own                      manifests signed here in six formats, whole, changed, and by a stranger
    ./dev bench origin cost FOLDER [--rounds 5] CPU that looking for statements adds to a photo, and that a manifest adds
    ./dev bench origin kept                     what survives saving again, chat apps' sizes, and screenshots

The public files say in their names what is wrong with them (``E-sig``: the signature, ``E-clm``: the claim, ``E-dat``: the
data, ``E-uri``: a link; ``CIE``: an ingredient was wrong when it was put in, and the file itself is right).
"""

from __future__ import annotations

import argparse
import io
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median
from typing import Any
from unittest import mock

import c2pa
from harness import spread, table
from PIL import Image

sys.path[:0] = [str(Path(__file__).parents[1])]

from c2pa_signing import created, signed, signer  # noqa: E402
from origin_files import (  # noqa: E402
    MIME,
    MIME_OF_MISPLACED,
    WRITERS,
    Writer,
    box,
    misplaced,
    movie,
    planted,
    still,
    written,
)

from pipeline.opening.child.metadata import read_metadata  # noqa: E402
from pipeline.opening.host import child_endings  # noqa: E402
from pipeline.opening.host.jail import Jail  # noqa: E402
from pipeline.opening.host.opener import Opener  # noqa: E402
from pipeline.opening.host.tools import find_tools  # noqa: E402
from pipeline.opening.limits import limits_of  # noqa: E402
from pipeline.setup.policies import load_policy  # noqa: E402
from pipeline.wiring.assembly import content_thresholds  # noqa: E402
from validators.checks.origin import COMPOSED, GENERATED, judged  # noqa: E402
from validators.measures.containers.c2pa_box import holds_manifest  # noqa: E402
from validators.measures.containers.file_type import sniff  # noqa: E402
from validators.measures.metadata.origin_statements import MetadataTexts, origin_statements  # noqa: E402

POLICY = load_policy()
HEAD = 1 << 16
LARGE = 1_000_000
MOST_PHOTOS, MANY = 30, 20
TEXTS = MetadataTexts(
    xmp={"xmp:CreatorTool": "Adobe Photoshop"},
    exif={"Software": "Camera 1.2", "Make": "ACME", "UserComment": ""},
)
OFFLINE = {"verify": {"remote_manifest_fetch": False, "ocsp_fetch": False}}
WRONG = ("E-sig", "E-clm", "E-dat", "E-uri")


def said(data: bytes, mime: str) -> list[tuple[str, str]]:
    """(place, what it says) of every statement of a file."""
    return [(one.source, one.says) for one in judged(read_metadata(None, data, mime, "").statements, POLICY)]


def plant() -> None:
    """Writers by formats, then wrong places."""
    right, wrong = Counter[str](), []
    for writer, kind, data in planted():
        ok = (writer.source, writer.says) in said(data, MIME[kind])
        right[kind] += ok
        if not ok:
            wrong.append(f"{writer.name} in {kind}")
    tried = Counter(kind for _, kind, _ in planted())
    rows = [("format", "writers", "read, place and meaning right")]
    rows += [(kind, str(tried[kind]), str(right[kind])) for kind in MIME]
    table([*rows, ("all", str(tried.total()), str(right.total()))])
    print(f"\n{len(WRITERS)} conventions. Wrong: {', '.join(wrong) or 'none'}\n")
    loud = [name for name, (kind, data) in misplaced().items() if said(data, MIME_OF_MISPLACED[kind])]
    print(f"The same words in {len(misplaced())} wrong places: reported {len(loud)} {loud}")


def photos(folders: list[Path]) -> None:
    """Every file of the folders, without decoding it."""
    rows = [("folder", "files", "with a manifest", "generated", "composed", "files that state either")]
    for folder in folders:
        counts, named = Counter[str](), []
        for path in sorted(one for one in folder.rglob("*") if one.is_file()):
            data = path.read_bytes()
            mime = sniff(data[:HEAD], len(data))
            meanings = {says for _, says in said(data, mime)}
            counts.update(
                {"files": 1, "manifest": int(holds_manifest(mime, data)), **dict.fromkeys(meanings, 1)}
            )
            named += [path.name] if meanings & {GENERATED, COMPOSED} else []
        figures = (counts[name] for name in ("files", "manifest", GENERATED, COMPOSED))
        rows.append((folder.name, *map(str, figures), ", ".join(named) or "none"))
    table(rows)


def verdict_alone(data: bytes, mime: str) -> str:
    """The library's own verdict, outside the jail."""
    try:
        with (
            c2pa.Context.from_dict(OFFLINE) as context,
            c2pa.Reader(mime, io.BytesIO(data), context=context) as reader,
        ):
            return str(reader.get_validation_state()).lower()
    except c2pa.C2paError.ManifestNotFound:
        return "none"
    except c2pa.C2paError as error:
        return "none" if "Remote" in str(error) else "unreadable"


def verify(folder: Path) -> None:
    """Public files: the state in the report, the library's, and what the name promises."""
    rows, agreed, kept = [("file", "state", "library alone", "as its name says")], 0, 0
    files = sorted(one for one in folder.iterdir() if one.is_file())
    for path, state in opened(files):
        data = path.read_bytes()
        alone = verdict_alone(data, sniff(data[:HEAD], len(data)))
        wanted = (
            "invalid"
            if any(f"{mark}-" in path.name and f"CIE-{mark[2:]}" not in path.name for mark in WRONG)
            else None
        )
        named = wanted is None or state == wanted
        agreed += state == alone
        kept += named
        if state != "none" or alone != "none":
            rows.append((path.name, state, alone, "yes" if named else "no"))
    table(rows)
    print(f"\n{len(files)} files: the library's verdict {agreed}, as named {kept}")


def opened(files: list[Path]) -> Iterator[tuple[Path, str]]:
    """The state of each file's manifest, as the product reports it."""
    with Jail() as jail:
        opener = Opener(jail, find_tools(), limits_of(POLICY), content_thresholds(POLICY))
        for path in files:
            found = opener.open(path).measurements.signed
            yield path, found.state if found else "none"


def own() -> None:
    """Signed here: whole by a trusted signer, whole by a stranger, changed, and moved out of its place."""
    tally, rows = Counter[tuple[str, str]](), [("format", "trusted", "stranger", "changed", "out of place")]
    with tempfile.TemporaryDirectory() as scratch:
        roots, upload = Path(scratch) / "roots.pem", Path(scratch) / "upload"
        roots.write_text(signer().root)
        with Jail(trust_list=roots) as jail:
            opener = Opener(jail, find_tools(), limits_of(POLICY), content_thresholds(POLICY))
            for kind, mime in MIME.items():
                plain = movie(free=bytes(range(200))) if kind == "MP4" else still(kind)
                whole = signed(plain, mime, [created("digitalCapture")])
                made = {
                    "trusted": (whole, "trusted"),
                    "stranger": (
                        signed(plain, mime, [created("digitalCapture")], signer("Stranger")),
                        "valid",
                    ),
                    "changed": (_flipped(whole, plain, kind), "invalid"),
                    "out of place": (_out_of_place(kind, plain, whole), "none"),
                }
                for name, (data, wanted) in made.items():
                    upload.write_bytes(data)
                    found = opener.open(upload).measurements.signed
                    tally[kind, name] += (found.state if found else "none") == wanted
                rows.append((kind, *("right" if tally[kind, name] else "WRONG" for name in made)))
    table(rows)
    print(f"\n{tally.total()} of {4 * len(MIME)} states right")


def _out_of_place(kind: str, plain: bytes, whole: bytes) -> bytes:
    """After the end; and for boxes, which may stand there, as another file and inside the media data."""
    return plain + (box(b"mdat", whole) if kind in ("AVIF", "HEIC", "MP4") else b"") + whole


def _flipped(whole: bytes, plain: bytes, kind: str) -> bytes:
    mark = bytes(range(100, 130)) if kind == "MP4" else plain[-40:-16]
    at = whole.index(mark)
    return whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :]


def cpu(work: Callable[[], object]) -> float:
    """Milliseconds of this process and of those that it waited for."""
    start = _used()
    work()
    return (_used() - start) * 1000


def _used() -> float:
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in both)


def cost(folder: Path, rounds: int) -> None:
    """What reading statements adds to a photo without any, in units, and a manifest to a photo that has one."""
    jpegs = [path for path in sorted(folder.iterdir()) if path.suffix.lower() in (".jpg", ".jpeg")]
    datas = [path.read_bytes() for path in jpegs if path.stat().st_size > LARGE][:MOST_PHOTOS]
    unit = median(min(cpu(lambda data=data: _eighth(data)) for _ in range(rounds)) for data in datas)
    looking = median(min(cpu(lambda data=data: _look(data)) for _ in range(rounds)) / MANY for data in datas)
    print(
        f"a unit: {unit:.1f} ms; without a manifest: {looking:.3f} ms, {looking / unit:.3f} units ({len(datas)} photos)"
    )
    more, alone = [], []
    with tempfile.TemporaryDirectory() as scratch, Jail(namespaces=False) as jail:
        opener = Opener(jail, find_tools(), limits_of(POLICY), content_thresholds(POLICY))
        path = Path(scratch) / "upload"
        for data in datas[: MOST_PHOTOS // 3]:
            whole = signed(data, "image/jpeg", [created("digitalCapture")])
            figures = {}
            for name, body in (("plain", data), ("signed", whole)):
                path.write_bytes(body)
                figures[name] = min(_opening(opener, path) for _ in range(rounds))
            more.append(figures["signed"] - figures["plain"])
            alone.append(
                min(cpu(lambda body=whole: verdict_alone(body, "image/jpeg")) for _ in range(rounds))
            )
    print(
        f"with a manifest: {spread(more, 1)} ms more, of which the library {spread(alone, 1)} ms ({len(more)} photos)"
    )


def _look(data: bytes) -> None:
    """What was added for statements: the look for a manifest, and the reading of texts that were read before."""
    for _ in range(MANY):
        holds_manifest("image/jpeg", data)
        origin_statements(TEXTS)


def _opening(opener: Opener, path: Path) -> float:
    """CPU of one opening in ms: this process, and its children as the kernel accounts for each of them."""
    used: list[float] = []
    kept = child_endings.ending

    def counting(*given: Any, **named: Any) -> Any:
        ended = kept(*given, **named)
        used.append(ended.cpu_seconds)
        return ended

    start = time.process_time()
    with mock.patch.object(child_endings, "ending", counting):
        opener.open(path)
    return (time.process_time() - start + sum(used)) * 1000


def _eighth(data: bytes) -> None:
    with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
        image.draft("RGB", (image.width // 8, image.height // 8))
        image.load()


def kept() -> None:
    """What is left of each kind of statement after a file is saved again in the ways that people do."""
    subjects = _subjects()
    rows = [("saved again by", *subjects)]
    for name, save in SAVINGS.items():
        left = []
        for kind, data in subjects.values():
            again = save(data)
            mime = sniff(again[:HEAD], len(again))
            state = "none"
            if holds_manifest(mime, again):
                state = verdict_alone(again, mime)
            stated = bool(said(again, mime)) or state in ("valid", "invalid")
            left.append(
                {"valid": "kept", "invalid": "kept, no longer valid"}.get(state, "kept" if stated else "lost")
            )
            del kind
        rows.append((name, *left))
    table(rows)


def _subjects() -> dict[str, tuple[str, bytes]]:
    def by(name: str) -> Writer:
        return next(one for one in WRITERS if one.name == name)

    return {
        "XMP": ("JPEG", written(by("Google Gemini"), "JPEG")),
        "EXIF": ("JPEG", written(by("Adobe Firefly"), "JPEG")),
        "PNG text": ("PNG", written(by("AUTOMATIC1111"), "PNG")),
        "C2PA": ("JPEG", signed(still("JPEG"), "image/jpeg", [created("trainedAlgorithmicMedia")])),
    }


def _pillow(kind: str, **options: object) -> Callable[[bytes], bytes]:
    def save(data: bytes) -> bytes:
        with Image.open(io.BytesIO(data)) as image:
            out, more = io.BytesIO(), dict(options)
            if more.pop("keep", False):
                more |= {name: image.info[name] for name in ("exif", "xmp") if image.info.get(name)}
            side = more.pop("side", None)
            shown = image.convert("RGB")
            if isinstance(side, int):
                shown.thumbnail((side, side))
            shown.info = {}
            shown.save(out, kind, **more)
        return out.getvalue()

    return save


SAVINGS: dict[str, Callable[[bytes], bytes]] = {
    "a copy of the file (mail, cloud, “as a document”)": bytes,
    "an editor that keeps EXIF and XMP, as JPEG": _pillow("JPEG", quality=92, keep=True),
    "an editor that keeps nothing, as JPEG": _pillow("JPEG", quality=92),
    "a chat app (1,600 px, JPEG 80, nothing kept)": _pillow("JPEG", quality=80, side=1600),
    "a chat app, as WebP": _pillow("WEBP", quality=80, side=1600),
    "a screenshot, as PNG": _pillow("PNG"),
}


def main() -> None:
    """One of the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["planted", "photos", "signed", "own", "cost", "kept"])
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    if options.what == "photos":
        photos(options.folders)
    elif options.what == "signed":
        verify(options.folders[0])
    elif options.what == "cost":
        cost(options.folders[0], options.rounds)
    else:
        {"planted": plant, "own": own, "kept": kept}[options.what]()


if __name__ == "__main__":
    main()
