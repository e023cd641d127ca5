"""How much of each vocabulary a corpus meets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from kg.link.anchors import anchor, choose

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kg.link.names import Names
    from kg.link.vocabulary import Vocabulary

EXAMPLES: Final = 5


@dataclass(frozen=True, slots=True)
class Source:
    """One vocabulary's coverage: how many concepts papers name, how many none does, and how many labels that
    papers use name several concepts; with the commonest examples of each (of the unseen, the first).
    """

    title: str
    concepts: int
    matched: int
    unseen: int
    ambiguous: int
    matched_examples: tuple[str, ...]
    unseen_examples: tuple[str, ...]
    ambiguous_examples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """The coverage of each vocabulary of a build, in their order."""

    sources: tuple[Source, ...] = ()


def cover(
    vocabulary: Vocabulary, names: Names, find: Callable[[str], str], papers: Mapping[str, int]
) -> Coverage:
    """Count, for each vocabulary, its concepts that papers name (`papers`, by set of names)."""
    sources = range(len(vocabulary.titles))
    return Coverage(tuple(_source(number, vocabulary, names, find, papers) for number in sources))


def _source(
    number: int,
    vocabulary: Vocabulary,
    names: Names,
    find: Callable[[str], str],
    papers: Mapping[str, int],
) -> Source:
    entries = [entry for entry in vocabulary.entries.values() if entry.source == number]
    counts = {entry.iri: papers.get(find(anchor(entry.iri)), 0) for entry in entries}
    by_use = sorted(entries, key=lambda entry: (-counts[entry.iri], entry.label))
    matched = [entry.label for entry in by_use if counts[entry.iri]]
    unseen = [entry.label for entry in by_use if not counts[entry.iri]]
    ambiguous = _ambiguous(number, vocabulary, names)
    return Source(
        vocabulary.titles[number],
        len(entries),
        len(matched),
        len(unseen),
        len(ambiguous),
        tuple(matched[:EXAMPLES]),
        tuple(unseen[:EXAMPLES]),
        tuple(ambiguous[:EXAMPLES]),
    )


def _ambiguous(number: int, vocabulary: Vocabulary, names: Names) -> list[str]:
    """Labels in use that name several concepts of the vocabulary, the commonest first."""
    found = []
    for key in vocabulary.names:
        if key in names and names[key].papers:
            for iris in vocabulary.of_label(key):
                same = vocabulary.entries[iris[0]].source == number
                if same and len(iris) > 1 and not choose(names[key], iris, vocabulary):
                    found.append((-names[key].papers, names[key].spelling))
    return [spelling for _, spelling in sorted(found)]
