"""Reading folders as disputes, by the rules in docs/checking.md.

A folder holding a ``dispute.json`` is a dispute with all below it. Elsewhere each folder that holds files is one,
named after it; folders named buyer, seller or listing belong to the one above.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any

from pipeline.intake.dispute_file import DisputeFileError, parse_dispute_file
from pipeline.intake.found import FoundDispute, FoundFile, Reading, visible
from pipeline.intake.operator_text import same_name
from pipeline.intake.party_folders import party_of
from pipeline.intake.tree import DISPUTE_FILE, Folder, Leaf, walk
from storage.objects.beneath import opened_path
from validators.declared import Declared
from validators.dispute import BUYER, LISTING, SELLER, Dispute
from validators.sentences.catalogue import ENGLISH
from validators.sentences.sentences import sentences_in

_PARTIES = (BUYER, SELLER)
ROOT_MANIFEST = "manifest.csv"


def read_paths(paths: list[Path], excluded: frozenset[Path], listing: Path | None = None) -> Reading:
    """Read every path given. Nothing is opened but dispute files."""
    reading = Reading()
    loose: dict[Path, list[Path]] = {}
    for path in paths:
        if path.is_dir():
            _read_root(walk(path, excluded), reading)
        else:
            loose.setdefault(path.parent, []).append(path)
    for parent, files in loose.items():
        leaves = [_single(path) for path in files]
        name = visible(parent.resolve().name) or "files"
        found = FoundDispute(Dispute(name, declared=False), str(parent.resolve()))
        found.files = [
            FoundFile(visible(leaf.name), leaf.path, problem=leaf.problem, detail=leaf.detail)
            for leaf in leaves
        ]
        reading.disputes.append(found)
    if listing is not None:
        _add_listing(listing, reading, excluded)
    _make_names_unique(reading)
    return reading


def _single(path: Path) -> Leaf:
    if path.is_symlink():
        return Leaf(path.name, path, "unsafe_path", "a link: name the file it leads to")
    if not path.exists():
        return Leaf(path.name, path, "missing", "no such file")
    if not path.is_file():
        return Leaf(path.name, path, "unsafe_path", "not a regular file")
    return Leaf(path.name, path.parent.resolve() / path.name)


def _read_root(root: Folder, reading: Reading) -> None:
    manifest = [leaf for leaf in root.files if leaf.name == ROOT_MANIFEST]
    root.files = [leaf for leaf in root.files if leaf.name != ROOT_MANIFEST]
    root.skipped.extend(leaf.path for leaf in manifest)
    before = len(reading.disputes)
    _read_folder(root, root, reading)
    if len(reading.disputes) == before and root.fault is None:
        reading.notices.append(_notice("no_files", folder=visible(str(root.path))))


def _read_folder(folder: Folder, root: Folder, reading: Reading) -> None:
    if folder.has_dispute_file:
        _read_declared(folder, root, reading)
        return
    _report_fault(folder, reading, None)
    own = list(folder.files)
    below = [sub for sub in folder.folders if _is_party(sub)]
    if own or below:
        found = FoundDispute(
            Dispute(_inferred_name(folder), declared=False), visible(str(folder.path.resolve()))
        )
        _collect(folder, folder, found, reading, deep=False)
        if any(not file.declared.on_listing for file in found.files):
            reading.disputes.append(found)
        else:
            reading.skipped.extend(f"{found.dispute.id}/{name}" for name in found.skipped)
    else:
        reading.skipped.extend(visible(str(path)) for path in folder.skipped)
    for sub in folder.folders:
        if not _is_party(sub):
            _read_folder(sub, root, reading)


def _is_party(folder: Folder) -> bool:
    return bool(folder.parts) and party_of(folder.parts[-1]) is not None and not folder.has_dispute_file


def _inferred_name(folder: Folder) -> str:
    return visible("/".join(folder.parts)) or visible(folder.path.resolve().name) or "files"


def _read_declared(folder: Folder, root: Folder, reading: Reading) -> None:
    path = folder.path / DISPUTE_FILE
    shown = visible(str(path))
    notices: list[str] = []
    try:
        with open(opened_path(folder.real / DISPUTE_FILE), "rb") as file:  # noqa: PTH123 - a descriptor
            dispute = parse_dispute_file(file.read())
    except (DisputeFileError, OSError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        notices.append(_notice("unreadable_dispute", file=shown, reason=reason))
        dispute = Dispute(_inferred_name(folder), declared=False)
        reading.incomplete = True
    found = FoundDispute(dispute, visible(str(folder.path.resolve())), notices=notices)
    reading.notices.extend(notices)
    _collect(folder, folder, found, reading, deep=True)
    _join_declared(found)
    reading.disputes.append(found)
    _read_nested(folder, root, reading)


def _read_nested(folder: Folder, root: Folder, reading: Reading) -> None:
    """A dispute inside a dispute's folder is one of its own."""
    for sub in folder.folders:
        if sub.has_dispute_file:
            _read_declared(sub, root, reading)
        else:
            _read_nested(sub, root, reading)


def _collect(folder: Folder, top: Folder, found: FoundDispute, reading: Reading, *, deep: bool) -> None:
    _report_fault(folder, reading, found)
    inside = folder.parts[len(top.parts) :]
    parties = [party_of(part) for part in inside]
    party = next((one for one in parties if one in _PARTIES), None)
    on_listing = bool(parties) and parties[0] == LISTING
    if party is not None and folder.files and not {part.lower() for part in inside} & set(_PARTIES):
        _note_party(inside, party, found, reading)
    for leaf in folder.files:
        name = visible("/".join((*inside, leaf.name)))
        found.files.append(
            FoundFile(name, leaf.path, Declared(party, on_listing=on_listing), leaf.problem, leaf.detail)
        )
        if on_listing:
            found.skipped.append(name)
    found.skipped.extend(visible("/".join((*inside, path.name))) for path in folder.skipped)
    for sub in folder.folders:
        if sub.has_dispute_file:
            continue
        if deep or _is_party(sub) or inside:
            _collect(sub, top, found, reading, deep=deep)


def _notice(name: str, **params: Any) -> str:
    """The sentence ``notices.<name>``, in English as report.json keeps it."""
    return sentences_in(ENGLISH).text(f"notices.{name}", **params)


def _note_party(inside: tuple[str, ...], party: str, found: FoundDispute, reading: Reading) -> None:
    """Report how a folder was read whose name is not simply the party's."""
    folder = visible("/".join(inside))
    notice = _notice("party_folder", dispute=found.dispute.id, folder=folder, party=party)
    if notice not in reading.notices:
        reading.notices.append(notice)


def _report_fault(folder: Folder, reading: Reading, found: FoundDispute | None) -> None:
    if folder.fault is None:
        return
    sentence = _notice("unreadable_folder", folder=visible(str(folder.path)), reason=folder.fault)
    if sentence not in reading.notices:
        reading.notices.append(sentence)
    if found is not None and sentence not in found.notices:
        found.notices.append(sentence)
    reading.incomplete = True


def _join_declared(found: FoundDispute) -> None:
    by_name = {same_name(file.file): index for index, file in enumerate(found.files)}
    for entry in found.dispute.declared_evidence:
        index = by_name.get(_normal(entry.file))
        if index is not None:
            file = found.files[index]
            found.files[index] = replace(file, declared=entry.declared.over(file.declared))
            continue
        outside = PurePosixPath(entry.file).is_absolute() or ".." in PurePosixPath(entry.file).parts
        problem = (
            ("unsafe_path", "a path leading outside the folder")
            if outside
            else ("missing", "named in dispute.json")
        )
        found.files.append(FoundFile(visible(entry.file), None, entry.declared, *problem))


def _normal(name: str) -> str:
    return same_name(PurePosixPath(name.replace("\\", "/") if "/" not in name else name).as_posix())


def _add_listing(listing: Path, reading: Reading, excluded: frozenset[Path]) -> None:
    folder = walk(listing, excluded)
    gathered = FoundDispute(Dispute("listing", declared=False), visible(str(listing)))
    _collect(folder, folder, gathered, reading, deep=True)
    for found in reading.disputes:
        for file in gathered.files:
            name = f"{LISTING}/{file.file}"
            found.files.append(
                FoundFile(name, file.path, Declared(on_listing=True), file.problem, file.detail)
            )
            found.skipped.append(name)


def _make_names_unique(reading: Reading) -> None:
    """Make names unique: of two folders with one name, the later gets a suffix from its path."""
    taken: dict[str, FoundDispute] = {}
    for found in reading.disputes:
        if found.dispute.id in taken and not found.dispute.declared:
            found.dispute = renamed(found.dispute, found.origin)
        first = taken.setdefault(found.dispute.id, found)
        if first is not found:
            _merge(first, found, reading)
    reading.disputes = list(taken.values())


def _merge(first: FoundDispute, again: FoundDispute, reading: Reading) -> None:
    notice = _notice("same_dispute", first=first.origin, second=again.origin, dispute=first.dispute.id)
    reading.notices.append(notice)
    first.notices.extend([notice, *again.notices])
    first.skipped.extend(again.skipped)
    names = {file.file for file in first.files}
    prefix = PurePosixPath(again.origin).name
    for file in again.files:
        first.files.append(replace(file, file=f"{prefix}/{file.file}") if file.file in names else file)


def renamed(dispute: Dispute, origin: str) -> Dispute:
    """An inferred dispute under a name no other folder has."""
    suffix = hashlib.sha256(origin.encode()).hexdigest()[:6]
    return Dispute(f"{dispute.id}~{suffix}", dispute.tenant, declared=False)
