"""Faults planted for the table of trust in what a file states of itself, and in recorded sound."""

from __future__ import annotations

import io
import math
import wave
from collections.abc import Iterator
from random import Random

import numpy as np
from c2pa_signing import created, signed, signer
from origin_files import planted

from validators.checks.origin import COMPOSED, GENERATED

Named = tuple[str, bytes]
RATE = 8000
SECONDS = 4


def stated(random: Random, each: int) -> Iterator[tuple[str, Named]]:
    """(code, file) of writers' conventions, each in one of its formats."""
    every = list(planted())
    for code, says in (("PRV_GENERATED", GENERATED), ("PRV_COMPOSITE", COMPOSED)):
        chosen = [(kind, data) for writer, kind, data in every if writer.says == says]
        for kind, data in random.sample(chosen, min(each, len(chosen))):
            yield code, (f"picture.{kind.lower()}", data)


def manifests(photos: Iterator[bytes], random: Random, each: int) -> Iterator[tuple[str, Named]]:
    """(code, photo) signed by a stranger, and signed and changed afterwards."""
    stranger = signer("Stranger")
    for _ in range(each):
        whole = signed(next(photos), "image/jpeg", [created("digitalCapture")], stranger)
        yield "PRV_UNTRUSTED", ("photo.jpg", whole)
    for _ in range(each):
        whole = bytearray(signed(next(photos), "image/jpeg", [created("digitalCapture")]))
        at = len(whole) - random.randrange(400, 2000)
        whole[at] ^= 1
        yield "PRV_CHANGED", ("photo.jpg", bytes(whole))


def recordings(each: int) -> Iterator[tuple[str, Named]]:
    """(code, recording): of silence with a little noise, and of a voice far too loud."""
    for number in range(each):
        noise = np.random.default_rng(number).normal(0, 1, RATE * SECONDS)
        yield "AUD_SILENT", ("note.wav", _wav(noise * (number % 3)))
        at = np.arange(RATE * SECONDS) / RATE
        voice = np.sin(2 * math.pi * (180 + 10 * number) * at) * (1 + 0.5 * np.sin(2 * math.pi * 3 * at))
        yield "AUD_CLIPPED", ("note.wav", _wav(voice * 32767 * (2 + number % 4)))


def _wav(levels: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(RATE)
        sound.writeframes(np.clip(np.rint(levels), -32768, 32767).astype("<i2").tobytes())
    return buffer.getvalue()
