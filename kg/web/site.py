"""What each address answers."""

from __future__ import annotations

from asyncio import get_running_loop, run_coroutine_threadsafe
from concurrent.futures import CancelledError
from functools import partial
from typing import TYPE_CHECKING, Final

from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, RedirectResponse, Response

from kg import __version__
from kg.database import EndedError
from kg.errors import StoreError, UnknownNameError
from kg.rdf.answer import Request as Question
from kg.rdf.graphs import first_column
from kg.rdf.named import all_queries
from kg.rdf.parameters import prepare
from kg.web import html, negotiation, sparql
from kg.web.description import describe
from kg.web.openapi import document
from kg.web.threads import Threads

if TYPE_CHECKING:
    from asyncio import AbstractEventLoop

    from starlette.requests import Request

    from kg.database import Deadline
    from kg.rdf.terms import Iri
    from kg.web.library import Library
    from kg.web.outgoing import Parcel
    from kg.web.pool import Pool
    from kg.web.settings import Settings

DOCUMENTS: Final = {
    "html": "text/html",
    "json": "application/json",
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
}
_DATASET: Final = "SELECT ?dataset { ?dataset a void:Dataset } ORDER BY ?dataset LIMIT 1"


class Site:
    """The handlers of a server over one folder of exports."""

    def __init__(self, settings: Settings, pool: Pool, library: Library) -> None:
        self._settings = settings
        self._pool = pool
        self._library = library
        self._bases: dict[str, str] = {}
        # threads of their own, so that nobody waits for what others do: least of all whoever asks for health
        self._readers = Threads("read", settings.readers, settings.waiting, settings.read_seconds)
        self._fillers = Threads("fill", settings.readers, settings.waiting, settings.seconds)
        self._nurse = Threads("health", 1, settings.waiting, settings.read_seconds)
        self._threads = (self._readers, self._fillers, self._nurse)

    def end(self) -> None:
        """End all that is being read; the server is going."""
        for threads in self._threads:
            threads.end()

    def stop(self) -> None:
        """Let the threads go; nothing can be read any more."""
        for threads in self._threads:
            threads.stop()

    async def home(self, request: Request) -> Response:
        counts = await self._readers.run(request, self._library.stats)
        return HTMLResponse(html.home(counts, self._settings.title))

    async def home_json(self, request: Request) -> Response:
        return JSONResponse(await self._readers.run(request, self._library.stats))

    async def sparql(self, request: Request) -> Response:
        """A query; without one, the endpoint's description or, to a browser, the page to write one."""
        if request.method == "POST" or "query" in request.query_params:
            return await sparql.answer(request, self._pool, self._settings)
        if request.url.query:
            return sparql.failure(400, "no query: send one, as `query`")
        wanted = negotiation.best(
            request.headers.get("accept", ""), negotiation.GRAPHS | {"html": "text/html"}
        )
        if wanted == "html":
            return HTMLResponse(html.page("SPARQL", html.template("query.html")), headers=_VARY)
        if not wanted:
            return sparql.failure(
                406, f"the description is there as {', '.join(negotiation.GRAPHS.values())}"
            )
        data = describe(str(request.url.replace(query="")), wanted)
        return Response(data, media_type=negotiation.GRAPHS[wanted], headers=_VARY)

    async def search(self, request: Request) -> Response:
        words = request.query_params.get("q", "")
        return HTMLResponse(html.found(words, await self._found(request)))

    async def search_json(self, request: Request) -> Response:
        return JSONResponse(await self._found(request))

    async def _found(self, request: Request) -> list[dict[str, str]]:
        limit = request.query_params.get("limit", "20")
        if not limit.isdecimal() or len(limit) > 6:
            raise HTTPException(400, "limit must be a whole number")
        words = request.query_params.get("q", "")
        return await self._readers.run(request, partial(self._library.search, words, int(limit)))

    async def queries(self, _: Request) -> Response:
        """The named queries with their parameters."""
        return JSONResponse(
            [
                {**query._asdict(), "parameters": [parameter._asdict() for parameter in query.parameters]}
                for query in all_queries()
            ]
        )

    async def query(self, request: Request) -> Response:
        """A named query with values for its parameters, ready to be run."""
        name, given = request.path_params["name"], dict(request.query_params)
        loop = get_running_loop()

        def fill(deadline: Deadline) -> str:
            return prepare("", given, partial(self._find, loop, deadline), name=name)

        try:
            text = await self._fillers.run(request, fill)
        except UnknownNameError as error:
            raise HTTPException(404, str(error)) from None
        return Response(text, media_type=sparql.DIRECT)

    def _find(self, loop: AbstractEventLoop, deadline: Deadline, text: str) -> list[Iri]:
        """The IRIs that a query finds; for a thread, which waits for its end or the deadline."""
        asked = run_coroutine_threadsafe(self._pool.ask(Question(text)), loop)
        deadline.tells(asked.cancel)
        try:
            parcel, _ = asked.result()
        except CancelledError:
            raise EndedError("ended before the name was found: try again") from None
        return first_column(_whole(parcel))

    async def paper(self, request: Request) -> Response:
        return await self._entity("paper", request)

    async def concept(self, request: Request) -> Response:
        return await self._entity("concept", request)

    async def _entity(self, kind: str, request: Request) -> Response:
        """A thing redirects (303) to the document about it that the client likes best."""
        identifier = request.path_params["id"]
        if await self._readers.run(request, partial(self._library.has, kind, identifier)):
            wanted = negotiation.best(request.headers.get("accept", ""), DOCUMENTS)
            if not wanted:
                raise HTTPException(406, f"there is {', '.join(DOCUMENTS.values())}")
            return RedirectResponse(html.address(kind, identifier, f".{wanted}"), 303, _VARY)
        head, _, ending = identifier.rpartition(".")
        asked = head if ending in DOCUMENTS else identifier
        found = None
        if ending in DOCUMENTS:
            base = await self._base() if ending in ("ttl", "jsonld") else ""
            found = await self._readers.run(request, partial(self._document, kind, head, ending, base))
        if found is None:
            raise HTTPException(404, f"there is no {kind} {asked!r} here")
        return found

    def _document(
        self, kind: str, identifier: str, ending: str, base: str, deadline: Deadline
    ) -> Response | None:
        """A document, written whole: in a thread, for it may be long."""
        media_type = DOCUMENTS[ending]
        if ending == "ttl":
            turtle = self._library.turtle(kind, identifier, base, deadline)
            return None if turtle is None else Response(turtle, media_type=media_type)
        if ending == "jsonld":
            found = self._library.jsonld(kind, identifier, base, deadline)
        else:
            found = self._library.entry(kind, identifier, deadline)
        if found is None:
            return None
        if ending == "html":
            return HTMLResponse(html.paper(found) if kind == "paper" else html.concept(found))
        return JSONResponse(found, media_type=media_type)

    async def _base(self) -> str:
        """What the data's IRIs begin with, by the exports that are served now."""
        state = self._pool.state
        if state not in self._bases:
            parcel, _ = await self._pool.ask(Question(_DATASET))
            self._bases = {state: first_column(_whole(parcel))[0].removesuffix("dataset")}
        return self._bases[state]

    async def openapi(self, _: Request) -> Response:
        return JSONResponse(document(self._settings))

    async def health(self, request: Request) -> Response:
        """Whether there is a graph to ask."""
        try:
            papers = await self._nurse.run(request, self._library.count)
        except StoreError as error:
            return JSONResponse({"status": "no graph", "reason": str(error)}, 503)
        fine = bool(self._pool.state)
        facts = {"status": "ok" if fine else "no exports", "version": __version__, "state": self._pool.state}
        return JSONResponse(facts | {"papers": papers}, 200 if fine else 503)

    async def void(self, _: Request) -> Response:
        """The data set's description, where VoID says that it is looked for."""
        path = self._settings.folder / "void.ttl"
        if not path.is_file():
            raise HTTPException(404, "there is no void.ttl in the exports")
        return FileResponse(path, media_type="text/turtle")


def _whole(parcel: Parcel) -> bytes:
    return b"".join(iter(parcel.take, b""))


_VARY: Final = {"vary": "accept"}
