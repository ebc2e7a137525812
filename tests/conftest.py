"""Servers that any test may ask for: one of each kind in a test process."""

from __future__ import annotations

from servers import ministack, moto, postgres, s3

__all__ = ["ministack", "moto", "postgres", "s3"]
