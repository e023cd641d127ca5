"""Features of a group of candidates in its text and in corpora: is it a concept, and of which type?"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from kg.extract import statistics
from kg.extract.grouping import inner_capital
from kg.extract.words import Words
from kg.text import singular
from kg.vocab import TYPES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.extract.grouping import Group
    from kg.extract.models import Floats
    from kg.extract.priors import Priors

TYPE_ONLY: Final = 5 * len(TYPES) + 3
RISING: Final = {
    0: 1,
    1: 1,
    2: 1,
    3: 1,
    4: 1,
    5: -1,
}  # what the source said of being a concept, and the reverse
_TINY: Final = 1e-3
_LIKELY: Final = 0.5
_NEAR: Final = 6  # candidates looked at before and after a place
_WINDOW: Final = 40  # candidates that one is compared with, at most
_KIN: Final = 5
_DIGIT: Final = re.compile(r"\d")
_SENTENCE_ENDS: Final = tuple(".!?:\n")


def features(text: str, groups: Sequence[Group], priors: Priors) -> Floats:
    """One row a group, in their order; the last `TYPE_ONLY` columns are for the types alone."""
    title = text.find("\n")
    nesting = _nesting(groups)
    heads = _shared_heads(groups)
    kin = _kin(text, groups)
    rows = [
        [
            *_scores(each, title),
            *_shape(text, each, title),
            *nesting[i],
            heads[i],
            *kin[i],
            len(groups),
            *_known(each, text[each.best.start : each.best.end], priors),
        ]
        for i, each in enumerate(groups)
    ]
    return np.array(rows, dtype=float)


def _scores(one: Group, title: int) -> list[float]:
    """What the source of the candidates said."""
    scores = [each.score for each in one.candidates]
    best = one.best
    in_title = max((each.score for each in one.candidates if each.start < title), default=0.0)
    odds = sum(math.log((score + _TINY) / (1 - score + _TINY)) for score in scores)
    none = math.prod(1 - score for score in scores)
    return [
        max(scores),
        sum(scores) / len(scores),
        min(scores),
        in_title,
        odds,
        none,
        *best.types,
        *best.roles,
    ]


def _shape(text: str, one: Group, title: int) -> list[float]:
    """Where and how often it stands, and how it is written."""
    best = one.best
    form = text[best.start : best.end]
    count = len(one.places)
    titles = sum(place.start < title for place in one.places)
    return [
        count,
        len(one.candidates) / count,
        titles,
        titles == count,
        one.places[0].start / (len(text) + 1),
        form.count(" ") + form.count("-"),
        len(form),
        form.isupper(),
        inner_capital(form),
        form[:1].isupper(),
        _DIGIT.search(form) is not None,
        " " in form,
        "," in form or " and " in form,
        "(" in form,
        one.defined is not None,
        len(one.surfaces),
        text[best.start - 1 : best.start] in ("-", "/"),
        text[best.end : best.end + 1] in ("-", "/"),
    ]


def _known(one: Group, form: str, priors: Priors) -> list[float]:
    """What corpus and annotators say of the term, its words and its type."""
    term = statistics.terms().get(one.key, statistics.NO_TERM)
    lows = _lows(form)
    known = [statistics.words().get(low, statistics.NO_WORD) for low in lows]
    inside = [(each.inside + 0.5) / (each.texts + 5) for each in known]
    most = [max(column) for column in zip(*(each.types for each in one.candidates), strict=True)]
    return [
        math.log1p(term.given),
        math.log1p(term.texts),
        (term.given + 0.5) / (term.texts + 5),
        (term.titles + 0.5) / (term.texts + 5),
        math.log1p(known[-1].texts),
        min(math.log1p(each.texts) for each in known),
        (known[-1].last + 0.5) / (known[-1].texts + 5),
        min(inside),
        inside[0],
        min((each.lower + 0.5) / (each.texts + 1) for each in known),
        *priors.noted(one.key),
        *most,
        *priors.types(one.key, singular(lows[-1])),
    ]


def _nesting(groups: Sequence[Group]) -> list[list[float]]:
    """How each group's places lie to other groups' candidates: in longer ones, over shorter ones, across."""
    spans = sorted(
        (each.start, -each.end, each.score, i) for i, one in enumerate(groups) for each in one.candidates
    )
    longer: list[float] = [0.0] * len(groups)
    shorter, across = longer.copy(), longer.copy()
    for index, (_, minus_end, score, i) in enumerate(spans):
        for start_2, minus_end_2, score_2, j in spans[index + 1 : index + _WINDOW]:
            if start_2 >= -minus_end:
                break
            if i == j:
                continue
            if minus_end_2 >= minus_end:  # the second lies within the first
                longer[j], shorter[i] = max(longer[j], score), max(shorter[i], score_2)
            else:
                across[i], across[j] = max(across[i], score_2), max(across[j], score)
    covered = _covered(groups)
    return [list(row) for row in zip(longer, shorter, across, covered, strict=True)]


def _covered(groups: Sequence[Group]) -> list[float]:
    """The share of each group's places that lie within a likely longer candidate."""
    likely = sorted(
        (each.start, each.end) for one in groups for each in one.candidates if each.score > _LIKELY
    )
    shares = []
    for one in groups:
        inside = 0
        for start, end, *_ in one.places:
            place = bisect_right(likely, (start, end))
            near = likely[max(0, place - _NEAR) : place + _NEAR]
            inside += any(a <= start and end <= b and b - a > end - start for a, b in near)
        shares.append(inside / len(one.places))
    return shares


def _shared_heads(groups: Sequence[Group]) -> list[float]:
    """How many other groups end in the same word."""
    ends = Counter(each.key[-6:] for each in groups)
    return [ends[each.key[-6:]] - 1.0 for each in groups]


def is_name(text: str, one: Group) -> bool:
    """Whether a group's best place is written as a name: a capital within, one capitalised word, or several
    of which the first and last are capitalised in the midst of a sentence (`Code Llama`).
    """
    start = one.best.start
    form = text[start : one.best.end]
    if inner_capital(form) or not form[:1].isupper():
        return inner_capital(form)
    if " " not in form:
        return True
    inside = start > text.find("\n") and text[max(0, start - 3) : start].rstrip()[-1:] not in _SENTENCE_ENDS
    return inside and form.rpartition(" ")[2][:1].isupper()


def _kin(text: str, groups: Sequence[Group]) -> list[list[float]]:
    """How likely the likeliest other group is that has all of a group's words and more, only some of them,
    its last words, or its last word; and how many words the nearest likely one shares.

    A name has no kin: `Polyglot-Ko` is no second form of `Polyglot`.
    """
    words = [_terms(text[one.best.start : one.best.end]) for one in groups]
    scores = [one.best.score for one in groups]
    holders: dict[str, list[int]] = {}
    for i, each in enumerate(words):
        for word in dict.fromkeys(each):
            holders.setdefault(word, []).append(i)
    return [
        [0.0] * _KIN if is_name(text, one) else _relatives(i, words, scores, holders)
        for i, one in enumerate(groups)
    ]


def _relatives(
    i: int, words: Sequence[tuple[str, ...]], scores: Sequence[float], holders: dict[str, list[int]]
) -> list[float]:
    mine = words[i]
    own = set(mine)
    longer = shorter = tail = head = shared = 0.0
    for j in {j for word in mine for j in holders[word][:_WINDOW] if j != i}:
        theirs, score = words[j], scores[j]
        common = own & set(theirs)
        if len(common) == len(own) < len(theirs):
            longer = max(longer, score)
        if len(common) == len(theirs) < len(own):
            shorter = max(shorter, score)
            if mine[-len(theirs) :] == theirs:
                tail = max(tail, score)
        if mine[-1] == theirs[-1]:
            head = max(head, score)
        shared = max(shared, score * len(common) / len(own | set(theirs)))
    return [longer, shorter, tail, head, shared]


@lru_cache(maxsize=20_000)
def _lows(form: str) -> tuple[str, ...]:
    """A form's words in small letters, one at least."""
    return tuple(Words.of(form).lows) or ("",)


@lru_cache(maxsize=20_000)
def _terms(form: str) -> tuple[str, ...]:
    """A form's words in small letters, the last one in the singular."""
    *lows, last = _lows(form)
    return (*lows, singular(last))
