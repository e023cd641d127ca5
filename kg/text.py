"""Normal forms: what two spellings of one name have in common."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Final

_GAPS = re.compile(r"[\s\-\u2010-\u2015_/]+")
_EDGES: Final = " .,;:()[]'\"\u201c\u201d\u2018\u2019`"
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
_QUOTES = str.maketrans({"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u00a0": " "})
_PLURALS: Final = (
    (re.compile(r"(?<=[a-z]{2})ies$"), "y"),
    (re.compile(r"(?<=[a-z])(sses|shes|ches|xes|zzes)$"), lambda m: m.group(1)[:-2]),
    (re.compile(r"(?<=[a-z]{2})(?<![su])(?<!i)s$"), ""),
)
_INVARIANT: Final = frozenset(
    {"series", "species", "bias", "analysis", "basis", "gas", "news", "lens", "kubernetes"}
)


def clean(text: str) -> str:
    """Text without what no format can carry: control characters but tab and newlines, and lone surrogates."""
    return _CONTROL.sub("", text)


def plain_quotes(text: str) -> str:
    """Curly quotes and no-break spaces as their plain forms, one character for one."""
    return text.translate(_QUOTES)


@lru_cache(maxsize=200_000)
def normal_form(name: str) -> str:
    """The form that spellings of one name share: no case, hyphens as spaces, the last word in the singular.

    Digits and signs stay, so `GPT-3` and `GPT-4`, `C` and `C++` are two. Plurals follow three rules of
    English and a short list of words that only look like plurals.
    """
    folded = unicodedata.normalize("NFKC", name).casefold()
    words = _GAPS.sub(" ", folded).strip(_EDGES).split()
    return " ".join([*words[:-1], singular(words[-1])]) if words else ""


def singular(word: str) -> str:
    """The singular of an English noun by its ending, or the word itself."""
    if word in _INVARIANT or len(word) < 3 or word.endswith(("ss", "us", "is")):
        return word
    for ending, replacement in _PLURALS:
        short, changed = ending.subn(replacement, word)
        if changed:
            return short
    return word


def is_acronym(form: str) -> bool:
    """Whether a form looks like an abbreviation: short, no space, at least two capitals, at least half of its
    letters.

    A final lower-case s (LLMs) does not count against it.
    """
    core = form[:-1] if len(form) > 2 and form.endswith("s") and form[-2].isupper() else form
    letters = [c for c in core if c.isalpha()]
    capitals = sum(c.isupper() for c in letters)
    return " " not in core and 2 <= len(core) <= 10 and capitals >= 2 and 2 * capitals >= len(letters)


def initials(phrase: str) -> str:
    """First letters of a phrase's words, in capitals: what its acronym would be."""
    return "".join(word[0] for word in re.findall(r"[^\W_]+", phrase)).upper()
