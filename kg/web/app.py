"""The web application: which address is answered by what."""

from __future__ import annotations

from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from kg.errors import PaperKgError, QueryError
from kg.web import sparql
from kg.web.library import Library
from kg.web.outgoing import InPieces, Outgoing
from kg.web.pool import Pool
from kg.web.site import Site
from kg.web.strangers import NoStrangers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from kg.web.settings import Settings

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self';"
    " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
)


def create_app(settings: Settings) -> Starlette:
    """The application over a folder of exports; its processes live as long as its lifespan."""
    outgoing = Outgoing(settings.waiting_bytes)
    pool = Pool(settings, outgoing)
    site = Site(settings, pool, Library(settings.folder))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await pool.start()
        try:
            yield
        finally:
            site.stop()
            await pool.stop()

    app = Starlette(
        routes=_routes(site),
        middleware=_middleware(settings, outgoing),
        exception_handlers={HTTPException: _http_error, QueryError: _query_error, PaperKgError: _our_error},
        lifespan=lifespan,
    )
    app.state.end_reading, app.state.end_queries = site.end, pool.end
    app.state.outgoing = outgoing
    return app


def _routes(site: Site) -> list[Any]:
    static = StaticFiles(directory=Path(str(files("kg.web").joinpath("static"))))
    register_url_convertor("id", Anything())
    return [
        Route("/", site.home),
        Route("/index.json", site.home_json),
        Route("/sparql", site.sparql, methods=["GET", "POST"]),
        Route("/search", site.search),
        Route("/search.json", site.search_json),
        Route("/queries.json", site.queries),
        Route("/queries/{name}.rq", site.query),
        Route("/paper/{id:id}", site.paper),
        Route("/concept/{id:id}", site.concept),
        Route("/openapi.json", site.openapi),
        Route("/health", site.health),
        Route("/.well-known/void", site.void),
        Mount("/static", static),
    ]


def _middleware(settings: Settings, outgoing: Outgoing) -> list[Middleware]:
    layers = [Middleware(InPieces, outgoing), Middleware(SecurityHeaders)]
    if settings.hosts:
        layers.append(Middleware(TrustedHostMiddleware, allowed_hosts=list(settings.hosts)))
    if settings.origins:
        layers.append(
            Middleware(CORSMiddleware, allow_origins=list(settings.origins), allow_methods=["GET", "POST"])
        )
    return [*layers, Middleware(NoStrangers, settings.origins)]


class Anything(Convertor[str]):
    """An id: any text, slashes and line breaks too."""

    regex = r"(?s:.*)"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


class SecurityHeaders:
    """Every response says what a browser may do with it: run nothing but our own files."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *HEADERS]
            await send(message)

        await self._app(scope, receive, with_headers)


def _http_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return PlainTextResponse(f"{error.detail}\n", error.status_code, error.headers)


def _our_error(_: Request, error: Exception) -> Response:
    """The store can't be read, or there is none: not the client's fault."""
    return sparql.failure(503, str(error))


def _query_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, QueryError)
    return sparql.problem(error)
