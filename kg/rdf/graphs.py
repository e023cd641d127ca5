"""The exports of a folder, to be asked in SPARQL: `kg.open("exports").query(...)`."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Self

from kg.errors import ConfigError
from kg.rdf import parameters
from kg.rdf.answer import Request
from kg.rdf.client import Worker
from kg.rdf.terms import NAMESPACES, Iri

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import rdflib

SECONDS: Final = 60.0
_XSD: Final = NAMESPACES["xsd"]
Cell = Iri | str | int | Decimal | float | bool | None


class Rows(NamedTuple):
    """The result of a SELECT: the variables, and a tuple of Python values for each row."""

    variables: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    more: bool = False

    def records(self) -> Iterator[dict[str, Cell]]:
        """Each row as a dict by variable."""
        return (dict(zip(self.variables, row, strict=True)) for row in self.rows)


class Dataset:
    """A folder of exports; queries run in a process of their own, which `close` ends.

    `seconds` is the time that a query may take, `allow_service` whether it may ask other servers.
    """

    def __init__(
        self, folder: Path | str, *, seconds: float | None = SECONDS, allow_service: bool = False
    ) -> None:
        self.folder = Path(folder)
        self._seconds = seconds
        self._allow_service = allow_service
        self._worker = Worker(self.folder, network=allow_service)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._worker.stop()

    def query(
        self,
        text: str = "",
        params: Mapping[str, object] | None = None,
        *,
        name: str = "",
        limit: int = 0,
    ) -> Rows | bool | rdflib.Graph:
        """The result of a query, by its text or by the name of one of ours, with values for its parameters.

        SELECT gives Rows (the first `limit` of them, if given), ASK a bool, CONSTRUCT and DESCRIBE an rdflib
        Graph. Raises QueryError and UnknownNameError.
        """
        pieces: list[bytes] = []
        whole = self.prepare(text, params or {}, name=name)
        found = self.ask(whole, pieces.append, graph="ntriples", limit=limit, again=pieces.clear)
        data = b"".join(pieces)
        if found["kind"] == "graph":
            import rdflib

            return rdflib.Graph().parse(data=data, format="nt")
        return parsed(data, more=bool(found["more"]))

    def prepare(self, text: str, params: Mapping[str, object], *, name: str = "") -> str:
        """The SPARQL that is run: the named query, or the text, with terms for its parameters."""
        return parameters.prepare(text, params, self._find, name=name)

    def ask(
        self,
        query: str,
        receive: Callable[[bytes], object],
        *,
        rows: str = "json",
        graph: str = "turtle",
        limit: int = 0,
        again: Callable[[], object] | None = None,
    ) -> dict[str, Any]:
        """Run SPARQL as it stands; the result's bytes go to `receive` as they come. They begin anew after a
        call of `again`, where the store turns out to be damaged and is made anew.
        """
        request = Request(
            query, rows, graph, rows, max_rows=limit, cut=True, allow_service=self._allow_service
        )
        return self._worker.ask(request, self._seconds, receive, again)

    def _find(self, query: str) -> list[Iri]:
        pieces: list[bytes] = []
        self.ask(query, pieces.append, again=pieces.clear)
        return first_column(b"".join(pieces))

    def rdflib(self) -> rdflib.Graph:
        """The data as an rdflib Graph on the same store on disk; needs the extra `rdflib`."""
        try:
            import oxrdflib
        except ImportError as error:
            raise ConfigError("rdflib on the store needs oxrdflib: pip install 'paperkg[rdflib]'") from error
        import rdflib

        from kg.rdf.dataset import open_store

        return rdflib.Graph(oxrdflib.OxigraphStore(store=open_store(self.folder)), rdflib.URIRef(_DEFAULT))


def parsed(data: bytes, *, more: bool = False) -> Rows | bool:
    """A result in JSON as Python values."""
    result = json.loads(data)
    if "boolean" in result:
        return bool(result["boolean"])
    names = tuple(result["head"]["vars"])
    bindings = result["results"]["bindings"]
    return Rows(names, tuple(tuple(_cell(row.get(name)) for name in names) for row in bindings), more)


def first_column(data: bytes) -> list[Iri]:
    """The IRIs in the first column of a result in JSON."""
    found = parsed(data)
    assert isinstance(found, Rows)
    return [Iri(row[0]) for row in found.rows]


def _cell(term: dict[str, Any] | None) -> Cell:
    if term is None:
        return None
    value = term["value"]
    if term["type"] == "uri":
        return Iri(value)
    if term["type"] == "triple":
        return " ".join(str(_cell(term["value"][part])) for part in ("subject", "predicate", "object"))
    read = _READ.get(term.get("datatype", "").removeprefix(_XSD))
    try:
        return read(value) if read else str(value)
    except (ValueError, ArithmeticError):
        return str(value)


_READ: Final[dict[str, Callable[[str], Cell]]] = {
    "integer": int,
    "nonNegativeInteger": int,
    "int": int,
    "long": int,
    "gYear": int,
    "decimal": Decimal,
    "double": float,
    "float": float,
    "boolean": lambda value: value in ("true", "1"),
}
_DEFAULT: Final = "urn:x-rdflib:default"
