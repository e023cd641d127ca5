"""What speaks for and against two names being one concept: each feature a function, documented, 0 to 1.

A feature that doesn't apply is 0. `kg explain` prints them; scoring.py weighs them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import log1p, sqrt
from typing import TYPE_CHECKING, Final, TypeVar

from kg.link import family
from kg.link.forms import (
    LONG,
    bare,
    is_adjective,
    is_of_person,
    is_proper,
    numbers,
    one_edit,
    one_ending,
    stem_key,
    verb,
    words,
)
from kg.link.usage import name_key
from kg.link.within import spells
from kg.text import is_acronym, normal_form

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kg.link.abbreviations import Abbreviations, Sense
    from kg.link.usage import Name
    from kg.link.vocabulary import Vocabulary

T = TypeVar("T")
_BY_LENGTH: Final = {2: 0.2, 3: 0.5}  # what initials say, by their number
_THINGS: Final = frozenset({"model", "dataset", "software"})  # groups of class nouns
_VOWEL = re.compile("[aeiouy]")
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What features look things up in: definitions of abbreviations, and the vocabulary."""

    abbreviations: Abbreviations
    vocabulary: Vocabulary


def same_form(left: Name, right: Name, evidence: Evidence) -> float:
    """1 for spellings of one form (case, plural, hyphen, spacing), with capitals alike."""
    return float(left.key == right.key)


def other_case(left: Name, right: Name, evidence: Evidence) -> float:
    """For one word with other capitals: 0.8 if one is in small letters and may be a common word, having a
    vowel (`MATH`, `math`; `mAP`, `map`), so that the types that papers give them decide; else 1 (`LASSO`,
    `Lasso`; `LLMs`, `llms`).
    """
    if not _other_case(left, right):
        return 0.0
    small = (name.spelling for name in (left, right) if name.spelling.islower())
    return 0.8 if any(map(_VOWEL.search, small)) else 1.0


def shared_senses(left: Name, right: Name, evidence: Evidence) -> float:
    """For one abbreviation with other capitals, how much of their definitions is the same: `KNN`, `kNN`."""
    return evidence.abbreviations.overlap(left.key, right.key) if _other_case(left, right) else 0.0


def other_senses(left: Name, right: Name, evidence: Evidence) -> float:
    """For one abbreviation with other capitals, how much of their definitions is not: `MAP`, `mAP`."""
    defined = all(evidence.abbreviations.senses(name.key) for name in (left, right))
    return 1.0 - shared_senses(left, right, evidence) if defined and _other_case(left, right) else 0.0


def definition(left: Name, right: Name, evidence: Evidence) -> float:
    """Of the papers that define the abbreviation, the share that define it as the other name: 0 at 0.6, 1 at
    1.
    """
    sense = _sense(left, right, evidence)
    return max(0.0, (sense.share - 0.6) / 0.4) if sense else 0.0


def support(left: Name, right: Name, evidence: Evidence) -> float:
    """How many papers define the abbreviation as the other name: log(1 + n) / log(51), at most 1."""
    sense = _sense(left, right, evidence)
    return min(1.0, log1p(sense.papers) / log1p(50)) if sense else 0.0


def ambiguous(left: Name, right: Name, evidence: Evidence) -> float:
    """Share of the definitions by which the abbreviation is something else than the other name."""
    short, long = (left, right) if is_acronym(left.spelling) else (right, left)
    senses = evidence.abbreviations.senses(short.key) if not is_acronym(long.spelling) else []
    sense = evidence.abbreviations.defines(short.key, long)
    if not senses or not (sense or initials(left, right, evidence)):
        return 0.0
    return 1.0 - (sense.papers if sense else 0) / senses[0].total


def initials(left: Name, right: Name, evidence: Evidence) -> float:
    """1 if one is an abbreviation of four letters or more that are the other's initials, 0.5 if of three, 0.2
    if of two; small words may be left out.
    """
    short, long = sorted((left.spelling, right.spelling), key=len)
    if not is_acronym(short) or len(_WORDS.findall(long)) < 2 or not spells(short, long):
        return 0.0
    return _BY_LENGTH.get(sum(c.isalnum() for c in short.removesuffix("s")), 1.0)


def expansion(left: Name, right: Name, evidence: Evidence) -> float:
    """1 if the names are one when the abbreviations in them are written out: `LLM agent`."""
    if left.key.casefold() == right.key.casefold():
        return 0.0
    expand = evidence.abbreviations.expand
    return float(expand(left.spelling) == expand(right.spelling))


def class_noun(left: Name, right: Name, evidence: Evidence) -> float:
    """1 if the terms are one without the class noun at an end (`local search algorithm`), or with another one
    of its group (`similarity metric`, `similarity measure`); 0.75 where one word is left (`kernel method`).
    """
    rest = _bare(left, right) or "X"
    return 0.0 if is_proper(rest) else 1.0 if len(words(rest)) > 1 else 0.75


def named_noun(left: Name, right: Name, evidence: Evidence) -> float:
    """1 if a coined name stands with a class noun and without: `Adam optimizer`, `MATH benchmark`; not so
    `Bayesian network`, `Bayesian model`, nor a task and what it is done with (`NLP`, `NLP model`).
    """
    rest = _bare(left, right) or "x"
    if not is_proper(rest) or is_of_person(rest):
        return 0.0
    groups = [bare(family.parse(name.spelling).family)[1] for name in (left, right)]
    if rest.istitle() and (all(groups) or "task" in groups):  # Markov model and network, Wahba's problem
        return 0.0
    sense = evidence.abbreviations.dominant(name_key(rest))
    return float(not (sense and verb(sense.long) and {*groups} & _THINGS))


def stem_inside(left: Name, right: Name, evidence: Evidence) -> float:
    """1 if the names are one but for a noun and its adjective before the last word: `robot manipulation`,
    `robotic manipulation`.
    """
    if not _same_stem(left, right):
        return 0.0
    first, second = words(left.spelling), words(right.spelling)
    return float(first[-1:] == second[-1:] and all(map(is_adjective, first, second)))


def stem_at_end(left: Name, right: Name, evidence: Evidence) -> float:
    """1 if the names have the same stems and the last words are two nouns of one action (`disentangling`,
    `disentanglement`); 0.7 with other endings (`unit test`, `unit testing`), but 0 for a thing and its field
    (`social robot`, `social robotics`).
    """
    ends = {words(name.spelling)[-1] for name in (left, right)} if _same_stem(left, right) else set()
    if len(ends) < 2 or any(word.endswith("ics") for word in ends):
        return 0.0
    verbs = set(map(verb, ends))
    return 1.0 if len(verbs) == 1 and all(verbs) else 0.7


def edit(left: Name, right: Name, evidence: Evidence) -> float:
    """1 for names that are one letter apart in one long word, neither at its beginning nor at its end
    (`structure`, `structured`), and not coined.
    """
    first, second = words(left.spelling), words(right.spelling)
    coined = is_proper(left.spelling[1:]) or is_proper(right.spelling[1:])
    if left.key == right.key or coined or len(first) != len(second):
        return 0.0
    other = [pair for pair in zip(first, second, strict=True) if pair[0] != pair[1]]
    if len(other) != 1 or max(map(len, other[0])) < LONG or other[0][0][:2] != other[0][1][:2]:
        return 0.0
    return float(one_edit(*other[0]) and not one_ending(*other[0]))


def size(left: Name, right: Name, evidence: Evidence) -> float:
    """1 if the names are one family when sizes and checkpoints are taken off: `LLaMA-7B`, `LLaMA`."""
    if left.key == right.key:
        return 0.0
    families = [family.of_model(name.spelling) for name in (left, right)]
    if not any(each.size for each in families):
        return 0.0
    return float(len({name_key(each.family).casefold() for each in families}) == 1)


def same_type(left: Name, right: Name, evidence: Evidence) -> float:
    """How alike the types are that papers give the two: cosine of the weights; 0.5 where unknown."""
    return _cosine(left.weights, right.weights) if left.weights and right.weights else 0.5


def vocabulary(left: Name, right: Name, evidence: Evidence) -> float:
    """1 if one vocabulary concept has both names."""
    return float(bool(_entries(left, evidence) & _entries(right, evidence)))


def vocabulary_apart(left: Name, right: Name, evidence: Evidence) -> float:
    """1 if the vocabulary has both names, of different concepts."""
    entries = _entries(left, evidence), _entries(right, evidence)
    return float(all(entries) and not entries[0] & entries[1])


def other_number(left: Name, right: Name, evidence: Evidence) -> float:
    """1 if the names have different numbers when sizes are taken off: `GPT-3`, `GPT-4`; `CIFAR-10`, `-100`.

    Not where papers or the vocabulary have them as one: `T5` is the text-to-text transfer transformer.
    """
    if _sense(left, right, evidence) or vocabulary(left, right, evidence):
        return 0.0
    families = [family.of_model(name.spelling).family for name in (left, right)]
    return float(numbers(families[0]) != numbers(families[1]))


def more_words(left: Name, right: Name, evidence: Evidence) -> float:
    """1 if one name is the other and more words: `language model`, `large language model`."""
    first, second = set(normal_form(left.spelling).split()), set(normal_form(right.spelling).split())
    return float(first < second or second < first)


FEATURES: Final[dict[str, Callable[[Name, Name, Evidence], float]]] = {
    function.__name__: function
    for function in (
        same_form,
        other_case,
        shared_senses,
        other_senses,
        definition,
        support,
        ambiguous,
        initials,
        expansion,
        class_noun,
        named_noun,
        stem_inside,
        stem_at_end,
        edit,
        size,
        same_type,
        vocabulary,
        vocabulary_apart,
        other_number,
        more_words,
    )
}


def _other_case(left: Name, right: Name) -> bool:
    return left.key != right.key and left.key.casefold() == right.key.casefold()


def _sense(left: Name, right: Name, evidence: Evidence) -> Sense | None:
    find = evidence.abbreviations.defines
    return find(left.key, right) or find(right.key, left)


def _bare(left: Name, right: Name) -> str:
    """What two names are without the class noun that one of them has, or the empty text."""
    (first, one), (second, other) = (bare(family.parse(name.spelling).family) for name in (left, right))
    if left.key == right.key or not (one or other) or (one and other and one != other):
        return ""
    return first if name_key(first) == name_key(second) else ""


def _same_stem(left: Name, right: Name) -> bool:
    """Whether two terms have the same stems, word by word; coined names (`PointNet`) have none."""
    if left.key.casefold() == right.key.casefold() or _is_coined(left.spelling) or _is_coined(right.spelling):
        return False
    first, second = words(left.spelling), words(right.spelling)
    return len(first) == len(second) and stem_key(first) == stem_key(second)


def _is_coined(name: str) -> bool:
    """Whether a word of the name has a capital inside and no abbreviation is one of its words."""
    parts = _WORDS.findall(name)
    return any(part[1:] != part[1:].lower() and not is_acronym(part) for part in parts)


def _entries(name: Name, evidence: Evidence) -> frozenset[str]:
    return frozenset(evidence.vocabulary.names.get(name.key, ()))


def _cosine(left: Mapping[T, float], right: Mapping[T, float]) -> float:
    small, large = sorted((left, right), key=len)
    product = sum(weight * large[key] for key, weight in small.items() if key in large)
    if not product:
        return 0.0
    return product / sqrt(sum(w * w for w in left.values()) * sum(w * w for w in right.values()))
