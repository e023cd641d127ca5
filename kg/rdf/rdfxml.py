"""RDF/XML, for tools that read nothing else."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TextIO
from xml.sax.saxutils import escape, quoteattr

from kg.errors import ExportError
from kg.rdf.terms import NAMESPACES, Iri, TripleTerm, Typed, curie, term
from kg.rdf.turtle import decimal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from kg.rdf.nodes import Node
    from kg.rdf.terms import Value


def write(nodes: Iterable[Node], file: TextIO) -> None:
    """Write the nodes as they come, each as one description.

    Raises ExportError for a triple term, which RDF/XML 1.1 can't write.
    """
    names = "".join(f"\n  xmlns:{p}={quoteattr(iri)}" for p, iri in NAMESPACES.items())
    file.write(f'<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF{names}>\n')
    for node in nodes:
        file.write(_description(node))
    file.write("</rdf:RDF>\n")


def _description(node: Node) -> str:
    lines = [_element(predicate, value) for predicate, value in node.properties]
    return f"<rdf:Description rdf:about={quoteattr(node.iri)}>\n{''.join(lines)}</rdf:Description>\n"


def _element(predicate: Iri, value: Value) -> str:
    name = _name(predicate)
    if isinstance(value, TripleTerm):
        raise ExportError("RDF/XML 1.1 has no triple terms: write N-Triples or Turtle")
    if isinstance(value, Iri):
        return f"  <{name} rdf:resource={quoteattr(value)}/>\n"
    attribute, text = _LITERAL[type(value)](value)
    return f"  <{name}{attribute}>{escape(text, _RETURN)}</{name}>\n"


@lru_cache(maxsize=1000)
def _name(predicate: Iri) -> str:
    name = curie(predicate)
    if not name:
        raise ExportError(f"RDF/XML can't write a property without a prefix: <{predicate}>")
    return name


def _typed(datatype: str) -> str:
    return f" rdf:datatype={quoteattr(datatype)}"


_RETURN: Final = {"\r": "&#13;"}
_LITERAL: Final[dict[type, Callable[[Any], tuple[str, str]]]] = {
    str: lambda value: ("", value),
    int: lambda value: (_typed(term("xsd:integer")), str(value)),
    float: lambda value: (_typed(term("xsd:decimal")), decimal(value)),
    Typed: lambda value: (_typed(value.datatype), value.lexical),
}
