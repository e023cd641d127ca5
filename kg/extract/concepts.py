"""Concepts of one text: the accepted groups, each with its places, type and name."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from spacy.language import Language

from kg.extract import acceptance, priors
from kg.extract import weights as trained
from kg.extract.candidates import candidates, text_of
from kg.extract.grouping import Group, Place, group
from kg.extract.labels import labels
from kg.extract.models import logistic, softmax
from kg.extract.naming import name_of
from kg.extract.words import Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc

    from kg.extract.priors import Priors
    from kg.extract.weights import Weights
    from kg.vocab import ConceptType

_KEY: Final = "kg.concepts"
SPANS: Final = "concepts"
_OWN: Final = 0.5


@dataclass(slots=True)
class TextConcept:
    """A concept as one text has it: `score` is the probability that a careful reader would note it."""

    group: Group
    name: str
    types: tuple[float, ...]
    score: float
    places: list[Place]

    @property
    def type(self) -> ConceptType:
        return labels().types[int(np.argmax(self.types))]


def concepts(doc: Doc) -> list[TextConcept]:
    """The concepts that the component has put on a Doc, in the order of their first places."""
    found: list[TextConcept] = doc.user_data.get(_KEY, [])
    return found


class Judged(NamedTuple):
    """A group with the probability that it is a concept, and those of its types."""

    group: Group
    score: float
    types: tuple[float, ...]


def judge(text: str, groups: Sequence[Group], weights: Weights, priors: Priors) -> list[Judged]:
    """What the trained models say of each group."""
    if not groups:
        return []
    rows = acceptance.features(text, groups, priors)
    raw = logistic(weights.accept.scores(rows[:, : -acceptance.TYPE_ONLY])[:, 0])
    scores = weights.accept_curve(raw)
    types = softmax(weights.type.scores(rows) * weights.type_heat)
    return [
        Judged(one, float(p), tuple(map(float, row)))
        for one, p, row in zip(groups, scores, types, strict=True)
    ]


def kept(text: str, judged: Sequence[Judged], weights: Weights) -> list[Judged]:
    """The groups that are sure enough: a doubtful name is kept sooner than a doubtful term."""
    return [
        each
        for each in judged
        if each.score
        >= (weights.accept_limit_named if acceptance.is_name(text, each.group) else weights.accept_limit)
    ]


def resolve(text: str, accepted: Sequence[Judged]) -> list[TextConcept]:
    """The accepted groups as concepts: pieces of longer terms are dropped unless the source found them there
    in their own right, and groups that turn out to have one name are one.
    """
    spans = sorted((place.start, -place.end, place.end) for one, *_ in accepted for place in one.places)
    uncovered = _longest(spans)
    found: dict[str, TextConcept] = {}
    for one, score, types in accepted:
        free = [p for p in one.places if p.score >= _OWN or (p.start, p.end) in uncovered]
        places = free or [max(one.places, key=lambda p: (p.score, -p.start))]
        kind = labels().types[int(np.argmax(types))]
        new = TextConcept(one, name_of(text, one, places, kind), types, score, places)
        found[new.name] = _merged(found[new.name], new) if new.name in found else new
    return list(found.values())


def _merged(first: TextConcept, second: TextConcept) -> TextConcept:
    """One concept of two that have one name."""
    better = max(first, second, key=lambda each: each.score)
    whole = replace(better.group, candidates=[*first.group.candidates, *second.group.candidates])
    return replace(better, group=whole, places=sorted({*first.places, *second.places}))


def _longest(spans: Sequence[tuple[int, int, int]]) -> set[tuple[int, int]]:
    """The spans, sorted by begin and falling end, that lie in no longer one."""
    kept = set()
    reach = -1
    for start, _, end in spans:
        if end > reach:
            kept.add((start, end))
            reach = end
    return kept


def mean_types(one: Group) -> tuple[float, ...]:
    """Type probabilities over all of a group's candidates, each with the weight of its score."""
    weights = np.array([each.score for each in one.candidates])
    rows = np.array([each.types for each in one.candidates])
    mean = weights @ rows / weights.sum()
    return tuple(float(each) for each in mean)


@Language.factory("kg_concepts", default_config={"weights": "default", "accept": "trained"})
class Concepts:
    """Puts a text's concepts on its Doc: as records, and as the span group `concepts` for other readers.

    `weights` names the trained models; `accept` is `trained`, or `all` to keep every candidate.
    """

    def __init__(self, nlp: Language, name: str, weights: str, accept: str) -> None:
        self.name = name
        self.weights = trained.load(weights)
        self.accept_all = accept == "all"

    def __call__(self, doc: Doc) -> Doc:
        text = text_of(doc)
        groups = group(text, Words.of(text), candidates(doc))
        found = resolve(text, self._accepted(text, groups))
        doc.user_data[_KEY] = found
        spans = [
            doc.char_span(place.start, place.end, label=str(one.type), alignment_mode="expand")
            for one in found
            for place in one.places
        ]
        doc.spans[SPANS] = [each for each in spans if each is not None]
        return doc

    def _accepted(self, text: str, groups: list[Group]) -> list[Judged]:
        if self.accept_all:
            return [Judged(one, one.best.score, mean_types(one)) for one in groups]
        return kept(text, judge(text, groups, self.weights, priors.load()), self.weights)
