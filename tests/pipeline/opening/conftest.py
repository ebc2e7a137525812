"""The product's own opener in its jail."""

from __future__ import annotations

from jail.conftest import opener

__all__ = ["opener"]
