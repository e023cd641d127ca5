"""The RDF files: every format says the same, to every reader, in the same bytes each time."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING

import pyoxigraph as ox
import pytest
import rdflib
from invented import write_store

from kg.config import Config
from kg.errors import ExportError
from kg.export import EXPORTERS, Source, exporter
from kg.export.rdf import links
from kg.graph import build
from kg.rdf import mapping, nodes, ntriples, rdfxml, turtle
from kg.rdf.terms import Iri
from kg.store import Store
from kg.types import Concept
from kg.vocab import ConceptType

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FORMATS = {
    "kg.ttl": ox.RdfFormat.TURTLE,
    "kg.nt": ox.RdfFormat.N_TRIPLES,
    "kg.jsonld": ox.RdfFormat.JSON_LD,
    "kg.rdf": ox.RdfFormat.RDF_XML,
    "kg.trig": ox.RdfFormat.TRIG,
}
NASTY = 'a "quote", a \\ back\\nslash,\ttab,\r\nlines, \x00\x0b\ufffe control, <b>&amp;</b> שלום 😀'
ODD = Concept(
    'topic-<script>/"odd" id#?%é',
    NASTY,
    ConceptType.TOPIC,
    (NASTY, "Odd", "ODD", 'x"""y'),
    ("model-heron",),
    ("https://example.org/a b<c>|é", "not an address", "urn:isbn:1"),
    NASTY,
    "https://example.org/voc#x",
)
FIELDS = {
    "authors": ("Ada Example", NASTY, "Ada Example"),
    "sources": ("papers <1>.txt", "más.jsonl"),
    "keywords": ("tide", NASTY),
    "url": "https://example.org/a b/{c}?d=[e]&f=%zz",
    "doi": "10.1000/<182>",
    "arxiv_id": "2310.10631",
    "track": "Spotlight",
    "repository": "arXiv",
    "listed_by": ("Bo",),
}


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Source]:
    path = write_store(tmp_path_factory.mktemp("rdf") / "kg.sqlite", extra=[ODD], **FIELDS)
    with Store.open(path) as store, store.transaction():
        judgement = {
            "left": NASTY,
            "right": "Heron",
            "verdict": "same",
            "by": "Bo",
            "at": "2020-01-02",
            "why": "",
        }
        told = [{"judgement": judgement | {"line": 3}, "concepts": ["model-heron"]}]
        store.set_meta("decisions", json.dumps(told))
    with Store.open(path, readonly=True) as store:
        yield Source(store, build(store), Config(title=NASTY, licence="https://example.org/licence"))


@pytest.fixture(scope="module")
def folder(source: Source, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exports")
    for name in (*FORMATS, "void.ttl"):
        exporter(name)(source, folder / name)
    return folder


def triples(path: Path, format_: ox.RdfFormat) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(path=str(path), format=format_)}


def test_every_format_holds_the_same_triples(folder: Path) -> None:
    wanted = triples(folder / "kg.nt", ox.RdfFormat.N_TRIPLES)
    assert len(wanted) > 700
    for name, format_ in FORMATS.items():
        assert triples(folder / name, format_) == wanted, name


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
@pytest.mark.parametrize("name", ["kg.ttl", "kg.nt", "kg.jsonld", "kg.rdf", "void.ttl"])
def test_rdflib_reads_what_pyoxigraph_reads(folder: Path, name: str) -> None:
    syntax = {"kg.nt": "nt", "kg.rdf": "xml", "kg.jsonld": "json-ld"}.get(name, "turtle")
    graph = rdflib.Graph().parse(data=(folder / name).read_bytes(), format=syntax)
    wanted = triples(folder / name, FORMATS.get(name, ox.RdfFormat.TURTLE))
    assert len(graph) == len(wanted)
    assert {str(subject) for subject in graph.subjects()} == {triple.subject.value for triple in wanted}


@pytest.mark.parametrize("name", ["kg.ttl", "kg.nt", "kg.rdf", "kg.trig"])
def test_raptor_reads_it_too(folder: Path, name: str) -> None:
    rapper = shutil.which("rapper")
    if rapper is None:
        pytest.skip("needs rapper, from Debian's raptor2-utils")
    syntax = {"kg.ttl": "turtle", "kg.nt": "ntriples", "kg.rdf": "rdfxml", "kg.trig": "trig"}[name]
    run = subprocess.run(
        [rapper, "-q", "-i", syntax, "-o", "ntriples", str(folder / name)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    assert len(set(run.stdout.splitlines())) == len(triples(folder / name, FORMATS[name]))


def test_every_node_is_an_iri(folder: Path) -> None:
    for triple in triples(folder / "kg.nt", ox.RdfFormat.N_TRIPLES):
        assert not isinstance(triple.subject, ox.BlankNode)
        assert not isinstance(triple.object, ox.BlankNode)


def test_nodes_have_the_shape_that_they_say(source: Source) -> None:
    found = list(mapping.nodes(source.store, "https://example.org/", "Toy", links(source.graph)))
    shapes = {node.shape for node in found if node.shape.types}
    assert len(shapes) >= 6
    assert sum(node.shape in shapes for node in found) > len(found) // 2
    for node in found:
        assert all(type(predicate) is Iri for predicate in node.shape.predicates)
        if node.shape in shapes:
            assert tuple(map(type, node.values)) == node.shape.types


def test_a_shape_changes_no_byte(source: Source, tmp_path: Path) -> None:
    shared = list(mapping.nodes(source.store, "https://example.org/", "Toy", links(source.graph)))
    alone = [nodes.node(one.iri, one.properties) for one in shared]
    texts = []
    for some in (shared, alone):
        people = io.StringIO()
        turtle.write(some, people, "https://example.org/")
        ntriples.write(some, tmp_path / "kg.nt")
        texts.append((people.getvalue(), (tmp_path / "kg.nt").read_bytes()))
    assert texts[0] == texts[1]


def test_ntriples_are_sorted_and_unique(folder: Path) -> None:
    lines = (folder / "kg.nt").read_text(encoding="utf-8").splitlines()
    assert lines == sorted(set(lines))


def test_ntriples_are_sorted_whatever_the_order_of_nodes(
    source: Source, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wanted, config, linked = (folder / "kg.nt").read_bytes(), source.config, links(source.graph)
    shuffled = list(mapping.nodes(source.store, config.base_iri, config.title, linked))
    for window in (5_000, 64_000_000):
        monkeypatch.setattr(ntriples, "WINDOW", window)
        exporter("kg.nt")(source, tmp_path / "kg.nt")
        assert (tmp_path / "kg.nt").read_bytes() == wanted
        Random(1).shuffle(shuffled)
        ntriples.write(shuffled, tmp_path / "kg.nt")
        assert (tmp_path / "kg.nt").read_bytes() == wanted
    assert [path.name for path in tmp_path.iterdir()] == ["kg.nt"]


def test_the_same_store_gives_the_same_bytes(source: Source, folder: Path, tmp_path: Path) -> None:
    for name in (*FORMATS, "void.ttl"):
        exporter(name)(source, tmp_path / name)
        assert (tmp_path / name).read_bytes() == (folder / name).read_bytes(), name


@pytest.mark.parametrize("base", ["https://example.org/x/", "https://example.org/x#", "urn:example:"])
def test_any_base_gives_the_same_graph_under_it(source: Source, base: str, tmp_path: Path) -> None:
    found = list(mapping.nodes(source.store, base, "Toy"))
    people, lines = io.StringIO(), tmp_path / "kg.nt"
    turtle.write(found, people, base)
    ntriples.write(found, lines)
    read = {quad.triple for quad in ox.parse(people.getvalue(), ox.RdfFormat.TURTLE)}
    assert read == {quad.triple for quad in ox.parse(path=lines, format=ox.RdfFormat.N_TRIPLES)}
    assert all(triple.subject.value.startswith(base) for triple in read)


def test_what_cannot_be_written_is_marked_and_offsets_still_hold(folder: Path) -> None:
    text = (folder / "kg.ttl").read_text(encoding="utf-8")
    assert "\ufffd\ufffd\ufffd control" in text
    query = """PREFIX nif: <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#>
        SELECT ?words (SUBSTR(?all, ?begin + 1, ?end - ?begin) AS ?cut) WHERE {
            ?place nif:anchorOf ?words ; nif:beginIndex ?begin ; nif:endIndex ?end ;
                nif:referenceContext/nif:isString ?all }"""
    store = ox.Store()
    store.bulk_load(path=str(folder / "kg.nt"), format=ox.RdfFormat.N_TRIPLES)
    rows = list(store.query(query))
    assert len(rows) > 10
    assert all(row["words"].value == row["cut"].value for row in rows)


def test_triple_terms_in_place_of_reified_triples(source: Source, tmp_path: Path) -> None:
    found = list(mapping.nodes(source.store, "https://example.org/", "Toy", triple_terms=True))
    people, lines = io.StringIO(), tmp_path / "kg.nt"
    turtle.write(found, people, "https://example.org/")
    ntriples.write(found, lines)
    read = {quad.triple for quad in ox.parse(people.getvalue(), ox.RdfFormat.TURTLE)}
    assert read == {quad.triple for quad in ox.parse(path=lines, format=ox.RdfFormat.N_TRIPLES)}
    terms = [triple.object for triple in read if isinstance(triple.object, ox.Triple)]
    assert terms
    assert set(terms) <= read  # what is spoken of is said too
    with pytest.raises(ExportError, match="triple terms"):
        rdfxml.write(found, io.StringIO())


def test_an_option_makes_the_turtle_rdf_1_2(source: Source, tmp_path: Path) -> None:
    told = replace(source, config=replace(source.config, triple_terms=True))
    for name in ("kg.ttl", "kg.nt"):
        exporter(name)(told, tmp_path / name)
    assert "rdf:reifies <<( " in (tmp_path / "kg.ttl").read_text(encoding="utf-8")
    assert "reifies" not in (tmp_path / "kg.nt").read_text(encoding="utf-8")


def test_trig_has_a_graph_for_each_source(folder: Path) -> None:
    quads = list(ox.parse(path=str(folder / "kg.trig"), format=ox.RdfFormat.TRIG))
    graphs = {quad.graph_name.value for quad in quads if isinstance(quad.graph_name, ox.NamedNode)}
    assert graphs == {
        "https://w3id.org/paperkg/data/source/papers%20%3C1%3E.txt",
        "https://w3id.org/paperkg/data/source/m%C3%A1s.jsonl",
    }


def test_void_counts_what_is_there(folder: Path) -> None:
    graph = rdflib.Graph().parse(data=(folder / "void.ttl").read_bytes())
    void = rdflib.Namespace("http://rdfs.org/ns/void#")
    data = rdflib.URIRef("https://w3id.org/paperkg/data/dataset")
    count = len(triples(folder / "kg.nt", ox.RdfFormat.N_TRIPLES))
    assert graph.value(data, void.triples).toPython() == count
    parts = graph.objects(data, void.propertyPartition)
    assert sum(graph.value(part, void.triples).toPython() for part in parts) == count
    assert str(graph.value(data, rdflib.DCTERMS.license)) == "https://example.org/licence"
    assert {str(dump).rpartition("/")[2] for dump in graph.objects(data, void.dataDump)} == set(FORMATS)


def test_authors_are_in_order(folder: Path) -> None:
    graph = rdflib.Graph().parse(data=(folder / "kg.ttl").read_bytes())
    names = graph.query(
        """SELECT ?name WHERE { <https://w3id.org/paperkg/data/paper/paper-0> dblp:hasSignature ?s .
            ?s dblp:signatureOrdinal ?n ; foaf:name ?name } ORDER BY ?n""",
        initNs={"dblp": "https://dblp.org/rdf/schema#"},
    )
    assert [str(row.name) for row in names][::2] == ["Ada Example", "Ada Example"]


def test_a_decision_is_attributed(folder: Path) -> None:
    graph = rdflib.Graph().parse(data=(folder / "kg.ttl").read_bytes())
    found = graph.query(
        """SELECT ?verdict ?who ?when ?concept WHERE { ?d a kg:Decision ; kg:verdict ?verdict ; dcterms:date ?when ;
            prov:wasAssociatedWith/foaf:name ?who ; prov:influenced/skos:prefLabel ?concept }"""
    )
    assert [tuple(map(str, row)) for row in found] == [("same", "Bo", "2020-01-02", "Heron")]


def test_all_rdf_exporters_are_registered() -> None:
    assert set(FORMATS) | {"void.ttl"} <= set(EXPORTERS)
