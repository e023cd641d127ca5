"""How annotators have judged a term before: how often it was noted where it stood, and as what type.

Counted over the training annotations by `training/claims_priors.py`, for whole terms and for last words.
"""

from __future__ import annotations

import gzip
import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from kg.extract.candidates import TYPES
from kg.extract.statistics import FOLDER

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

FILE: Final = "priors.tsv.gz"
_SMOOTH: Final = 2.0
_EVEN: Final = 1 / len(TYPES)


@dataclass(frozen=True, slots=True)
class Priors:
    """`terms`: texts with the term, annotations of it, and those by type; `heads`: annotations by type."""

    terms: Mapping[str, tuple[int, ...]]
    heads: Mapping[str, tuple[int, ...]]

    def noted(self, key: str) -> list[float]:
        """How often the term was met, and the share in which it was noted, drawn to one half when rare."""
        texts, annotated, *_ = self.terms.get(key, (0, 0))
        return [math.log1p(texts), (annotated + 1) / (texts + 2)]

    def types(self, key: str, head: str) -> list[float]:
        """Shares of the types of the term and of terms with its last word, each with how often it was met."""
        return [*_shares(self.terms.get(key, (0, 0))[2:]), *_shares(self.heads.get(head, ()))]


def _shares(counts: tuple[int, ...]) -> list[float]:
    counts = counts or (0,) * len(TYPES)
    total = sum(counts)
    return [math.log1p(total), *((count + _SMOOTH * _EVEN) / (total + _SMOOTH) for count in counts)]


@cache
def load(path: Path = FOLDER / FILE) -> Priors:
    """The priors of a file; the package's own by default."""
    tables: dict[str, dict[str, tuple[int, ...]]] = {"term": {}, "head": {}}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            table, name, *counts = line.rstrip("\n").split("\t")
            tables[table][name] = tuple(map(int, counts))
    return Priors(tables["term"], tables["head"])
