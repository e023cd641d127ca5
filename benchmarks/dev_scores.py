"""Figures and reliability of the extraction: python benchmarks/dev_scores.py ANNOTATION_FOLDER.

Prints Markdown: the figures of `kg evaluate`, and for each kind of score how often what had it was right, in
steps of a fifth. A concept is right if the annotators noted it, a role if its concept was noted with that
role, a relation if both its ends were matched and the annotators state it.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg import evaluate, extract
from kg.extract.output import to_record
from kg.ingest import read_papers

if TYPE_CHECKING:
    from collections.abc import Iterator

Outcome = tuple[str, float, bool]
STEPS = 5


def outcomes(gold: dict[str, Any], found: dict[str, Any]) -> Iterator[Outcome]:
    """Each score of a document with what it is of, and whether that was right."""
    matched = {j: i for i, j in evaluate.match(gold["concepts"], found["concepts"]).items()}
    for j, concept in enumerate(found["concepts"]):
        right = j in matched
        yield "concept", concept["score"], right
        yield "role", concept["role_score"], right and gold["concepts"][matched[j]]["role"] == concept["role"]
    names = {concept["name"]: j for j, concept in enumerate(found["concepts"])}
    said = {tuple(each) for each in gold["relations"]}
    for (subject, relation, object_), evidence in zip(
        found["relations"], found["relation_evidence"], strict=True
    ):
        ends = [matched.get(names[end]) for end in (subject, object_)]
        right = None not in ends and (
            (gold["concepts"][ends[0]]["name"], relation, gold["concepts"][ends[1]]["name"]) in said
        )
        yield "relation", evidence["score"], right


def reliability(pairs: Iterator[Outcome]) -> dict[tuple[str, int], tuple[int, float, float]]:
    """By kind and step: how many, their mean score, and the share that was right."""
    bins: dict[tuple[str, int], list[tuple[float, bool]]] = defaultdict(list)
    for kind, score, right in pairs:
        bins[kind, min(int(score * STEPS), STEPS - 1)].append((score, right))
    return {
        place: (len(each), sum(s for s, _ in each) / len(each), sum(r for _, r in each) / len(each))
        for place, each in sorted(bins.items())
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("annotation", type=Path)
    parser.add_argument("--split", default="dev")
    parser.add_argument("--pipeline", default="default")
    options = parser.parse_args()
    gold = evaluate.read(options.annotation / f"{options.split}.gold.jsonl")
    papers = read_papers([options.annotation / f"{options.split}.docs.jsonl"]).papers
    read = extract.load(options.pipeline).extract(papers)
    found = {paper.id: to_record(paper, each) for paper, each in zip(papers, read, strict=True)}
    result = evaluate.evaluate(gold, found)
    print("| figure | precision | recall | F1 |\n|---|---|---|---|")
    for name, score in result.figures().items():
        print(f"| {name} | {score.precision:.3f} | {score.recall:.3f} | {score.f1:.3f} |")
    for name, share in result.shares().items():
        print(f"| {name} | | | {share:.3f} |")
    print("\n| score of a | step | number | mean score | right |\n|---|---|---|---|---|")
    pairs = (each for name in gold for each in outcomes(gold[name], found[name]))
    for (kind, step), (number, mean, right) in reliability(pairs).items():
        print(
            f"| {kind} | {step / STEPS:.1f} to {(step + 1) / STEPS:.1f}"
            f" | {number} | {mean:.2f} | {right:.2f} |"
        )


if __name__ == "__main__":
    main()
