"""What an ambiguous abbreviation stands for in one paper that doesn't define it, by the paper's other names.

`AR` next to visual odometry is augmented reality, next to language modeling autoregressive. Naive Bayes over
the names that stand in the same papers (smoothed by their share in the corpus), against the possibility that
it is none of the known senses.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from math import exp, log
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from kg.link.abbreviations import Abbreviations
    from kg.link.usage import PaperUse, Usage

SURE: Final = 0.9
_SMOOTHING: Final = 10.0
_UNKNOWN: Final = 0.2  # prior of a sense that no paper defines
_MIN_PAPERS: Final = 3


class Sense(NamedTuple):
    """What an abbreviation stands for in a paper: the key of the name, and how sure."""

    key: str
    score: float


def senses(
    usage: Usage, abbreviations: Abbreviations, find: Callable[[str], str]
) -> dict[tuple[str, str], Sense]:
    """By (paper, key of the abbreviation): the sense, where one is nearly sure.

    Only for abbreviations that linking has left by themselves; `find` gives the concept of a name.
    """
    known = dict(_ambiguous(usage, abbreviations, find))
    wanted = {find(key) for options in known.values() for key in options}
    counts, total = _contexts(usage, find, wanted)
    found = {}
    for paper in usage.papers:
        for key in sorted(paper.types.keys() & known.keys()):
            priors = {find(option): weight for option, weight in known[key].items()}
            sense = _best(priors, _others(paper, key, find), counts, total, len(usage.papers))
            if sense and sense.score >= SURE:
                found[paper.paper_id, key] = sense
    return found


def _ambiguous(
    usage: Usage, abbreviations: Abbreviations, find: Callable[[str], str]
) -> Iterator[tuple[str, dict[str, int]]]:
    """Abbreviations that are a concept of their own, with the senses that names of the corpus have."""
    for key in sorted(usage.names):
        options = {
            sense.long: sense.papers
            for sense in abbreviations.senses(key)
            if sense.long in usage.names and usage.names[sense.long].papers >= _MIN_PAPERS
        }
        if options and all(find(option) != find(key) for option in options):
            yield key, options


def _contexts(
    usage: Usage, find: Callable[[str], str], wanted: set[str]
) -> tuple[dict[str, Counter[str]], Counter[str]]:
    """How often each wanted concept stands with each other one; and all concepts' papers."""
    together: defaultdict[str, Counter[str]] = defaultdict(Counter)
    total: Counter[str] = Counter()
    for paper in usage.papers if wanted else ():
        here = {find(key) for key in paper.types}
        total.update(here)
        for concept in here & wanted:
            together[concept].update(here)
    return together, total


def _others(paper: PaperUse, key: str, find: Callable[[str], str]) -> list[str]:
    return sorted({find(other) for other in paper.types} - {find(key)})


def _best(
    priors: dict[str, int],
    others: Iterable[str],
    together: dict[str, Counter[str]],
    total: Counter[str],
    papers: int,
) -> Sense | None:
    """The most probable sense with its probability; None where none of them is."""
    whole = sum(priors.values())
    logs = {"": log(_UNKNOWN)} | {key: log((1 - _UNKNOWN) * n / whole) for key, n in priors.items()}
    for other in others:
        share = total[other] / papers
        for key in priors:
            uses = together[key][key]
            logs[key] += log((together[key][other] + _SMOOTHING * share) / (uses + _SMOOTHING) / share)
    top = max(logs.values())
    weights = {key: exp(value - top) for key, value in logs.items()}
    best = min(weights, key=lambda key: (-weights[key], key))
    return Sense(best, round(weights[best] / sum(weights.values()), 4)) if best else None
