"""Annotated texts with candidates, as what the models over the candidates train on."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kg.extract import relations, roles
from kg.extract.candidates import Candidate
from kg.extract.concepts import judge, kept, resolve
from kg.extract.context import Context
from kg.extract.grouping import Group, group
from kg.extract.patterns import find
from kg.extract.sentences import sentence_starts
from kg.extract.tagger import Tagger
from kg.extract.words import Words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from kg.extract.pairs import Relate
    from kg.extract.priors import Priors
    from kg.extract.weights import Weights

Json = dict[str, Any]


@dataclass(slots=True)
class Example:
    """A text, its gold annotation, the groups of its candidates, and its tagger's view of pairs."""

    id: str
    text: str
    gold: Json
    words: Words
    groups: list[Group]
    context: Context
    relate: Relate | None


def load(folder: Path, split: str, candidates: Sequence[Path] | None) -> list[Example]:
    """The texts of `train` or `dev` with candidates from files, or from the rules where there are none."""
    docs = read_lines(folder / f"{split}.docs.jsonl")
    gold = {each["id"]: each for each in read_lines(folder / f"{split}.gold.jsonl")}
    if candidates is None:
        return [_example(doc, gold[doc["id"]], list(find(text_of(doc))), None) for doc in docs]
    tagged = {line["id"]: (line["spans"], path) for path in candidates for line in read_lines(path)}
    heads = {path: relate_of(path.with_suffix(".npz")) for path in candidates}
    return [
        _example(doc, gold[doc["id"]], [_candidate(*span) for span in spans], heads[path])
        for doc in docs
        if doc["id"] in tagged
        for spans, path in [tagged[doc["id"]]]
    ]


def read_lines(path: Path) -> list[Json]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def text_of(doc: Json) -> str:
    return f"{doc['title']}\n{doc['abstract']}"


def relate_of(path: Path) -> Relate:
    """The relation head of a tagger, of which only that is needed here."""
    with np.load(path) as arrays:
        return Tagger(None, None, {}, {name: arrays[name] for name in arrays.files}).relate


def _candidate(
    start: int, end: int, score: float, types: list[float], roles: list[float], vector: list[float]
) -> Candidate:
    return Candidate(start, end, score, tuple(types), tuple(roles), vector=np.array(vector, dtype=np.float32))


def _example(doc: Json, gold: Json, found: list[Candidate], relate: Relate | None) -> Example:
    text = text_of(doc)
    found.sort(key=lambda each: (each.start, each.end, each.origin))
    words = Words.of(text)
    groups = group(text, words, found)
    return Example(doc["id"], text, gold, words, groups, Context.of(text, sentence_starts(text)), relate)


def record(example: Example, weights: Weights, priors: Priors) -> Json:
    """What the models find in a text, in the guidelines' format."""
    judged = judge(example.text, example.groups, weights, priors)
    found = resolve(example.text, kept(example.text, judged, weights))
    readings = roles.read(example.context, found, weights)
    related = relations.read(example.context, found, readings, weights, example.relate)
    return {
        "id": example.id,
        "concepts": [
            {
                "name": one.name,
                "type": str(one.type),
                "role": str(reading.role),
                "mentions": sorted({example.text[place.start : place.end] for place in one.places}),
                "score": one.score,
                "role_score": reading.probabilities[reading.best],
            }
            for one, reading in zip(found, readings, strict=True)
        ],
        "relations": [[found[r.subject].name, str(r.relation), found[r.object].name] for r in related],
        "relation_evidence": [{"score": r.score} for r in related],
    }


def norm(form: str) -> str:
    """The measure's normal form of a surface form (annotation/score.py)."""
    form = re.sub(r"[\s\-\u2010-\u2015_/]+", " ", form.casefold()).strip(
        " .,;:()[]'\"\u201c\u201d\u2018\u2019"
    )
    return re.sub(r"(?<=[a-z]{3})(?<!s)s$", "", form)


def match(gold: Sequence[set[str]], found: Sequence[set[str]]) -> dict[int, int]:
    """Found number to gold number: a maximum matching in which the first of `found` are served first."""
    owner: dict[int, int] = {}

    def place(i: int, seen: set[int]) -> bool:
        for j, forms in enumerate(gold):
            if j not in seen and forms & found[i]:
                seen.add(j)
                if j not in owner or place(owner[j], seen):
                    owner[j] = i
                    return True
        return False

    for i in range(len(found)):
        place(i, set())
    return {i: j for j, i in owner.items()}


def gold_forms(example: Example) -> list[set[str]]:
    return [{norm(form) for form in concept["mentions"]} for concept in example.gold["concepts"]]
