"""Statements as RDF: who says what of which concept, how sure it is, and the words that say it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from kg.rdf.terms import Iri, Names, Node, TripleTerm, fit, offset, place, term
from kg.vocab import PREDICATES, ROLES, Relation, Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.rdf.terms import Value
    from kg.types import Paper, Statement

    _Places = dict[tuple[int, int], dict[tuple[Iri, Value], None]]

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
_NIF_CONTEXT: Final = term("nif:Context")
_SOURCE: Final = term("nif:sourceUrl")
_STRING: Final = term("nif:isString")
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
        yield statement_node(statement, names, made)
    yield from _places(paper, iri, statements, names)


def _places(paper: Paper, iri: Iri, statements: Sequence[Statement], names: Names) -> Iterator[Node]:
    """The text, and the sentences and phrases in it; a place that is several of these is one node."""
    text = paper.text
    context = place(iri, 0, len(text))
    places: _Places = {
        (0, len(text)): dict.fromkeys([(_A, _NIF_CONTEXT), (_SOURCE, iri), (_STRING, fit(text))])
    }
    for said in statements:
        sentence = place(iri, said.start, said.end)
        _note(places, (said.start, said.end), context, text, (_A, _NIF_SENTENCE))
        quoted = ((_A, _NIF_PHRASE), (_IN_SENTENCE, sentence), (_NAMES, names.concept(said.object)))
        _note(places, (said.quote_start, said.quote_end), context, text, *quoted)
    for (start, end), properties in sorted(places.items(), key=lambda item: (item[0][0], -item[0][1])):
        yield Node(place(iri, start, end), (*properties, (_BEGIN, offset(start)), (_END, offset(end))))


def _note(
    places: _Places, at: tuple[int, int], context: Iri, text: str, *properties: tuple[Iri, Value]
) -> None:
    known = places.setdefault(at, {})
    known.update(dict.fromkeys(properties))
    known[_ANCHOR, fit(text[at[0] : at[1]])] = None
    known[_CONTEXT, context] = None


def statement_node(statement: Statement, names: Names, made: Provenance) -> Node:
    """The statement itself; the places that it speaks of are nodes of their own."""
    paper = names.paper(statement.paper_id)
    return Node(names.statement(statement.id), tuple(_said(statement, paper, names, made)))


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
