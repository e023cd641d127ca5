"""Why two names may be one concept: candidates from indices, each with a score and its reason."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kg.link import family
from kg.link.usage import name_key
from kg.text import initials, is_acronym
from kg.vocab import ConceptType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.link.usage import Name, Usage


@dataclass(frozen=True, slots=True)
class Edge:
    """The proposal that two names, by key, are one concept: how sure, and why."""

    left: str
    right: str
    score: float
    detail: str


def edges(usage: Usage) -> Iterator[Edge]:
    """All proposals for the names of a corpus."""
    yield from cases(usage)
    yield from abbreviations(usage)
    yield from sizes(usage)


def cases(usage: Usage) -> Iterator[Edge]:
    """A word in capitals and the same word otherwise: one if of one type (`BLEU`, `bleu`), else two (`MATH`)."""
    for key, name in usage.names.items():
        other = usage.names.get(key.casefold()) if key.isupper() else None
        if other is not None and other is not name and other.type == name.type:
            yield Edge(key, other.key, 0.97, f"spelling of {other.spelling}")


def abbreviations(usage: Usage) -> Iterator[Edge]:
    """A name that papers define as another's short form follows the definition that most papers give."""
    defined: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for name in usage.names.values():
        for form, papers in name.forms.items():
            if (short := name_key(form)) != name.key and short in usage.names and is_acronym(form):
                defined[short][name.key] += papers
    for short, longs in defined.items():
        best = min(longs, key=lambda key: (-longs[key], key))
        share = (longs[best] + 0.5) / (sum(longs.values()) + 1)
        detail = f"{usage.names[short].spelling}: defined so in {longs[best]} of {sum(longs.values())} papers"
        yield Edge(short, best, share, detail)


def sizes(usage: Usage) -> Iterator[Edge]:
    """A size or checkpoint of a model is its family, if the family is in the corpus."""
    for key, name in usage.names.items():
        if name.type is not ConceptType.MODEL:
            continue
        spelling = name.spelling
        parsed = family.parse(spelling)
        if not parsed.size:
            parsed = family.parse_class(spelling)
        other = usage.names.get(name_key(parsed.family))
        if parsed.size and other is not None and other.key != key:
            yield Edge(key, other.key, 0.96, f"size or checkpoint ({parsed.size}) of {other.spelling}")


def spells(short: str, long: str) -> bool:
    """Whether an abbreviation's letters are the first letters of a phrase's words."""
    return initials(long) == short.rstrip("s").upper()
