"""What is loaded into the store: the export, the ontology, and what is known of earlier states."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import IO, TYPE_CHECKING, Final, cast

import pyoxigraph as ox

from kg.errors import QueryError
from kg.rdf.terms import term
from kg.vocab import ONTOLOGY

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kg.rdf.content import Export

ONTOLOGY_GRAPH: Final = ONTOLOGY.rstrip("#")
BUILDS_GRAPH: Final = f"{ONTOLOGY_GRAPH}/builds"
PART: Final = 32_000_000  # bytes of N-Triples loaded at once
_A: Final = ox.NamedNode(term("rdf:type"))
_BUILD: Final = ox.NamedNode(term("kg:Build"))
_NUMBER: Final = ox.NamedNode(term("kg:buildNumber"))
_SEEN: Final = ox.NamedNode(term("kg:firstSeen"))
_BUILDS: Final = ox.NamedNode(BUILDS_GRAPH)
_MEMBERS: Final = tuple(ox.NamedNode(term(name)) for name in ("fabio:ResearchPaper", "skos:Concept"))


def load(store: ox.Store, export: Export, earlier: Path | None, name: str) -> ox.Store:
    """Fill a store with an export, whose state has that name; `earlier` is the store of the last state.

    Raises QueryError for an export that can't be read, ChangedError for one that is written meanwhile.
    """
    export.rewind()
    try:
        _load_file(store, export)
    except (SyntaxError, ValueError) as error:
        export.check()  # half written, it is no wonder
        raise QueryError(f"{export.path}: {' '.join(str(error).split())}: run `kg build` again") from error
    export.check()
    graph = ox.NamedNode(ONTOLOGY_GRAPH)
    store.bulk_load(input=ontology(), format=ox.RdfFormat.TURTLE, to_graph=graph)
    store.bulk_extend(_builds(store, ox.Store.read_only(str(earlier)) if earlier else None, name))
    return store


def _load_file(store: ox.Store, export: Export) -> None:
    """Load in parts where lines are triples: until its end, a load keeps a kilobyte a triple in memory."""
    if export.path.suffix == ".ttl":
        store.bulk_load(input=cast("IO[bytes]", export), format=ox.RdfFormat.TURTLE, lenient=True)
        return
    for part in export.parts(PART):
        store.bulk_load(input=part, format=ox.RdfFormat.N_TRIPLES, lenient=True)
    if export.size > PART:
        store.optimize()  # each part left sorted files of its own


def _builds(store: ox.Store, earlier: ox.Store | None, name: str) -> Iterable[ox.Quad]:
    """What was known of earlier builds, this one, and what is in it for the first time."""
    known = list(earlier.quads_for_pattern(None, None, None, _BUILDS)) if earlier else []
    build = ox.NamedNode(f"{ONTOLOGY_GRAPH}/build/{name}")
    number = 1 + sum(quad.predicate == _NUMBER for quad in known)
    yield from known
    yield ox.Quad(build, _A, _BUILD, _BUILDS)
    yield ox.Quad(build, _NUMBER, ox.Literal(number), _BUILDS)
    if earlier is None:
        return
    noted = {quad.subject for quad in known if quad.predicate == _SEEN}
    for kind in _MEMBERS:
        for quad in store.quads_for_pattern(None, _A, kind, ox.DefaultGraph()):
            if quad.subject not in noted and ox.Quad(quad.subject, _A, kind) not in earlier:
                yield ox.Quad(quad.subject, _SEEN, build, _BUILDS)


@cache
def ontology() -> str:
    """Our ontology as it ships, in Turtle."""
    return files("kg.rdf").joinpath("ontology.ttl").read_text(encoding="utf-8")
