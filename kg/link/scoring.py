"""How sure two names are one concept: features weighed by a logistic regression."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp
from typing import TYPE_CHECKING, Final

from kg.link.features import FEATURES

if TYPE_CHECKING:
    from kg.link.features import Evidence
    from kg.link.usage import Name

WEIGHTS: Final[dict[str, float]] = {
    "same_form": 8.0,
    "other_case": 3.4,
    "shared_senses": 2.5,
    "other_senses": -5.0,
    "definition": 4.0,
    "support": 0.5,
    "ambiguous": -5.0,
    "initials": 3.4,
    "expansion": 5.0,
    "class_noun": 3.75,
    "named_noun": 4.5,
    "stem_inside": 4.0,
    "stem_at_end": 3.5,
    "edit": 3.4,
    "size": 6.0,
    "same_type": 2.0,
    "vocabulary": 8.0,
    "vocabulary_apart": -6.0,
    "other_number": -6.0,
    "more_words": -0.3,
}
BIAS: Final = -4.4
THRESHOLD: Final = 0.5


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two names compared: the probability that they are one concept, and the features that aren't 0."""

    left: str
    right: str
    score: float
    features: dict[str, float]

    @property
    def same(self) -> bool:
        return self.score >= THRESHOLD


def compare(left: Name, right: Name, evidence: Evidence) -> Comparison:
    """Compare two names, whichever comes first."""
    first, second = sorted((left, right), key=lambda name: name.key)
    features = {name: function(first, second, evidence) for name, function in FEATURES.items()}
    total = BIAS + sum(WEIGHTS.get(name, 0.0) * value for name, value in features.items())
    found = {name: round(value, 4) for name, value in features.items() if value}
    return Comparison(left.spelling, right.spelling, round(1 / (1 + exp(-total)), 4), found)


def reason(left: Name, right: Name, compared: Comparison, evidence: Evidence) -> str:
    """The plainest of the features that speak for one concept, in words."""
    pair = f"{left.spelling} = {right.spelling}"
    find = evidence.abbreviations.defines
    sense = find(left.key, right) or find(right.key, left)
    if sense and "definition" in compared.features:
        return f"{pair}: {sense.papers} of {sense.total} papers define it so"
    said = next((words for name, words in REASONS.items() if name in compared.features), "alike")
    return f"{pair}: {said}"


# In the order in which they are told
REASONS: Final = {
    "vocabulary": "both names of one concept in the vocabulary",
    "size": "a size or checkpoint of the family",
    "shared_senses": "one abbreviation, of which papers give the same long form",
    "other_case": "one word with other capitals",
    "expansion": "one when abbreviations are written out",
    "named_noun": "one but for a class noun",
    "class_noun": "one but for a class noun",
    "stem_inside": "words of one stem",
    "stem_at_end": "words of one stem",
    "edit": "one letter apart",
    "initials": "an abbreviation of its initials",
}
