"""How sure a triple is by all the papers that state it."""

from __future__ import annotations

from math import exp, fsum, log
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

# Precision of the public CS-KG gold set's statements: 0.36 with one supporting paper, 0.87 with ten or more
# (Dessi et al., CS-KG). The slope of the log-odds over the logarithm of the papers that joins the two.
SUPPORT: Final = (log(0.87 / 0.13) - log(0.36 / 0.64)) / log(10)
_LEAST: Final = 0.001


def triple(scores: Sequence[float]) -> float:
    """Probability that a triple holds, from the scores of the statements that carry it, one for each paper.

    The mean score's log-odds, and `SUPPORT` times the logarithm of the number of papers; of one paper, its
    score.
    """
    if len(scores) == 1:
        return scores[0]
    mean = min(1 - _LEAST, max(_LEAST, fsum(scores) / len(scores)))
    odds = log(mean / (1 - mean)) + SUPPORT * log(len(scores))
    return round(1 / (1 + exp(-odds)), 4)
