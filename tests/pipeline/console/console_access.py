"""Two ways to set up access: a console on one's own machine, and one behind a proxy with links."""

from __future__ import annotations

from pipeline.console.access.access_settings import AccessSettings

HERE = "http://127.0.0.1:8765"
THERE = "https://console.example"
KEY = b"k" * 32
LOCAL = AccessSettings(True, "ann", "default", frozenset({"localhost", "127.0.0.1", "::1"}))
REMOTE = AccessSettings(
    False, "", "default", frozenset({"console.example"}), frozenset({"10.0.0.5"}), operators=frozenset({"olga"}),
    link_key=KEY,
)  # fmt: skip
