"""The keys of the console, as ``?`` shows them. static/console.js acts on the same list, which stands in every page."""

from __future__ import annotations

from typing import NamedTuple


class Key(NamedTuple):
    """A key, what it does, and on which pages: all of them, or those of a kind."""

    key: str
    does: str
    where: str


KEYS = (
    Key("?", "Show or hide this list", "everywhere"),
    Key("u", "Up: from an item to its case, from a case to the queue", "everywhere"),
    Key("j", "Next finding, thing that needs you, or dispute", "everywhere"),
    Key("k", "The one before", "everywhere"),
    Key("o", "Open the dispute or item you are at", "queue, case"),
    Key("/", "Search", "queue"),
    Key("n", "Next finding that waits for a decision", "case, item"),
    Key("a", "Agree with the finding", "case, item"),
    Key("d", "Disagree: write why, then press Enter", "case, item"),
    Key("s", "Seen: looked at, nothing to add", "case, item"),
    Key("w", "Accept the weak item as it is, or take that back", "case, item"),
    Key("e", "Ask for better evidence: the text is drafted", "case, item"),
    Key("c", "Compare with its match, else with the next item", "case, item"),
    Key("[", "Item before", "item"),
    Key("]", "Next item", "item"),
    Key("+", "Larger", "item, side by side"),
    Key("-", "Smaller", "item, side by side"),
    Key("0", "Whole picture", "item, side by side"),
    Key("r", "Turn by 90°", "item, side by side"),
    Key("1", "Of a match: slide an edge between the two", "side by side"),
    Key("2", "Of a match: show the two in turn; again: stop, and turn by hand", "side by side"),
    Key("3", "Of a match: show what differs", "side by side"),
    Key("x", "Swap the sides", "side by side"),
)
