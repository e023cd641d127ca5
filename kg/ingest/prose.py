"""A listed abstract as its authors wrote it: without marks of the page, and once."""

from __future__ import annotations

import re
from typing import Final

from kg.text import clean, plain_quotes

_MARK = re.compile(
    r"(?P<before>\b(?:in|interval|range|from|over|∈|within)\s*)?\s?"
    r"\[[1-9]\d{0,2}(?:\s*[,;\u2013-]\s*[1-9]\d{0,2})*\](?!\()"
)
_THIS_URL = re.compile(
    r"(?:\s*[(:,\u2013\u2014-]|\s+(?:at|in|on|from|via|see|here))*\s*\bthis https? URL\b\s*\)?", re.IGNORECASE
)
_LATEX_QUOTES = re.compile(r"``(.*?)''")
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"')\]]*\s+(?=[A-Z(\"'])")
_WORDS = re.compile(r"[^\W_]+")
MIN_REPEAT: Final = 6  # words: shorter sentences may stand twice on purpose


def tidy(paragraph: str) -> str:
    """A paragraph with plain quotes and single spaces, without `[37]`, `this https URL` and control
    characters.
    """
    text = _LATEX_QUOTES.sub(r'"\1"', plain_quotes(clean(paragraph)))
    text = _MARK.sub(lambda match: match[0] if match["before"] else "", text)
    return re.sub(r"\s+([.,;])(?=\s|$)", r"\1", " ".join(_THIS_URL.sub("", text).split()))


def without_repeats(paragraphs: list[str]) -> list[str]:
    """The paragraphs without what stands twice: a page may print an abstract twice, whole or in part.

    A paragraph that is the beginning of, or lies inside, another is dropped, then any sentence of six words
    or more that was there before.
    """
    kept = [text for index, text in enumerate(paragraphs) if not _covered(index, paragraphs)]
    seen: set[str] = set()
    return [text for text in (_new_sentences(paragraph, seen) for paragraph in kept) if text]


def _covered(index: int, paragraphs: list[str]) -> bool:
    mine = _words(paragraphs[index])
    for other, paragraph in enumerate(paragraphs):
        theirs = _words(paragraph)
        same = mine == theirs
        if (
            other != index
            and mine in theirs
            and len(mine.split()) >= MIN_REPEAT
            and (not same or other < index)
        ):
            return True
    return False


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
