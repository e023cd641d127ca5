"""Values for a query's parameters: terms are made of them, and the terms take the place of variables.

A parameter stands in a query as `$name`. What a user gives is never part of the query's text as it came: it
becomes an IRI or a literal, checked and escaped by the term's own writer.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final

from kg.errors import QueryError
from kg.rdf import named
from kg.rdf.terms import Iri, Typed, fit, term, web_iri
from kg.rdf.turtle import quoted
from kg.text import normal_form
from kg.vocab import TYPES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from kg.rdf.named import NamedQuery, Parameter

    Find = Callable[[str], list[Iri]]  # runs a query, gives the IRIs of its first column

# what may hold a $name that is no parameter: comments, IRIs, strings
# (each in one way, ended or not: trying others takes time by the square of what is left open)
_TOKEN = re.compile(
    r'#[^\n]*|<[^<>"{}|^`\\\x00-\x20]*>'
    r'|"""(?:[^"\\]++|\\.|"(?!""))*+(?:""")?|\'\'\'(?:[^\'\\]++|\\.|\'(?!\'\'))*+(?:\'\'\')?'
    r'|"(?:[^"\\\n]++|\\.)*+"?|\'(?:[^\'\\\n]++|\\.)*+\'?|\$(?P<name>\w+)',
    re.DOTALL,
)
_FIND: Final = """
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX fabio: <http://purl.org/spar/fabio/>
PREFIX kg: <https://w3id.org/paperkg/ontology#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
_CONCEPT: Final = (
    _FIND
    + """SELECT DISTINCT ?found ?count WHERE {
    { VALUES ?label { $given $folded $normal } ?found skos:prefLabel|skos:altLabel|skos:hiddenLabel ?label }
    UNION { ?found dcterms:identifier $given } UNION { BIND($iri AS ?found) }
    ?found kg:paperCount ?count } ORDER BY DESC(?count) ?found LIMIT 20"""
)
_PAPER: Final = (
    _FIND
    + """SELECT DISTINCT ?found WHERE {
    { ?found dcterms:identifier $given } UNION { BIND($iri AS ?found) }
    UNION { ?found dcterms:title $given }
    UNION { ?found dcterms:title ?title FILTER(LCASE(?title) = $folded) }
    ?found a fabio:ResearchPaper } ORDER BY ?found LIMIT 20"""
)
_LARGEST: Final = 15  # power of ten of a number
_DIGITS: Final = 20  # of a number, and of what stands after its point
_SHOWN: Final = 40  # characters of a value in a message
_BEGINNING: Final = (
    _FIND
    + """SELECT ?found WHERE { ?found a fabio:ResearchPaper ; dcterms:identifier ?id ; dcterms:title ?title
    FILTER(STRSTARTS(?id, $given) || STRSTARTS(LCASE(?title), $folded)) } ORDER BY ?found LIMIT 2"""
)


def bind(text: str, terms: Mapping[str, str]) -> str:
    """The query with each `$name` that has a term replaced by it; strings, IRIs and comments are left."""

    def replaced(match: re.Match[str]) -> str:
        return terms.get(match["name"] or "", match[0])

    return _TOKEN.sub(replaced, text)


def prepare(text: str, params: Mapping[str, object], find: Find, *, name: str = "") -> str:
    """The SPARQL to be run: the named query, or the text, with terms for its parameters.

    Raises QueryError and UnknownNameError.
    """
    given = {key: str(value) for key, value in params.items()}
    if not name:
        query = _open(named.read("the query", text), given)
        return bind(text, terms(query, given, find))
    query = named.query(name)
    for parameter, instead in query.instead:
        if parameter in given:
            query = named.query(instead)
    return bind(query.text, terms(query, given, find))


def _open(query: NamedQuery, given: Mapping[str, str]) -> NamedQuery:
    """A user's own query: parameters without a line in its head are of the kind they are called, or text."""
    known = {parameter.name for parameter in query.parameters}
    kinds = {name: name if name in named.KINDS else "text" for name in given}
    more = tuple(named.Parameter(name, kinds[name], "") for name in sorted(given.keys() - known))
    return query._replace(parameters=(*query.parameters, *more))


def terms(query: NamedQuery, given: Mapping[str, str], find: Find) -> dict[str, str]:
    """Terms for the parameters of a named query; `find` runs a query that looks a name up.

    Raises QueryError for a parameter that is unknown, missing, of the wrong kind, or names nothing.
    """
    known = {parameter.name: parameter for parameter in query.parameters}
    names = ", ".join(known) or "none"
    if unknown := sorted(given.keys() - known.keys()):
        raise QueryError(f"{query.name} has no parameter {unknown[0]!r}: it has {names}")
    if missing := sorted(p.name for p in query.parameters if p.required and p.name not in given):
        raise QueryError(f"{query.name} needs --param {missing[0]}=...: {known[missing[0]].about}")
    values = {p.name: given.get(p.name, p.default) for p in query.parameters}
    return {name: _term(known[name], value, find) for name, value in values.items() if value != ""}


def _term(parameter: Parameter, value: str, find: Find) -> str:
    if parameter.kind in ("concept", "paper"):
        return f"<{_named(parameter.kind, value, find)}>"
    if parameter.kind == "type":
        return f"<{_type(value)}>"
    if parameter.kind in ("integer", "decimal"):
        return _number(parameter, value)
    return literal(value)


def _named(kind: str, value: str, find: Find) -> Iri:
    """The IRI of the concept (the one in most papers) or paper of that name, id or IRI."""
    address = web_iri(value)
    iri = f"<{address}>" if address else literal(value)
    given = {"given": literal(value), "folded": literal(_folded(kind, value))}
    given |= {"normal": literal(normal_form(value)), "iri": iri}
    found = find(bind(_CONCEPT if kind == "concept" else _PAPER, given))
    if not found and kind == "paper":
        found = find(bind(_BEGINNING, given))
    if not found or (kind == "paper" and len(found) > 1):
        several = "more than one paper begins with" if found else f"no {kind} is called"
        raise QueryError(f"{several} {value!r}: `kg show` looks for near names")
    return found[0]


def _folded(kind: str, value: str) -> str:
    return value.casefold() if kind == "concept" else value.lower()


def _type(value: str) -> str:
    if value.casefold() == "concept":
        return term("skos:Concept")
    for type_ in TYPES:
        if value.casefold() in (str(type_).casefold(), type_.label, type_.iri):
            return type_.iri
    raise QueryError(f"no type {value!r}: choose of {', '.join(map(str, TYPES))}")


def _number(parameter: Parameter, value: str) -> str:
    """The number as a term; its digits are written out, so they are counted first."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or not _short(number):
        shown = value if len(value) < _SHOWN else f"{value[:_SHOWN]}\u2026"
        raise QueryError(f"--param {parameter.name}={shown!r}: not {parameter.kind} number of a size to use")
    if parameter.kind == "decimal":
        return typed(Typed(f"{number:f}", term("xsd:decimal")))
    if number != number.to_integral_value():
        raise QueryError(f"--param {parameter.name}={value!r}: not {parameter.kind} number")
    return str(int(number))


def _short(number: Decimal) -> bool:
    """Whether it has no more digits than anybody needs."""
    _, digits, exponent = number.as_tuple()
    assert isinstance(exponent, int)
    return number.adjusted() <= _LARGEST and -_DIGITS <= exponent <= _LARGEST and len(digits) <= _DIGITS


def literal(text: str) -> str:
    """A plain literal as SPARQL has it."""
    return quoted(fit(text))


def typed(value: Typed) -> str:
    return f"{quoted(value.lexical)}^^<{value.datatype}>"
