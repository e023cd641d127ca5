"""How sure a triple of several papers is: the probability that linking gives it against the annotators' word.

    python benchmarks/triples.py FOLDER GOLD.jsonl

FOLDER holds the store built of the annotated papers. A triple is right if the annotators of one of the papers
that state it do too, of concepts that share a surface form with its ends. Printed: for triples of one paper,
of several and of all, the share of right ones, and mean and Brier score of three formulas; and the slope over
the logarithm of the papers that fits these triples (kg.link.confidence has that of CS-KG, 1.075).
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from math import exp, log, prod
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kg.evaluate import forms, normal
from kg.link.confidence import triple
from kg.store import FILE_NAME, Store
from kg.vocab import RELATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


class Case(NamedTuple):
    """A triple's scores, the surest of each paper, and whether it is right."""

    scores: list[float]
    right: bool

    @property
    def log_odds(self) -> float:
        mean = min(0.999, max(0.001, sum(self.scores) / len(self.scores)))
        return log(mean / (1 - mean))


def cases(store: Store, gold: dict[str, dict[str, list[tuple[set[str], set[str]]]]]) -> Iterator[Case]:
    """The triples of two concepts that the store has."""
    named: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    query = "SELECT m.paper_id, l.concept_id, m.text FROM mentions m JOIN links l ON l.mention_id = m.id"
    for paper, concept, text in store.query(query):
        named[paper, concept].add(normal(text))
    stated: defaultdict[tuple[str, str, str], dict[str, float]] = defaultdict(dict)
    for said in store.statements():
        if said.predicate in {*map(str, RELATIONS)}:
            papers = stated[said.subject, said.predicate, said.object]
            papers[said.paper_id] = max(said.score, papers.get(said.paper_id, 0.0))
    for (subject, relation, object_), papers in sorted(stated.items()):
        right = any(
            ends[0] & named[paper, subject] and ends[1] & named[paper, object_]
            for paper in papers
            for ends in gold[paper].get(relation, ())
        )
        yield Case(list(papers.values()), right)


def annotated(path: Path) -> dict[str, dict[str, list[tuple[set[str], set[str]]]]]:
    """By paper and relation: the forms of subject and object."""
    found: dict[str, dict[str, list[tuple[set[str], set[str]]]]] = {}
    for record in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        known = {concept["name"]: forms(concept) for concept in record["concepts"]}
        own = found.setdefault(record["id"], {})
        for subject, relation, object_ in record["relations"]:
            own.setdefault(relation, []).append((known[subject], known[object_]))
    return found


def slope(found: Sequence[Case]) -> tuple[float, float]:
    """Newton's method for right = logistic(log-odds of the mean + a + b log n): b and its standard error."""
    a = b = 0.0
    for _ in range(30):
        rows = [(log(len(case.scores)), case) for case in found]
        chances = [1 / (1 + exp(-(case.log_odds + a + b * x))) for x, case in rows]
        left = [case.right - p for (_, case), p in zip(rows, chances, strict=True)]
        weights = [p * (1 - p) for p in chances]
        g0, g1 = sum(left), sum(d * x for d, (x, _) in zip(left, rows, strict=True))
        h0, h1, h2 = (sum(w * x**k for w, (x, _) in zip(weights, rows, strict=True)) for k in range(3))
        whole = h0 * h2 - h1 * h1
        a, b = a + (h2 * g0 - h1 * g1) / whole, b + (h0 * g1 - h1 * g0) / whole
    return b, (h0 / whole) ** 0.5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("gold", type=Path)
    options = parser.parse_args()
    with Store.open(options.folder / FILE_NAME, readonly=True) as store:
        found = list(cases(store, annotated(options.gold)))
    formulas = {
        "triple": triple,
        "surest": max,
        "noisy or": lambda scores: 1 - prod(1 - score for score in scores),
    }
    several = [case for case in found if len(case.scores) > 1]
    for title, part in (("all", found), ("several papers", several)):
        print(f"{title}: {len(part)} triples, right {sum(c.right for c in part) / len(part):.3f}")
        for name, formula in formulas.items():
            said = [formula(case.scores) for case in part]
            brier = sum((p - case.right) ** 2 for p, case in zip(said, part, strict=True)) / len(part)
            print(f"  {name:9} mean {sum(said) / len(said):.3f}  Brier {brier:.4f}")
    print("slope {:.2f}, standard error {:.2f}".format(*slope(found)))


if __name__ == "__main__":
    main()
