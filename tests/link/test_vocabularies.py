"""Vocabulary files: what is read of each kind, and what is refused in one line."""

from __future__ import annotations

import socket

import pytest

from kg.errors import VocabularyError
from kg.link import Vocabulary, load_vocabularies
from kg.link.reading import read_entries
from kg.vocab import ConceptType

SKOS = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix kg: <https://w3id.org/paperkg/ontology#> .
@prefix foaf: <http://xmlns.com/foaf/0.1/> .
@prefix v: <https://v.test/> .
v:rope a skos:Concept, kg:Method ; skos:prefLabel "rotary position embedding"@en, "encodage rotatif"@fr ;
    skos:altLabel "RoPE" ; skos:hiddenLabel "RPE" ; skos:broader v:pe ; foaf:homepage <https://rope.test/> ;
    skos:definition "Positions as rotations."@en ; skos:exactMatch <https://other.test/rope> .
v:pe a skos:Concept ; skos:prefLabel "positional encoding" ; skos:narrower v:rope .
v:nobody a <http://xmlns.com/foaf/0.1/Person> ; skos:prefLabel "A Person" .
"""
OWL = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:owl="http://www.w3.org/2002/07/owl#"
 xmlns:rdfs="http://www.w3.org/2000/01/rdf-schema#" xmlns:o="http://www.geneontology.org/formats/oboInOwl#"
 xmlns:x="https://x.test/#">
<owl:Ontology rdf:about="https://x.test/"><owl:imports rdf:resource="http://169.254.0.1/x.owl"/></owl:Ontology>
<owl:Class rdf:about="https://x.test/#Field"><rdfs:label>Field</rdfs:label></owl:Class>
<owl:NamedIndividual rdf:about="https://x.test/#MT"><rdf:type rdf:resource="https://x.test/#Task"/>
<rdfs:label xml:lang="en">Machine Translation</rdfs:label><o:hasSynonym xml:lang="en">MT</o:hasSynonym>
<rdfs:label xml:lang="not/a-language-tag">x</rdfs:label>
<x:subFieldOf rdf:resource="https://x.test/#NLP"/></owl:NamedIndividual>
<owl:NamedIndividual rdf:about="https://x.test/#NLP"><rdfs:label>NLP</rdfs:label></owl:NamedIndividual>
</rdf:RDF>
"""


@pytest.fixture
def write(tmp_path, monkeypatch):
    """Write a file; no test here may open a connection."""

    def refuse(*_):
        raise AssertionError("a vocabulary file reached for the network")

    monkeypatch.setattr(socket.socket, "connect", refuse)

    def write(name, text):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def test_skos(write):
    pe, rope = read_entries(write("v.ttl", SKOS))
    assert (rope.label, rope.type) == ("rotary position embedding", ConceptType.METHOD)
    assert rope.alternatives == ("RoPE", "encodage rotatif")
    assert (rope.candidates, rope.broader) == (("RPE",), ("https://v.test/pe",))
    assert (rope.definition, rope.links) == ("Positions as rotations.", ("https://rope.test/",))
    assert rope.equals == ("https://v.test/rope", "https://other.test/rope")
    assert pe.type is None


@pytest.mark.parametrize("suffix", ["nt", "jsonld", "rdf", "trig", "nq", "n3"])
def test_every_syntax_gives_the_same(write, suffix):
    import pyoxigraph

    formats = {
        "nt": "N_TRIPLES",
        "jsonld": "JSON_LD",
        "rdf": "RDF_XML",
        "trig": "TRIG",
        "nq": "N_QUADS",
        "n3": "N3",
    }
    quads = pyoxigraph.parse(SKOS.encode(), pyoxigraph.RdfFormat.TURTLE)
    triples = [quad.triple for quad in quads]
    text = pyoxigraph.serialize(triples, format=getattr(pyoxigraph.RdfFormat, formats[suffix]))
    assert read_entries(write(f"v.{suffix}", text)) == read_entries(write("v.ttl", SKOS))


def test_owl_with_synonyms_bad_language_tags_and_an_import_that_is_not_followed(write):
    task, field = read_entries(write("v.owl", OWL))
    assert (task.label, task.type) == ("Machine Translation", ConceptType.TASK)
    assert task.alternatives == ("MT", "x")
    assert task.broader == ("https://x.test/#NLP",)
    assert field.label == "NLP"


def test_csv(write):
    text = "label,altLabels,broader,type,uri\nRoPE,rotary embedding; rotary|RPE,PE,method,https://v.test/rope\nPE,,,,\n"
    rope, pe = read_entries(write("v.csv", "\ufeff" + text))
    assert rope.alternatives == ("RPE", "rotary", "rotary embedding")
    assert (rope.type, rope.broader) == (ConceptType.METHOD, (pe.iri,))
    assert rope.equals == ("https://v.test/rope",)
    assert pe.equals == ()


def test_the_packages_own_comes_last_and_a_real_one_can_be_brought(shared):
    words = load_vocabularies([shared / "vocabularies" / "NLP-FoS-Hierarchy.owl"])
    assert words.titles[0] == "NLP-FoS-Hierarchy.owl"
    assert sum(entry.source == 0 for entry in words.entries.values()) == 422
    assert len(words.of_label("machinetranslation")) == 2


BAD = {
    "broken.ttl": (SKOS[:-40], ""),
    "empty.ttl": ("", "no concept with a label"),
    "binary.ttl": (b"\x00\x01\x02", "binary"),
    "latin.ttl": ("@prefix : <x> . # caf\xe9".encode("latin-1"), "not UTF-8"),
    "entity.owl": ('<!DOCTYPE x [<!ENTITY a "aa"><!ENTITY b "&a;&a;">]>' + OWL[21:], "DOCTYPE"),
    "file.rdf": ('<!DOCTYPE x SYSTEM "file:///etc/passwd">' + OWL[21:], "DOCTYPE"),
    "utf16.owl": (OWL.encode("utf-16"), "not UTF-8"),
    "remote.jsonld": ('{"@context": "http://169.254.0.1/c", "@id": "x"}', "context"),
    "ring.ttl": (SKOS + "v:pe skos:broader v:rope .", "ring"),
    "self.csv": ("label,broader\na,b\nb,c\nc,a\n", "ring"),
    "columns.csv": ("name,type\nx,Model\n", "no column label"),
    "odd.csv": ("label,colour\nx,red\n", "colour"),
    "type.csv": ("label,type\nx,Animal\n", "type.csv:2: unknown type"),
    "open.csv": ('label\n"x\n', "open.csv:"),
    "words.txt": ("x", "unknown ending"),
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_a_bad_file_is_one_clear_error(write, name):
    text, said = BAD[name]
    path = write(name, text)
    with pytest.raises(VocabularyError) as error:
        read_entries(path)
    assert said in str(error.value)
    assert str(path) in str(error.value)
    assert "\n" not in str(error.value)


def test_a_large_file_or_folder_or_none_is_refused(write, tmp_path, monkeypatch):
    monkeypatch.setattr("kg.link.reading.MAX_BYTES", 100)
    with pytest.raises(VocabularyError, match="must be smaller"):
        read_entries(write("v.ttl", SKOS))
    with pytest.raises(VocabularyError, match="can't be read"):
        read_entries(tmp_path / "missing.ttl")
    (tmp_path / "folder.ttl").mkdir()
    with pytest.raises(VocabularyError, match="can't be read"):
        read_entries(tmp_path / "folder.ttl")


def test_a_deep_hierarchy_is_no_ring():
    from kg.link.vocabulary import refuse_cycles

    refuse_cycles({str(n): [str(n + 1)] for n in range(5000)})
    refuse_cycles({"a": ["b", "c"], "b": ["d"], "c": ["d"]})
    with pytest.raises(VocabularyError, match="ring"):
        refuse_cycles({"a": ["b"], "b": ["b"]})


def test_the_order_of_entries_changes_nothing(write):
    entries = read_entries(write("v.ttl", SKOS))
    assert Vocabulary.of(entries) == Vocabulary.of(entries[::-1])
