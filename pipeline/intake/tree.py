"""Walking a folder without following links, in a fixed order."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.intake.messages.key_layout import REPORT_NAME
from pipeline.intake.sidecars import is_sidecar, placeholder_of

SKIPPED_NAMES = frozenset({"thumbs.db", "__macosx", "desktop.ini", "@eadir"})
DISPUTE_FILE = "dispute.json"
_MAX_DEPTH = 64


@dataclass(slots=True)
class Leaf:
    """A file of the tree; ``problem`` where it must not be opened. ``path`` held no link when it was found."""

    name: str
    path: Path
    problem: str | None = None
    detail: str = ""


@dataclass(slots=True)
class Folder:
    """A folder of the tree: its files and folders sorted by name. ``real`` is ``path`` without links."""

    path: Path
    real: Path
    parts: tuple[str, ...]
    files: list[Leaf] = field(default_factory=list)
    folders: list[Folder] = field(default_factory=list)
    skipped: list[Path] = field(default_factory=list)
    has_dispute_file: bool = False
    fault: str | None = None


def walk(root: Path, excluded: frozenset[Path]) -> Folder:
    """The tree below ``root``; ``excluded`` are resolved folders (the store, --out) that are not evidence."""
    return _walk(root, (), root.resolve(), excluded)


def _walk(path: Path, parts: tuple[str, ...], root: Path, excluded: frozenset[Path]) -> Folder:
    folder = Folder(path, root.joinpath(*parts), parts)
    try:
        with os.scandir(path) as entries:
            found = sorted(entries, key=lambda entry: os.fsencode(entry.name))
    except OSError as error:
        folder.fault = error.strerror or "cannot be read"
        return folder
    names = {entry.name.casefold() for entry in found}
    for entry in found:
        if is_sidecar(entry.name, names) and entry.is_file(follow_symlinks=False):
            folder.skipped.append(Path(entry.path))
        elif (photo := placeholder_of(entry.name)) is not None and photo.casefold() not in names:
            folder.files.append(
                Leaf(photo, Path(entry.path), "missing", "only its iCloud placeholder is here")
            )
        else:
            _place(entry, folder, root, excluded)
    return folder


def _place(entry: os.DirEntry[str], folder: Folder, root: Path, excluded: frozenset[Path]) -> None:
    path = Path(entry.path)
    if entry.name.startswith(".") or entry.name.lower() in SKIPPED_NAMES:
        folder.skipped.append(path)
    elif entry.is_symlink():
        _place_link(entry, folder, root)
    elif entry.is_dir(follow_symlinks=False):
        if path.resolve() in excluded or len(folder.parts) >= _MAX_DEPTH:
            folder.skipped.append(path)
        else:
            folder.folders.append(_walk(path, (*folder.parts, entry.name), root, excluded))
    elif entry.is_file(follow_symlinks=False):
        if entry.name == DISPUTE_FILE:
            folder.has_dispute_file = True
        elif f"{path.parent.name}/{entry.name}" == REPORT_NAME:
            folder.skipped.append(
                path
            )  # a worker's report on the dispute: read as evidence, it would get a report too
        else:
            folder.files.append(Leaf(entry.name, folder.real / entry.name))
    else:
        kind = _kind_name(entry.stat(follow_symlinks=False).st_mode)
        folder.files.append(Leaf(entry.name, path, "unsafe_path", f"{kind}, not a file"))


def _place_link(entry: os.DirEntry[str], folder: Folder, root: Path) -> None:
    path = Path(entry.path)
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        folder.files.append(Leaf(entry.name, path, "unsafe_path", "a link that leads nowhere"))
        return
    if not target.is_relative_to(root):
        folder.files.append(Leaf(entry.name, path, "unsafe_path", "a link leading outside the folder"))
    elif target.is_file():
        folder.files.append(Leaf(entry.name, target))
    else:
        folder.skipped.append(path)  # a link to a folder of this tree: its files are read where they lie


def _kind_name(mode: int) -> str:
    names = (
        (stat.S_ISFIFO, "a pipe"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISCHR, "a device"),
        (stat.S_ISBLK, "a device"),
    )
    return next((name for test, name in names if test(mode)), "a special file")
