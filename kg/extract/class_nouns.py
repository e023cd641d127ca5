"""Names without the class noun behind them: `Pythia` of `the Pythia model suite`, but `diffusion model`
whole.

The annotation guidelines leave out the class noun that follows a named artefact unless it is part of the
name. A tagger that is unsure where the name ends splits its probability over both spans; here they become one
again.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from kg.extract import statistics
from kg.extract.words import key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.extract.candidates import Candidate

CLASS_NOUNS: Final = frozenset(
    (
        "model",
        "models",
        "suite",
        "family",
        "series",
        "benchmark",
        "benchmarks",
        "dataset",
        "datasets",
        "corpus",
        "library",
        "toolkit",
        "framework",
        "architecture",
        "architectures",
        "algorithm",
        "algorithms",
    )
)
_KNOWN: Final = 2  # papers that give a term as a keyword: then its last word is part of it
_EPONYM: Final = 3  # given terms that hold a word: then it makes terms (Markov, Gaussian) and is no name
_MOST: Final = 0.999
_INNER: Final = re.compile(r".[A-Z0-9]")
_AFTER_END: Final = re.compile(r"(?:^|[.!?:\n])\s*$")


def without_class_nouns(text: str, found: Iterable[Candidate]) -> list[Candidate]:
    """The candidates, sorted by place, each name cut before its class noun; two of one place become one."""
    merged: dict[tuple[int, int], Candidate] = {}
    for each in found:
        cut = _cut(text, each)
        there = merged.get((cut.start, cut.end))
        merged[cut.start, cut.end] = cut if there is None else _sum(there, cut)
    return [merged[place] for place in sorted(merged)]


def _cut(text: str, each: Candidate) -> Candidate:
    words = text[each.start : each.end].split(" ")
    count = len(words)
    while count > 1 and words[count - 1].lower() in CLASS_NOUNS:
        count -= 1
    forms = (" ".join(words[:end]) for end in range(count + 1, len(words) + 1))
    if count == len(words) or not _is_name(text, each.start, words, count) or any(map(_is_term, forms)):
        return each
    return replace(each, end=each.start + len(" ".join(words[:count])))


def _sum(one: Candidate, other: Candidate) -> Candidate:
    """One candidate of two readings of a place: their probabilities exclude each other and add up."""
    surer = max(one, other, key=lambda each: each.score)
    return replace(surer, score=min(_MOST, one.score + other.score))


def _is_term(form: str) -> bool:
    return statistics.terms().get(key(form), statistics.NO_TERM).given >= _KNOWN


def _is_name(text: str, start: int, words: list[str], count: int) -> bool:
    """Whether the first words are a name: capitals that no sentence's begin and no eponym explains; an
    abbreviation before a plural (`QZX models`) is a kind of thing.
    """
    head, noun = words[:count], words[count]
    if noun.endswith("s") and noun != "series" and all(map(str.isupper, head)):
        return False
    plain = [word for word in head if not _INNER.search(word)]
    if any(not word[:1].isupper() or _makes_terms(word) for word in plain):
        return False
    return not (head[0] in plain and _AFTER_END.search(text, max(0, start - 3), start))


def _makes_terms(word: str) -> bool:
    known = statistics.words().get(word.lower(), statistics.NO_WORD)
    return known.inside >= _EPONYM or 5 * known.lower > known.texts > 0
