"""Servers and the browser that any test may ask for: one of each kind in a test process."""

from __future__ import annotations

from browsers import browser
from servers import ministack, moto, postgres, s3

__all__ = ["browser", "ministack", "moto", "postgres", "s3"]
