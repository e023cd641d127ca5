"""Counts how annotators judged terms, for `kg.extract.priors`: over all training texts, or without one fold."""

from __future__ import annotations

import gzip
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from kg.extract.candidates import TYPES
from kg.extract.priors import Priors
from kg.extract.words import Index, Words, key, occurrences
from kg.text import singular

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from training.claims_data import Example


def count(examples: Sequence[Example]) -> Priors:
    """The priors of annotated texts; a term counts once a text."""
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
    )


def write(priors: Priors, path: Path) -> None:
    """Write what was met at least twice."""
    rows = [("term", *item) for item in sorted(priors.terms.items()) if item[1][0] >= 2]
    rows += [("head", *item) for item in sorted(priors.heads.items()) if sum(item[1]) >= 2]
    lines = ("\t".join((table, name, *map(str, counts))) + "\n" for table, name, counts in rows)
    path.write_bytes(gzip.compress("".join(lines).encode(), 9, mtime=0))
