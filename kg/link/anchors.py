"""A vocabulary's concepts among the names: each has an anchor, to which its labels are tied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.link.cluster import Edge
from kg.link.usage import SCALE, Name, name_key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from kg.link.vocabulary import Entry, Vocabulary

HEAD: Final = "vocabulary "  # no name has a key with a space
_SURE: Final = 0.99


def anchor(iri: str) -> str:
    """The key of a vocabulary concept's anchor; no name has such a key, for names' keys have no space."""
    return HEAD + iri


def marks(vocabulary: Vocabulary) -> dict[str, tuple[str, str]]:
    """What keeps two concepts of one vocabulary from becoming one."""
    return {anchor(iri): (f"source {entry.source}", iri) for iri, entry in vocabulary.entries.items()}


def of(key: str, vocabulary: Vocabulary) -> Entry | None:
    """The vocabulary concept of which a key is the anchor."""
    return vocabulary.entries.get(key.removeprefix(HEAD)) if key.startswith(HEAD) else None


def label_names(vocabulary: Vocabulary) -> dict[str, Name]:
    """The labels as names that no paper uses: `LLM agents` in a text can meet them."""
    found: dict[str, Name] = {}
    for entry in vocabulary.entries.values():
        for label in entry.labels:
            key = name_key(label)
            if key and key not in found:
                found[key] = Name(key)
                found[key].spellings[label] += 1
                if entry.type is not None:
                    found[key].weights[entry.type] = SCALE
    return found


def ties(name: Name, vocabulary: Vocabulary) -> Iterator[Edge]:
    """A proposal for each vocabulary of which the name is a concept's label, alone or alone of its type."""
    for iris in vocabulary.of_label(name.key):
        if iri := choose(name, iris, vocabulary):
            yield Edge(anchor(iri), name.key, _SURE, f"{vocabulary.entries[iri].label!r} in the vocabulary")


def choose(name: Name, iris: tuple[str, ...], vocabulary: Vocabulary) -> str:
    """Which of the concepts with this label the name is: the only one, or the only one of the type that
    papers give the name, or the only one that has it as its main label; else none.
    """
    typed = [iri for iri in iris if vocabulary.entries[iri].type == name.type]
    main = [iri for iri in iris if name_key(vocabulary.entries[iri].label) == name.key]
    for found in (list(iris), typed if name.papers else [], main):
        if len(found) == 1:
            return found[0]
    return ""
