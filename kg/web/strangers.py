"""What pages of other web sites may not have a browser ask of this server.

Any page can make a browser send requests here (`<img src="http://localhost:8765/search?q=...">`), and though
it can't read the answers, they cost us time. Browsers say where a request comes from (W3C Fetch Metadata,
2025); programs say nothing, and are let through. So is a link that somebody followed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from collections.abc import Collection

    from starlette.types import ASGIApp, Receive, Scope, Send

MOST_FIELDS: Final = 100  # of an address or a form
_STRANGE: Final = ("cross-site", "same-site")  # the second: another port or name of this machine


class NoStrangers:
    """Refuses (403) what another site's page asks for, unless its origin is among `origins`; and (400) what
    has more fields than anything here takes.
    """

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer: ASGIApp = self._app
        if scope["type"] == "http":
            if scope["query_string"].count(b"&") >= MOST_FIELDS:
                answer = PlainTextResponse(f"an address may have {MOST_FIELDS} fields at most\n", 400)
            elif not self._welcome(scope["method"], Headers(scope=scope)):
                vary = {"vary": "origin, sec-fetch-site, sec-fetch-mode, sec-fetch-dest"}
                answer = PlainTextResponse(_REFUSED, 403, vary)
        await answer(scope, receive, send)

    def _welcome(self, method: str, headers: Headers) -> bool:
        if headers.get("sec-fetch-site", "none").lower() not in _STRANGE or "*" in self._origins:
            return True
        return headers.get("origin") in self._origins or (method in ("GET", "HEAD") and _followed(headers))


def _followed(headers: Headers) -> bool:
    """Whether somebody followed a link, to see the page in a window of its own, and not ahead of time."""
    wanted = {"sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    return all(headers.get(name) == value for name, value in wanted.items()) and "sec-purpose" not in headers


_REFUSED: Final = "a page of another site asks: start the server with --cors and its origin to allow it\n"
