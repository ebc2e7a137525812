"""The one change of tone and tint that takes a picture's colours to another's, as filters, cameras and chat apps make it.

Each channel becomes a gentle curve of a mixture of itself and of grey: gain, brightness, contrast, white balance, fading,
greying and sepia are of this kind. A red print that became green is not: white stays white and black stays black.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from validators.measures.image.tiles import Floats

__all__ = ["Tint", "chroma", "fit_tint"]

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)
_SATURATION = np.array([0.0, 0.2, 0.4, 0.6, 0.8, 1.0, 1.25, 1.6, 2.0], np.float32)
"""What is left of the colours: 0 is grey, above 1 they are stronger."""
_LOWEST = np.array([0.5, -0.6, -40.0], np.float32)  # gain, bend, levels added: what a filter does at most
_HIGHEST = np.array([2.0, 0.6, 40.0], np.float32)
_GREY = np.linspace(0, 255, 9, dtype=np.float32)
_GREYS = np.stack([_GREY, _GREY * (255.0 - _GREY) / 255.0, np.ones_like(_GREY)], axis=-1)
_MOST_COLOUR = 12.0 + 48.0 * _GREY / 255.0
"""Levels by which a channel of a grey may come to lie off the others: sepia's 29 in the middle, a warm filter's 51 in white.
Shadows keep near black. More would colour red print green."""
_ROUNDS = 4  # of weighting down what does not fit
_SWEEPS = 30  # of coordinate descent
_BLACK, _WHITE = 3.0, 252.0  # levels at which tones are cut off
_CLOSE = 6.0  # levels off within which all points weigh the same
_MOST = 3000  # points


@dataclass(frozen=True, slots=True)
class Tint:
    """``left``: levels that it leaves in the mean, where it was fitted."""

    saturation: float
    factors: Floats
    left: float

    def of(self, colours: Floats) -> Floats:
        """(n, 3) RGB colours, 0..255, with this tint."""
        terms = _terms(colours, np.array([self.saturation], np.float32))[0]
        return np.asarray(np.clip(np.einsum("nck,ck->nc", terms, self.factors), 0, 255), np.float32)


def fit_tint(given: Floats, wanted: Floats) -> Tint:
    """The tint that brings most of (n, 3) ``given`` RGB, 0..255, nearest to ``wanted``.

    What does not fit weighs little, so an overlay or a painted stain does not bend the tint.
    """
    chosen = np.linspace(0, len(given) - 1, min(len(given), _MOST)).astype(np.intp)
    terms, target = _terms(given[chosen]), wanted[chosen]
    factors = np.tile(np.array([1.0, 0.0, 0.0], np.float32), (len(_SATURATION), 3, 1))
    weights = np.ones((len(_SATURATION), len(chosen)), np.float32)
    off, aims = weights, np.broadcast_to(target, terms.shape[:3])
    for _ in range(_ROUNDS):
        factors = _fitted(terms, aims, weights, factors)
        made = np.einsum("snck,sck->snc", terms, factors)
        # What was cut off at white or black may have been anything beyond.
        beyond = ((target >= _WHITE) & (made > target)) | ((target <= _BLACK) & (made < target))
        aims = np.where(beyond, made, target)
        off = np.abs(made - aims).max(axis=2)
        weights = (1.0 / np.maximum(off, _CLOSE)).astype(np.float32)
    left = np.minimum(off, 10 * _CLOSE).mean(axis=1)
    best = int(left.argmin())
    return Tint(float(_SATURATION[best]), factors[best], float(left[best]))


def chroma(colours: Floats) -> Floats:
    """(n,): how far (n, 3) colours, or differences of colours, lie off grey."""
    off = colours - (colours @ _LUMA)[:, None]
    return np.asarray(np.sqrt((off * off).sum(axis=1)), np.float32)


def _terms(colours: Floats, saturation: Floats = _SATURATION) -> Floats:
    """(saturations, n, 3, 3): of each faded colour itself, its bend towards the middle tones, and 1."""
    grey = (colours @ _LUMA)[:, None]
    faded = grey[None] + saturation[:, None, None] * (colours - grey)[None]
    return np.stack([faded, faded * (255.0 - faded) / 255.0, np.ones_like(faded)], axis=-1).astype(np.float32)


def _fitted(terms: Floats, target: Floats, weights: Floats, factors: Floats) -> Floats:
    """Weighted least squares within the bounds, for every saturation and channel at once."""
    weighted = terms * weights[:, :, None, None]
    squares = np.einsum("snck,sncl->sckl", weighted, terms)
    products = np.einsum("snck,snc->sck", weighted, target)
    found = factors.copy()
    for _ in range(_SWEEPS):
        for k in range(found.shape[-1]):
            others = (squares[..., k, :] * found).sum(axis=-1) - squares[..., k, k] * found[..., k]
            best = (products[..., k] - others) / np.maximum(squares[..., k, k], 1e-6)
            found[..., k] = np.clip(best, _LOWEST[k], _HIGHEST[k])
    return _held(found)


def _held(factors: Floats) -> Floats:
    """The factors with channels drawn together where they would colour a grey more than tints do."""
    common = factors.mean(axis=1, keepdims=True)
    apart = factors - common
    colour = np.abs(np.einsum("vk,sck->svc", _GREYS, apart)).max(axis=2)
    held = (_MOST_COLOUR / np.maximum(colour, _MOST_COLOUR)).min(axis=1)
    return np.asarray(common + apart * held[:, None, None], np.float32)
