"""Counts how annotators and the teacher judged terms, for `kg.extract.priors`."""

from __future__ import annotations

import gzip
import json
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

import numpy as np
from tokenizers import Tokenizer

from kg.extract.labels import MODEL_FOLDER
from kg.extract.priors import Priors
from kg.extract.tagger import encode
from kg.extract.words import Index, Words, key, occurrences
from kg.link.reading import read_entries
from kg.text import singular
from training.names import TYPES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from training.claims_data import Example

    Json = dict[str, Any]
    Table = Mapping[str, tuple[int, ...]]

MIN_SILVER = 1.5  # summed probability over texts


def vocabulary(path: Path) -> Table:
    """The types of the labels of a vocabulary file, by key."""
    types: dict[str, list[int]] = {}
    for entry in read_entries(path):
        for one in {key(label) for label in entry.labels} - {""}:
            if entry.type is not None:
                types.setdefault(one, [0] * len(TYPES))[TYPES.index(str(entry.type))] = 1
    return {one: tuple(row) for one, row in types.items()}


def count(examples: Sequence[Example], silver: Table, known: Table) -> Priors:
    """The priors of annotated texts, beside those of the teachers' labels and of a vocabulary; a term counts
    once a text.
    """
    noted: Counter[str] = Counter()
    types: dict[str, Counter[str]] = defaultdict(Counter)
    heads: dict[str, Counter[str]] = defaultdict(Counter)
    for each in examples:
        for concept in each.gold["concepts"]:
            keys = {key(form) for form in concept["mentions"]} - {""}
            noted.update(keys)
            for one in keys:
                types[one][concept["type"]] += 1
            for head in {singular(Words.of(form).lows[-1]) for form in concept["mentions"] if key(form)}:
                heads[head][concept["type"]] += 1
    texts: Counter[str] = Counter()
    index = Index(noted)
    for each in examples:
        texts.update({found for *_, found in occurrences(each.words, index)})
    return Priors(
        {k: (max(texts[k], n), n, *(types[k][t] for t in TYPES)) for k, n in noted.items()},
        {k: tuple(row[t] for t in TYPES) for k, row in heads.items()},
        silver,
        known,
    )


def count_silver(paths: Sequence[Path], without: set[str]) -> Table:
    """The same of texts that the teacher labelled (JSON lines with text and spans by word), but of those with
    the ids `without`: a term is noted where its best span's probability, summed over texts, says so.
    """
    tokenizer = Tokenizer.from_file(str(MODEL_FOLDER / "tokenizer.json"))
    labelled = [
        _labelled(tokenizer, line) for path in paths for line in _lines(path) if line["id"] not in without
    ]
    noted: dict[str, float] = defaultdict(float)
    types: dict[str, np.ndarray] = defaultdict(lambda: np.zeros(len(TYPES)))
    for _, best in labelled:
        for one, (share, row) in best.items():
            noted[one] += share
            types[one] += share * np.array(row)
    kept = {one for one, share in noted.items() if share >= MIN_SILVER}
    texts: Counter[str] = Counter()
    index = Index(kept)
    for words, _ in labelled:
        texts.update({found for *_, found in occurrences(words, index)})
    return {
        one: (max(texts[one], round(noted[one])), round(noted[one]), *map(int, np.rint(types[one])))
        for one in kept
    }


def _lines(path: Path) -> Iterator[Json]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _labelled(tokenizer: Tokenizer, line: Json) -> tuple[Words, dict[str, tuple[float, list[float]]]]:
    """A text's words, and its terms with the probability and types of the likeliest span."""
    text = line["text"]
    coded = encode(tokenizer, text)
    best: dict[str, tuple[float, list[float]]] = {}
    for first, last, share, types, *_ in line["spans"]:
        if last >= len(coded.ends):  # the teacher's tokenizer cut this text otherwise
            return Words.of(text), {}
        one = key(text[coded.starts[first] : coded.ends[last]])
        if one and share > best.get(one, (0.2, []))[0]:
            best[one] = (share, types)
    return Words.of(text), best


def write(priors: Priors, path: Path) -> None:
    """Write what was met at least twice."""
    rows = [("term", *item) for item in sorted(priors.terms.items()) if item[1][0] >= 2]
    rows += [("silver", *item) for item in sorted(priors.silver.items())]
    rows += [("vocabulary", *item) for item in sorted(priors.vocabulary.items())]
    rows += [("head", *item) for item in sorted(priors.heads.items()) if sum(item[1]) >= 2]
    lines = ("\t".join((table, name, *map(str, counts))) + "\n" for table, name, counts in rows)
    first = "\t".join(("types", "", *TYPES)) + "\n"
    path.write_bytes(gzip.compress((first + "".join(lines)).encode(), 9, mtime=0))
