"""Statements as RDF: who says what of which concept, how sure it is, and the words that say it."""

from __future__ import annotations

from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, NamedTuple

from kg.rdf.nodes import Node, Shape, node, shape
from kg.rdf.terms import Iri, Names, TripleTerm, Typed, fit, offset, place, term
from kg.vocab import PREDICATES, ROLES, Relation, Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from kg.link.confidence import Support
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
_OF_TRIPLE: Final = term("kg:tripleConfidence")
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
_SPAN: Final = ((_BEGIN, Typed), (_END, Typed))
_WORDS: Final = ((_ANCHOR, str), (_CONTEXT, Iri))
_TEXT_SHAPE: Final = shape((_A, Iri), (_SOURCE, Iri), (_STRING, str), *_SPAN)
_SENTENCE_SHAPE: Final = shape((_A, Iri), *_WORDS, *_SPAN)
_PHRASE_SHAPE: Final = shape((_A, Iri), (_IN_SENTENCE, Iri), (_NAMES, Iri), *_WORDS, *_SPAN)


class Provenance(NamedTuple):
    """What is known of statements beside themselves.

    `activity` is the fingerprint of the extractor that read the paper, `support` how many statements carry a
    triple where it is more than one, `triple_terms` whether to write RDF 1.2, `shared` what several papers
    together make of a triple that they state.
    """

    activity: str
    support: Mapping[tuple[str, str, str], int]
    triple_terms: bool = False
    shared: Mapping[tuple[str, str, str], Support] = MappingProxyType({})


def place_nodes(paper: Paper, iri: Iri, statements: Sequence[Statement], names: Names) -> Iterator[Node]:
    """The text, and the sentences and phrases in it; a place that is several of these is one node."""
    text = f"{fit(paper.title)}\n{fit(paper.abstract)}"
    end = len(text)
    context = place(iri, 0, end)
    whole = Node(context, _TEXT_SHAPE, (_NIF_CONTEXT, iri, text, offset(0), offset(end)))
    places: dict[tuple[int, int], dict[object, Node]] = {(0, end): {"text": whole}}
    for said in statements:
        sentence = place(iri, said.start, said.end)
        at = places.setdefault((said.start, said.end), {})
        if "sentence" not in at:
            words = _words(text, said.start, said.end, context)
            at["sentence"] = Node(sentence, _SENTENCE_SHAPE, (_NIF_SENTENCE, *words))
        at = places.setdefault((said.quote_start, said.quote_end), {})
        if (sentence, said.object) not in at:
            words = _words(text, said.quote_start, said.quote_end, context)
            phrase = (_NIF_PHRASE, sentence, names.concept(said.object), *words)
            quote = place(iri, said.quote_start, said.quote_end)
            at[sentence, said.object] = Node(quote, _PHRASE_SHAPE, phrase)
    for _, alike in sorted(places.items(), key=lambda item: (item[0][0], -item[0][1])):
        yield _merged(alike) if len(alike) > 1 else next(iter(alike.values()))


def _words(text: str, start: int, end: int, context: Iri) -> tuple[str, Iri, Typed, Typed]:
    return text[start:end], context, offset(start), offset(end)


def _merged(alike: Mapping[object, Node]) -> Node:
    """One node of several of the same place; the offsets stay at its end."""
    properties = [list(one.properties) for one in alike.values()]
    before = dict.fromkeys(pair for pairs in properties for pair in pairs[:-2])
    return node(next(iter(alike.values())).iri, (*before, *properties[0][-2:]))


def statement_node(statement: Statement, names: Names, made: Provenance) -> Node:
    """The statement itself; the places that it speaks of are nodes of their own."""
    paper, object_ = names.paper(statement.paper_id), names.concept(statement.object)
    subject = paper if statement.predicate in _ROLE_NAMES else names.concept(statement.subject)
    said = subject, PROPERTIES[statement.predicate], object_
    triple = statement.subject, statement.predicate, statement.object
    shared = made.shared.get(triple)
    values = (
        STATEMENT,
        *((TripleTerm(*said),) if made.triple_terms else said),
        made.support.get(triple, 1),
        statement.score,
        *((shared.confidence,) if shared else ()),
        place(paper, statement.start, statement.end),
        place(paper, statement.quote_start, statement.quote_end),
        paper,
        *((names.activity(made.activity),) if made.activity else ()),
        names.origin(statement.origin),
    )
    shape = _statement_shape(
        triple_terms=made.triple_terms, activity=bool(made.activity), shared=shared is not None
    )
    return Node(names.statement(statement.id), shape, values)


@cache
def _statement_shape(*, triple_terms: bool, activity: bool, shared: bool) -> Shape:
    reified = ((_SUBJECT, Iri), (_PREDICATE, Iri), (_OBJECT, Iri))
    return shape(
        (_A, Iri),
        *(((_REIFIES, TripleTerm),) if triple_terms else reified),
        (_SUPPORT, int),
        (_CONFIDENCE, float),
        *(((_OF_TRIPLE, float),) if shared else ()),
        (_SENTENCE, Iri),
        (_QUOTE, Iri),
        (_DERIVED, Iri),
        *(((_GENERATED, Iri),) if activity else ()),
        (_ATTRIBUTED, Iri),
    )


_ROLE_NAMES: Final = PREDICATES & {str(role) for role in ROLES}
