"""The ontology, the code and the documentation say the same."""

from __future__ import annotations

import json
from importlib.resources import files

import rdflib
from rdflib import OWL, RDF, RDFS, SKOS, URIRef

from kg.rdf import reference
from kg.rdf.jsonld import context
from kg.rdf.terms import NAMESPACES, curie, fit, term, web_iri
from kg.vocab import ONTOLOGY, RELATIONS, ROLES, TYPES

TEXT = files("kg.rdf").joinpath("ontology.ttl").read_text(encoding="utf-8")
GRAPH = rdflib.Graph().parse(data=TEXT, format="turtle")


def test_every_type_role_and_relation_is_defined_as_in_the_code():
    for known in (*TYPES, *ROLES, *RELATIONS):
        iri = URIRef(known.iri)
        assert str(GRAPH.value(iri, RDFS.label)) == known.label
        assert str(GRAPH.value(iri, RDFS.comment)) == known.definition
    for type_ in TYPES:
        assert SKOS.Concept in set(GRAPH.objects(URIRef(type_.iri), RDFS.subClassOf))
    for role in ROLES:
        assert set(GRAPH.objects(URIRef(role.iri), RDFS.subPropertyOf)) == {URIRef(term("schema:mentions"))}


def test_every_term_has_label_comment_and_home_and_no_node_is_blank():
    terms = {s for s in GRAPH.subjects(RDF.type) if str(s).startswith(ONTOLOGY)}
    assert len(terms) > 35
    for iri in terms:
        assert GRAPH.value(iri, RDFS.label)
        assert GRAPH.value(iri, RDFS.comment)
        assert GRAPH.value(iri, RDFS.isDefinedBy)
    assert not [node for triple in GRAPH for node in triple if isinstance(node, rdflib.BNode)]


def test_the_data_uses_no_term_of_ours_that_is_not_defined(folder):
    data = rdflib.Graph().parse(data=(folder / "kg.nt").read_bytes(), format="nt")
    used = {str(node) for triple in data for node in triple if str(node).startswith(ONTOLOGY)}
    assert used <= {str(subject) for subject in GRAPH.subjects()}
    kinds = {OWL.ObjectProperty: URIRef, OWL.DatatypeProperty: rdflib.Literal}
    for _, predicate, value in data:
        for kind in set(GRAPH.objects(predicate, RDF.type)) & kinds.keys():
            assert isinstance(value, kinds[kind]), predicate


def test_the_page_of_the_vocabulary_is_made_from_it(root):
    wanted = reference.page()
    found = (root / "docs" / "vocabulary.md").read_text(encoding="utf-8")
    assert found == wanted, "run: python -m kg.rdf.reference > docs/vocabulary.md"


def test_the_page_names_every_term_that_the_data_uses(folder):
    data = rdflib.Graph().parse(data=(folder / "kg.nt").read_bytes(), format="nt")
    page = reference.page()
    used = {curie(str(predicate)) for predicate in data.predicates()} - {"rdf:type", "rdfs:label"}
    assert not [name for name in used if f"`{name}`" not in page and name != "schema:softwareVersion"]


def test_every_namespace_of_the_context_is_that_of_the_code():
    ours = context("https://example.org/")
    for prefix, namespace in NAMESPACES.items():
        assert ours.get(prefix, namespace) == namespace
    json.dumps(ours)


def test_text_is_made_fit_and_addresses_iris():
    assert fit("a\x00b\ud800c\ufffe\td\n\r") == "a\ufffdb\ufffdc\ufffd\td\n\r"
    assert web_iri("https://x.org/a b|é%zz%41") == "https://x.org/a%20b%7C%C3%A9%25zz%41"
    assert web_iri("javascript:alert(1)") is None
    assert web_iri("x.org/a") is None
