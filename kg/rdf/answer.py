"""Answering one query on a store: checked, run, and written in the format asked for."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import IO, TYPE_CHECKING, Any, Final, cast

import pyoxigraph as ox

from kg.errors import QueryError
from kg.rdf import guard
from kg.rdf.loading import BUILDS_GRAPH, ONTOLOGY_GRAPH
from kg.rdf.problems import DamagedError, FormatError, RefusedQueryError, TooLargeError
from kg.rdf.results import ROWS
from kg.rdf.terms import NAMESPACES, term

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

GRAPH_FORMATS: Final = {
    "turtle": ox.RdfFormat.TURTLE,
    "ntriples": ox.RdfFormat.N_TRIPLES,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}
BOOLEAN_FORMATS: Final = {
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
}
ORDERED: Final = 10_000  # triples of a graph that are put in order; those of a larger one go out as they come
_A: Final = term("rdf:type")
GRAPHS: Final = frozenset({ONTOLOGY_GRAPH, BUILDS_GRAPH})


@dataclass(frozen=True, slots=True)
class Request:
    """A query and how to answer it.

    `rows`, `graph` and `boolean` are the formats of the three kinds of result; `max_rows` and `max_bytes`
    bound a result (0: no bound); a result beyond them is refused, unless `cut`: then the first `max_rows`
    are the answer. `default_graphs` and `named_graphs` are the data set of the protocol, before the query's
    own FROM. An empty format says that none will do.
    """

    query: str
    rows: str = "json"
    graph: str = "turtle"
    boolean: str = "json"
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    max_rows: int = 0
    max_bytes: int = 0
    cut: bool = False
    allow_service: bool = False


@dataclass(slots=True)
class Answer:
    """What kind of result it was ("rows", "graph" or "boolean"), how many, and whether more were left out."""

    kind: str
    count: int = 0
    more: bool = False
    variables: list[str] = field(default_factory=list)


def answer(store: ox.Store, request: Request, write: Callable[[bytes], None]) -> Answer:
    """Run the query and write its result; raises QueryError."""
    text = guard.normal(request.query)
    if not request.allow_service:
        guard.check(text, GRAPHS)
    result = _run(store, text, request)
    sink = _Sink(write, request.max_bytes)
    _check_format(result, request)
    try:
        if isinstance(result, ox.QueryBoolean):
            sink.write(result.serialize(format=BOOLEAN_FORMATS[request.boolean]) or b"")
            sink.flush()
            return Answer("boolean", int(bool(result)))
        if isinstance(result, ox.QuerySolutions):
            return _write_rows(result, request, sink)
        return _write_graph(result, request, sink)
    except (OSError, RuntimeError, ValueError) as error:
        raise _engine_error(error) from error


def _run(store: ox.Store, text: str, request: Request) -> Any:
    for graph in (*request.default_graphs, *request.named_graphs):
        if graph not in GRAPHS:
            raise RefusedQueryError(f"no graph <{graph}> in this data set, and none is fetched")
    given = bool(request.default_graphs or request.named_graphs)
    try:
        return store.query(
            text,
            prefixes=dict(NAMESPACES),
            default_graph=[ox.NamedNode(graph) for graph in request.default_graphs] if given else None,
            named_graphs=[ox.NamedNode(graph) for graph in request.named_graphs] if given else None,
        )
    except SyntaxError as error:
        raise guard.syntax_error(text, str(error)) from error
    except (OSError, RuntimeError, ValueError) as error:
        raise _engine_error(error) from error


def _engine_error(error: Exception) -> QueryError:
    """What the engine says, on a line; RocksDB's own words tell that the store is damaged."""
    text = " ".join(str(error).split())[:200]
    return DamagedError(text) if text.startswith(("Corruption", "IO error")) else QueryError(text)


def _check_format(result: Any, request: Request) -> None:
    kinds = {ox.QueryBoolean: request.boolean, ox.QuerySolutions: request.rows}
    if not kinds.get(type(result), request.graph):
        raise FormatError("no format that was asked for can hold this kind of result")


def _write_rows(result: ox.QuerySolutions, request: Request, sink: _Sink) -> Answer:
    found = Answer("rows", variables=[variable.value for variable in result.variables])
    rows = _limited(result, request, found)
    for piece in ROWS[request.rows](found.variables, (tuple(row) for row in rows)):
        sink.write(piece.encode())
    sink.flush()
    return found


def _write_graph(result: ox.QueryTriples, request: Request, sink: _Sink) -> Answer:
    found = Answer("graph")
    triples = _limited(result, request, found)
    begin: Iterable[ox.Triple] = list(islice(triples, ORDERED))
    prefixes = dict(NAMESPACES)
    if found.count < ORDERED:
        begin = sorted(set(begin), key=_place)
        prefixes = _used(begin)
        found.count = len(begin)
    whole = chain(begin, triples)
    ox.serialize(whole, cast("IO[bytes]", sink), GRAPH_FORMATS[request.graph], prefixes=prefixes)
    sink.flush()
    return found


def _place(triple: ox.Triple) -> tuple[str, bool, str, str]:
    """The order for reading: by subject, what it is first."""
    predicate = triple.predicate.value
    return str(triple.subject), predicate != _A, predicate, str(triple.object)


def _used(triples: Iterable[ox.Triple]) -> dict[str, str]:
    """The prefixes of the predicates, classes and data types of a graph."""
    found = {triple.predicate.value for triple in triples}
    for value in (triple.object for triple in triples):
        found.add(value.datatype.value if isinstance(value, ox.Literal) else getattr(value, "value", ""))
    return {prefix: iri for prefix, iri in NAMESPACES.items() if any(name.startswith(iri) for name in found)}


def _limited(items: Iterable[Any], request: Request, found: Answer) -> Iterator[Any]:
    items = iter(items)
    for item in islice(items, request.max_rows or None):
        found.count += 1
        yield item
    if request.max_rows and next(items, None) is not None:
        found.more = True
        if not request.cut:
            raise TooLargeError(f"more than {request.max_rows:,} rows: add a LIMIT to the query")


class _Sink(io.RawIOBase):
    """Collects what is written into pieces worth sending, and stops at the limit."""

    def __init__(self, send: Callable[[bytes], None], limit: int) -> None:
        self._send = send
        self._limit = limit
        self._size = 0
        self._pending = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._pending += data
        self._size += len(data)
        if self._limit and self._size > self._limit:
            raise TooLargeError(f"a result of more than {self._limit:,} bytes: add a LIMIT to the query")
        if len(self._pending) > _PIECE:
            self.flush()
        return len(data)

    def flush(self) -> None:
        if self._pending:
            self._send(bytes(self._pending))
            self._pending.clear()


_PIECE: Final = 1 << 16
