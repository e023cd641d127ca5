"""The endpoint described in RDF: SPARQL 1.1 Service Description (W3C Recommendation, 2013)."""

from __future__ import annotations

from typing import Final

import pyoxigraph as ox

from kg.rdf.answer import GRAPH_FORMATS, GRAPHS

_SD: Final = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS: Final = "http://www.w3.org/ns/formats/"
_RESULTS: Final = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "JSON-LD", "RDF_XML",
)  # fmt: skip


def describe(endpoint: str, form: str) -> bytes:
    """The description in one of the formats of graphs; its nodes are named after the endpoint."""
    service, data, graph = (ox.NamedNode(endpoint + part) for part in ("#service", "#data", "#default"))
    triples: list[tuple[ox.NamedNode, str, ox.NamedNode | str]] = [
        (service, "a", "Service"),
        (service, "endpoint", ox.NamedNode(endpoint)),
        (service, "supportedLanguage", "SPARQL11Query"),
        (service, "defaultDataset", data),
        (data, "a", "Dataset"),
        (data, "defaultGraph", graph),
        (graph, "a", "Graph"),
        *((service, "resultFormat", ox.NamedNode(_FORMATS + name)) for name in _RESULTS),
    ]
    for number, name in enumerate(sorted(GRAPHS)):
        named = ox.NamedNode(f"{endpoint}#graph-{number}")
        triples += [
            (data, "namedGraph", named),
            (named, "a", "NamedGraph"),
            (named, "name", ox.NamedNode(name)),
        ]
    made = (ox.Triple(subject, _property(name), _object(value)) for subject, name, value in triples)
    return ox.serialize(made, format=GRAPH_FORMATS[form], prefixes={"sd": _SD}) or b""


def _property(name: str) -> ox.NamedNode:
    if name == "a":
        return ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    return ox.NamedNode(_SD + name)


def _object(value: ox.NamedNode | str) -> ox.NamedNode:
    return value if isinstance(value, ox.NamedNode) else ox.NamedNode(_SD + value)
