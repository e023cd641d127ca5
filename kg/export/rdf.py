"""RDF files: the same triples as Turtle for people, sorted N-Triples, JSON-LD, RDF/XML and TriG."""

from __future__ import annotations

from contextlib import contextmanager
from heapq import nsmallest
from typing import TYPE_CHECKING, Any, Final, TextIO

from kg.export import chosen
from kg.rdf import jsonld, mapping, ntriples, rdfxml, trig, turtle, void
from kg.rdf.links import ConceptLink, Group, Links, PaperLink

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from kg.export import Source
    from kg.graph import KnowledgeGraph
    from kg.rdf.nodes import Node

RANKED: Final = 100  # of the strongest links that have their place written


def write_turtle(source: Source, path: Path) -> None:
    """`kg.ttl`: prefixed, a paragraph a subject, papers first."""
    with _text(path) as file:
        nodes = _nodes(source, triple_terms=source.config.triple_terms)
        turtle.write(nodes, file, source.config.base_iri)


def write_ntriples(source: Source, path: Path) -> None:
    """`kg.nt`: a triple a line, sorted."""
    config, linked = source.config, links(source.graph)
    ntriples.write(mapping.by_subject(source.store, config.base_iri, config.title, linked), path)


def write_jsonld(source: Source, path: Path) -> None:
    """`kg.jsonld`: an object a paper, with its statements and their sentences inside it."""
    config = source.config
    with _text(path) as file:
        frames = mapping.frames(source.store, config.base_iri, config.title, links(source.graph))
        jsonld.write(frames, file, config.base_iri)


def write_rdfxml(source: Source, path: Path) -> None:
    """`kg.rdf`: RDF/XML."""
    with _text(path) as file:
        rdfxml.write(_nodes(source), file)


def write_trig(source: Source, path: Path) -> None:
    """`kg.trig`: the papers of each source in a graph of their own."""
    config = source.config
    with _text(path) as file:
        trig.write(source.store, config.base_iri, config.title, links(source.graph), file)


def write_void(source: Source, path: Path) -> None:
    """`void.ttl`: what is in the data set, how much of it, under which licence, and queries to begin with."""
    config = source.config
    described = void.nodes(
        _nodes(source), config.base_iri, config.title, config.licence, list(chosen(config.exports))
    )
    with _text(path) as file:
        turtle.write(described, file, config.base_iri)


@contextmanager
def _text(path: Path) -> Iterator[TextIO]:
    with path.open("w", encoding="utf-8", newline="\n", buffering=1 << 20) as file:
        yield file


def _nodes(source: Source, *, triple_terms: bool = False) -> Iterator[Node]:
    config, linked = source.config, links(source.graph)
    return mapping.nodes(source.store, config.base_iri, config.title, linked, triple_terms=triple_terms)


def links(graph: KnowledgeGraph) -> Links:
    """The graph's links in the terms of the mapping, made one at a time as they are written."""
    # two concepts of one paper are no more than two concepts of one paper
    together = [link for link in graph.concept_links if link.count > 1]
    ranks = _ranks(graph.paper_links, lambda link: (link.weight,))
    places = _ranks(together, lambda link: (link.count, link.weight))
    return Links(
        papers=(
            PaperLink(k.left, k.right, k.weight, tuple(s.concept_id for s in k.shared), ranks.get(id(k), 0))
            for k in graph.paper_links
        ),
        concepts=(ConceptLink(k.left, k.right, k.count, k.weight, places.get(id(k), 0)) for k in together),
        groups=(Group(c.number, c.name, c.papers, c.concepts) for c in graph.communities),
    )


def _ranks(found: Sequence[Any], strength: Callable[[Any], tuple[float, ...]]) -> dict[int, int]:
    """The place of each of the strongest links; those of equal strength by their ends."""
    best = nsmallest(
        RANKED, found, key=lambda link: (*(-part for part in strength(link)), link.left, link.right)
    )
    return {id(link): rank for rank, link in enumerate(best, 1)}
