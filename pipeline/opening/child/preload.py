"""Loads whole packages into the zygote: in a child no file can be opened, so nothing may be imported late."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable

_PACKAGES = ("encodings", "email", "xml.etree", "xml.parsers", "html", "exifread")
"""Those that decide by the file what to import next: Pillow's plug-ins are loaded by ``Image.init``."""

_NOT_HERE = {
    "encodings": {"mbcs", "oem", "cp65001"},  # of Windows
    "exifread": {"__main__", "cli"},
}


def preload(packages: Iterable[str] = _PACKAGES) -> None:
    """Import every module of some packages, and of their packages. A package that is not there raises ImportError."""
    for name in packages:
        _load(name)


def _load(name: str) -> None:
    package = importlib.import_module(name)
    for found in pkgutil.iter_modules(package.__path__):
        if found.name in _NOT_HERE.get(name, set()):
            continue
        whole = f"{name}.{found.name}"
        if found.ispkg:
            _load(whole)
        else:
            importlib.import_module(whole)
