"""Servers whose own S3 tells their own SQS of uploads."""

from __future__ import annotations

from servers import ministack, moto

__all__ = ["ministack", "moto"]
