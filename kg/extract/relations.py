"""What a text says of two of its concepts, read from their pairs by a small network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from spacy.language import Language

from kg.extract import weights as trained
from kg.extract.concepts import concepts
from kg.extract.context import context
from kg.extract.labels import labels
from kg.extract.models import softmax
from kg.extract.pairs import pairs
from kg.extract.roles import roles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from spacy.tokens import Doc

    from kg.extract.concepts import TextConcept
    from kg.extract.context import Context
    from kg.extract.models import Floats
    from kg.extract.pairs import Pairs, Relate
    from kg.extract.roles import Reading
    from kg.extract.weights import Weights
    from kg.vocab import Relation

_KEY: Final = "kg.relations"


@dataclass(frozen=True, slots=True)
class TextRelation:
    """A relation that a text states: concepts by number, probability, and where (code points of a place)."""

    subject: int
    relation: Relation
    object: int
    score: float
    place: int


def relations(doc: Doc) -> list[TextRelation]:
    """The relations that the component has put on a Doc."""
    found: list[TextRelation] = doc.user_data.get(_KEY, [])
    return found


def strongest(both: Pairs, scores: Floats) -> Floats:
    """The scores [pairs, relations] with all but the highest of two concepts, either way round, put to 0:
    annotators state one relation of two concepts in 24 of 25 cases.
    """
    best: dict[tuple[int, int], tuple[float, int]] = {}
    tops = scores.max(axis=1)
    for row, (i, j) in enumerate(zip(both.subjects, both.objects, strict=True)):
        pair = (min(i, j), max(i, j))
        best[pair] = max(best.get(pair, (-1.0, 0)), (float(tops[row]), -row))
    rows = np.array([-row for _, row in best.values()])
    kept = np.zeros_like(scores)
    kept[rows, scores[rows].argmax(axis=1)] = tops[rows]
    return kept


def read(
    where: Context,
    found: Sequence[TextConcept],
    readings: Sequence[Reading],
    weights: Weights,
    relate: Relate | None = None,
) -> list[TextRelation]:
    """The relations whose probability reaches the trained threshold of their kind, with calibrated scores."""
    both = pairs(where, found, readings, relate)
    if both is None:
        return []
    scores = strongest(both, softmax(weights.relation.scores(both.rows))[:, 1:])
    right = weights.relation_curve(scores)
    chosen = [
        TextRelation(
            both.subjects[i], labels().relations[k], both.objects[i], float(right[i, k]), both.places[i]
        )
        for i, k in zip(*np.nonzero(scores >= weights.relation_limits), strict=True)
    ]
    return sorted(chosen, key=lambda each: (each.subject, each.object, str(each.relation)))


@Language.factory("kg_relations", requires=["doc.sents"], default_config={"weights": "default"})
class Relations:
    """Puts the relations between its concepts on the Doc."""

    def __init__(self, nlp: Language, name: str, weights: str) -> None:
        self.name = name
        self.weights = trained.load(weights)
        tagger: Any = nlp.get_pipe("kg_tagger") if nlp.has_pipe("kg_tagger") else None
        self.relate: Relate | None = tagger.tagger.relate if tagger else None

    def __call__(self, doc: Doc) -> Doc:
        doc.user_data[_KEY] = read(context(doc), concepts(doc), roles(doc), self.weights, self.relate)
        return doc
