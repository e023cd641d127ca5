"""What an ambiguous abbreviation stands for in one paper that doesn't define it, by the paper's other names.

`AR` next to visual odometry is augmented reality, next to language modeling autoregressive. Naive Bayes over
the names that stand in the same papers (smoothed by their share in the corpus), against the possibility that
it is none of the known senses.
"""

from __future__ import annotations

from math import exp, log
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from kg.link.abbreviations import Abbreviations
    from kg.link.contexts import Contexts
    from kg.link.names import Names

SURE: Final = 0.9
_SMOOTHING: Final = 10.0
_UNKNOWN: Final = 0.2  # prior of a sense that no paper defines
MIN_PAPERS: Final = 3


class Sense(NamedTuple):
    """What an abbreviation stands for in a paper: the key of the name, and how sure."""

    key: str
    score: float


def senses(ambiguous: Mapping[str, Mapping[str, int]], contexts: Contexts) -> dict[tuple[str, str], Sense]:
    """By (paper, key of the abbreviation): the sense, where one is nearly sure.

    `ambiguous` are abbreviations that linking has left by themselves, each with the papers that speak for
    each name that it may stand for.
    """
    found = {}
    for key, options in ambiguous.items():
        priors = {contexts.find(option): weight for option, weight in options.items()}
        for paper_id in contexts.users(key):
            others = contexts.speaks(paper_id) - {contexts.find(key)}
            sense = _best(priors, sorted(others), contexts)
            if sense and sense.score >= SURE:
                found[paper_id, key] = sense
    return found


def ambiguous(
    keys: Iterable[str], names: Names, abbreviations: Abbreviations, find: Callable[[str], str]
) -> dict[str, dict[str, int]]:
    """Those of some abbreviations that are a concept of their own, with the senses that names of the corpus
    have.
    """
    found = {}
    for key in keys:
        options = {
            sense.long: sense.papers
            for sense in abbreviations.senses(key)
            if (name := names.get(sense.long)) and name.papers >= MIN_PAPERS
        }
        if options and all(find(option) != find(key) for option in options):
            found[key] = options
    return found


def _best(priors: Mapping[str, int], others: Iterable[str], contexts: Contexts) -> Sense | None:
    """The most probable sense with its probability; None where none of them is."""
    whole = sum(priors.values())
    logs = {"": log(_UNKNOWN)} | {key: log((1 - _UNKNOWN) * n / whole) for key, n in priors.items()}
    for other in others:
        share = len(contexts.papers(other)) / contexts.total
        for key in priors:
            uses = len(contexts.papers(key))
            both = len(contexts.papers(key) & contexts.papers(other))
            logs[key] += log((both + _SMOOTHING * share) / (uses + _SMOOTHING) / share)
    top = max(logs.values())
    weights = {key: exp(value - top) for key, value in logs.items()}
    best = min(weights, key=lambda key: (-weights[key], key))
    return Sense(best, round(weights[best] / sum(weights.values()), 4)) if best else None
