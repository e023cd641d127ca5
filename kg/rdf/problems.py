"""The ways in which a query can fail, told apart for those who answer over HTTP; each is a QueryError."""

from __future__ import annotations

from typing import Final

from kg.errors import QueryError


class MalformedQueryError(QueryError):
    """It isn't SPARQL, or not a query."""


class RefusedQueryError(QueryError):
    """It asks for what isn't allowed: the network, or a graph that isn't there."""


class TooLargeError(QueryError):
    """The query or its result is over a limit."""


class FormatError(QueryError):
    """Its kind of result can't be given in any format that was asked for."""


class QueryTimeoutError(QueryError):
    """It was ended at its time limit."""


class StoppedError(QueryError):
    """Its process ended: it took more memory than it may have, or was ended for others' sake."""


class UnforeseenError(QueryError):
    """Its process met with what nobody had thought of; the message says with what."""


class CrashedError(UnforeseenError):
    """Its process ended by itself, and not for want of memory."""


class DamagedError(UnforeseenError):
    """The engine says that the store on disk is not as it was written."""


BY_NAME: Final[dict[str, type[QueryError]]] = {
    kind.__name__: kind
    for kind in (
        MalformedQueryError,
        RefusedQueryError,
        TooLargeError,
        FormatError,
        StoppedError,
        UnforeseenError,
        DamagedError,
    )
}
