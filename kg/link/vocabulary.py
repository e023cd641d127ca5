"""A vocabulary as linking uses it: concepts and an index of their labels."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from kg.errors import VocabularyError
from kg.link.usage import name_key
from kg.text import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from kg.vocab import ConceptType

_RING: Final = 8  # concepts of a ring that are named
MINTED: Final = "urn:paperkg:label:"  # head of the keys of concepts whose vocabulary gives them no IRI


@dataclass(frozen=True, slots=True)
class Entry:
    """A vocabulary's concept: `alternatives` name it, `candidates` may name it and other things too.

    `broader`, `same_as` and `links` (its home page, its paper) are IRIs; `type` is None where the vocabulary
    doesn't say; `source` tells the vocabularies of a build apart, 0 being the one asked first.
    """

    iri: str
    label: str
    type: ConceptType | None = None
    alternatives: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    same_as: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    definition: str = ""
    source: int = 0

    @property
    def labels(self) -> tuple[str, ...]:
        return (self.label, *self.alternatives)

    @property
    def equals(self) -> tuple[str, ...]:
        """IRIs of the concept itself: its own, where it has one, and those its vocabulary gives."""
        return self.same_as if self.iri.startswith(MINTED) else (self.iri, *self.same_as)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The entries of all vocabularies of a build, by IRI; the IRIs by key of a label or of a candidate."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    candidates: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    titles: tuple[str, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[Entry], titles: tuple[str, ...] = ()) -> Vocabulary:
        """Index the entries, the same whatever their order; of two with one IRI the first source's counts.

        Raises VocabularyError where concepts are each more general than the other.
        """
        ordered: dict[str, Entry] = {}
        for entry in sorted(entries, key=lambda entry: (entry.source, entry.iri)):
            ordered.setdefault(entry.iri, entry)
        names, candidates = defaultdict(list), defaultdict(list)
        for entry in ordered.values():
            for key in {name_key(label) for label in entry.labels} - {""}:
                names[key].append(entry.iri)
            for key in {name_key(label) for label in entry.candidates} - {""}:
                candidates[key].append(entry.iri)
        refuse_cycles({iri: entry.broader for iri, entry in ordered.items()})
        return cls(ordered, _tuples(names), _tuples(candidates), titles)

    @property
    def ambiguous(self) -> Iterator[str]:
        """The labels, by key, that name several concepts."""
        return (key for key, iris in self.names.items() if len(iris) > 1)

    def of_label(self, key: str) -> list[tuple[str, ...]]:
        """The IRIs of a label's concepts, one tuple for each source that knows it, first source first."""
        by_source: defaultdict[int, list[str]] = defaultdict(list)
        for iri in self.names.get(key, ()):
            by_source[self.entries[iri].source].append(iri)
        return [tuple(iris) for _, iris in sorted(by_source.items())]


def _tuples(index: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {key: tuple(iris) for key, iris in index.items()}


def refuse_cycles(broader: Mapping[str, Iterable[str]]) -> None:
    """Raise VocabularyError if following broader leads back, naming the ring; without recursion."""
    done: set[str] = set()
    for start in broader:
        path: dict[str, None] = {}  # in order
        stack = [(start, False)]
        while stack:
            node, left = stack.pop()
            if left:
                del path[node]
                done.add(node)
            elif node in path:
                raise VocabularyError(
                    f"broader goes in a ring: {_ring([*path], node)}: take one of them away"
                )
            elif node not in done:
                path[node] = None
                stack.append((node, True))
                stack.extend((above, False) for above in broader.get(node, ()))


def _ring(path: list[str], node: str) -> str:
    """The ring that leads from a node of the path back to it; of a long one its beginning and its end."""
    ring = [*path[path.index(node) :], node]
    told = ring if len(ring) <= _RING else [*ring[: _RING - 2], f"({len(ring) - _RING} more)", *ring[-2:]]
    return " > ".join(shown(each, 80) for each in told)
