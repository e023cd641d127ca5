"""The vocabulary's reference, `docs/vocabulary.md`, made from the ontology: `python -m kg.rdf.reference`."""

from __future__ import annotations

import sys
from importlib.resources import files
from typing import TYPE_CHECKING, Final

import pyoxigraph as ox

from kg.rdf.terms import NAMESPACES, curie, term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_HEAD: Final = """# Vocabulary

What the RDF exports are written in. This page is made from `kg/rdf/ontology.ttl` and `kg/rdf/reuse.tsv` by
`python -m kg.rdf.reference`; a test holds it to them.

A paper and a concept are joined by the direct triple, `paper kg:introduces concept`, which is what most
queries need, and by `schema:mentions`, which holds for every role. For each triple there are statements,
nodes with the sentence that says it:

```turtle
<statement/663d8785f3e0a403>
    a kg:Statement ;
    rdf:subject <paper/heron> ; rdf:predicate kg:introduces ; rdf:object <concept/model-heron> ;
    kg:support 1 ; kg:confidence 0.9 ;
    kg:sentence <paper/heron#char=40,75> ; kg:quote <paper/heron#char=51,56> ;
    prov:wasDerivedFrom <paper/heron> ; prov:wasGeneratedBy <activity/3b1aa7f4f575980a> ;
    prov:wasAttributedTo <origin/roles> .

<paper/heron#char=40,75>
    a nif:Sentence ;
    nif:anchorOf "We present Heron, a language model." ;
    nif:beginIndex 40 ; nif:endIndex 75 ; nif:referenceContext <paper/heron#char=0,133> .
```

Offsets count Unicode code points of the title, a newline and the abstract, which is the context's
`nif:isString`. Every node has an IRI under the base that `kg.toml` sets; there are no blank nodes and no
lists. With `triple_terms = true` in `kg.toml`, `kg.ttl` is RDF 1.2: `rdf:reifies <<( subject predicate
object )>>` stands in place of the three properties of RDF 1.1; the other files stay as they are.
"""
_REUSE: Final = """
## What is taken from where

SemOpenAlex, Linked Papers With Code (LPWC), CS-KG, ORKG and dblp were looked at. Where one of them uses the
same term for the same, it is named; an empty cell says that none was seen to. ORKG names its classes and
properties by number and shares none.

| for | term | also used by |
|---|---|---|
"""
_PREFIXES: Final = """
## Prefixes

| prefix | namespace |
|---|---|
"""


def main() -> None:
    """Print the page."""
    sys.stdout.write(page())


def page() -> str:
    """The whole page, in Markdown."""
    ours = ontology()
    classes = (_class(ours, iri) for iri in _of(ours, "Class"))
    properties = (
        _property(ours, iri) for kind in ("Object", "Datatype") for iri in _of(ours, f"{kind}Property")
    )
    return "".join(
        (
            _HEAD,
            _table("Classes", "class", "label", "definition", "under or like"),
            *classes,
            _table("Properties", "property", "definition", "from", "to", "under or like"),
            *properties,
            _REUSE,
            *(f"| {what} | {_terms(terms)} | {by} |\n" for what, terms, by in reused()),
            _PREFIXES,
            *(f"| `{prefix}` | <{namespace}> |\n" for prefix, namespace in NAMESPACES.items()),
        )
    )


def _table(title: str, *columns: str) -> str:
    return f"\n## {title}\n\n| {' | '.join(columns)} |\n|{'---|' * len(columns)}\n"


def ontology() -> ox.Store:
    """The ontology, parsed."""
    store = ox.Store()
    text = files("kg.rdf").joinpath("ontology.ttl").read_text(encoding="utf-8")
    store.load(input=text, format=ox.RdfFormat.TURTLE)
    return store


def reused() -> list[tuple[str, str, str]]:
    """The rows of `reuse.tsv`: what for, which terms, who else."""
    lines = files("kg.rdf").joinpath("reuse.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return [(what, terms, by) for what, terms, by in (line.split("\t") for line in lines)]


def _of(ours: ox.Store, kind: str) -> Iterator[str]:
    """Our terms of a kind, in the order of the file's IRIs."""
    found = ours.quads_for_pattern(None, ox.NamedNode(term("rdf:type")), ox.NamedNode(_OWL + kind))
    return iter(sorted(quad.subject.value for quad in found if isinstance(quad.subject, ox.NamedNode)))


def _values(ours: ox.Store, iri: str, *curies: str) -> list[str]:
    found: list[str] = []
    for name in curies:
        quads = ours.quads_for_pattern(ox.NamedNode(iri), ox.NamedNode(term(name)), None)
        found += sorted(getattr(quad.object, "value", "") for quad in quads)
    return found


def _class(ours: ox.Store, iri: str) -> str:
    label, comment = (_values(ours, iri, name)[0] for name in ("rdfs:label", "rdfs:comment"))
    above = _linked(_values(ours, iri, "rdfs:subClassOf", "skos:closeMatch"))
    return f"| `{curie(iri)}` | {label} | {comment} | {above} |\n"


def _property(ours: ox.Store, iri: str) -> str:
    (comment,) = _values(ours, iri, "rdfs:comment")
    source, target = (_linked(_values(ours, iri, name)) for name in ("rdfs:domain", "rdfs:range"))
    like = _linked(_values(ours, iri, "rdfs:subPropertyOf", "skos:closeMatch"))
    return f"| `{curie(iri)}` | {comment} | {source} | {target} | {like} |\n"


def _linked(iris: Iterable[str]) -> str:
    return ", ".join(f"`{curie(iri)}`" if curie(iri) else f"<{iri}>" for iri in iris)


def _terms(terms: str) -> str:
    return ", ".join(f"`{name}`" for name in terms.split(", "))


_OWL: Final = "http://www.w3.org/2002/07/owl#"

if __name__ == "__main__":
    main()
