"""RDF read back into papers, concepts and statements: the mapping turned round.

What RDF has no order for comes sorted (keywords, aliases, sources); authors come in the order of their
signatures.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import unquote

import pyoxigraph as ox

from kg.errors import QueryError
from kg.rdf.papers import PAPER, SIGNATURE
from kg.rdf.statements import PROPERTIES, STATEMENT
from kg.rdf.terms import term
from kg.types import Concept, Paper, Statement
from kg.vocab import TYPES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

Described = dict[str, list[str]]  # of one subject: predicate -> values, sorted
_A: Final = term("rdf:type")
_TYPES: Final = {type_.iri: type_ for type_ in TYPES}
_PREDICATES: Final = {str(iri): name for name, iri in PROPERTIES.items()}
_ID: Final = term("dcterms:identifier")


class Read(NamedTuple):
    """What a file holds, each sorted by id."""

    papers: tuple[Paper, ...]
    concepts: tuple[Concept, ...]
    statements: tuple[Statement, ...]


def read(path: Path) -> Read:
    """The graph of an export in any format. Raises QueryError for a file that isn't one."""
    form = ox.RdfFormat.from_extension(path.suffix.lstrip("."))
    try:
        return from_triples(quad.triple for quad in ox.parse(path=path, format=form))
    except (SyntaxError, ValueError, KeyError, IndexError) as error:
        raise QueryError(f"{path}: not an export of ours: {' '.join(str(error).split())}") from error


def from_triples(triples: Iterable[ox.Triple]) -> Read:
    """The graph of an export's triples, in any order."""
    subjects: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for triple in triples:
        if isinstance(triple.subject, ox.NamedNode) and not isinstance(triple.object, ox.Triple):
            subjects[triple.subject.value][triple.predicate.value].add(triple.object.value)
    known = {iri: {p: sorted(vs) for p, vs in found.items()} for iri, found in subjects.items()}
    return Read(
        tuple(sorted(_of_class(known, PAPER, _paper), key=lambda paper: paper.id)),
        tuple(sorted(_of_class(known, term("skos:Concept"), _concept), key=lambda concept: concept.id)),
        tuple(sorted(_of_class(known, STATEMENT, _statement), key=lambda statement: statement.id)),
    )


def _of_class(known: dict[str, Described], class_: str, make: Any) -> Iterator[Any]:
    return (make(iri, about, known) for iri, about in known.items() if class_ in about.get(_A, ()))


def _one(about: Described, curie: str) -> str:
    return next(iter(about.get(term(curie), ())), "")


def _all(about: Described, curie: str) -> tuple[str, ...]:
    return tuple(about.get(term(curie), ()))


def _paper(iri: str, about: Described, known: dict[str, Described]) -> Paper:
    signatures = [known[signature] for signature in about.get(term("dblp:hasSignature"), ())]
    assert all(SIGNATURE in signature[_A] for signature in signatures)
    signatures.sort(key=lambda signature: int(_one(signature, "dblp:signatureOrdinal")))
    year = _one(about, "fabio:hasPublicationYear")
    return Paper(
        id=about[_ID][0],
        title=_one(about, "dcterms:title"),
        abstract=_one(about, "dcterms:abstract"),
        authors=tuple(_one(signature, "foaf:name") for signature in signatures),
        venue=_one(about, "prism:publicationName"),
        track=_one(about, "kg:track"),
        repository=_one(about, "kg:repository"),
        year=int(year) if year else None,
        url=_one(about, "foaf:page") or _one(about, "schema:url"),
        doi=_one(about, "prism:doi"),
        arxiv_id=_one(about, "fabio:hasArXivId"),
        keywords=_all(about, "prism:keyword"),
        listed_by=_all(about, "kg:listedBy"),
        sources=tuple(sorted(_one(known[source], "rdfs:label") for source in _all(about, "dcterms:source"))),
        extra=json.loads(_one(about, "kg:otherFields") or "{}"),
    )


def _concept(iri: str, about: Described, known: dict[str, Described]) -> Concept:
    return Concept(
        id=about[_ID][0],
        name=_one(about, "skos:prefLabel"),
        type=next(_TYPES[class_] for class_ in about[_A] if class_ in _TYPES),
        aliases=_all(about, "skos:altLabel"),
        broader=tuple(sorted(known[iri][_ID][0] for iri in _all(about, "skos:broader"))),
        same_as=_all(about, "skos:exactMatch"),
        definition=_one(about, "skos:definition"),
        iri=_one(about, "kg:vocabularyEntry"),
        see_also=_all(about, "rdfs:seeAlso"),
    )


def _statement(iri: str, about: Described, known: dict[str, Described]) -> Statement:
    sentence, quote = (known[_one(about, name)] for name in ("kg:sentence", "kg:quote"))
    return Statement(
        id=unquote(iri.rpartition("/")[2]),
        subject=known[_one(about, "rdf:subject")][_ID][0],
        predicate=_PREDICATES[_one(about, "rdf:predicate")],
        object=known[_one(about, "rdf:object")][_ID][0],
        paper_id=known[_one(about, "prov:wasDerivedFrom")][_ID][0],
        start=int(_one(sentence, "nif:beginIndex")),
        end=int(_one(sentence, "nif:endIndex")),
        quote_start=int(_one(quote, "nif:beginIndex")),
        quote_end=int(_one(quote, "nif:endIndex")),
        origin=_one(known[_one(about, "prov:wasAttributedTo")], "rdfs:label"),
        score=float(_one(about, "kg:confidence")),
    )
