"""TriG: the papers of each source in a graph of the source's name, what is common in the default graph."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, TextIO

from kg.rdf.links import Links, link_nodes
from kg.rdf.mapping import concept_nodes, dataset_nodes, paper_frames, sources
from kg.rdf.terms import Names
from kg.rdf.turtle import Turtle

if TYPE_CHECKING:
    from kg.store import Store


def write(store: Store, base: str, title: str, links: Links, file: TextIO) -> None:
    """Write the data set; a paper that several sources list is in each of their graphs."""
    names, turtle = Names(base), Turtle(base)
    file.write(turtle.head())
    common = (
        dataset_nodes(store, title, names),
        chain.from_iterable(paper_frames(store, names, source="")),
        concept_nodes(store, names),
        link_nodes(links, names),
    )
    for node in chain.from_iterable(common):
        file.write(turtle.paragraph(node))
    for source in sources(store):
        file.write(f"\n{turtle.iri(names.source(source))} {{\n")
        for node in chain.from_iterable(paper_frames(store, names, source=source)):
            file.write(turtle.paragraph(node))
        file.write("}\n")
