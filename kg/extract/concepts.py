"""Concepts of one text: the accepted groups, each with its places, type and name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from spacy.language import Language

from kg.extract import acceptance, models
from kg.extract.candidates import TYPES, candidates, text_of
from kg.extract.grouping import Group, Place, group
from kg.extract.models import logistic
from kg.extract.naming import name_of
from kg.extract.words import Words
from kg.vocab import ConceptType

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spacy.tokens import Doc

    from kg.extract.models import Floats, Weights

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
        return ConceptType(TYPES[int(np.argmax(self.types))])


def concepts(doc: Doc) -> list[TextConcept]:
    """The concepts that the component has put on a Doc, in the order of their first places."""
    found: list[TextConcept] = doc.user_data.get(_KEY, [])
    return found


def probabilities(text: str, groups: Sequence[Group], weights: Weights) -> Floats:
    """The calibrated probability of each group to be a concept."""
    if not groups:
        return np.zeros(0)
    raw = logistic(weights.accept.scores(acceptance.features(text, groups))[:, 0])
    return weights.accept_curve(raw)


def resolve(text: str, accepted: Sequence[tuple[Group, float]]) -> list[TextConcept]:
    """The accepted groups as concepts: pieces of longer terms are dropped unless the source found them there
    in their own right, and so are groups left without a place.
    """
    spans = sorted((place.start, -place.end, place.end) for one, _ in accepted for place in one.places)
    uncovered = _longest(spans)
    found: dict[str, TextConcept] = {}
    for one, score in accepted:
        free = [p for p in one.places if p.score >= _OWN or (p.start, p.end) in uncovered]
        places = free or [max(one.places, key=lambda p: (p.score, -p.start))]
        name = name_of(text, one, places)
        if name in found:
            _merge(found[name], one, score, places)
        else:
            found[name] = TextConcept(one, name, types_of(one), score, places)
    return list(found.values())


def _merge(into: TextConcept, one: Group, score: float, places: Sequence[Place]) -> None:
    """Add a group that turned out to have the same name."""
    into.group.candidates.extend(one.candidates)
    into.places = sorted({*into.places, *places})
    into.types = types_of(into.group)
    into.score = max(into.score, score)


def _longest(spans: Sequence[tuple[int, int, int]]) -> set[tuple[int, int]]:
    """The spans, sorted by begin and falling end, that lie in no longer one."""
    kept = set()
    reach = -1
    for start, _, end in spans:
        if end > reach:
            kept.add((start, end))
            reach = end
    return kept


def types_of(one: Group) -> tuple[float, ...]:
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
        self.weights = models.load(weights)
        self.accept_all = accept == "all"

    def __call__(self, doc: Doc) -> Doc:
        text = text_of(doc)
        groups = group(text, Words.of(text), candidates(doc))
        found = resolve(text, list(self._accepted(text, groups)))
        doc.user_data[_KEY] = found
        spans = [
            doc.char_span(place.start, place.end, label=str(one.type), alignment_mode="expand")
            for one in found
            for place in one.places
        ]
        doc.spans[SPANS] = [each for each in spans if each is not None]
        return doc

    def _accepted(self, text: str, groups: list[Group]) -> Iterator[tuple[Group, float]]:
        if self.accept_all:
            yield from ((one, one.best.score) for one in groups)
            return
        for one, score in zip(groups, probabilities(text, groups, self.weights), strict=True):
            if score >= self.weights.accept_limit:
                yield one, float(score)
