"""The SPARQL 1.1 Protocol's query operation (W3C Recommendation, 2013), read-only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import parse_qsl

from starlette.responses import PlainTextResponse

from kg.errors import QueryError
from kg.rdf.answer import Request as Question
from kg.rdf.problems import (
    FormatError,
    MalformedQueryError,
    QueryTimeoutError,
    RefusedQueryError,
    StoppedError,
    TooLargeError,
    UnforeseenError,
)
from kg.web import negotiation
from kg.web.connection import read_body, while_connected
from kg.web.outgoing import FullError, ParcelResponse
from kg.web.pool import BusyError
from kg.web.strangers import MOST_FIELDS
from kg.web.threads import AGAIN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from kg.web.pool import Pool
    from kg.web.settings import Settings

FORM: Final = "application/x-www-form-urlencoded"
DIRECT: Final = "application/sparql-query"
_STATUS: Final = (
    (MalformedQueryError, 400),
    (RefusedQueryError, 403),
    (FormatError, 406),
    (TooLargeError, 422),
    (StoppedError, 422),
    (UnforeseenError, 422),
    (QueryTimeoutError, 503),
    (BusyError, 503),
    (FullError, 503),
    (QueryError, 400),
)


class ProtocolError(Exception):
    """A request that isn't as the protocol wants it, with the status that says so."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class Operation(NamedTuple):
    """A query with the data set that the request gives it."""

    query: str
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]


async def answer(request: Request, pool: Pool, settings: Settings) -> Response:
    """The response to a query operation, its errors among them."""
    try:
        operation = await read_operation(request, settings)
        question = _question(operation, request.headers.get("accept", ""), settings)
        parcel, found = await while_connected(request, pool.ask(question))
    except ProtocolError as error:
        return failure(error.status, str(error))
    except QueryError as error:
        return problem(error)
    return ParcelResponse(parcel, {"content-type": _type(found["kind"], question), "vary": "accept"})


def problem(error: QueryError) -> Response:
    """A failed query as a response: why, on one line."""
    return failure(next(status for kind, status in _STATUS if isinstance(error, kind)), str(error))


def failure(status: int, message: str) -> Response:
    return PlainTextResponse(message + "\n", status, AGAIN if status == 503 else {})


async def read_operation(request: Request, settings: Settings) -> Operation:
    """The query of a GET, of a form, or of a body that is one. Raises ProtocolError."""
    try:
        pairs = _pairs(request.url.query)
        if request.method == "POST":
            kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
            if kind not in (FORM, DIRECT):
                raise ProtocolError(415, f"send the query as {FORM} or {DIRECT}, not as {kind or 'nothing'}")
            body = (await read_body(request, settings)).decode("utf-8")
            pairs = [*pairs, *_pairs(body)] if kind == FORM else [*pairs, ("query", body)]
    except UnicodeDecodeError:
        raise ProtocolError(400, "the query is not UTF-8") from None
    except ValueError:
        raise ProtocolError(400, f"a form may have {MOST_FIELDS} fields at most") from None
    return _operation(pairs)


def _pairs(text: str) -> list[tuple[str, str]]:
    return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)


def _operation(pairs: Sequence[tuple[str, str]]) -> Operation:
    def values(name: str) -> tuple[str, ...]:
        return tuple(value for key, value in pairs if key == name)

    if values("update"):
        raise ProtocolError(403, "the graph can only be read: no update")
    if len(values("query")) != 1:
        raise ProtocolError(400, f"{len(values('query')) or 'no'} queries: send one, as `query`")
    return Operation(values("query")[0], values("default-graph-uri"), values("named-graph-uri"))


def _question(operation: Operation, accept: str, settings: Settings) -> Question:
    return Question(
        operation.query,
        rows=negotiation.best(accept, negotiation.ROWS),
        graph=negotiation.best(accept, negotiation.GRAPHS),
        boolean=negotiation.best(accept, negotiation.BOOLEANS),
        default_graphs=operation.default_graphs,
        named_graphs=operation.named_graphs,
        max_rows=settings.rows,
        max_bytes=settings.result_bytes,
        allow_service=settings.allow_service,
    )


def _type(kind: str, question: Question) -> str:
    offered = {"rows": negotiation.ROWS, "graph": negotiation.GRAPHS, "boolean": negotiation.BOOLEANS}
    media_type = offered[kind][getattr(question, kind)]
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
