"""How sure a link and a triple are, from extraction, linking and support."""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

# Precision of the public CS-KG gold set's statements: 0.36 with one supporting paper, 0.87 with ten or more
# (Dessi et al., CS-KG). The slope of the log-odds over the logarithm of the papers that joins the two.
SUPPORT: Final = (log(0.87 / 0.13) - log(0.36 / 0.64)) / log(10)
_LEAST: Final = 0.001


def paper_concept(extraction: float, identity: float) -> float:
    """Probability that a paper speaks of a concept: that the mention names one, times that it is this one.

    `extraction` is the best score of the paper's mentions of it, `identity` the link's (1 where a person
    decided). Support and a vocabulary hit have no term of their own: on the dev set they add nothing to the
    extraction's calibrated score (docs/linking.md has the figures).
    """
    return round(extraction * identity, 4)


def triple(scores: Sequence[float]) -> float:
    """Probability that a triple holds, from the scores of the statements that carry it, one for each paper.

    The mean score's log-odds, and `SUPPORT` times the logarithm of the number of papers.
    """
    mean = min(1 - _LEAST, max(_LEAST, sum(scores) / len(scores)))
    odds = log(mean / (1 - mean)) + SUPPORT * log(len(scores))
    return round(1 / (1 + exp(-odds)), 4)
