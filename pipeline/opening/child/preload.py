"""Loads whole packages into the zygote. A child can open no file, so nothing can be imported late."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterable

_PACKAGES = ("encodings", "email", "xml.etree", "xml.parsers", "html", "exifread")
"""Packages that choose by the file what to import next. Pillow's plug-ins are loaded by ``Image.init``."""

_NOT_HERE = {
    "encodings": {"mbcs", "oem", "cp65001"},  # of Windows
    "exifread": {"__main__", "cli"},
}


def preload(packages: Iterable[str] = _PACKAGES) -> None:
    """Import every module of some packages and of their subpackages. Raises ImportError for one that is not installed."""
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
