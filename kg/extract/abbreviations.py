"""Abbreviations that a text defines itself, by the algorithm of Schwartz and Hearst (PSB 2003).

Own code: the implementations on PyPI have had no release for years and read sentences from files.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_BRACKET: Final = re.compile(r"[(\[]([^()\[\]]{2,80})[)\]]")
_WORD: Final = re.compile(r"\S+")
_SHORT: Final = re.compile(r"[^\W_][\w+./&*-]{0,13}[\w+*]")
_STOP: Final = frozenset("a an the of for to in on and or with by from via as is are our this its we".split())


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
        inner = re.split(r"[;,]\s", bracket.group(1), maxsplit=1)[0].strip(" *\"'“”‘’")
        start = text.find(inner, bracket.start(1))
        if is_short(inner):
            pair = _long_form(text, bracket.start(), inner)
            if pair:
                found.append(Abbreviation(start, start + len(inner), *pair))
    return found


def is_short(form: str) -> bool:
    """Whether a bracket's text can be a short form: one word of 2 to 15 characters with a capital."""
    return bool(_SHORT.fullmatch(form)) and sum(c.isupper() for c in form) >= 1 and not form.isdigit()


def _long_form(text: str, end: int, short: str) -> tuple[int, int] | None:
    """The shortest run of words before `end` that has the letters of `short` in order, the first one at a
    word's beginning; at most min(n + 5, 2n) words.
    """
    core = short[:-1] if short.endswith("s") and short[-2:-1].isupper() else short
    limit = min(len(core) + 5, len(core) * 2)
    begin = max(0, end - 20 * limit)
    before = text[begin:end].rstrip(" *\"'“”‘’")
    line = before.rfind("\n") + 1
    words = [match.start() for match in _WORD.finditer(before, line)][-limit:]
    if not words:
        return None
    letters = [c.lower() for c in core if c.isalnum()]
    place = len(before) - 1
    for index in range(len(letters) - 1, -1, -1):
        while place >= words[0] and not (
            before[place].lower() == letters[index] and (index > 0 or _starts_word(before, place))
        ):
            place -= 1
        if place < words[0]:
            return None
        place -= 1
    start = place + 1
    long = before[start:]
    first = long.split(None, 1)[0].lower() if long.strip() else ""
    if len(long) <= len(short) or short in long.split() or first in _STOP or re.search(r"[.;:!?(]\s", long):
        return None
    return begin + start, begin + len(before)


def _starts_word(text: str, place: int) -> bool:
    return place == 0 or not text[place - 1].isalnum()
