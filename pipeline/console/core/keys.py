"""The keys of the console, as ``?`` shows them. static/console.js acts on the same list, which every page holds."""

from __future__ import annotations

from typing import NamedTuple


class Key(NamedTuple):
    """A key, what it does, and on which pages: all of them, or those of a kind. The words are ``pages.keys.<name>``."""

    key: str
    does: str
    where: str


KEYS = (
    Key("?", "help", "everywhere"),
    Key("u", "up", "everywhere"),
    Key("j", "next", "everywhere"),
    Key("k", "previous", "everywhere"),
    Key("o", "open", "on_queue_case"),
    Key("/", "search", "on_queue"),
    Key("n", "next_undecided", "on_case_item"),
    Key("g", "next_case", "on_case"),
    Key("a", "agree", "on_case_item"),
    Key("d", "disagree", "on_case_item"),
    Key("s", "seen", "on_case_item"),
    Key("w", "accept", "on_case_item"),
    Key("e", "ask", "on_case_item"),
    Key("c", "compare", "on_case_item"),
    Key("[", "previous_item", "on_item"),
    Key("]", "next_item", "on_item"),
    Key("+", "larger", "on_item_compare"),
    Key("-", "smaller", "on_item_compare"),
    Key("0", "whole", "on_item_compare"),
    Key("r", "turn", "on_item_compare"),
    Key("1", "slide", "on_compare"),
    Key("2", "blink", "on_compare"),
    Key("3", "differences", "on_compare"),
    Key("x", "swap", "on_compare"),
)
