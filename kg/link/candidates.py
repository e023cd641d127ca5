"""Pairs of names worth comparing, by indices: never all pairs."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from kg.link import family
from kg.link.forms import bare, edit_keys, stem_key, words
from kg.link.usage import name_key
from kg.link.within import without_small
from kg.text import initials, is_acronym

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.link.features import Evidence
    from kg.link.names import Names
    from kg.link.usage import Name

MAX_BLOCK: Final = 50  # a key that more names share says nothing


def pairs(names: Mapping[str, Name], evidence: Evidence) -> Iterator[tuple[Name, Name]]:
    """Pairs that share a block, each once, the smaller key first."""
    index: defaultdict[str, list[str]] = defaultdict(list)
    for key in sorted(names):
        for block in set(blocks(names[key], evidence)):
            index[block].append(key)
    for left, right in sorted({pair for members in index.values() for pair in star(members, names)}):
        yield names[left], names[right]


def star(members: Sequence[str], names: Mapping[str, Name] | Names) -> Iterator[tuple[str, str]]:
    """The pairs of a block's commonest name with each of its others, by key, the smaller first."""
    if 1 < len(members) <= MAX_BLOCK:
        hub = min(members, key=lambda key: (-names[key].papers, key))
        yield from ((min(hub, key), max(hub, key)) for key in members if key != hub)


def blocks(name: Name, evidence: Evidence) -> Iterator[str]:
    """The keys under which a name may meet another."""
    spelling, low = name.spelling, name.key.casefold()
    parts = words(spelling)
    model = family.of_model(spelling).family
    yield f"name {low}"
    for other in {bare(family.parse(spelling).family)[0], model} - {spelling}:
        yield f"name {name_key(other).casefold()}"
    yield f"name {evidence.abbreviations.expand(spelling)}"
    yield f"stem {stem_key(parts)}"
    yield from _initials(spelling, low)
    for sense in evidence.abbreviations.senses(name.key)[:5]:
        yield f"name {sense.long}"
    for iri in evidence.vocabulary.names.get(name.key, ()):
        yield f"entry {iri}"
    yield from edit_keys(parts)


def _initials(spelling: str, low: str) -> Iterator[str]:
    """The block of an abbreviation, and those of the words that it may stand for."""
    if is_acronym(spelling):
        yield f"initials {low}"
    elif spelling.count(" ") + spelling.count("-") > 1:
        yield f"initials {initials(spelling).casefold()}"
        yield f"initials {initials(without_small(spelling)).casefold()}"
