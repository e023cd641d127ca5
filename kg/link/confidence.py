"""How sure a triple is by all the papers that state it."""

from __future__ import annotations

import json
from math import exp, fsum, log
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.vocab import RELATIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.store import Store

    Triple = tuple[str, str, str]  # subject, predicate, object

# Precision of the public CS-KG gold set's statements: 0.36 with one supporting paper, 0.87 with ten or more
# (Dessi et al., CS-KG). The slope of the log-odds over the logarithm of the papers that joins the two.
SUPPORT: Final = (log(0.87 / 0.13) - log(0.36 / 0.64)) / log(10)
_LEAST: Final = 0.001
_RELATIONS: Final = ", ".join(f"'{relation}'" for relation in RELATIONS)
_SHARED: Final = """
    SELECT subject, predicate, object, json_group_array(best) FROM (
        SELECT subject, predicate, object, max(score) AS best FROM statements
        WHERE {} GROUP BY subject, predicate, object, paper_id
    ) GROUP BY subject, predicate, object HAVING count(*) > 1"""
_ALL: Final = _SHARED.format(f"predicate IN ({_RELATIONS})")
_ABOUT: Final = _SHARED.format(f"predicate IN ({_RELATIONS}) AND subject IN (SELECT value FROM json_each(?))")


class Support(NamedTuple):
    """How many papers state a triple, and how sure it is by all of them."""

    papers: int
    confidence: float


def shared(store: Store, about: Iterable[Triple] | None = None) -> dict[Triple, Support]:
    """The support of the triples of two concepts that several papers state, all or those asked about."""
    wanted = None if about is None else set(about)
    if wanted is None:
        rows = store.query(_ALL)
    else:  # by their subjects: asked one by one, a triple of two common concepts takes long each time
        rows = store.query(_ABOUT, (json.dumps(sorted({subject for subject, _, _ in wanted})),))
    found = {}
    for subject, predicate, object_, best in rows:
        if wanted is None or (subject, predicate, object_) in wanted:
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
