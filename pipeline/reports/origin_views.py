"""The signed history of an item in one line."""

from __future__ import annotations

from validators.report import C2pa
from validators.sentences.labels import Labels

_CREATED, _OPENED = "c2pa.created", "c2pa.opened"
_ARROW = " → "
_MOST = 8


def chain(signed: C2pa | None, labels: Labels) -> str:
    """ "Made by Pixel Camera → edited with Photoshop": each tool once in a row, the last ones where there are many."""
    steps: list[tuple[str, str]] = []
    for action in signed.actions if signed is not None else ():
        step = ("made" if action.action == _CREATED else "edited", action.tool)
        if step not in steps[-1:] and not (
            action.action == _OPENED and step[1] in [tool for _, tool in steps[-1:]]
        ):
            steps.append(step)
    told = _ARROW.join(labels.text(f"pages.origin.{kind}", tool=tool) for kind, tool in steps[-_MOST:])
    return told[:1].upper() + told[1:]
