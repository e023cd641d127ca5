"""The terms that the exports are written in: namespaces, IRIs, literals, and text made fit for every format.

A value is one of five Python types, and each writer spells each type its own way: `Iri`, `str` (a plain
literal), `int` (xsd:integer), `float` (xsd:decimal) and `Typed` (a lexical form with its datatype).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple
from urllib.parse import quote

from kg.ids import iri_segment
from kg.vocab import ONTOLOGY

NAMESPACES: Final = {
    "dblp": "https://dblp.org/rdf/schema#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "fabio": "http://purl.org/spar/fabio/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "itsrdf": "http://www.w3.org/2005/11/its/rdf#",
    "kg": ONTOLOGY,
    "nif": "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
    "prism": "http://prismstandard.org/namespaces/basic/2.0/",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""The prefixes of every Turtle file and the ones that every query may use without declaring them."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
_ABSOLUTE = re.compile(r"(?:https?|ftp)://[^/]|(?:urn|doi|info|mailto|tag):.", re.IGNORECASE)
_IRI_SAFE: Final = "!#$%&'()*+,/:;=?@[]~-._"


class Iri(str):
    """An absolute IRI, as the object or subject of a triple."""

    __slots__ = ()


class Typed(NamedTuple):
    """A literal of a datatype that no Python type stands for."""

    lexical: str
    datatype: Iri


class TripleTerm(NamedTuple):
    """A triple spoken of and not asserted, as RDF 1.2 has it."""

    subject: Iri
    predicate: Iri
    object: Iri


Value = Iri | str | int | float | Typed | TripleTerm


def term(curie: str) -> Iri:
    """The IRI of a term of one of the `NAMESPACES`, as `skos:prefLabel`."""
    prefix, _, local = curie.partition(":")
    return Iri(NAMESPACES[prefix] + local)


@lru_cache(maxsize=4096)
def curie(iri: str) -> str:
    """A vocabulary's term as prefix and name, or the empty string for an IRI of no known namespace."""
    for prefix, namespace in NAMESPACES.items():
        local = iri.removeprefix(namespace)
        if local != iri and re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", local):
            return f"{prefix}:{local}"
    return ""


def fit(text: str) -> str:
    """Text that every format can carry: what can't be written becomes U+FFFD, so that offsets still hold."""
    return text if text.isprintable() else _CONTROL.sub("\ufffd", text)


@lru_cache(maxsize=10_000)
def offset(position: int) -> Typed:
    """A position in a text, of the datatype that NIF asks for."""
    return Typed(str(position), _OFFSET)


def web_iri(address: str) -> Iri | None:
    """An address as an IRI, what is not allowed in one percent-encoded; None without a scheme we know."""
    if not _ABSOLUTE.match(address):
        return None
    whole = quote(address.strip().encode("utf-8", "replace"), safe=_IRI_SAFE)
    return Iri(re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", whole).replace("[", "%5B").replace("]", "%5D"))


class Names:
    """The IRIs of one data set's things, all under its base."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.dataset = Iri(base + "dataset")
        self.concept = lru_cache(maxsize=200_000)(self._concept)  # each is spoken of many times
        self.paper = lru_cache(maxsize=200_000)(self._paper)

    def _concept(self, identifier: str) -> Iri:
        return Iri(f"{self.base}concept/{_segment(identifier)}")

    def _paper(self, identifier: str) -> Iri:
        return Iri(f"{self.base}paper/{_segment(identifier)}")

    def statement(self, identifier: str) -> Iri:
        plain = identifier.isascii() and identifier.isalnum()
        return Iri(f"{self.base}statement/{identifier if plain else iri_segment(identifier)}")

    def source(self, name: str) -> Iri:
        return Iri(f"{self.base}source/{iri_segment(name)}")

    def activity(self, fingerprint: str) -> Iri:
        return Iri(f"{self.base}activity/{_segment(fingerprint)}")

    def origin(self, name: str) -> Iri:
        return Iri(f"{self.base}origin/{_segment(name)}")

    def group(self, number: int) -> Iri:
        return Iri(f"{self.base}community/{number}")

    def pair(self, kind: str, left: str, right: str) -> Iri:
        """A node about two things, the same whichever comes first."""
        first, second = sorted((_segment(left), _segment(right)))
        return Iri(f"{self.base}{kind}/{first}/{second}")


_segment = lru_cache(maxsize=200_000)(iri_segment)


@lru_cache(maxsize=10_000)  # each is spoken of several times, near each other
def place(paper: Iri, start: int, end: int) -> Iri:
    """A stretch of a paper's text, as a URI fragment by RFC 5147."""
    return within(paper, f"char={start},{end}")


def within(paper: Iri, part: str) -> Iri:
    """A part of a paper: a fragment, unless the base has put the paper into one already."""
    return Iri(f"{paper}{'/' if '#' in paper else '#'}{part}")


_OFFSET: Final = term("xsd:nonNegativeInteger")
