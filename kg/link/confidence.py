"""How sure a triple is by all the papers that state it."""

from __future__ import annotations

import json
from math import exp, fsum, log
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.vocab import RELATIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.store import Store

# Precision of the public CS-KG gold set's statements: 0.36 with one supporting paper, 0.87 with ten or more
# (Dessi et al., CS-KG). The slope of the log-odds over the logarithm of the papers that joins the two.
SUPPORT: Final = (log(0.87 / 0.13) - log(0.36 / 0.64)) / log(10)
_LEAST: Final = 0.001
_RELATIONS: Final = ", ".join(f"'{relation}'" for relation in RELATIONS)
_SHARED: Final = f"""
    SELECT subject, predicate, object, json_group_array(best) FROM (
        SELECT subject, predicate, object, max(score) AS best FROM statements
        WHERE predicate IN ({_RELATIONS}) GROUP BY subject, predicate, object, paper_id
    ) GROUP BY subject, predicate, object HAVING count(*) > 1"""


class Support(NamedTuple):
    """How many papers state a triple, and how sure it is by all of them."""

    papers: int
    confidence: float


def shared(store: Store) -> dict[tuple[str, str, str], Support]:
    """The support of each triple of two concepts that several papers state."""
    found = {}
    for subject, predicate, object_, best in store.query(_SHARED):
        scores = json.loads(best)
        found[subject, predicate, object_] = Support(len(scores), triple(scores))
    return found


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
