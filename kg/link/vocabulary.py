"""A vocabulary as linking uses it: concepts and an index of their labels."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from kg.link.usage import name_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from kg.vocab import ConceptType


@dataclass(frozen=True, slots=True)
class Entry:
    """A vocabulary's concept: `alternatives` name it, `candidates` may name it and other things too.

    `broader` and `same_as` are IRIs; `type` is None where the vocabulary doesn't say.
    """

    iri: str
    label: str
    type: ConceptType | None = None
    alternatives: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()
    definition: str = ""
    links: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The entries of all vocabularies of a build, by IRI, with an index from label keys to IRIs."""

    entries: dict[str, Entry] = field(default_factory=dict)
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    candidates: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Vocabulary:
        """Index the entries; the same whatever their order."""
        ordered = sorted(entries, key=lambda entry: entry.iri)
        names, candidates = defaultdict(set), defaultdict(set)
        for entry in ordered:
            for label in (entry.label, *entry.alternatives):
                names[name_key(label)].add(entry.iri)
            for label in entry.candidates:
                candidates[name_key(label)].add(entry.iri)
        return cls({entry.iri: entry for entry in ordered}, _sorted(names), _sorted(candidates))


def _sorted(index: dict[str, set[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(sorted(iris)) for key, iris in sorted(index.items()) if key}
