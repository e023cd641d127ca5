"""The data set described by VoID and DCAT: counts, licence, files, and queries to begin with."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from kg.rdf.named import all_queries
from kg.rdf.nodes import node
from kg.rdf.terms import Iri, Names, curie, fit, term, web_iri

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from kg.rdf.nodes import Node
    from kg.rdf.terms import Value

FILES: Final = {
    "kg.ttl": "text/turtle",
    "kg.nt": "application/n-triples",
    "kg.jsonld": "application/ld+json",
    "kg.rdf": "application/rdf+xml",
    "kg.trig": "application/trig",
}
_A: Final = term("rdf:type")
_TITLE: Final = term("dcterms:title")


def nodes(
    described: Iterable[Node], base: str, title: str, licence: str, files: Sequence[str]
) -> Iterator[Node]:
    """The description of a data set from all of its nodes, which are counted and not kept.

    `licence` is the IRI or name of the licence, or empty where none was given; `files` names the exports.
    """
    names = Names(base)
    classes: Counter[Iri] = Counter()
    properties: Counter[Iri] = Counter()
    subjects = 0
    for one in described:
        subjects += 1
        properties.update(one.shape.predicates)
        classes.update(v for p, v in one.properties if p == _A and isinstance(v, Iri))
    yield node(
        names.dataset,
        (*_dataset(names, title, licence, files), *_counted(names, classes, properties, subjects)),
    )
    for iri, count in sorted(classes.items()):
        about = ((term("void:class"), iri), (term("void:entities"), count))
        yield node(_part(names, iri), about)
    for iri, count in sorted(properties.items()):
        yield node(_part(names, iri), ((term("void:property"), iri), (term("void:triples"), count)))
    yield from _files(names, files)
    yield from _queries(names)


def _dataset(names: Names, title: str, licence: str, files: Iterable[str]) -> Iterator[tuple[Iri, Value]]:
    yield _A, term("void:Dataset")
    yield _A, term("dcat:Dataset")
    yield _TITLE, fit(title)
    if licence:
        yield term("dcterms:license"), web_iri(licence) or fit(licence)
    yield term("void:uriSpace"), names.base
    for file in filter(FILES.__contains__, files):
        yield term("dcat:distribution"), Iri(names.base + file)
        yield term("void:dataDump"), Iri(names.base + file)


def _counted(
    names: Names, classes: Counter[Iri], properties: Counter[Iri], subjects: int
) -> Iterator[tuple[Iri, Value]]:
    yield term("void:triples"), properties.total()
    yield term("void:distinctSubjects"), subjects
    yield term("void:classes"), len(classes)
    yield term("void:properties"), len(properties)
    used = sorted({iri[: -len(curie(iri).partition(":")[2])] for iri in (*classes, *properties)})
    yield from ((term("void:vocabulary"), Iri(namespace)) for namespace in used)
    yield from ((term("void:classPartition"), _part(names, iri)) for iri in sorted(classes))
    yield from ((term("void:propertyPartition"), _part(names, iri)) for iri in sorted(properties))


def _part(names: Names, iri: Iri) -> Iri:
    return Iri(f"{names.dataset}#{curie(iri).replace(':', '-')}")


def _files(names: Names, files: Iterable[str]) -> Iterator[Node]:
    for file in filter(FILES.__contains__, files):
        form = Iri(f"https://www.iana.org/assignments/media-types/{FILES[file]}")
        about = ((_A, term("dcat:Distribution")), (_TITLE, file), (term("dcat:mediaType"), form))
        yield node(Iri(names.base + file), about)


def _queries(names: Names) -> Iterator[Node]:
    """Each named query as an executable example, in SHACL's terms as SPARQL examples are published."""
    for query in all_queries():
        kind = {"ASK": "Ask", "CONSTRUCT": "Construct", "DESCRIBE": "Describe"}.get(query.form, "Select")
        about = (
            (_A, term("sh:SPARQLExecutable")),
            (_A, term(f"sh:SPARQL{kind}Executable")),
            (term("rdfs:label"), query.title),
            (term("rdfs:comment"), query.description),
            (term(f"sh:{kind.lower()}"), query.text),
            (term("schema:target"), names.dataset),
        )
        yield node(Iri(f"{names.base}query/{query.name}"), about)
