"""How a term has been judged before: how often it was noted where it stood, and as what type.

Counted by `training/claims_priors.py` over the training annotations, for whole terms and for last words, and
over the teachers' labels of unannotated abstracts; and what the package's vocabulary says of a term's type.
"""

from __future__ import annotations

import gzip
import math
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from kg.errors import ExtractError
from kg.extract.labels import labels
from kg.extract.statistics import FOLDER
from kg.vocab import TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE: Final = "priors.tsv.gz"
TABLES: Final = ("term", "head", "silver", "vocabulary")
_SMOOTH: Final = 2.0
_EVEN: Final = 1 / len(TYPES)
_NEVER: Final = (0, 0)
_NO_TYPES: Final = (0,) * len(TYPES)


@dataclass(frozen=True, slots=True)
class Priors:
    """`terms`: texts with the term, those in which it is noted, and those by type; `heads`: terms by type;
    `silver`: as `terms`, by the teachers' judgement; `vocabulary`: 1 for the types of the term there.
    """

    terms: Mapping[str, tuple[int, ...]]
    heads: Mapping[str, tuple[int, ...]]
    silver: Mapping[str, tuple[int, ...]]
    vocabulary: Mapping[str, tuple[int, ...]]

    def noted(self, key: str) -> list[float]:
        """How often the term was met, and the share in which it was noted, drawn to one half when rare, by
        annotators and by teachers; and whether the vocabulary has it.
        """
        known = key in self.vocabulary
        return [*_noted(self.terms.get(key, _NEVER)), *_noted(self.silver.get(key, _NEVER)), known]

    def types(self, key: str, head: str) -> list[float]:
        """Shares of the types of the term and of terms with its last word, each with how often it was met;
        and the term's types in the vocabulary.
        """
        tables = self.terms.get(key, ())[2:], self.heads.get(head, ()), self.silver.get(key, ())[2:]
        shares = [share for counts in tables for share in _shares(counts)]
        return [*shares, *self.vocabulary.get(key, _NO_TYPES)]


@lru_cache(maxsize=20_000)
def _noted(counts: tuple[int, ...]) -> tuple[float, float]:
    texts, annotated, *_ = counts
    return math.log1p(texts), (annotated + 1) / (texts + 2)


@lru_cache(maxsize=20_000)
def _shares(counts: tuple[int, ...]) -> tuple[float, ...]:
    counts = counts or (0,) * len(TYPES)
    total = sum(counts)
    return (math.log1p(total), *((count + _SMOOTH * _EVEN) / (total + _SMOOTH) for count in counts))


@cache
def load(path: Path = FOLDER / FILE) -> Priors:
    """The priors of a file, whose first line names the types; the package's own by default.

    Raises ExtractError where they aren't those of the tagger.
    """
    tables: dict[str, dict[str, tuple[int, ...]]] = {name: {} for name in TABLES}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        _, _, *types = lines.readline().rstrip("\n").split("\t")
        if types != [str(each) for each in labels().types]:
            raise ExtractError(f"{path}: its types aren't those of the tagger: count them anew")
        for line in lines:
            table, name, *counts = line.rstrip("\n").split("\t")
            tables[table][name] = tuple(map(int, counts))
    return Priors(*(tables[name] for name in TABLES))
