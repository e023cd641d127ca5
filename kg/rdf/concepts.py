"""A concept as RDF: a SKOS concept of one of the seven types, with what texts relate it to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from kg.rdf.nodes import node
from kg.rdf.statements import PROPERTIES
from kg.rdf.terms import Iri, Names, fit, term, web_iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from kg.rdf.nodes import Node
    from kg.rdf.terms import Value
    from kg.types import Concept

_A: Final = term("rdf:type")
_SKOS: Final = term("skos:Concept")
_IDENTIFIER: Final = term("dcterms:identifier")
_PREFERRED: Final = term("skos:prefLabel")
_ALTERNATIVE: Final = term("skos:altLabel")
_HIDDEN: Final = term("skos:hiddenLabel")
_DEFINITION: Final = term("skos:definition")
_BROADER: Final = term("skos:broader")
_SCHEME: Final = term("skos:inScheme")
_SAME: Final = term("skos:exactMatch")
_SEE: Final = term("rdfs:seeAlso")
_ENTRY: Final = term("kg:vocabularyEntry")
_PAPERS: Final = term("kg:paperCount")
_NOTE: Final = term("skos:note")


def concept_node(concept: Concept, relations: Iterable[tuple[str, str]], papers: int, names: Names) -> Node:
    """The concept with its labels, its place in the hierarchy, its relations and how many papers have it."""
    return node(names.concept(concept.id), _described(concept, relations, papers, names))


def _described(
    concept: Concept, relations: Iterable[tuple[str, str]], papers: int, names: Names
) -> Iterator[tuple[Iri, Value]]:
    yield _A, Iri(concept.type.iri)
    yield _A, _SKOS
    yield _IDENTIFIER, fit(concept.id)
    yield _PREFERRED, fit(concept.name)
    yield from ((_ALTERNATIVE, fit(alias)) for alias in sorted(set(concept.aliases) - {concept.name}))
    yield from ((_HIDDEN, label) for label in _folded(concept))
    if concept.definition:
        yield _DEFINITION, fit(concept.definition)
    yield from ((_BROADER, names.concept(broader)) for broader in sorted(set(concept.broader)))
    yield from _matches(concept)
    yield _SCHEME, names.dataset
    yield _PAPERS, papers
    yield from ((PROPERTIES[relation], names.concept(object_)) for relation, object_ in relations)


def _folded(concept: Concept) -> list[str]:
    """The labels without case, for look-up; SKOS wants them apart from those that are shown."""
    shown = {fit(name) for name in (concept.name, *concept.aliases)}
    return sorted({name.casefold() for name in shown} - shown)


def _matches(concept: Concept) -> Iterator[tuple[Iri, Value]]:
    """The same concept elsewhere, its home page or paper; what isn't an address is kept as a note."""
    matches, pages = sorted(set(concept.same_as)), sorted(set(concept.see_also))
    for predicate, addresses in ((_ENTRY, [concept.iri]), (_SAME, matches), (_SEE, pages)):
        for address in filter(None, addresses):
            iri = web_iri(address)
            yield (_NOTE, fit(address)) if iri is None else (predicate, iri)
