"""Which nodes matter: PageRank."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

DAMPING: Final = 0.85
TOLERANCE: Final = 1e-9
MAX_STEPS: Final = 200


def pagerank(links: Any) -> np.ndarray:
    """The share of a random reader's time at each node of a symmetric weight matrix; sums to 1.

    Brin and Page (1998), The anatomy of a large-scale hypertextual Web search engine, with a jump to any node
    with probability 0.15; power iteration until less than 1e-9 of the whole changes.
    """
    n = links.shape[0]
    if not n:
        return np.empty(0)
    out = np.asarray(links.sum(axis=1))
    share = np.divide(1.0, out, out=np.zeros(n), where=out > 0)
    rank = np.full(n, 1 / n)
    for _ in range(MAX_STEPS):
        stranded = rank[out == 0].sum()
        before, rank = rank, DAMPING * (links @ (rank * share) + stranded / n) + (1 - DAMPING) / n
        if np.abs(before - rank).sum() < TOLERANCE:
            break
    return np.asarray(rank)
