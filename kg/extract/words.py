"""Words of a text with their places, and the key under which spellings of one term meet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.text import singular

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_WORD: Final = re.compile(r"[^\W_]{1,100}(?:(?<=\d)\.(?=\d)[^\W_]{1,100})*(?:\+\+|#)?")
_PREFIX: Final = 4
MAX_WORDS: Final = 10


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text: where each begins and ends (code points) and its lower-case form."""

    starts: list[int]
    ends: list[int]
    lows: list[str]

    @classmethod
    def of(cls, text: str) -> Words:
        matches = list(_WORD.finditer(text))
        starts = [match.start() for match in matches]
        ends = [match.end() for match in matches]
        return cls(starts, ends, [match.group().lower() for match in matches])

    def __len__(self) -> int:
        return len(self.lows)


def join(lows: list[str]) -> str:
    """The key of a term given as lower-case words: no gaps, the last word in the singular."""
    return "".join(lows[:-1]) + singular(lows[-1]) if lows else ""


def key(form: str) -> str:
    """The key of a surface form: `Pre-training`, `pretraining` and `pre training` have one."""
    return join([match.group().lower() for match in _WORD.finditer(form)])


class Index:
    """Keys to look for, with what their first words can begin with."""

    def __init__(self, keys: Iterable[str]) -> None:
        self.keys = frozenset(keys)
        self.heads = {each[:_PREFIX] for each in self.keys}
        self.shorts = {each[:length] for each in self.heads for length in range(1, _PREFIX)}


def occurrences(words: Words, index: Index) -> Iterator[tuple[int, int, str]]:
    """Every run of words whose key is in the index, as first word, last word and key.

    One pass over the words, each run at most `MAX_WORDS` long.
    """
    keys, heads, shorts, lows = index.keys, index.heads, index.shorts, words.lows
    for first, low in enumerate(lows):
        if low[:_PREFIX] not in heads and low not in shorts:  # no key of several words begins so
            single = singular(low)
            if single in keys:
                yield first, first, single
            continue
        run = ""
        for last in range(first, min(first + MAX_WORDS, len(lows))):
            found = run + singular(lows[last])
            if found in keys:
                yield first, last, found
            run += lows[last]
