"""Annotated texts with candidates, as what the models over the candidates train on."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from kg.extract.candidates import Candidate
from kg.extract.context import Context
from kg.extract.grouping import Group, group
from kg.extract.sentences import sentence_starts
from kg.extract.words import Words

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Json = dict[str, Any]


@dataclass(slots=True)
class Example:
    """A text, its gold annotation, and the groups of its candidates."""

    id: str
    text: str
    gold: Json
    groups: list[Group]
    context: Context


def load(folder: Path, split: str, candidates: Path | None) -> list[Example]:
    """The texts of `train` or `dev` with candidates from a file, or from the rules where there is none."""
    docs = [json.loads(line) for line in (folder / f"{split}.docs.jsonl").open(encoding="utf-8")]
    gold = {each["id"]: each for each in map(json.loads, (folder / f"{split}.gold.jsonl").open(encoding="utf-8"))}
    tagged = _tagged(candidates) if candidates else None
    return [_example(doc, gold[doc["id"]], tagged) for doc in docs if tagged is None or doc["id"] in tagged]


def _tagged(path: Path) -> dict[str, list[Candidate]]:
    return {
        line["id"]: [_candidate(*span) for span in line["spans"]]
        for line in map(json.loads, path.open(encoding="utf-8"))
    }


def _candidate(
    start: int, end: int, score: float, types: list[float], roles: list[float], vector: list[float] | None = None
) -> Candidate:
    row = np.array(vector) if vector is not None else None
    return Candidate(start, end, score, tuple(types), tuple(roles), vector=row)


def _example(doc: Json, gold: Json, tagged: dict[str, list[Candidate]] | None) -> Example:
    from kg.extract.patterns import find

    text = f"{doc['title']}\n{doc['abstract']}"
    found = list(find(text)) if tagged is None else tagged[doc["id"]]
    found.sort(key=lambda each: (each.start, each.end, each.origin))
    groups = group(text, Words.of(text), found)
    return Example(doc["id"], text, gold, groups, Context.of(text, sentence_starts(text)))


def norm(form: str) -> str:
    """The measure's normal form of a surface form (annotation/score.py)."""
    form = re.sub(r"[\s\-\u2010-\u2015_/]+", " ", form.casefold()).strip(" .,;:()[]'\"\u201c\u201d\u2018\u2019")
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
