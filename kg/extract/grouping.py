"""Candidates of one text that name the same thing, gathered with every place where the text names it again.

Spellings meet under one key (`kg.extract.words.key`) once abbreviations are written out: those that the text
defines, then those that mean one thing in nearly every paper.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.extract import statistics
from kg.extract.abbreviations import Abbreviation, abbreviations, fits
from kg.extract.words import Index, Words, join, key, occurrences
from kg.text import singular

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.extract.candidates import Candidate

_SHORT_KEY: Final = 2
_INNER: Final = re.compile(r"[^\W_][A-Z\u00c0-\u00de\u0391-\u03a9\u0410-\u042f]")
_LIKELY: Final = 0.3


class Place(NamedTuple):
    """A place that names a concept: code points, the source's score there (0 for a repeat), the source."""

    start: int
    end: int
    score: float
    origin: str


@dataclass
class Group:
    """One thing that a text may name: its candidates, and all its places, sorted."""

    key: str
    candidates: list[Candidate] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    surfaces: set[str] = field(default_factory=set)
    defined: tuple[str, str] | None = None

    @cached_property
    def best(self) -> Candidate:
        """The candidate with the highest score, the first of equals."""
        return max(self.candidates, key=lambda each: (each.score, -each.start, each.end))


class Expander:
    """Writes abbreviations out, so that `LLM agents` and `large language model agents` have one key."""

    def __init__(self, text: str, pairs: Iterable[Abbreviation]) -> None:
        self.longs: dict[str, str] = {}
        self.keys: dict[str, str] = {}
        for pair in pairs:
            short = _bare(text[pair.short_start : pair.short_end])
            long = self.longs.setdefault(short, text[pair.long_start : pair.long_end])
            self.keys.setdefault(key(short), self._usual(short, long))

    def _usual(self, short: str, long: str) -> str:
        """The key of a long form; that of the usual one where this one only has more words."""
        known = statistics.expansions().get(short)
        if known and set(Words.of(known.long).lows) <= set(_lows(long)):
            self.longs[short] = known.long
            self.keys[key(long)] = key(known.long)
            return key(known.long)
        return key(long)

    def long(self, word: str) -> str | None:
        """What a word of the text stands for, or None."""
        if word.islower():
            return None
        short = _bare(word)
        known = statistics.expansions().get(short)
        return self.longs.get(short) or (known.long if known else None)

    def key(self, text: str, words: Words, first: int, last: int) -> str:
        """The key of the words `first` to `last` with abbreviations written out."""
        plain = join(words.lows[first : last + 1])
        if plain in self.keys:
            return self.keys[plain]
        lows: list[str] = []
        for index in range(first, last + 1):
            long = self.long(text[words.starts[index] : words.ends[index]])
            lows.extend(_lows(long) if long else (words.lows[index],))
        whole = join(lows)
        return self.keys.get(whole, whole)


def _lows(form: str) -> list[str]:
    lows = Words.of(form).lows
    return [*lows[:-1], singular(lows[-1])]


def _bare(short: str) -> str:
    return short[:-1] if short.endswith("s") and short[-2:-1].isupper() else short


def group(text: str, words: Words, found: Iterable[Candidate]) -> list[Group]:
    """The groups of a text's candidates, in the order of their first places."""
    found = [each for each in found if "\n" not in text[each.start : each.end]]
    pairs = [*abbreviations(text), *_apposed(text, found)]
    expander = Expander(text, pairs)
    groups: dict[str, Group] = {}
    starts = {start: index for index, start in enumerate(words.starts)}
    ends = {end: index for index, end in enumerate(words.ends)}
    for each in found:
        name = _key_of(text, words, each, starts, ends, expander)
        if name:
            one = groups.setdefault(name, Group(name))
            one.candidates.append(each)
            one.surfaces.add(text[each.start : each.end])
    _define(text, pairs, expander, groups)
    _place(text, words, groups)
    return sorted(groups.values(), key=lambda each: (each.places[0].start, -each.places[0].end, each.key))


def _apposed(text: str, found: Sequence[Candidate]) -> Iterator[Abbreviation]:
    """Pairs of neighbouring candidates `SHORT (long form)`, `Long form (SHORT)` or `SHORT: long form`."""
    likely = [each for each in found if each.score >= _LIKELY]
    for left, right in pairwise(likely):
        gap = text[left.end : right.start].strip(" *\"'")
        first, second = text[left.start : left.end], text[right.start : right.end]
        closed = text[right.end : right.end + 3].lstrip(" *\"'")[:1] in (")", ",", ";")
        bracket = gap == "(" and closed
        if bracket and _is_name(second) and fits(second, first):
            yield Abbreviation(right.start, right.end, left.start, left.end)
        elif (bracket or gap in (":", ",")) and _is_name(first) and fits(first, second, initials=not bracket):
            yield Abbreviation(left.start, left.end, right.start, right.end)


def _is_name(form: str) -> bool:
    return " " not in form and sum(map(str.isupper, form)) > 1


def _key_of(
    text: str, words: Words, each: Candidate, starts: Mapping[int, int], ends: Mapping[int, int], to: Expander
) -> str:
    first, last = starts.get(each.start), ends.get(each.end)
    if first is None or last is None:
        return key(text[each.start : each.end])
    return to.key(text, words, first, last)


def _define(text: str, pairs: Iterable[Abbreviation], to: Expander, groups: Mapping[str, Group]) -> None:
    """Note on a group the short and the long form that the text defines for it."""
    for pair in pairs:
        short = text[pair.short_start : pair.short_end]
        long = text[pair.long_start : pair.long_end]
        one = groups.get(to.keys.get(key(long), key(long)))
        if one is not None and one.defined is None:
            one.defined = (_bare(short), long)
            one.surfaces.update((short, long))


def _place(text: str, words: Words, groups: dict[str, Group]) -> None:
    """Find every place of every group: its candidates', and the repeats of its surface forms."""
    owners = {key(surface): one.key for one in groups.values() for surface in sorted(one.surfaces)}
    owners.pop("", None)
    taken = {(each.start, each.end) for one in groups.values() for each in one.candidates}
    for one in groups.values():
        one.places = [Place(each.start, each.end, each.score, each.origin) for each in one.candidates]
    for first, last, found in occurrences(words, Index(owners)):
        start, end = words.starts[first], words.ends[last]
        one = groups[owners[found]]
        surface = text[start:end]
        if (start, end) not in taken and _same_case(surface, one, found):
            one.places.append(Place(start, end, 0.0, "repeat"))
            one.surfaces.add(surface)
    for one in groups.values():
        one.places.sort()


def _same_case(surface: str, one: Group, found: str) -> bool:
    """Whether a repeat may differ in case: a name's or a short form's may not (`MATH` and `math`)."""
    bare = _bare(surface)
    if any(_bare(each) == bare for each in one.surfaces):
        return True
    if len(found) <= _SHORT_KEY:
        return False
    same_key = [each for each in one.surfaces if key(each) == found]
    return any(_ordinary(each) for each in same_key) and (not inner_capital(surface) or surface.isupper())


def _ordinary(surface: str) -> bool:
    """Whether a form is written as ordinary words: no capital within a word, and not one capitalised word."""
    return not inner_capital(surface) and (surface[:1].islower() or " " in surface or "-" in surface)


def inner_capital(surface: str) -> bool:
    """Whether a form has a capital after a letter or digit."""
    return _INNER.search(surface) is not None
