"""What to show of a graph that is too large to show: its most important nodes, and the links that matter."""

from __future__ import annotations

import numpy as np


def representatives(importance: np.ndarray, member: np.ndarray, limit: int) -> np.ndarray:
    """Indices of at most `limit` nodes, sorted: from each community its most important ones, in proportion to
    its size.
    """
    if len(importance) <= limit:
        return np.arange(len(importance))
    order = np.lexsort((np.arange(len(member)), -importance.round(12), member))
    first = np.searchsorted(member[order], member[order])
    size = np.bincount(member - member.min())[member[order] - member.min()]
    quantile = (np.arange(len(order)) - first + 0.5) / size
    return np.sort(order[np.lexsort((order, quantile.round(12)))[:limit]])


def significance(left: np.ndarray, right: np.ndarray, weight: np.ndarray, n: int) -> np.ndarray:
    """How likely each link's weight, or more, is at the end where it is least likely, were a node's strength
    spread at random over its links: the disparity filter.

    p = (1 - w/s)^(k-1) for a node with k links of strength s in all; a node with one link says nothing (p =
    1). Serrano, Boguna and Vespignani (2009), Extracting the multiscale backbone of complex weighted
    networks, PNAS 106(16), equation 2.
    """
    ends = np.concatenate((left, right))
    both = np.concatenate((weight, weight))
    degree, strength = np.bincount(ends, minlength=n), np.bincount(ends, both, minlength=n)
    share = both / np.maximum(strength[ends], 1e-12)
    p = np.where(degree[ends] > 1, np.maximum(1 - share, 0) ** (degree[ends] - 1), 1.0)
    return np.asarray(np.minimum(p[: len(left)], p[len(left) :]))
