"""Modules that are imported when something of them is first used, so that ``evidence --help`` stays quick.

Type checkers see the real module::

    if TYPE_CHECKING:
        from pipeline.commands import run_check
    else:
        run_check = lazy("pipeline.commands.run_check")
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


class _LazyModule:
    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, name: str) -> Any:
        return getattr(import_module(self._name), name)


def lazy(name: str) -> Any:
    """The module ``name``, not yet imported."""
    return _LazyModule(name)
