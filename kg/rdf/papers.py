"""A paper as RDF: what its sources say of it, who signed it, and what it says of concepts."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from kg.rdf.nodes import Node, node, shape
from kg.rdf.statements import place_nodes, statement_node
from kg.rdf.terms import Iri, Names, Typed, fit, term, web_iri, within
from kg.vocab import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from kg.rdf.statements import Provenance
    from kg.rdf.terms import Value
    from kg.types import Paper, Statement

A: Final = term("rdf:type")
PAPER: Final = term("fabio:ResearchPaper")
SIGNATURE: Final = term("dblp:AuthorSignature")
MENTIONS: Final = term("schema:mentions")
ROLES: Final = {str(role): Iri(role.iri) for role in Role}
_YEAR: Final = term("xsd:gYear")
_JSON: Final = term("rdf:JSON")
_IDENTIFIER: Final = term("dcterms:identifier")
_TITLE: Final = term("dcterms:title")
_ABSTRACT: Final = term("dcterms:abstract")
_CREATOR: Final = term("dc:creator")
_PUBLISHED: Final = term("fabio:hasPublicationYear")
_PAGE: Final = term("foaf:page")
_URL: Final = term("schema:url")
_SOURCE: Final = term("dcterms:source")
_EXTRA: Final = term("kg:otherFields")
_ORDINAL: Final = term("dblp:signatureOrdinal")
_NAME: Final = term("foaf:name")
_OF: Final = term("dblp:signaturePublication")
_HAS_SIGNATURE: Final = term("dblp:hasSignature")
_SIGNATURE_SHAPE: Final = shape((A, Iri), (_ORDINAL, int), (_NAME, str), (_OF, Iri))
_LITERALS: Final = (
    (term("prism:publicationName"), "venue"),
    (term("kg:track"), "track"),
    (term("kg:repository"), "repository"),
    (term("prism:doi"), "doi"),
    (term("fabio:hasArXivId"), "arxiv_id"),
)
_LISTS: Final = ((term("prism:keyword"), "keywords"), (term("kg:listedBy"), "listed_by"))


def paper_nodes(
    paper: Paper, statements: Sequence[Statement], names: Names, made: Provenance | None
) -> Iterator[Node]:
    """The paper and everything that lies within it: signatures, statements, the places that say them.

    Where nothing is told of how they were `made`, the statements themselves are left out.
    """
    iri = names.paper(paper.id)
    about = tuple((s.predicate, s.object) for s in statements if s.about_paper)
    yield node(iri, (*_described(paper, iri, names), *_claimed(about, names)))
    for ordinal, author in enumerate(paper.authors, 1):
        yield _signature(iri, ordinal, author)
    if statements:
        if made:
            yield from (statement_node(statement, names, made) for statement in statements)
        yield from place_nodes(paper, iri, statements, names)


def _described(paper: Paper, iri: Iri, names: Names) -> Iterator[tuple[Iri, Value]]:
    yield A, PAPER
    yield _IDENTIFIER, fit(paper.id)
    yield _TITLE, fit(paper.title)
    yield from ((_CREATOR, fit(author)) for author in dict.fromkeys(paper.authors))
    if paper.year is not None:
        yield _PUBLISHED, Typed(f"{paper.year:04d}", _YEAR)
    for predicate, field in _LITERALS:
        if value := getattr(paper, field):
            yield predicate, fit(value)
    if paper.url:
        address = web_iri(paper.url)
        yield (_URL, fit(paper.url)) if address is None else (_PAGE, address)
    for predicate, field in _LISTS:
        yield from ((predicate, fit(value)) for value in dict.fromkeys(getattr(paper, field)))
    yield from ((_SOURCE, names.source(source)) for source in dict.fromkeys(paper.sources))
    if paper.extra:
        yield _EXTRA, Typed(fit(_canonical(paper.extra)), _JSON)
    if paper.abstract:
        yield _ABSTRACT, fit(paper.abstract)
    yield from ((_HAS_SIGNATURE, _signed(iri, n)) for n in range(1, len(paper.authors) + 1))


def _claimed(about: Iterable[tuple[str, str]], names: Names) -> Iterator[tuple[Iri, Value]]:
    """The direct triples: each concept by its role, and every one by the property above all roles."""
    pairs = sorted(set(about), key=lambda pair: (_ORDER[pair[0]], pair[1]))
    yield from ((ROLES[role], names.concept(concept)) for role, concept in pairs)
    yield from ((MENTIONS, names.concept(concept)) for concept in sorted({concept for _, concept in pairs}))


def _canonical(fields: Mapping[str, Any]) -> str:
    """JSON as RFC 8785 has it, so that every reader of the JSON-LD gets the literal of the Turtle."""
    return json.dumps(
        dict(fields), ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False
    )


def _signed(paper: Iri, ordinal: int) -> Iri:
    return within(paper, f"author-{ordinal}")


def _signature(paper: Iri, ordinal: int, name: str) -> Node:
    return Node(_signed(paper, ordinal), _SIGNATURE_SHAPE, (SIGNATURE, ordinal, fit(name), paper))


_ORDER: Final = {str(role): rank for rank, role in enumerate(Role)}
