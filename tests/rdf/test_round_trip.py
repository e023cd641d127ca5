"""What is written as RDF is read back as the same graph, in every format, whatever its text."""

from __future__ import annotations

import io
from dataclasses import replace

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.errors import QueryError
from kg.rdf import jsonld, mapping, ntriples, rdfxml, reading, turtle
from kg.store import Store
from kg.types import Concept, Paper, Statement
from kg.vocab import RELATIONS, ROLES, ConceptType

BASE = "https://example.org/data/"
LETTERS = st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufeff\ufffe\uffff")
TEXT = st.text(LETTERS | st.sampled_from('\n\t"\\<>{}|^`%#/ '), max_size=20)
NAME = TEXT.filter(bool)
NAMES = st.lists(NAME, max_size=3, unique=True).map(lambda names: tuple(sorted(names)))
ADDRESS = st.sampled_from(["", "https://example.org/a%20b?c=d#e", "urn:isbn:1", "no address"])
VALUES = st.dictionaries(TEXT, st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT, max_size=2)
PAPERS = st.builds(
    Paper, id=NAME, title=NAME, abstract=TEXT, authors=st.lists(NAME, max_size=3).map(tuple), venue=TEXT,
    track=TEXT, repository=TEXT, year=st.none() | st.integers(1000, 2999), url=ADDRESS, doi=TEXT,
    arxiv_id=TEXT, keywords=NAMES, listed_by=NAMES, sources=NAMES, extra=VALUES,
)  # fmt: skip
CONCEPTS = st.builds(
    Concept, id=NAME, name=NAME, type=st.sampled_from(ConceptType), aliases=NAMES, definition=TEXT,
    same_as=st.sampled_from([(), ("http://example.org/x",)]), iri=st.sampled_from(["", "urn:x:1"]),
)  # fmt: skip


@st.composite
def graphs(draw):
    papers = draw(st.lists(PAPERS, min_size=1, max_size=3, unique_by=lambda paper: paper.id))
    concepts = draw(st.lists(CONCEPTS, min_size=1, max_size=3, unique_by=lambda concept: concept.id))
    ids = [concept.id for concept in concepts]
    concepts = [
        replace(c, broader=tuple(sorted(draw(st.sets(st.sampled_from(ids), max_size=2)) - {c.id})))
        for c in concepts
    ]
    concepts = [replace(c, aliases=tuple(a for a in c.aliases if a != c.name)) for c in concepts]
    statements = {}
    for number in range(draw(st.integers(0, 5))):
        paper = draw(st.sampled_from(papers))
        start = draw(st.integers(0, len(paper.text) - 1))
        quote = draw(st.integers(start, len(paper.text) - 1))
        relation = len(ids) > 1 and draw(st.booleans())
        predicate = draw(st.sampled_from(RELATIONS if relation else ROLES))
        subject = draw(st.sampled_from(ids)) if relation else paper.id
        object_ = draw(st.sampled_from([id_ for id_ in ids if not relation or id_ != subject]))
        statements[f"s{number}"] = Statement(
            f"s{number}", subject, str(predicate), object_, paper.id, start,
            draw(st.integers(quote + 1, len(paper.text))), quote, quote + 1, draw(NAME),
            draw(st.integers(0, 10_000)) / 10_000,
        )  # fmt: skip
    return papers, concepts, list(statements.values())


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    with Store.open(tmp_path_factory.mktemp("trip") / "kg.sqlite") as store:
        yield store


def write(store, papers, concepts, statements):
    """The graph in each format."""
    store.set_papers(papers)
    with store.transaction():
        store.replace(Concept, concepts)
        store.replace(Statement, statements)
    nodes = list(mapping.nodes(store, BASE, "Toy"))
    frames = list(mapping.frames(store, BASE, "Toy"))
    texts, lines = {form: io.StringIO() for form in ("ttl", "rdf", "jsonld")}, store.path.with_name("kg.nt")
    turtle.write(nodes, texts["ttl"], BASE)
    ntriples.write(nodes, lines)
    rdfxml.write(nodes, texts["rdf"])
    jsonld.write(frames, texts["jsonld"], BASE)
    return {form: text.getvalue() for form, text in texts.items()} | {"nt": lines.read_bytes()}


@settings(max_examples=60)
@given(graph=graphs())
def test_a_graph_is_read_back_the_same(store, graph):
    papers, concepts, statements = graph
    written = write(store, papers, concepts, statements)
    wanted = reading.Read(
        tuple(sorted(papers, key=lambda p: p.id)),
        tuple(sorted(concepts, key=lambda c: c.id)),
        tuple(sorted(statements, key=lambda s: s.id)),
    )
    lines = {q.triple for q in ox.parse(written["nt"], ox.RdfFormat.N_TRIPLES)}
    assert reading.from_triples(lines) == wanted
    for form in ("ttl", "rdf", "jsonld"):
        assert {q.triple for q in ox.parse(written[form], ox.RdfFormat.from_extension(form))} == lines, form


def test_a_file_is_read_by_its_ending(folder):
    read = reading.read(folder / "kg.ttl")
    assert [paper.id for paper in read.papers] == [f"paper-{number}" for number in range(6)]
    assert reading.read(folder / "kg.jsonld") == read == reading.read(folder / "kg.trig")
    with Store.open(folder / "kg.sqlite", readonly=True) as store:
        assert tuple(sorted(store.statements(), key=lambda s: s.id)) == read.statements


def test_what_is_no_export_is_named(tmp_path):
    (tmp_path / "x.ttl").write_text("oops")
    with pytest.raises(QueryError, match=r"x\.ttl: not an export of ours"):
        reading.read(tmp_path / "x.ttl")
