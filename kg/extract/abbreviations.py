"""Abbreviations that a text defines itself, by the algorithm of Schwartz and Hearst (PSB 2003).

Own code: the implementations on PyPI have had no release for years and read sentences from files.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_BRACKET: Final = re.compile(r"[(\[]([^()\[\]]{2,80})[)\]]")
_WORD: Final = re.compile(r"\S+")
_PART: Final = re.compile(r"[^\W_]+")
_SHORT: Final = re.compile(r"[^\W_][\w+./&*-]{0,13}[\w+*]")
_QUOTES: Final = " *\"'\u201c\u201d\u2018\u2019"
_STOP: Final = re.compile(
    r"(?:an?|the|of|for|to|in|on|and|or|with|by|from|via|as|is|are|our|this|its|we)", re.IGNORECASE
)


class Abbreviation(NamedTuple):
    """Where a text gives a long form and, in brackets after it, its short form (code points)."""

    short_start: int
    short_end: int
    long_start: int
    long_end: int


def abbreviations(text: str) -> list[Abbreviation]:
    """The pairs `long form (SHORT)` of a text, in its order."""
    found = []
    for bracket in _BRACKET.finditer(text):
        inner = re.split(r"[;,]\s", bracket.group(1), maxsplit=1)[0].strip(_QUOTES)
        start = text.find(inner, bracket.start(1))
        if is_short(inner):
            pair = _long_form(text, bracket.start(), inner)
            if pair:
                found.append(Abbreviation(start, start + len(inner), *pair))
    return found


def is_short(form: str) -> bool:
    """Whether a bracket's text can be a short form: one word of 2 to 15 characters with a capital."""
    return bool(_SHORT.fullmatch(form)) and sum(c.isupper() for c in form) >= 1 and not form.isdigit()


def fits(short: str, long: str, *, initials: bool = False) -> bool:
    """Whether `short` can stand for `long`: its letters stand in it in order, the first at its beginning.

    `initials` asks that each of its capitals begin a word.
    """
    low = long.lower()
    if len(short) >= len(long) or low[:1] != short[:1].lower():
        return False
    if initials:
        return _in_order([c.lower() for c in short if c.isupper()], [part[0] for part in _PART.findall(low)])
    return _in_order([c.lower() for c in short if c.isalpha()], low)


def _in_order(letters: Sequence[str], among: Sequence[str]) -> bool:
    rest = iter(among)
    return all(letter in rest for letter in letters)


def _by_initials(before: str, words: list[int], letters: list[str]) -> int | None:
    """Where the last words begin whose initials are the letters (hyphens part words), if they are."""
    parts = [match.start() for match in _PART.finditer(before, words[0])][-len(letters) :]
    if len(parts) == len(letters) > 1 and [before[part].lower() for part in parts] == letters:
        return parts[0]
    return None


def _long_form(text: str, end: int, short: str) -> tuple[int, int] | None:
    """The shortest run of words before `end` that has the letters of `short` in order, the first one at a
    word's beginning; at most min(n + 5, 2n) words.
    """
    core = short[:-1] if short.endswith("s") and short[-2:-1].isupper() else short
    limit = min(len(core) + 5, len(core) * 2)
    begin = max(0, end - 20 * limit)
    before = text[begin:end].rstrip(_QUOTES)
    line = before.rfind("\n") + 1
    words = [match.start() for match in _WORD.finditer(before, line)][-limit:]
    if not words:
        return None
    letters = [c.lower() for c in core if c.isalnum()]
    start = _by_initials(before, words, letters)
    if start is None:
        start = _by_letters(before, words[0], letters)
    if start is None or not _is_long(before[start:], short):
        return None
    return begin + start, begin + len(before)


def _by_letters(before: str, first: int, letters: list[str]) -> int | None:
    """Where the shortest stretch up to the end begins that has the letters in order, after S. and H."""
    place = len(before) - 1
    for index in range(len(letters) - 1, -1, -1):
        while place >= first and not (
            before[place].lower() == letters[index] and (index > 0 or _starts_word(before, place))
        ):
            place -= 1
        if place < first:
            return None
        place -= 1
    return place + 1


def _is_long(long: str, short: str) -> bool:
    words = long.split()
    if not words or len(long) <= len(short) or short in words or _STOP.fullmatch(words[0]):
        return False
    return not re.search(r"[.;:!?(]\s", long)


def _starts_word(text: str, place: int) -> bool:
    return place == 0 or not text[place - 1].isalnum()
