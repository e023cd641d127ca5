"""What the paper does with each of its concepts: features of the concept, its places and their sentences."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from spacy.language import Language

from kg.extract import weights as trained
from kg.extract.concepts import concepts
from kg.extract.context import context
from kg.extract.grouping import inner_capital
from kg.extract.labels import labels
from kg.extract.models import softmax
from kg.vocab import ROLES, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc

    from kg.extract.concepts import TextConcept
    from kg.extract.context import Context
    from kg.extract.grouping import Place
    from kg.extract.models import Floats
    from kg.extract.weights import Weights

_KEY: Final = "kg.roles"
_INTRODUCED: Final = 0.37  # half of the F1 reached, the threshold of the best F1 (Lipton and others, 2014)
_RANKS: Final = 5  # ranks that are told apart
_NEARLY: Final = 0.8  # of the strongest place's weight: a first mention is read with its context
_PLACES: Final = 4  # of a concept's places, those whose sentences are looked at


@dataclass(frozen=True, slots=True)
class Reading:
    """The role of a concept: all seven probabilities, and the place whose sentence says it best."""

    probabilities: tuple[float, ...]
    place: int
    best: int

    @property
    def role(self) -> Role:
        return labels().roles[self.best]


def roles(doc: Doc) -> list[Reading]:
    """The roles that the component has put on a Doc, in the order of its concepts."""
    found: list[Reading] = doc.user_data.get(_KEY, [])
    return found


def features(where: Context, found: Sequence[TextConcept]) -> Floats:
    """One row a concept, in their order."""
    counts = sorted(len(each.places) for each in found)
    named = sum(inner_capital(each.name) for each in found)
    rows = np.array(
        [
            [*_source(each), *_standing(where, each, counts), named, len(found), *_surroundings(where, each)]
            for each in found
        ],
        dtype=float,
    )
    return np.hstack([rows, _relative(rows[:, : len(ROLES)])])


def _relative(said: Floats) -> Floats:
    """How what the source says of a concept's roles stands to what it says of the text's other concepts."""
    rank = (np.sort(said, axis=0)[-_RANKS:][None] > said[:, None]).sum(axis=1)
    whole = np.broadcast_to(said.sum(axis=0), said.shape)
    return np.hstack([said / (said.max(axis=0) + 1e-6), rank, whole])


def _source(one: TextConcept) -> list[float]:
    """What the candidates' source said of role and type."""
    weights = np.array([each.score for each in one.group.candidates])
    rows = np.array([each.roles for each in one.group.candidates])
    mean = weights @ rows / weights.sum()
    return [*mean, *rows.max(axis=0), *one.types, one.score, float(weights.max())]


def _standing(where: Context, one: TextConcept, counts: Sequence[int]) -> list[float]:
    """Where the concept stands in the text and how its name is written."""
    title = where.title_end
    titles = sum(place.start < title for place in one.places)
    first = next((p.start for p in one.places if p.start >= title), 0)
    last = one.places[-1].start
    size = len(where.text) + 1
    sentences = {where.sentence(place.start) for place in one.places}
    return [
        titles > 0,
        one.places[0].start == 0,
        where.text[one.places[0].end : one.places[0].end + 1] == ":" and one.places[0].start == 0,
        first / size,
        last / size,
        math.log(len(one.places)),
        len(sentences),
        where.sentence(first),
        where.sentence(last) == len(where.sentences) - 1,
        len(where.sentences),
        one.group.defined is not None,
        inner_capital(one.name),
        one.name[:1].isupper(),
        len(one.name),
        len(counts) - bisect_right(counts, len(one.places)),
    ]


def _surroundings(where: Context, one: TextConcept) -> list[float]:
    """Cues about the concept's places outside the title: of the first, and the strongest of any."""
    places = _body(where, one)
    around = np.array([where.around(place.start, place.end) for place in places])
    return [*around[0], *around.max(axis=0)]


def _body(where: Context, one: TextConcept) -> Sequence[Place]:
    """The first places outside the title, or those in it where there are none."""
    title = where.title_end
    return [p for p in one.places if p.start >= title][:_PLACES] or one.places[:_PLACES]


def _evidence(where: Context, one: TextConcept, role: int) -> int:
    """The index of the place whose sentence says the role: the first outside the title whose candidate speaks
    for it nearly as strongly as any; one in the title, which says little, only where there is no other.
    """
    said = {(c.start, c.end): c.roles[role] * c.score for c in one.group.candidates}
    body = [i for i, place in enumerate(one.places) if place.start >= where.title_end]
    weights = {
        i: said.get((one.places[i].start, one.places[i].end), 0.0) for i in body or range(len(one.places))
    }
    enough = _NEARLY * max(weights.values())
    return next(i for i, weight in weights.items() if weight >= enough)


def read(where: Context, found: Sequence[TextConcept], weights: Weights) -> list[Reading]:
    """The role of each concept."""
    if not found:
        return []
    scores = weights.role.scores(features(where, found))
    probabilities = softmax(scores * weights.role_heat)
    readings = []
    for one, row in zip(found, probabilities, strict=True):
        best = choose(row, one.score)
        readings.append(Reading(tuple(map(float, row)), _evidence(where, one, best), best))
    return readings


def choose(probabilities: Floats, score: float) -> int:
    """The likeliest role; that the paper introduces a concept is only said where it is likely enough that
    there is such a concept and that this is its role.
    """
    introduces = labels().roles.index(Role.INTRODUCES)
    best = int(np.argmax(probabilities))
    if best == introduces and probabilities[best] * score < _INTRODUCED:
        best = int(np.argmax(np.where(np.arange(len(probabilities)) == introduces, 0, probabilities)))
    return best


@Language.factory("kg_roles", requires=["doc.sents"], default_config={"weights": "default"})
class Roles:
    """Puts the role of every concept on the Doc."""

    def __init__(self, nlp: Language, name: str, weights: str) -> None:
        self.name = name
        self.weights = trained.load(weights)

    def __call__(self, doc: Doc) -> Doc:
        doc.user_data[_KEY] = read(context(doc), concepts(doc), self.weights)
        return doc
