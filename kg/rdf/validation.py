"""Exports held to the shapes of `shapes.ttl`.

pyshacl checks SHACL's own constraints. Those written in SPARQL it would run once for each node; they are run
here once for all, by pyoxigraph.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, NamedTuple

import pyoxigraph as ox

from kg.errors import ConfigError, QueryError
from kg.rdf.terms import NAMESPACES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import rdflib


class Violation(NamedTuple):
    """A node that isn't as its shape wants it."""

    node: str
    path: str
    value: str
    message: str

    def __str__(self) -> str:
        about = " ".join(filter(None, (self.path, self.value)))
        return f"{self.node}: {about + ': ' if about else ''}{self.message}"


def validate_file(path: Path) -> list[Violation]:
    """The violations in a file of RDF, or the kg.ttl of a folder, sorted.

    Raises QueryError for a file that can't be parsed.
    """
    path = path / "kg.ttl" if path.is_dir() else path
    form = ox.RdfFormat.from_extension(path.suffix.lstrip("."))
    if form is None or not path.is_file():
        raise QueryError(f"{path}: no file of RDF that is known: give kg.ttl, kg.nt or kg.rdf")
    try:
        triples = (quad.triple for quad in ox.parse(path=path, format=form))
        return validate(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"")
    except (SyntaxError, OSError, ValueError) as error:
        raise QueryError(f"{path}: {' '.join(str(error).split())}") from error


def validate(ntriples: bytes) -> list[Violation]:
    """The violations in a graph, sorted. Raises ConfigError without the extra `shapes`."""
    try:
        import pyshacl
    except ImportError as error:
        raise ConfigError("checking shapes needs pyshacl: pip install 'paperkg[shapes]'") from error
    import rdflib

    core, queries = shapes()
    graph = rdflib.Graph().parse(data=ntriples, format="nt")
    _, report, _ = pyshacl.validate(graph, shacl_graph=core, inplace=True)
    return sorted({*_reported(report), *_selected(ntriples, queries)})


@cache
def shapes() -> tuple[rdflib.Graph, tuple[tuple[str, str], ...]]:
    """The shapes without their constraints in SPARQL, and those, each a query and its message."""
    import rdflib
    from rdflib import SH

    text = files("kg.rdf").joinpath("shapes.ttl").read_text(encoding="utf-8")
    graph = rdflib.Graph().parse(data=text, format="turtle")
    constraints = list(graph.objects(None, SH.sparql))
    queries = [(str(graph.value(c, SH.select)), str(graph.value(c, SH.message))) for c in constraints]
    graph.remove((None, SH.sparql, None))
    return graph, tuple(sorted(queries))


def _reported(report: rdflib.Graph) -> Iterator[Violation]:
    from rdflib import RDF, SH

    for result in report.subjects(RDF.type, SH.ValidationResult):
        parts = (SH.focusNode, SH.resultPath, SH.value, SH.resultMessage)
        found = (report.value(result, part) for part in parts)
        yield Violation(*("" if value is None else str(value) for value in found))


def _selected(ntriples: bytes, queries: tuple[tuple[str, str], ...]) -> Iterator[Violation]:
    store = ox.Store()
    store.bulk_load(input=ntriples, format=ox.RdfFormat.N_TRIPLES)
    for query, message in queries:
        found = store.query(query, prefixes=dict(NAMESPACES))
        assert isinstance(found, ox.QuerySolutions)
        for row in found:
            node, value = row[0], row[1] if len(row) > 1 else None
            yield Violation(getattr(node, "value", ""), "", getattr(value, "value", ""), message)
