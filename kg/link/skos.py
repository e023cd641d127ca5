"""SKOS and OWL read into vocabulary entries; pyoxigraph parses, for it is quick and reaches no network."""

from __future__ import annotations

from collections import defaultdict
from typing import Any, Final

from kg.errors import VocabularyError
from kg.link.vocabulary import Entry
from kg.text import clean, shown
from kg.vocab import ConceptType

TYPES: Final = {str(each): each for each in ConceptType}
_RDF_TYPE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
# Properties by the last part of their IRI: SKOS, and the annotations that OWL files use for the same.
_FIELDS: Final = {
    "prefLabel": "label",
    "label": "title",
    "altLabel": "alternatives",
    "hasSynonym": "alternatives",
    "hasExactSynonym": "alternatives",
    "synonym": "alternatives",
    "alternative_term": "alternatives",
    "IAO_0000118": "alternatives",
    "hiddenLabel": "candidates",
    "hasRelatedSynonym": "candidates",
    "definition": "definition",
    "IAO_0000115": "definition",
    "description": "definition",
    "comment": "definition",
    "broader": "broader",
    "broaderTransitive": "broader",
    "broaderGeneric": "broader",
    "subFieldOf": "broader",
    "subClassOf": "broader",
    "exactMatch": "same_as",
    "sameAs": "same_as",
    "source": "links",
    "homepage": "links",
    "page": "links",
}
_INVERSE: Final = frozenset({"narrower", "superFieldOf"})


def entries_of(text: str, suffix: str, where: str) -> list[Entry]:
    """The concepts of an RDF document that have a label.

    Raises VocabularyError with the place (`where` is the file's name) of what can't be parsed.
    """
    import pyoxigraph

    formats = {
        ".jsonld": pyoxigraph.RdfFormat.JSON_LD,
        ".n3": pyoxigraph.RdfFormat.N3,
        ".nq": pyoxigraph.RdfFormat.N_QUADS,
        ".nt": pyoxigraph.RdfFormat.N_TRIPLES,
        ".trig": pyoxigraph.RdfFormat.TRIG,
        ".ttl": pyoxigraph.RdfFormat.TURTLE,
    }
    found: defaultdict[str, defaultdict[str, set[tuple[str, str]]]] = defaultdict(lambda: defaultdict(set))
    format_ = formats.get(suffix, pyoxigraph.RdfFormat.RDF_XML)
    try:  # lenient: files in use have language tags and IRIs that the standard refuses
        for quad in pyoxigraph.parse(text.encode(), format_, base_iri="urn:vocabulary:", lenient=True):
            if isinstance(quad.subject, pyoxigraph.NamedNode):
                _note(found, quad.subject.value, quad.predicate.value, quad.object)
    except SyntaxError as error:
        place = f":{error.lineno}" if error.lineno else ""
        raise VocabularyError(f"{where}{place}: {shown(error.msg)}") from error
    except (ValueError, OSError) as error:
        raise VocabularyError(f"{where}: {shown(error)}") from error
    except MemoryError as error:
        if "buffer" not in str(error):  # the parser's own bound, or the system's
            raise
        raise VocabularyError(f"{where}: a value of over 16 MiB: a vocabulary has names") from error
    kinds = {name for facts in found.values() for name, _ in facts["types"]}
    wanted = {"Concept", "NamedIndividual"} & kinds or {"Class"}  # classes of individuals are no concepts
    entries = (_entry(iri, found[iri], wanted | TYPES.keys()) for iri in sorted(found))
    return [entry for entry in entries if entry]


def _note(found: Any, subject: str, predicate: str, value: Any) -> None:
    """Keep what a triple says of a concept."""
    name = _local(predicate)
    text, language = getattr(value, "value", ""), getattr(value, "language", None)
    if predicate == _RDF_TYPE:
        found[subject]["types"].add((_local(text), ""))
    elif name in _INVERSE:
        found[text]["broader"].add((subject, ""))
    elif name in _FIELDS:
        found[subject][_FIELDS[name]].add((clean(text).strip(), language or ""))


def _local(iri: str) -> str:
    return iri.replace("#", "/").rsplit("/", 1)[-1]


def _entry(iri: str, facts: Any, wanted: set[str]) -> Entry | None:
    """A concept's entry, None for what has no label or is no concept (a property, an author)."""
    types = {name for name, _ in facts["types"]}
    labels = _best(facts["label"]) or _best(facts["title"])
    if not labels or not types & wanted:
        return None
    rest = {text for name in ("label", "title", "alternatives") for text, _ in facts[name]}
    known = sorted(types & TYPES.keys())
    return Entry(
        iri=iri,
        label=labels[0],
        type=TYPES[known[0]] if known else None,
        alternatives=tuple(sorted(rest - {labels[0], ""})),
        candidates=_texts(facts["candidates"]),
        broader=tuple(text for text in _texts(facts["broader"]) if ":" in text and text != iri),
        same_as=_texts(facts["same_as"]),
        links=_texts(facts["links"]),
        definition=next(iter(_best(facts["definition"])), ""),
    )


def _best(texts: set[tuple[str, str]]) -> list[str]:
    """Texts in English, else without a language, else in the first language that there is."""
    for fits in (lambda tag: tag.startswith("en"), lambda tag: not tag, lambda tag: True):
        if chosen := sorted(text for text, tag in texts if text and fits(tag)):
            return chosen
    return []


def _texts(texts: set[tuple[str, str]]) -> tuple[str, ...]:
    return tuple(sorted({text for text, _ in texts if text}))
