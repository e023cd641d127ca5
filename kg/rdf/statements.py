"""Statements as RDF: who says what of which concept, how sure it is, and the words that say it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from kg.rdf.terms import Iri, Names, Node, TripleTerm, fit, offset, place, term
from kg.vocab import PREDICATES, ROLES, Relation, Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.rdf.terms import Value
    from kg.types import Paper, Statement

PROPERTIES: Final = {str(t): Iri(t.iri) for t in (*Role, *Relation)}
STATEMENT: Final = term("kg:Statement")
_A: Final = term("rdf:type")
_SUBJECT: Final = term("rdf:subject")
_PREDICATE: Final = term("rdf:predicate")
_OBJECT: Final = term("rdf:object")
_REIFIES: Final = term("rdf:reifies")
_SUPPORT: Final = term("kg:support")
_CONFIDENCE: Final = term("kg:confidence")
_SENTENCE: Final = term("kg:sentence")
_QUOTE: Final = term("kg:quote")
_DERIVED: Final = term("prov:wasDerivedFrom")
_GENERATED: Final = term("prov:wasGeneratedBy")
_ATTRIBUTED: Final = term("prov:wasAttributedTo")
_NIF_SENTENCE: Final = term("nif:Sentence")
_NIF_PHRASE: Final = term("nif:Phrase")
_ANCHOR: Final = term("nif:anchorOf")
_BEGIN: Final = term("nif:beginIndex")
_END: Final = term("nif:endIndex")
_CONTEXT: Final = term("nif:referenceContext")
_IN_SENTENCE: Final = term("nif:sentence")
_NAMES: Final = term("itsrdf:taIdentRef")


class Provenance(NamedTuple):
    """What is known of statements beside themselves.

    `activity` is the fingerprint of the extractor that read the paper, `support` how many statements carry a
    triple where it is more than one, `triple_terms` whether to write RDF 1.2.
    """

    activity: str
    support: Mapping[tuple[str, str, str], int]
    triple_terms: bool = False


def statement_nodes(
    paper: Paper, iri: Iri, statements: Sequence[Statement], names: Names, made: Provenance
) -> Iterator[Node]:
    """The statements of one paper in the order of its text, then the places that they speak of."""
    for statement in statements:
        yield Node(names.statement(statement.id), tuple(_said(statement, iri, names, made)))
    places: dict[tuple[int, int], dict[tuple[Iri, Value], None]] = {}
    for statement in statements:
        sentence = places.setdefault((statement.start, statement.end), {})
        sentence[_A, _NIF_SENTENCE] = None
        quote = places.setdefault((statement.quote_start, statement.quote_end), {})
        quote[_A, _NIF_PHRASE] = None
        quote[_IN_SENTENCE, place(iri, statement.start, statement.end)] = None
        quote[_NAMES, names.concept(statement.object)] = None
    text, context = paper.text, place(iri, 0, len(paper.text))
    for (start, end), properties in sorted(places.items()):
        words = (
            (_ANCHOR, fit(text[start:end])),
            (_BEGIN, offset(start)),
            (_END, offset(end)),
            (_CONTEXT, context),
        )
        yield Node(place(iri, start, end), (*properties, *words))


def _said(statement: Statement, paper: Iri, names: Names, made: Provenance) -> Iterator[tuple[Iri, Value]]:
    subject = paper if statement.predicate in _ROLE_NAMES else names.concept(statement.subject)
    predicate, object_ = PROPERTIES[statement.predicate], names.concept(statement.object)
    yield _A, STATEMENT
    if made.triple_terms:
        yield _REIFIES, TripleTerm(subject, predicate, object_)
    else:
        yield _SUBJECT, subject
        yield _PREDICATE, predicate
        yield _OBJECT, object_
    yield _SUPPORT, made.support.get((statement.subject, statement.predicate, statement.object), 1)
    yield _CONFIDENCE, statement.score
    yield _SENTENCE, place(paper, statement.start, statement.end)
    yield _QUOTE, place(paper, statement.quote_start, statement.quote_end)
    yield _DERIVED, paper
    if made.activity:
        yield _GENERATED, names.activity(made.activity)
    yield _ATTRIBUTED, names.origin(statement.origin)


_ROLE_NAMES: Final = PREDICATES & {str(role) for role in ROLES}
