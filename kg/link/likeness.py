"""How alike the company is that two names keep: which other concepts stand in the papers that use them.

Not among the features that are weighed, for it changes with every paper of the corpus and two things of one
kind keep the same company (`GPT-3`, `GPT-4`). It is shown in an explanation, and decides in senses.py what an
ambiguous name stands for in one paper.
"""

from __future__ import annotations

from collections import Counter
from math import fsum, log, sqrt
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from kg.link.contexts import Contexts

_SHOWN: Final = 5  # concepts that are named
_MOST: Final = 500  # papers of a name that are looked at


class Beside(NamedTuple):
    """A concept in the company of both names: the key of its set, and in how many papers with each."""

    key: str
    left: int
    right: int


class Likeness(NamedTuple):
    """The cosine of two names' company, 0 to 1, and the concepts that make most of it."""

    value: float
    beside: tuple[Beside, ...]


def likeness(left: str, right: str, contexts: Contexts) -> Likeness:
    """Compare the company of two names (by key), each concept weighed by its share of a name's papers and the
    logarithm of how rare it is; their own concepts are left out, and papers that use both.
    """
    users = [contexts.users(left), contexts.users(right)]
    both = {*users[0]} & {*users[1]}
    own = {contexts.find(left), contexts.find(right)}
    counts = [_company([paper for paper in each if paper not in both], own, contexts) for each in users]
    weights = [_weights(count, contexts) for count in counts]
    shared = {key: weights[0][key] * weights[1][key] for key in weights[0].keys() & weights[1].keys()}
    length = sqrt(_square(weights[0]) * _square(weights[1]))
    top = sorted(shared, key=lambda key: (-shared[key], key))[:_SHOWN]
    beside = tuple(Beside(key, counts[0][key], counts[1][key]) for key in top if shared[key] > 0)
    return Likeness(round(fsum(shared.values()) / length, 4) if length else 0.0, beside)


def _company(papers: Iterable[str], own: set[str], contexts: Contexts) -> Counter[str]:
    found: Counter[str] = Counter()
    for paper in list(papers)[:_MOST]:
        found.update(contexts.speaks(paper) - own)
    return found


def _weights(counts: Mapping[str, int], contexts: Contexts) -> dict[str, float]:
    return {key: n * log(contexts.total / len(contexts.papers(key))) for key, n in counts.items()}


def _square(weights: Mapping[str, float]) -> float:
    return fsum(weight * weight for weight in weights.values())
