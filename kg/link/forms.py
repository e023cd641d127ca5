"""Looser forms of names, under which candidates for one concept meet; each a rule of language."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from kg.link.within import SMALL
from kg.text import american, normal_form, singular

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

# Nouns that say what class of thing a name is, and that texts put in or leave out: `local search
# (algorithm)`; those in one group stand for each other.
CLASS_NOUNS: Final = {
    **dict.fromkeys(("method", "approach", "technique", "algorithm", "mechanism", "procedure"), "way"),
    **dict.fromkeys(("task", "problem"), "task"),
    **dict.fromkeys(("metric", "measure"), "metric"),
}
# Those that go only with a proper name: `MATH benchmark`, `Adam optimizer`, but not `preference dataset`.
NAMED_NOUNS: Final = {
    **dict.fromkeys(("model", "architecture", "network", "family", "suite", "series", "system"), "model"),
    **dict.fromkeys(("dataset", "corpus", "benchmark", "collection", "challenge", "database"), "dataset"),
    **dict.fromkeys(("library", "toolkit", "simulator", "engine", "package"), "software"),
    **dict.fromkeys(("optimizer", "framework", "scheme", "strategy", "tokenizer"), "way"),
    "score": "metric",
}
_PREPOSITIONS: Final = frozenset({"of", "for", "from", "in", "on", "by", "with", "via"})
_ENDINGS: Final = re.compile(
    r"(?:ization|ations?|ators?|ative|ional|ions?|ings?|ment|ity|ive|ors?|ers?|ics?|ical|ally|ed|al|ly|es|e|s)$"
)
_ACTION: Final = re.compile(r"(?:ation|ing|ion|ment)$")
_LANGUAGE_MODEL = re.compile(r"\s(?:large\s)?(?:vision-)?language models?$", re.IGNORECASE)
LONG: Final = 8  # letters of a word in which one may be wrong
_DIGITS = re.compile(r"\d+(?:\.\d+)?")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A word without its commonest endings, at least four letters of it: robot for robotic, prun for
    pruning and pruner.
    """
    short = _ENDINGS.sub("", word)
    while short != word and len(short) >= 4:
        word, short = short, _ENDINGS.sub("", short)
    return word[:-1] if len(word) > 4 and word[-1] == word[-2] else word


def words(name: str) -> list[str]:
    """The words of a name's normal form, inner ones in the singular too, American spelling."""
    normal = normal_form(name).split()
    return [american(singular(word)) for word in normal[:-1]] + [american(word) for word in normal[-1:]]


def stem_key(parts: Iterable[str]) -> str:
    """The stems of a name's words, run together, a preposition like any other: `learning from feedback`,
    `learning with feedback`.
    """
    return "".join("." if word in _PREPOSITIONS else stem(word) for word in parts)


def is_adjective(left: str, right: str) -> bool:
    """Whether two words are one, or a noun and its adjective in -al or -ic: `convolution`, `convolutional`.
    Other endings often change the meaning: `graphical`, `structured`, `generative`, `personality`.
    """
    short, long = sorted((left, right), key=len)
    return left == right or long in (short + "al", short + "ic") or {left, right} <= _PREPOSITIONS


def verb(word: str) -> str:
    """The verb of a noun of an action, cut short: `adapt` of `adaptation`, `disentangl` of `disentangling`
    and `disentanglement`; the empty text for other words.
    """
    short = _ACTION.sub("", word)
    return short.rstrip("e") if short != word else ""


def content_key(name: str) -> str:
    """The stems of a name's words without the small ones: `learning from human feedback`, `... with ...`."""
    return "".join(stem(word) for word in words(name) if word not in SMALL)


def bare(name: str) -> tuple[str, str]:
    """A name without the class noun at its end, where a name is left, and the noun's group: `Adam` of `Adam
    optimizer`; the name itself and an empty text where there is none.
    """
    head, _, last = _LANGUAGE_MODEL.sub(" model", name.rstrip()).replace("-", " ").rpartition(" ")
    last = singular(last.casefold())
    rest = name[: len(head)]
    group = CLASS_NOUNS.get(last) or (NAMED_NOUNS.get(last) if is_proper(rest) else None)
    return (rest, group) if group and head else (name, "")


def is_proper(name: str) -> bool:
    """Whether a name is a coined one: one word that begins with a capital or has one inside (of words with
    hyphens one is all capitals or has one inside), or one with a digit behind its first word.
    """
    first, gap, rest = name.partition(" ")
    parts = first.split("-")
    capitals = (
        name != name.lower() if len(parts) == 1 else any(part[1:] != part[1:].lower() for part in parts)
    )
    return (not gap and (capitals or _has_digit(name))) or _has_digit(rest)


def _has_digit(text: str) -> bool:
    return any(map(str.isdigit, text))


def is_of_person(name: str) -> bool:
    """Whether a name is an adjective made of a person's name, which names nothing alone: `Gaussian`."""
    return name.istitle() and name.endswith(("ian", "ean"))


def numbers(name: str) -> tuple[str, ...]:
    """The numbers in a name, in order: names with different ones are different things."""
    return tuple(_DIGITS.findall(name))


def one_edit(left: str, right: str) -> bool:
    """Whether one letter put in, left out, changed, or two swapped make one text the other."""
    if abs(len(left) - len(right)) > 1 or left == right:
        return False
    short, long = sorted((left, right), key=len)
    start = next((i for i, c in enumerate(short) if c != long[i]), len(short))
    if len(short) != len(long):
        return short[start:] == long[start + 1 :]
    if short[start + 1 :] == long[start + 1 :]:
        return True
    return (
        short[start : start + 2] == long[start : start + 2][::-1] and short[start + 2 :] == long[start + 2 :]
    )


def one_ending(left: str, right: str) -> bool:
    """Whether two words differ in their last letter only, or one has a letter more at its end."""
    short, long = sorted((left, right), key=len)
    return long[:-1] in (short, short[:-1])


def edit_keys(parts: Sequence[str]) -> Iterator[str]:
    """Keys of which two names with one long word that is one edit apart share one: either half of the word,
    by length, among the other words.
    """
    for place, word in enumerate(parts):
        if len(word) < LONG:
            continue
        head, tail = "".join(parts[:place]), "".join(parts[place + 1 :])
        for size in (len(word), len(word) + 1):
            half = size // 2 - 1
            yield f"{size}{head}[{word[:half]}<]{tail}"
            yield f"{size}{head}[>{word[-half:]}]{tail}"
