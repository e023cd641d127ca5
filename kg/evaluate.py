"""Measuring extracted concepts against annotated ones, a document at a time.

The figures are those of the annotation's own measure: a predicted concept matches an annotated one of the
same document when they share a surface form (letter case, hyphens and a final plural s aside), by a maximum
one-to-one matching.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from kg.annotation import read as read

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    Record = Mapping[str, Any]

_GAPS: Final = re.compile(r"[\s\-\u2010-\u2015_/]+")
_EDGES: Final = " .,;:()[]'\"\u201c\u201d\u2018\u2019"
_PLURAL: Final = re.compile(r"(?<=[a-z]{3})(?<!s)s$")


class Score(NamedTuple):
    """Precision, recall and their harmonic mean."""

    precision: float
    recall: float
    f1: float


@dataclass(slots=True)
class Evaluation:
    """The counts of a comparison, added up over documents; the figures are made from them."""

    counts: Counter[str] = field(default_factory=Counter)
    types: Counter[tuple[str, str]] = field(default_factory=Counter)
    roles: Counter[tuple[str, str]] = field(default_factory=Counter)
    relations: Counter[tuple[str, str]] = field(default_factory=Counter)
    missed: Counter[tuple[str, str]] = field(default_factory=Counter)
    extra: Counter[tuple[str, str]] = field(default_factory=Counter)

    def figures(self) -> dict[str, Score]:
        """Precision, recall and F1 by name."""
        c = self.counts
        return {
            "concepts": score(c["matched"], c["predicted"], c["gold"]),
            "concepts+type": score(c["typed"], c["predicted"], c["gold"]),
            "surface forms": score(c["forms"], c["forms predicted"], c["forms gold"]),
            "introduced": score(c["introduced"], c["introduced predicted"], c["introduced gold"]),
            "relations": score(c["relations"], c["relations predicted"], c["relations gold"]),
        }

    def shares(self) -> dict[str, float]:
        """The figures that are one share each."""
        c = self.counts
        return {
            "named artefact recall": c["named matched"] / max(1, c["named"]),
            "type accuracy": c["typed"] / max(1, c["matched"]),
            "role accuracy": c["roled"] / max(1, c["matched"]),
        }


def score(right: int, predicted: int, gold: int) -> Score:
    """Precision, recall and F1 of counts; 0 where there is nothing to divide by."""
    precision, recall = right / predicted if predicted else 0.0, right / gold if gold else 0.0
    return Score(precision, recall, 2 * precision * recall / (precision + recall) if right else 0.0)


def evaluate(gold: Mapping[str, Record], predicted: Mapping[str, Record]) -> Evaluation:
    """Compare all annotated documents with what was found in them; one that is missing has nothing found."""
    whole = Evaluation()
    for name, record in gold.items():
        _add(whole, record, predicted.get(name, {"concepts": [], "relations": []}))
    return whole


def normal(form: str) -> str:
    """The form under which two surface forms are the same for the measure."""
    return _PLURAL.sub("", _GAPS.sub(" ", form.casefold()).strip(_EDGES))


def forms(concept: Record) -> set[str]:
    return {normal(mention) for mention in concept["mentions"]}


def is_named(concept: Record) -> bool:
    """Whether a concept is a named artefact: a form has a capital or digit within, or is one capital word."""
    return any(
        (re.search(r".[A-Z0-9]", form) and not form.istitle())
        or (" " not in form and form[:1].isupper() and not form.isdigit())
        for form in concept["mentions"]
    )


def match(gold: Sequence[Record], predicted: Sequence[Record]) -> dict[int, int]:
    """A maximum matching by augmenting paths: number in `gold` to number in `predicted`."""
    holders: dict[str, list[int]] = {}
    for j, each in enumerate(predicted):
        for form in forms(each):
            holders.setdefault(form, []).append(j)
    edges = [sorted({j for form in forms(each) for j in holders.get(form, ())}) for each in gold]
    owner: dict[int, int] = {}
    for i in range(len(gold)):
        owner.update(_augmenting(i, edges, owner))
    return {i: j for j, i in owner.items()}


def _augmenting(start: int, edges: Sequence[Sequence[int]], owner: Mapping[int, int]) -> dict[int, int]:
    """The changes of owner by which `start` finds a place, the others kept theirs or another; none if there
    are none. Depth first, without recursion.
    """
    seen: set[int] = set()
    way: list[tuple[int, Iterator[int]]] = [(start, iter(edges[start]))]
    chosen: list[int] = []
    while way:
        _, rest = way[-1]
        j = next((j for j in rest if j not in seen), None)
        if j is None:
            way.pop()
            chosen[-1:] = []
            continue
        seen.add(j)
        chosen.append(j)
        if j not in owner:
            return {j: i for j, (i, _) in zip(chosen, way, strict=True)}
        way.append((owner[j], iter(edges[owner[j]])))
    return {}


def _add(whole: Evaluation, gold: Record, predicted: Record) -> None:
    left, right = gold["concepts"], predicted["concepts"]
    matched = match(left, right)
    _add_concepts(whole.counts, left, right, matched)
    _add_forms(whole.counts, left, right)
    _add_relations(whole, gold, predicted, matched)
    for i, concept in enumerate(left):
        other = right[matched[i]] if i in matched else {}
        whole.types[concept["type"], other.get("type", "")] += 1
        whole.roles[concept["role"], other.get("role", "")] += 1
        if i not in matched:
            whole.missed[concept["name"], concept["type"]] += 1
    for j in sorted(set(range(len(right))) - set(matched.values())):
        whole.extra[right[j]["name"], right[j]["type"]] += 1
        whole.types["", right[j]["type"]] += 1
        whole.roles["", right[j].get("role", "")] += 1


def _add_concepts(
    counts: Counter[str], left: Sequence[Record], right: Sequence[Record], matched: Mapping[int, int]
) -> None:
    pairs = [(left[i], right[j]) for i, j in matched.items()]
    counts["gold"] += len(left)
    counts["predicted"] += len(right)
    counts["matched"] += len(pairs)
    counts["typed"] += sum(a["type"] == b["type"] for a, b in pairs)
    counts["roled"] += sum(a["role"] == b.get("role") for a, b in pairs)
    counts["named"] += sum(map(is_named, left))
    counts["named matched"] += sum(is_named(a) for a, _ in pairs)
    counts["introduced gold"] += sum(a["role"] == "introduces" for a in left)
    counts["introduced predicted"] += sum(b.get("role") == "introduces" for b in right)
    counts["introduced"] += sum(a["role"] == "introduces" == b.get("role") for a, b in pairs)


def _add_forms(counts: Counter[str], left: Sequence[Record], right: Sequence[Record]) -> None:
    gold = {form for concept in left for form in forms(concept)}
    predicted = {form for concept in right for form in forms(concept)}
    counts["forms gold"] += len(gold)
    counts["forms predicted"] += len(predicted)
    counts["forms"] += len(gold & predicted)


def _add_relations(whole: Evaluation, gold: Record, predicted: Record, matched: Mapping[int, int]) -> None:
    """Relations are the same when both ends are matched concepts."""
    numbers = {concept["name"]: i for i, concept in enumerate(gold["concepts"])}
    others = {concept["name"]: j for j, concept in enumerate(predicted["concepts"])}
    said = {(_end(numbers[s], matched), r, _end(numbers[o], matched)) for s, r, o in gold["relations"]}
    found = {(others.get(s), r, others.get(o)) for s, r, o in predicted.get("relations", [])}
    whole.counts["relations gold"] += len(said)
    whole.counts["relations predicted"] += len(found)
    whole.counts["relations"] += len(said & found)
    whole.relations.update((r, "gold") for _, r, _ in said)
    whole.relations.update((r, "predicted") for _, r, _ in found)
    whole.relations.update((r, "matched") for _, r, _ in said & found)


def _end(number: int, matched: Mapping[int, int]) -> object:
    return matched.get(number, ("missed", number))


def by_label(table: Mapping[tuple[str, str], int], labels: Iterable[str]) -> dict[str, Score]:
    """Precision, recall and F1 of each label from a confusion table (gold label, predicted label)."""
    return {
        label: score(
            table.get((label, label), 0),
            sum(n for (_, b), n in table.items() if b == label),
            sum(n for (a, _), n in table.items() if a == label),
        )
        for label in labels
    }
