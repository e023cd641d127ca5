"""Annotated and unannotated abstracts as what the encoder trains on: word pieces, words, spans over words."""

from __future__ import annotations

import json
import lzma
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from tokenizers import Tokenizer

from kg.extract.tagger import MAX_PIECES, MAX_WIDTH, encode
from training.names import RELATIONS, ROLES, TYPES

Json = dict[str, Any]


@dataclass(slots=True)
class Example:
    """One text with its targets.

    Spans are (first word, last word); `soft` holds a probability for each candidate that is not near
    zero, and for gold it is 1.0. `types` and `roles` are rows of seven probabilities, `concepts` lists
    span numbers by concept, `relations` maps (subject concept, relation number, object concept) to a
    probability.
    """

    id: str
    text: str
    pieces: list[int]
    shapes: list[int]
    words: list[int]
    n_words: int
    soft: dict[tuple[int, int], float] = field(default_factory=dict)
    spans: list[tuple[int, int]] = field(default_factory=list)
    types: list[list[float]] = field(default_factory=list)
    roles: list[list[float]] = field(default_factory=list)
    concepts: list[list[int]] = field(default_factory=list)
    relations: dict[tuple[int, int, int], float] = field(default_factory=dict)


def read_jsonl(path: Path) -> list[Json]:
    """All the objects of a file with one JSON object a line."""
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines if line.strip()]


def read_corpus(path: Path) -> Iterator[Json]:
    """The records of the compressed corpus, one by one."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def text_of(record: Json) -> str:
    """Title and abstract, as the extractor reads them."""
    return f"{record['title']}\n{record['abstract']}"


def one_hot(labels: tuple[str, ...], label: str) -> list[float]:
    """A row of zeros with a one where the label stands."""
    return [float(label == each) for each in labels]


def occurrences(form: str, text: str) -> Iterator[tuple[int, int]]:
    """Where a surface form stands in a text with no letter or digit touching it on either side."""
    left = r"(?<![^\W_])" if form[:1].isalnum() else ""
    right = r"(?![^\W_])" if form[-1:].isalnum() else ""
    for match in re.finditer(left + re.escape(form) + right, text):
        yield match.span()


def annotated(tokenizer: Tokenizer, doc: Json, gold: Json) -> Example:
    """An example whose targets are the gold concepts.

    A form that stands inside a longer mention counts there only if it stands nowhere by itself, because the
    guidelines take the longest term.
    """
    text = text_of(doc)
    example, starts, ends = unlabelled(tokenizer, doc["id"], text)
    found = [
        (place, number, form)
        for number, concept in enumerate(gold["concepts"])
        for form in concept["mentions"]
        for place in occurrences(form, text)
    ]
    places = {place for place, _, _ in found}
    nested = {a for a in places for b in places if b != a and b[0] <= a[0] and a[1] <= b[1]}
    free = {(number, form.casefold()) for place, number, form in found if place not in nested}
    example.concepts = [[] for _ in gold["concepts"]]
    for place, number, form in sorted(found):
        span = (starts.get(place[0], -1), ends.get(place[1], -1))
        if (place in nested and (number, form.casefold()) in free) or min(span) < 0 or span in example.soft:
            continue
        if not 0 <= span[1] - span[0] < MAX_WIDTH:
            continue
        concept = gold["concepts"][number]
        example.soft[span] = 1.0
        example.concepts[number].append(len(example.spans))
        example.spans.append(span)
        example.types.append(one_hot(TYPES, concept["type"]))
        example.roles.append(one_hot(ROLES, concept["role"]))
    add_relations(example, gold)
    return example


def add_relations(example: Example, gold: Json) -> None:
    """Targets of the relation head, by concept number; concepts that were not found take no part."""
    numbers = {concept["name"]: number for number, concept in enumerate(gold["concepts"])}
    for subject, relation, target in gold["relations"]:
        pair = (numbers[subject], RELATIONS.index(relation), numbers[target])
        if example.concepts[pair[0]] and example.concepts[pair[2]]:
            example.relations[pair] = 1.0


def unlabelled(tokenizer: Tokenizer, name: str, text: str) -> tuple[Example, dict[int, int], dict[int, int]]:
    """An example without targets, and the words that begin and end at given characters."""
    coded = encode(tokenizer, text)
    limit = MAX_PIECES - 2
    words = coded.words[:limit]
    n_words = words[-1] + 1 if words else 0
    example = Example(name, text, coded.pieces[:limit], coded.shapes[:limit], words, n_words)
    starts = {start: word for word, start in enumerate(coded.starts[:n_words])}
    ends = {end: word for word, end in enumerate(coded.ends[:n_words])}
    return example, starts, ends


def load_annotated(tokenizer: Tokenizer, folder: Path, split: str) -> list[Example]:
    """The examples of `train` or `dev`."""
    gold = {each["id"]: each for each in read_jsonl(folder / f"{split}.gold.jsonl")}
    docs = read_jsonl(folder / f"{split}.docs.jsonl")
    return [annotated(tokenizer, doc, gold[doc["id"]]) for doc in docs]


def titles(records: Iterable[Json]) -> set[str]:
    """Titles reduced to letters and digits, to keep texts that are measured on out of the training text."""
    return {re.sub(r"\W+", "", record["title"].casefold()) for record in records}
