"""Chats in 13 languages and their legacy encodings: read right, reported as uncertain, or wrong without a word.

./dev bench texts
"""

from __future__ import annotations

from collections import Counter

from text_chats import chats

from pipeline.opening.child.charset import decode_text

LENGTHS = {"1 to 3 lines": (1, 2, 3), "8 and 30 lines": (8, 30)}


def main() -> None:
    """Run and print."""
    print(
        "| chats of | tried | read right | of these reported | wrong, reported | wrong, silent |\n|---|---|---|---|---|---|"
    )
    for name, lengths in LENGTHS.items():
        counts: Counter[str] = Counter()
        for chat in chats(seed=11, lengths=lengths, each=6):
            found = decode_text(chat.data, whole=True)
            right = "right" if found.text == chat.text else "wrong"
            counts[right] += 1
            counts[f"{right} {'certain' if found.certain else 'reported'}"] += 1
        tried = counts["right"] + counts["wrong"]
        print(
            f"| {name} | {tried} | {counts['right']} | {counts['right reported']} "
            f"| {counts['wrong reported']} | {counts['wrong certain']} |"
        )


if __name__ == "__main__":
    main()
