"""The shapes: an export fits, and each way to break it is seen."""

from __future__ import annotations

import pytest
import rdflib
from click.testing import CliRunner
from rdflib import RDF, SKOS, XSD, Literal, Namespace, URIRef

from kg.cli import kg
from kg.errors import QueryError
from kg.rdf import validation

pytest.importorskip("pyshacl")

KG = Namespace("https://w3id.org/paperkg/ontology#")
NIF = Namespace("http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#")
DATA = Namespace("https://w3id.org/paperkg/data/")
DCT = Namespace("http://purl.org/dc/terms/")
PAPER, CONCEPT = DATA["paper/paper-0"], DATA["concept/model-heron"]


@pytest.fixture(scope="module")
def graph(folder):
    return rdflib.Graph().parse(data=(folder / "kg.nt").read_bytes(), format="nt")


def first(graph, kind):
    return min(graph.subjects(RDF.type, kind))


def statement(graph, predicate=KG.introduces):
    return min(graph.subjects(RDF.predicate, predicate))


def paper_without_title(graph):
    graph.remove((PAPER, DCT.title, None))


def paper_with_two_titles(graph):
    graph.add((PAPER, DCT.title, Literal("Another")))


def year_that_is_no_year(graph):
    year = URIRef("http://purl.org/spar/fabio/hasPublicationYear")
    graph.set((PAPER, year, Literal("last year")))


def role_towards_what_is_no_concept(graph):
    graph.add((PAPER, KG.uses, PAPER))


def concept_of_no_type(graph):
    graph.remove((CONCEPT, RDF.type, KG.Model))


def concept_without_a_label(graph):
    graph.remove((CONCEPT, SKOS.prefLabel, None))


def label_both_preferred_and_alternative(graph):
    graph.add((CONCEPT, SKOS.altLabel, graph.value(CONCEPT, SKOS.prefLabel)))


def broader_in_a_circle(graph):
    graph.add((DATA["concept/model-bird-model"], SKOS.broader, CONCEPT))


def confidence_above_one(graph):
    graph.set((statement(graph), KG.confidence, Literal("1.2", datatype=XSD.decimal)))


def statement_whose_triple_is_not_asserted(graph):
    node = statement(graph)
    graph.remove((graph.value(node, RDF.subject), KG.introduces, graph.value(node, RDF.object)))


def statement_without_a_sentence(graph):
    graph.remove((statement(graph), KG.sentence, None))


def role_said_by_another_paper(graph):
    source = URIRef("http://www.w3.org/ns/prov#wasDerivedFrom")
    graph.set((statement(graph), source, DATA["paper/paper-5"]))


def predicate_that_is_none_of_ours(graph):
    graph.set((statement(graph), RDF.predicate, SKOS.related))


def offsets_that_are_off_by_one(graph):
    node = first(graph, NIF.Sentence)
    begin = int(graph.value(node, NIF.beginIndex))
    graph.set((node, NIF.beginIndex, Literal(begin + 1, datatype=XSD.nonNegativeInteger)))


def quote_of_another_concept(graph):
    identifies = URIRef("http://www.w3.org/2005/11/its/rdf#taIdentRef")
    graph.set((graph.value(statement(graph), KG.quote), identifies, DATA["concept/metric-drift"]))


def link_of_one_paper(graph):
    node = first(graph, KG.PaperLink)
    graph.remove((node, KG.between, min(graph.objects(node, KG.between))))


def author_without_a_place(graph):
    graph.remove((None, URIRef("https://dblp.org/rdf/schema#signatureOrdinal"), None))


MUTATIONS = [
    paper_without_title, paper_with_two_titles, year_that_is_no_year, role_towards_what_is_no_concept,
    concept_of_no_type, concept_without_a_label, label_both_preferred_and_alternative, broader_in_a_circle,
    confidence_above_one, statement_whose_triple_is_not_asserted, statement_without_a_sentence,
    role_said_by_another_paper, predicate_that_is_none_of_ours, offsets_that_are_off_by_one,
    quote_of_another_concept, link_of_one_paper, author_without_a_place,
]  # fmt: skip


def test_an_export_fits(graph):
    assert validation.validate(graph.serialize(format="nt", encoding="utf-8")) == []


@pytest.mark.parametrize("mutate", MUTATIONS, ids=lambda mutate: mutate.__name__)
def test_a_broken_one_does_not(graph, mutate):
    broken = rdflib.Graph()
    broken += graph
    mutate(broken)
    assert validation.validate(broken.serialize(format="nt", encoding="utf-8"))


@pytest.mark.slow
def test_the_bundled_export_fits(root):
    path = root / "exports" / "kg.ttl"
    if not path.is_file():
        pytest.skip("needs exports/kg.ttl of the bundled corpus")
    assert validation.validate_file(path) == []


def test_every_class_of_the_data_has_a_shape(graph):
    targets = set(validation.shapes()[0].objects(None, rdflib.SH.targetClass))
    typed = set(graph.objects(None, RDF.type))
    below = {KG[name] for name in ("Model", "Dataset", "Method", "Task", "Metric", "Software", "Topic")}
    also = {URIRef("http://www.w3.org/ns/dcat#Dataset"), SKOS.ConceptScheme}
    assert typed - targets <= below | also


def test_the_command_says_what_is_wrong(folder, tmp_path):
    fine = CliRunner().invoke(kg, ["validate", str(folder / "kg.ttl")])
    assert fine.exit_code == 0, fine.output
    assert "no violations of the shapes" in fine.output
    text = (folder / "kg.ttl").read_text().replace("kg:confidence 0.8", "kg:confidence 1.8")
    (tmp_path / "kg.ttl").write_text(text)
    wrong = CliRunner().invoke(kg, ["validate", "-o", str(tmp_path)])
    assert wrong.exit_code == 1
    assert "confidence 1.8:" in wrong.output


def test_a_file_that_is_no_rdf_is_named(tmp_path):
    (tmp_path / "x.ttl").write_text("this is not Turtle")
    for path in (tmp_path / "x.ttl", tmp_path / "none.ttl", tmp_path / "y.txt"):
        with pytest.raises(QueryError, match=path.name):
            validation.validate_file(path)
