"""What an ambiguous name stands for in one paper that doesn't say, by the paper's other names.

`AR` next to visual odometry is augmented reality, next to language modeling autoregressive. The senses of an
abbreviation are those that papers define, those of any name what vocabularies say that it may stand for.
Naive Bayes over the names that stand in the same papers (smoothed by their share in the corpus), against the
possibility that it is none of the known senses.
"""

from __future__ import annotations

from functools import cache, partial
from math import exp, log
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.link.anchors import anchor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from kg.link.abbreviations import Abbreviations
    from kg.link.contexts import Contexts
    from kg.link.vocabulary import Vocabulary

SURE: Final = 0.9
_SMOOTHING: Final = 10.0
_UNKNOWN: Final = 0.2  # prior of a sense that no paper defines
_ONE: Final = 1  # papers that a vocabulary's word for a sense counts as
MIN_PAPERS: Final = 3


class Sense(NamedTuple):
    """What a name stands for in a paper: the key of its set, and how sure."""

    key: str
    score: float


def senses(ambiguous: Mapping[str, Mapping[str, int]], contexts: Contexts) -> dict[tuple[str, str], Sense]:
    """By (paper, key of the name): the sense, where one is nearly sure.

    `ambiguous` are names that linking has left by themselves, each with the papers that speak for each name
    (or anchor) that it may stand for.
    """
    found = {}
    for key, options in ambiguous.items():
        priors = {contexts.find(option): weight for option, weight in options.items()}
        weigh = cache(partial(speaks_for, contexts=contexts))  # papers have many concepts in common
        for paper_id in contexts.users(key):
            others = contexts.speaks(paper_id) - {contexts.find(key)}
            sense = likeliest(priors, sorted(others), weigh)
            if sense and sense.score >= SURE:
                found[paper_id, key] = sense
    return found


def ambiguous(
    keys: Iterable[str], abbreviations: Abbreviations, vocabulary: Vocabulary, contexts: Contexts
) -> dict[str, dict[str, int]]:
    """Those of some names that are a concept of their own, with the senses that enough papers speak of."""
    found = {}
    for key in keys:
        options = {sense.long: sense.papers for sense in abbreviations.senses(key)}
        there = {contexts.find(long) for long in options}
        for iri in (*vocabulary.names.get(key, ()), *vocabulary.candidates.get(key, ())):
            if (head := contexts.find(anchor(iri))) not in there:
                options[anchor(iri)] = _ONE
                there.add(head)
        known = {each: n for each, n in options.items() if _spoken_of(contexts.find(each), contexts)}
        if known and contexts.find(key) not in there:
            found[key] = known
    return found


def _spoken_of(head: str, contexts: Contexts) -> bool:
    return len(contexts.papers(head)) >= MIN_PAPERS


def likeliest(
    priors: Mapping[str, int], others: Iterable[str], weigh: Callable[[str, str], float]
) -> Sense | None:
    """The most probable sense with its probability; None where none of them is."""
    whole = sum(priors.values())
    logs = {"": log(_UNKNOWN)} | {key: log((1 - _UNKNOWN) * n / whole) for key, n in priors.items()}
    for other in others:
        for key in priors:
            logs[key] += weigh(key, other)
    top = max(logs.values())
    weights = {key: exp(value - top) for key, value in logs.items()}
    best = min(weights, key=lambda key: (-weights[key], key))
    return Sense(best, round(weights[best] / sum(weights.values()), 4)) if best else None


def speaks_for(sense: str, other: str, contexts: Contexts) -> float:
    """The logarithm of how much likelier another concept is in a paper that speaks of the sense than in
    any.
    """
    papers, beside = contexts.papers(sense), contexts.papers(other)
    share = len(beside) / contexts.total
    return log((len(papers & beside) + _SMOOTHING * share) / (len(papers) + _SMOOTHING) / share)
