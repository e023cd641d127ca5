"""Concepts made of joined names: what each is called, its type, its other names, what is more general."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from kg.ids import concept_id, digest
from kg.link import family
from kg.link.usage import most_common
from kg.text import is_acronym, normal_form
from kg.types import Concept
from kg.vocab import ConceptType

if TYPE_CHECKING:
    from kg.link.usage import Name
    from kg.link.vocabulary import Entry

ARTEFACTS = frozenset({ConceptType.MODEL, ConceptType.DATASET, ConceptType.SOFTWARE})


def make(names: list[Name], entry: Entry | None) -> Concept:
    """The concept of some names, the vocabulary's entry for them if there is one."""
    weights: Counter[ConceptType] = Counter()
    forms: Counter[str] = Counter()
    for name in names:
        weights.update(name.weights)
        forms.update(name.forms)
        forms.update(name.spellings)
    type_ = entry.type if entry and entry.type else most_common(weights)
    label = entry.label if entry else _label(names, type_)
    others = {*forms, *((entry.label, *entry.alternatives) if entry else ())} - {label}
    return Concept(
        id=concept_id(str(type_), normal_form(label)),
        name=label,
        type=type_,
        aliases=tuple(sorted(others)),
        same_as=(entry.iri, *entry.same_as) if entry else (),
        definition=entry.definition if entry else "",
    )


def _label(names: list[Name], type_: ConceptType) -> str:
    """The commonest spelling: an artefact's without size, another concept's in full if papers write it so."""
    spellings: Counter[str] = Counter()
    for name in names:
        for spelling, papers in name.spellings.items():
            parsed = family.parse(spelling) if type_ is ConceptType.MODEL else family.Artefact(spelling)
            spellings[parsed.family] += papers
    full = Counter({key: papers for key, papers in spellings.items() if not is_acronym(key)})
    return most_common(full if full and _is_term(full, type_) else spellings)


def _is_term(full: Counter[str], type_: ConceptType) -> bool:
    """Whether the full form is a term and no artefact's expanded name: written small by most papers."""
    return type_ not in ARTEFACTS or most_common(full).islower()


def distinct(concepts: dict[str, Concept], papers: dict[str, int]) -> dict[str, str]:
    """An id for each group of names: the concept's own, with a hash for all but the commonest of a clash."""
    taken: dict[str, str] = {}
    for group in sorted(concepts, key=lambda group: (-papers[group], group)):
        own = concepts[group].id
        taken[group] = f"{own}-{digest(group, length=8)}" if own in taken.values() else own
    return taken
