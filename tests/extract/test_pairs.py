"""Which pairs of a text's concepts are looked at for a relation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from kg.extract.candidates import Candidate, one_type
from kg.extract.concepts import TextConcept
from kg.extract.context import Context
from kg.extract.grouping import Group, Place
from kg.extract.pairs import pairs
from kg.extract.roles import Reading
from kg.vocab import RELATIONS, TYPES

if TYPE_CHECKING:
    from kg.extract.pairs import Relate

TEXT = "We train Adam with BERT and GPT."


def concept(name: str) -> TextConcept:
    start = TEXT.index(name)
    candidate = Candidate(start, start + len(name), 0.9, one_type(TYPES[0]), vector=np.ones(2, np.float32))
    place = Place(candidate.start, candidate.end, 0.9, "tagger")
    group = Group(name.lower(), [candidate], [place], {name})
    return TextConcept(group, name, candidate.types, 0.9, [place])


def looked_at(relate: Relate | None) -> list[tuple[int, int]]:
    found = [concept(name) for name in ("Adam", "BERT", "GPT")]
    reading = Reading((1 / 7,) * 7, 0, 0)
    both = pairs(Context.of(TEXT, [0]), found, [reading] * 3, relate)
    return list(zip(both.subjects, both.objects, strict=True)) if both else []


def saying(*likely: tuple[int, int]) -> Relate:
    shares = np.full((3, 3, len(RELATIONS)), 0.001)
    for pair in likely:
        shares[pair][-1] = 0.3
    return lambda vectors: shares


def test_without_a_tagger_all_ordered_pairs_are_looked_at() -> None:
    assert looked_at(None) == [(0, 1), (0, 2), (1, 0), (1, 2), (2, 0), (2, 1)]


def test_pairs_of_which_the_tagger_thinks_nothing_likely_are_left_out() -> None:
    assert looked_at(saying((0, 2), (2, 1), (1, 1))) == [(0, 2), (2, 1)]
    assert looked_at(saying()) == []
