"""A listed abstract as its authors wrote it: without marks of the page, and once."""

from __future__ import annotations

import re
from typing import Final

from kg.text import clean, plain_quotes

_MARK = re.compile(
    r"(?P<before>\b(?:in|interval|range|from|over|∈|within)\s*)?\s?"
    r"\[[1-9]\d{0,2}(?:\s*[,;\u2013-]\s*[1-9]\d{0,2})*\](?!\()"
)
_THIS_URL = re.compile(r"\bthis https? URL\b\s*\)?", re.IGNORECASE)
_LEADING_SIGNS: Final = "(:,\u2013\u2014-"
_LEADING_WORDS: Final = frozenset({"at", "in", "on", "from", "via", "see", "here"})
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[A-Z(\"'])")
_WORDS = re.compile(r"[^\W_]+")
MIN_REPEAT: Final = 6  # words: shorter sentences may stand twice on purpose
MAX_PARAGRAPHS: Final = 100  # what has more is no abstract: each would be looked for in all others


def tidy(paragraph: str) -> str:
    """A paragraph with plain quotes and single spaces, without `[37]`, `this https URL` and control
    characters.
    """
    text = _with_plain_quotes(plain_quotes(clean(paragraph)))
    text = _MARK.sub(lambda match: match[0] if match["before"] else "", text)
    return re.sub(r"\s+([.,;])(?=\s|$)", r"\1", " ".join(_without_this_url(text).split()))


def _with_plain_quotes(text: str) -> str:
    """LaTeX's double quotes as plain ones, where both are there."""
    parts, done = [], 0
    while (start := text.find("``", done)) >= 0 and (end := text.find("''", start + 2)) >= 0:
        parts += [text[done:start], '"', text[start + 2 : end], '"']
        done = end + 2
    return "".join([*parts, text[done:]])


def _without_this_url(text: str) -> str:
    """Text without `this https URL` and the signs and small words that lead up to it."""
    parts, done = [], 0
    for match in _THIS_URL.finditer(text):
        parts.append(text[done : _lead(text, done, match.start())])
        done = match.end()
    return "".join([*parts, text[done:]])


def _lead(text: str, begin: int, end: int) -> int:
    """Where the signs and words that lead up to a place begin; each is looked at once, from the end."""
    while True:
        last = _before_gap(text, begin, end)
        if last > begin and text[last - 1] in _LEADING_SIGNS:
            end = last - 1
            continue
        word = next((n for n in (2, 3, 4) if text[max(begin, last - n) : last].lower() in _LEADING_WORDS), 0)
        gap = _before_gap(text, begin, last - word)
        if gap == last - word:
            return last
        end = gap


def _before_gap(text: str, begin: int, end: int) -> int:
    while end > begin and text[end - 1].isspace():
        end -= 1
    return end


def without_repeats(paragraphs: list[str]) -> list[str]:
    """The paragraphs without what stands twice: a page may print an abstract twice, whole or in part.

    A paragraph that is the beginning of, or lies inside, another is dropped (of very many only those that
    are the same), then any sentence of six words or more that was there before.
    """
    words = [_words(paragraph) for paragraph in paragraphs]
    first = {text: index for index, text in reversed([*enumerate(words)])}
    others = list(first) if len(first) <= MAX_PARAGRAPHS else []
    kept = [
        paragraph
        for index, (paragraph, mine) in enumerate(zip(paragraphs, words, strict=True))
        if len(mine.split()) < MIN_REPEAT
        or (first[mine] == index and not any(mine in text for text in others if len(text) > len(mine)))
    ]
    seen: set[str] = set()
    return [text for text in (_new_sentences(paragraph, seen) for paragraph in kept) if text]


def _new_sentences(paragraph: str, seen: set[str]) -> str:
    kept = []
    for sentence in _SENTENCE_END.split(paragraph):
        words = _words(sentence)
        if words not in seen or len(words.split()) < MIN_REPEAT:
            kept.append(sentence)
        seen.add(words)
    whole = " ".join(kept)
    return paragraph if _words(whole) == _words(paragraph) else whole


def _words(text: str) -> str:
    return " ".join(_WORDS.findall(text.casefold()))
