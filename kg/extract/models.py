"""Small trained models as arrays: made by `training/claims.py`, evaluated here with numpy alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Singles = NDArray[np.float32]

_PRODUCT: Final = 1 << 18  # multiplications in a matrix product up to which OpenBLAS keeps to one thread


@dataclass(frozen=True, slots=True)
class Forest:
    """Gradient-boosted trees of one depth: each leaf is reached by `depth` comparisons.

    `feature` and `threshold` are [trees, 2^depth - 1] in heap order, `leaf` [trees, 2^depth], `of` the class
    each tree votes for, `base` the classes' first scores.
    """

    feature: NDArray[np.int64]
    threshold: Floats
    leaf: Floats
    of: NDArray[np.int64]
    base: Floats

    @classmethod
    def stored(cls, arrays: Mapping[str, Any]) -> Forest:
        """The forest of a weights file, whose numbers are stored narrower than they are reckoned with."""
        wide = {"feature": np.int64, "threshold": np.float64, "leaf": np.float64}
        return cls(**{name: np.asarray(array, wide.get(name)) for name, array in arrays.items()})

    def scores(self, rows: Floats) -> Floats:
        """Raw scores [rows, classes] (log-odds where there is one class)."""
        trees, leaves = self.leaf.shape
        flat, feature, threshold = rows.ravel(), self.feature.ravel(), self.threshold.ravel()
        line = np.arange(len(rows), dtype=np.int64)[:, None] * rows.shape[1]
        first = np.arange(trees, dtype=np.int64) * (leaves - 1)
        node = np.zeros((len(rows), trees), dtype=np.int64)
        for _ in range(leaves.bit_length() - 1):
            place = node + first
            right = flat.take(line + feature.take(place)) > threshold.take(place)
            node = 2 * node + 1 + right
        values = self.leaf.ravel().take(node - (leaves - 1) + np.arange(trees) * leaves)
        onto = np.zeros((trees, len(self.base)))
        onto[np.arange(trees), self.of] = 1.0
        scores: Floats = self.base + values @ onto
        return scores


@dataclass(frozen=True, slots=True)
class Net:
    """Networks with one hidden layer (ReLU) over standardised features, side by side; their mean counts.

    `hidden` is [features, members * units], `out` [members * units, classes], in single precision.
    """

    mean: Singles
    scale: Singles
    hidden: Singles
    hidden_bias: Singles
    out: Singles
    out_bias: Singles

    def scores(self, rows: Floats) -> Floats:
        """Raw scores [rows, classes].

        A few rows at a time: larger products are shared among threads, which costs more than it saves.
        """
        standard = np.clip((rows.astype(np.float32) - self.mean) * self.scale, -5, 5)
        size = max(1, _PRODUCT // self.hidden.size)
        blocks = [standard[low : low + size] for low in range(0, len(standard), size)]
        layers = [np.maximum(block @ self.hidden + self.hidden_bias, 0) @ self.out for block in blocks]
        scores: Floats = (np.concatenate(layers) + self.out_bias).astype(np.float64)
        return scores


@dataclass(frozen=True, slots=True)
class Both:
    """Trees and networks that answer one question; their mean probability counts."""

    trees: Forest
    net: Net

    def scores(self, rows: Floats) -> Floats:
        """Log probabilities [rows, classes]."""
        scores: Floats = np.log((softmax(self.trees.scores(rows)) + softmax(self.net.scores(rows))) / 2)
        return scores


@dataclass(frozen=True, slots=True)
class Calibration:
    """A rising curve through points: raw probability to the share that was right (isotonic regression)."""

    raw: Floats
    right: Floats

    def __call__(self, raw: Floats) -> Floats:
        right: Floats = np.interp(raw, self.raw, self.right)
        return right


def softmax(scores: Floats) -> Floats:
    """Probabilities of scores [rows, classes]."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=1, keepdims=True)
    return shares


def logistic(scores: Floats) -> Floats:
    """Probabilities of log-odds."""
    return 1 / (1 + np.exp(-np.clip(scores, -50, 50)))
