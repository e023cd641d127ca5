"""What a text says of two of its concepts: features of each ordered pair, read by a small network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from spacy.language import Language

from kg.extract import models
from kg.extract.concepts import concepts
from kg.extract.context import NAMES, Context
from kg.extract.grouping import inner_capital
from kg.extract.roles import roles
from kg.extract.words import Words
from kg.vocab import RELATIONS, Relation

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from spacy.tokens import Doc

    from kg.extract.concepts import TextConcept
    from kg.extract.models import Floats, Weights
    from kg.extract.roles import Reading

_KEY: Final = "kg.relations"
MAX_CONCEPTS: Final = 40  # of a text, those with the highest scores, whose pairs are read
_PLACES: Final = 4  # of a concept, the places that pairs are made of
_GAPS: Final = (
    "for", "of", "in", "on", "with", "by", "to", "from", "and", "or", ",", "(", "such as", "than", "as", "using",
    "via", "based on", "is a", "is", "over", "through", "into", "including", "-based", "-", ":", "", "like",
)  # fmt: skip
_GAP: Final = {gap: index for index, gap in enumerate(_GAPS)}
_PAIR: Final = 10 + len(_GAPS) + 2 * len(NAMES)


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


@dataclass(frozen=True, slots=True)
class Pairs:
    """The ordered pairs of a text's concepts: numbers of subject and object, features, and a place each."""

    subjects: list[int]
    objects: list[int]
    rows: Floats
    places: list[int]


def pairs(context: Context, found: Sequence[TextConcept], readings: Sequence[Reading]) -> Pairs | None:
    """All ordered pairs of the text's best concepts, or None where there are fewer than two."""
    kept = sorted(sorted(range(len(found)), key=lambda i: (-found[i].score, i))[:MAX_CONCEPTS])
    if len(kept) < 2:
        return None
    single = np.array([_single(context, found[i], readings[i]) for i in kept])
    size = len(kept)
    joint = np.zeros((size, size, _PAIR))
    _fill_forms(joint, [found[i] for i in kept])
    places = _fill_places(joint, context, [found[i] for i in kept])
    left, right = np.nonzero(~np.eye(size, dtype=bool))
    rows = np.hstack([single[left], single[right], joint[left, right]])
    return Pairs(
        [kept[i] for i in left],
        [kept[j] for j in right],
        rows,
        [places.get((int(i), int(j)), found[kept[j]].places[0].start) for i, j in zip(left, right, strict=True)],
    )


def _single(context: Context, one: TextConcept, reading: Reading) -> list[float]:
    """What a concept brings to its pairs: type, role, standing."""
    title = context.sentences[1] if len(context.sentences) > 1 else 0
    return [
        *one.types,
        *reading.probabilities,
        one.score,
        one.places[0].start < title,
        one.places[0].start / (len(context.text) + 1),
        min(len(one.places), 6) / 6,
        inner_capital(one.name),
    ]


def _fill_forms(joint: Floats, found: Sequence[TextConcept]) -> None:
    """Features 0 to 3: the subject's name ends in the object's, begins with it, holds it; one head word."""
    keys = [each.group.key for each in found]
    heads = [Words.of(each.name).lows[-1:] for each in found]
    for i, key in enumerate(keys):
        for j, other in enumerate(keys):
            if i != j and other in key:
                joint[i, j, :3] = key.endswith(other), key.startswith(other), 1
            joint[i, j, 3] = heads[i] == heads[j]


def _fill_places(joint: Floats, context: Context, found: Sequence[TextConcept]) -> dict[tuple[int, int], int]:
    """The other features, of the sentence where the two stand nearest; and where that is."""
    nearest: dict[tuple[int, int], tuple[int, int, int]] = {}
    for _, in_sentence in _by_sentence(context, found):
        for index, (start, end, i) in enumerate(in_sentence):
            for start_2, end_2, j in in_sentence[index + 1 :]:
                if i != j:
                    joint[i, j, 4] += 1
                    joint[j, i, 4] += 1
                    distance = max(0, start_2 - end)
                    if distance < nearest.get((i, j), (1 << 30, 0, 0))[0]:
                        nearest[i, j] = (distance, end, start_2)
    for (i, j), (distance, end, start_2) in nearest.items():
        if distance <= nearest.get((j, i), (1 << 30, 0, 0))[0]:
            row = _between(context, distance, end, start_2)
            joint[i, j, 5:] = [1.0, *row]
            joint[j, i, 5:] = [0.0, *row]
    return {pair: end for pair, (_, end, _) in nearest.items()} | {
        (j, i): end for (i, j), (_, end, _) in nearest.items() if (j, i) not in nearest
    }


def _by_sentence(
    context: Context, found: Sequence[TextConcept]
) -> Iterator[tuple[int, list[tuple[int, int, int]]]]:
    """For each sentence the places in it, by begin: begin, end, concept."""
    sentences: dict[int, list[tuple[int, int, int]]] = {}
    for i, one in enumerate(found):
        for place in one.places[:_PLACES]:
            sentences.setdefault(context.sentence(place.start), []).append((place.start, place.end, i))
    for number, places in sorted(sentences.items()):
        yield number, sorted(places)


def _between(context: Context, distance: int, end: int, start: int) -> list[float]:
    """What stands between the two, and the cues that stand before both."""
    gap = " ".join(context.text[end:start].lower().split())
    row = [0.0] * (_PAIR - 6)
    row[0] = 1.0
    row[1] = 1 / (1 + distance / 20)
    row[2] = gap.count(",") / 3
    row[3] = context.sentence(end) == 0
    if gap in _GAP:
        row[4 + _GAP[gap]] = 1.0
    base = 4 + len(_GAPS)
    for kind in context.between(end, start):
        row[base + kind] = 1.0
    low, _ = context.bounds(context.sentence(end))
    for kind in context.between(low, end):
        row[base + len(NAMES) + kind] = 1.0
    return row


def read(
    context: Context, found: Sequence[TextConcept], readings: Sequence[Reading], weights: Weights
) -> list[TextRelation]:
    """The relations whose probability reaches the trained threshold of their kind, with calibrated scores."""
    both = pairs(context, found, readings)
    if both is None:
        return []
    scores = models.softmax(weights.relation.scores(both.rows))[:, 1:]
    right = weights.relation_curve(scores)
    chosen = [
        TextRelation(both.subjects[i], RELATIONS[k], both.objects[i], float(right[i, k]), both.places[i])
        for i, k in zip(*np.nonzero(scores >= weights.relation_limits), strict=True)
    ]
    return sorted(chosen, key=lambda each: (each.subject, each.object, str(each.relation)))


@Language.factory("kg_relations", requires=["doc.sents"], default_config={"weights": "default"})
class Relations:
    """Puts the relations between its concepts on the Doc."""

    def __init__(self, nlp: Language, name: str, weights: str) -> None:
        self.name = name
        self.weights = models.load(weights)

    def __call__(self, doc: Doc) -> Doc:
        context = Context.of(doc.text, [sentence.start_char for sentence in doc.sents])
        doc.user_data[_KEY] = read(context, concepts(doc), roles(doc), self.weights)
        return doc
