"""What a paper's short names stand for in that paper, by its other mentions."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from kg.text import initials, is_acronym

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from kg.types import Mention

# Words that abbreviations leave out
SMALL: Final = frozenset({"of", "the", "for", "and", "to", "in", "a", "an", "on", "by", "with", "from"})
_TERMS: Final = frozenset({"Method", "Metric", "Task", "Topic"})
# What makers call their artefacts, behind the coined name and as a part of it, by type.
_KINDS: Final = {
    "Dataset": frozenset({"bench", "benchmark", "challenge", "collection", "corpus", "suite", "treebank"}),
    "Software": frozenset(
        {"engine", "hub", "library", "notebook", "platform", "search", "studio", "toolkit"}
    ),
    "Model": frozenset({"agent", "model", "network", "system"}),
}


def full_names(mentions: Sequence[Mention]) -> dict[str, str]:
    """By name of one paper's mentions: the fuller name that another of them gives it.

    The words of an abbreviated term; for a coined name, itself with the noun that belongs to it (`GAIA`,
    `GAIA Search`). An artefact keeps its abbreviation: it is known by it.
    """
    return dict(_coined(mentions)) | {
        mention.name: mention.text
        for mention in mentions
        if " " in mention.text
        and is_acronym(mention.name)
        and str(mention.type) in _TERMS
        and spells(mention.name, mention.text)
    }


def _coined(mentions: Sequence[Mention]) -> Iterator[tuple[str, str]]:
    """(coined name, the one longer name of the same type that begins with it): where the noun says what kind
    of thing it is, or where the short name never stands without the rest.
    """
    longer: defaultdict[str, set[str]] = defaultdict(set)
    for mention in mentions:
        head, _, noun = mention.name.rpartition(" ")
        if " " not in head and head != head.lower() and noun.isalpha() and str(mention.type) in _KINDS:
            longer[head].add(mention.name)
    for head in sorted(longer):
        own = [mention for mention in mentions if mention.name == head]
        fits = {each for each in longer[head] if own and _is_one(own, each, mentions)}
        if len(fits) == 1:
            yield head, fits.pop()


def _is_one(own: Sequence[Mention], name: str, mentions: Sequence[Mention]) -> bool:
    """Whether mentions of a coined name mean the longer name that begins with it."""
    others = [mention for mention in mentions if mention.name == name and mention.type == own[0].type]
    if others and name.rpartition(" ")[2].casefold() in _KINDS[str(own[0].type)]:
        return True
    capital = name.rpartition(" ")[2][0].isupper()
    return capital and all(any(o.start == m.start and m.end < o.end for o in others) for m in own)


def spells(short: str, long: str) -> bool:
    """Whether an abbreviation's letters are the first letters of a phrase's words, small ones aside."""
    letters = "".join(c for c in short.removesuffix("s") if c.isalnum()).upper()
    return letters in (initials(long), initials(without_small(long)))


def without_small(name: str) -> str:
    """A name without the words that abbreviations leave out."""
    return " ".join(word for word in name.split() if word.casefold() not in SMALL)
