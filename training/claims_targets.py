"""What the models over the candidates should say of the annotated texts: their targets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from training.claims_data import gold_forms, match, norm
from training.names import RELATIONS, ROLES, TYPES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kg.extract.concepts import TextConcept
    from kg.extract.pairs import Pairs
    from training.claims_data import Example

LABELS = list(RELATIONS)


def accept_targets(example: Example) -> np.ndarray:
    """1 for each group that is a gold concept (the better of two that are the same one)."""
    order = sorted(range(len(example.groups)), key=lambda i: -example.groups[i].best.score)
    matched = match(gold_forms(example), [_forms(example, example.groups[i].places) for i in order])
    y = np.zeros(len(order))
    y[[order[i] for i in matched]] = 1
    return y


def type_targets(example: Example) -> np.ndarray:
    """The gold type's number, or -1 for a group that isn't gold."""
    matched = match(gold_forms(example), [_forms(example, each.places) for each in example.groups])
    names = [TYPES.index(each["type"]) for each in example.gold["concepts"]]
    return np.array(
        [names[matched[i]] if i in matched else -1 for i in range(len(example.groups))], dtype=int
    )


def _forms(example: Example, places: Sequence[Any]) -> set[str]:
    return {norm(example.text[place.start : place.end]) for place in places}


def concept_targets(example: Example, found: Sequence[TextConcept]) -> dict[int, int]:
    """Found concept to gold concept, by number."""
    return match(gold_forms(example), [_forms(example, one.places) for one in found])


def role_targets(example: Example, found: Sequence[TextConcept]) -> np.ndarray:
    """The gold role's number, or -1 for a concept that isn't gold."""
    matched = concept_targets(example, found)
    names = [ROLES.index(each["role"]) for each in example.gold["concepts"]]
    return np.array([names[matched[i]] if i in matched else -1 for i in range(len(found))], dtype=int)


def relation_targets(example: Example, found: Sequence[TextConcept], pairs: Pairs | None) -> np.ndarray:
    """The gold relation's number plus one of each pair, 0 for none."""
    if pairs is None:
        return np.zeros(0, dtype=int)
    matched = concept_targets(example, found)
    number = {each["name"]: i for i, each in enumerate(example.gold["concepts"])}
    said = {(number[s], number[o]): LABELS.index(r) + 1 for s, r, o in example.gold["relations"]}
    ends = zip(pairs.subjects, pairs.objects, strict=True)
    return np.array([said.get((matched.get(i, -1), matched.get(j, -1)), 0) for i, j in ends])
