"""What a corpus of 86,000 abstracts says of terms, words and abbreviations.

The tables are counted by `training/claims_statistics.py`; nothing in them is a text.
"""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.text import is_acronym

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FOLDER: Final = Path(__file__).parent / "model" / "claims"
_SURE: Final = 0.8
_WORDS: Final = 0.25  # a long form that this share of papers writes in lower case is a term, not a name


class Term(NamedTuple):
    """A term that authors give as keyword or define: papers that do, texts and titles that hold it."""

    given: int
    texts: int
    titles: int


class Word(NamedTuple):
    """A word: papers with it, papers with it in lower case, given terms that hold it, that end in it."""

    texts: int
    lower: int
    inside: int
    last: int


NO_TERM: Final = Term(0, 0, 0)
NO_WORD: Final = Word(0, 0, 0, 0)


@cache
def terms() -> Mapping[str, Term]:
    """Terms by key (`kg.extract.words.key`)."""
    return {name: Term(*map(int, counts)) for name, *counts in _rows("terms.tsv.gz")}


@cache
def words() -> Mapping[str, Word]:
    """Words by lower-case form."""
    return {name: Word(*map(int, counts)) for name, *counts in _rows("words.tsv.gz")}


class Expansion(NamedTuple):
    """What an abbreviation stands for, in lower case and singular; `term` unless the long form is a name."""

    long: str
    term: bool


@cache
def expansions() -> Mapping[str, Expansion]:
    """Abbreviations that mean one thing nearly always."""
    return {
        short: Expansion(long, int(lower) >= _WORDS * int(total))
        for short, long, count, total, lower in _rows("abbreviations.tsv.gz")
        if int(count) >= _SURE * int(total) and is_acronym(short)
    }


def _rows(name: str) -> Iterator[list[str]]:
    with gzip.open(FOLDER / name, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield line.rstrip("\n").split("\t")
