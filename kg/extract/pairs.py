"""Features of each ordered pair of a text's concepts: what is read to say how the text relates them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from kg.extract.context import NAMES
from kg.extract.grouping import inner_capital
from kg.extract.words import Words
from kg.vocab import RELATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from kg.extract.concepts import TextConcept
    from kg.extract.context import Context
    from kg.extract.models import Floats
    from kg.extract.roles import Reading

    Relate = Callable[[Floats], Floats]

MAX_CONCEPTS: Final = 40  # of a text, those with the highest scores, whose pairs are read
_UNLIKELY: Final = math.log(0.02 / 0.98)  # the tagger's log-odds under which a pair isn't looked at
_LIKELY: Final = 0.4  # candidates with at least this score have a part in their concept's vector
_PLACES: Final = 4  # of a concept, the places that pairs are made of
_GAPS: Final = (
    "for", "of", "in", "on", "with", "by", "to", "from", "and", "or", ",", "(", "such as", "than", "as",
    "using", "via", "based on", "is a", "is", "over", "through", "into", "including", "-based", "-", ":", "",
    "like",
)  # fmt: skip
_GAP: Final = {gap: index for index, gap in enumerate(_GAPS)}
_PAIR: Final = 10 + len(_GAPS) + 2 * len(NAMES)


@dataclass(frozen=True, slots=True)
class Pairs:
    """The ordered pairs of a text's concepts: numbers of subject and object, features, and a place each."""

    subjects: list[int]
    objects: list[int]
    rows: Floats
    places: list[int]


def pairs(
    where: Context, found: Sequence[TextConcept], readings: Sequence[Reading], relate: Relate | None
) -> Pairs | None:
    """The ordered pairs of the text's best concepts, or None where there are none.

    `relate` is what the tagger says of concepts by their vectors (`Tagger.relate`), if there is a tagger:
    then pairs of which it thinks nothing likely are left out.
    """
    kept = sorted(sorted(range(len(found)), key=lambda i: (-found[i].score, i))[:MAX_CONCEPTS])
    if len(kept) < 2:
        return None
    single = np.array([_single(where, found[i], readings[i]) for i in kept])
    size = len(kept)
    said = _said([found[i] for i in kept], relate)
    left, right = np.nonzero((said.max(axis=2) > _UNLIKELY) & ~np.eye(size, dtype=bool))
    if not len(left):
        return None
    joint = np.zeros((size, size, _PAIR))
    _fill_forms(joint, [found[i] for i in kept])
    places = _fill_places(joint, where, [found[i] for i in kept])
    firsts = [_first(where, found[i]) for i in kept]
    opinions = np.concatenate([_against_others(said), said, said.transpose(1, 0, 2)], axis=2)
    rows = np.hstack([single[left], single[right], joint[left, right], opinions[left, right]])
    return Pairs(
        [kept[i] for i in left],
        [kept[j] for j in right],
        rows,
        [places.get(pair, firsts[pair[1]]) for pair in zip(left.tolist(), right.tolist(), strict=True)],
    )


def _first(where: Context, one: TextConcept) -> int:
    """Where a concept stands first outside the title, or in it where it stands nowhere else."""
    return next((each.start for each in one.places if each.start >= where.title_end), one.places[0].start)


def _said(found: Sequence[TextConcept], relate: Relate | None) -> Floats:
    """The tagger's log-odds of each relation, [concepts, concepts, relations]; 0 without a tagger."""
    if relate is None:
        return np.zeros((len(found), len(found), len(RELATIONS)))
    shares = np.clip(relate(np.array([_vector(each) for each in found], dtype=np.float32)), 1e-4, 1 - 1e-4)
    odds: Floats = np.log(shares / (1 - shares)).astype(float)
    return odds


def _against_others(said: Floats) -> Floats:
    """How far each log-odds of a pair lies under the highest of its subject and of its object: a data set is
    mostly said to measure one of a text's models. [concepts, concepts, 2 * relations]
    """
    apart = np.where(np.eye(len(said), dtype=bool)[:, :, None], said.min(), said)
    return np.concatenate(
        [said - apart.max(axis=1, keepdims=True), said - apart.max(axis=0, keepdims=True)], axis=2
    )


def _vector(one: TextConcept) -> Floats:
    """The mean of the vectors of a concept's likely candidates, or of all where none is likely."""
    vectors = [(each.score, each.vector) for each in one.group.candidates if each.vector is not None]
    likely = [vector for score, vector in vectors if score >= _LIKELY]
    mean: Floats = np.mean(likely or [vector for _, vector in vectors], axis=0, dtype=float)
    return mean


def _single(where: Context, one: TextConcept, reading: Reading) -> list[float]:
    """What a concept brings to its pairs: type, role, standing."""
    title = where.title_end
    return [
        *one.types,
        *reading.probabilities,
        one.score,
        one.places[0].start < title,
        one.places[0].start / (len(where.text) + 1),
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


def _fill_places(joint: Floats, where: Context, found: Sequence[TextConcept]) -> dict[tuple[int, int], int]:
    """The other features, of the sentence where the two stand nearest; and where that is."""
    nearest: dict[tuple[int, int], tuple[int, int, int]] = {}
    for _, in_sentence in _by_sentence(where, found):
        for index, (_, end, i) in enumerate(in_sentence):
            for start_2, _, j in in_sentence[index + 1 :]:
                if i != j:
                    joint[i, j, 4] += 1
                    joint[j, i, 4] += 1
                    distance = max(0, start_2 - end)
                    if distance < nearest.get((i, j), (1 << 30, 0, 0))[0]:
                        nearest[i, j] = (distance, end, start_2)
    for (i, j), (distance, end, start_2) in nearest.items():
        if distance <= nearest.get((j, i), (1 << 30, 0, 0))[0]:
            row = _between(where, distance, end, start_2)
            joint[i, j, 5:] = [1.0, *row]
            joint[j, i, 5:] = [0.0, *row]
    return {pair: end for pair, (_, end, _) in nearest.items()} | {
        (j, i): end for (i, j), (_, end, _) in nearest.items() if (j, i) not in nearest
    }


def _by_sentence(
    where: Context, found: Sequence[TextConcept]
) -> Iterator[tuple[int, list[tuple[int, int, int]]]]:
    """For each sentence the places in it, by begin: begin, end, concept."""
    sentences: dict[int, list[tuple[int, int, int]]] = {}
    for i, one in enumerate(found):
        for place in one.places[:_PLACES]:
            sentences.setdefault(where.sentence(place.start), []).append((place.start, place.end, i))
    for number, places in sorted(sentences.items()):
        yield number, sorted(places)


def _between(where: Context, distance: int, end: int, start: int) -> list[float]:
    """What stands between the two, and the cues that stand before both."""
    gap = " ".join(where.text[end:start].lower().split())
    row = [0.0] * (_PAIR - 6)
    row[0] = 1.0
    row[1] = 1 / (1 + distance / 20)
    row[2] = gap.count(",") / 3
    row[3] = where.sentence(end) == 0
    if gap in _GAP:
        row[4 + _GAP[gap]] = 1.0
    base = 4 + len(_GAPS)
    for kind in where.between(end, start):
        row[base + kind] = 1.0
    low, _ = where.bounds(where.sentence(end))
    for kind in where.between(low, end):
        row[base + len(NAMES) + kind] = 1.0
    return row
