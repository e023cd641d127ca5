"""Concepts made of joined names: what each is called, its type, its other names."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from kg.ids import concept_id, digest
from kg.link import family
from kg.link.skos import TYPES
from kg.link.usage import most_common
from kg.text import is_acronym, normal_form, singular
from kg.types import Concept
from kg.vocab import ConceptType

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from kg.link.groups import Row
    from kg.link.usage import Name
    from kg.link.vocabulary import Entry

_ARTEFACTS = frozenset({ConceptType.MODEL, ConceptType.DATASET, ConceptType.SOFTWARE})
_LAST = re.compile(r"[A-Za-z]+$")


def make(names: Sequence[Name], entries: Sequence[Entry]) -> Concept:
    """The concept of some names and of the vocabularies' entries for it, the first of which names it."""
    used = [name for name in names if name.papers] or list(names)
    weights: Counter[ConceptType] = Counter()
    for name in used:
        for type_, weight in name.weights.items():
            weights[type_] += weight
    typed = next((entry.type for entry in entries if entry.type is not None), None)
    type_ = typed or (most_common(weights) if weights else ConceptType.TOPIC)
    label = entries[0].label if entries else _label(used, type_)
    others = {text for name in used for text in (*name.forms, *name.spellings)}
    others.update(label for entry in entries for label in entry.labels)
    return Concept(
        id=concept_id(str(type_), normal_form(label)),
        name=label,
        type=type_,
        aliases=_aliases(label, others),
        same_as=tuple(dict.fromkeys(iri for entry in entries for iri in entry.equals)),
        definition=next((entry.definition for entry in entries if entry.definition), ""),
        see_also=tuple(sorted({link for entry in entries for link in entry.links})),
    )


def altered(concept: Concept, label: str, type_: str) -> Concept:
    """The concept under another label and of another type, where these aren't empty."""
    kind = TYPES[type_] if type_ else concept.type
    name = label or concept.name
    others = _aliases(name, {*concept.aliases, concept.name})
    return replace(concept, id=concept_id(str(kind), normal_form(name)), name=name, type=kind, aliases=others)


def _aliases(label: str, others: Iterable[str]) -> tuple[str, ...]:
    """The other names, one of those that differ in case, hyphens or number only: an abbreviation in its
    capitals, a term in small letters.
    """
    found: dict[str, str] = {normal_form(label): ""}
    for text in sorted(others, key=lambda text: (not is_acronym(text), not text.islower(), text)):
        found.setdefault(normal_form(text), text)
    return tuple(sorted(filter(None, found.values())))


def _label(names: Sequence[Name], type_: ConceptType) -> str:
    """What papers call it: an artefact by its commonest name without size, a term in full and singular."""
    spellings: Counter[str] = Counter()
    for name in names:
        for spelling, papers in name.spellings.items():
            parsed = family.of_model(spelling) if type_ is ConceptType.MODEL else None
            spellings[parsed.family if parsed else spelling] += papers
    full = Counter({text: papers for text, papers in spellings.items() if not is_acronym(text)})
    if full and (type_ not in _ARTEFACTS or _is_term(most_common(full))):
        return _singular(most_common(full))
    return _singular(most_common(spellings))


def _is_term(name: str) -> bool:
    """Whether a name is a term and no proper name: several words in small letters."""
    return " " in name and name.islower()


def _singular(name: str) -> str:
    """A name in the singular; one in capitals (LLMs) loses its small s."""
    last = _LAST.search(name)
    if last is None:
        return name
    word = last.group()
    if len(word) > 2 and word.endswith("s") and word[:-1].isupper():
        return name[:-1]
    one = singular(word.lower())
    return name[: last.start()] + (
        one if word.islower() else word if not word.istitle() else one.capitalize()
    )


def distinct(rows: Iterable[Row]) -> dict[str, str]:
    """An id for each set of names: its concept's own, with a hash for all but the commonest of a clash."""
    ids: dict[str, str] = {}
    taken: set[str] = set()
    for row in sorted(rows, key=lambda row: (-row.papers, row.head)):
        ids[row.head] = f"{row.own}-{digest(row.head, length=8)}" if row.own in taken else row.own
        taken.add(row.own)
    return ids
