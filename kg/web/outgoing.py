"""Answers on their way out: in pieces, no faster than they are taken, and bounded over all connections.

A client that asks for much and takes nothing would otherwise hold its whole answer in memory for as long as
it likes. `Outgoing` counts what waits, in answers that are being sent and in the buffers of connections.
"""

from __future__ import annotations

from collections import deque
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import PlainTextResponse, Response

from kg.errors import QueryError

if TYPE_CHECKING:
    from asyncio import Transport

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

PIECE: Final = 1 << 16  # bytes given to a connection at once
SMALL: Final = 1 << 12  # bytes that are sent whatever waits: errors, health


class FullError(QueryError):
    """More bytes wait to be sent than may."""

    def __init__(self) -> None:
        super().__init__("too many answers are waiting to be sent: try again in a moment")


class Outgoing:
    """How many bytes wait to be sent; `most` may. Answers are counted in any thread, connections in the event
    loop's, where they live.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._held = 0
        self._buffered = 0
        self._lock = Lock()
        self.lines: set[Transport] = set()

    def look(self) -> None:
        """See how much the connections hold."""
        self._buffered = sum(line.get_write_buffer_size() for line in self.lines)

    def hold(self, size: int) -> None:
        """Count bytes in. Raises FullError when they are too many."""
        with self._lock:
            if self._held + self._buffered + size > self._most:
                raise FullError
            self._held += size

    def release(self, size: int) -> None:
        with self._lock:
            self._held -= size


class Parcel:
    """The pieces of one answer, counted from when they come until they are sent or dropped."""

    def __init__(self, outgoing: Outgoing) -> None:
        self._outgoing = outgoing
        self._pieces: deque[bytes] = deque()
        self.size = 0

    def add(self, piece: bytes) -> None:
        """Raises FullError."""
        self._outgoing.hold(len(piece))
        self._pieces.append(piece)
        self.size += len(piece)

    def take(self) -> bytes:
        """The next piece, which counts no more; the empty string after the last."""
        if not self._pieces:
            return b""
        piece = self._pieces.popleft()
        self._outgoing.release(len(piece))
        self.size -= len(piece)
        return piece

    def drop(self) -> None:
        """Begin anew, or be done with it."""
        while self.take():
            pass


class ParcelResponse(Response):
    """An answer that is let go of piece by piece, as the client takes it."""

    def __init__(self, parcel: Parcel, headers: dict[str, str]) -> None:
        super().__init__(None, headers={**headers, "content-length": str(parcel.size)})
        self._parcel = parcel

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
            while piece := self._parcel.take():
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            self._parcel.drop()


class InPieces:
    """Gives the connection a piece at a time, and refuses (503) an answer for which there is no room.

    uvicorn waits before each piece until the connection has taken most of the last.
    """

    def __init__(self, app: ASGIApp, outgoing: Outgoing) -> None:
        self._app = app
        self._outgoing = outgoing

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        self._outgoing.look()
        sending = _Sending(self._outgoing, scope, receive, send)
        try:
            await self._app(scope, receive, sending)
        finally:
            sending.close()


class _Sending:
    """One answer: its start is kept back until it is known whether there is room for its body."""

    def __init__(self, outgoing: Outgoing, scope: Scope, receive: Receive, send: Send) -> None:
        self._outgoing = outgoing
        self._request = (scope, receive)
        self._send = send
        self._start: Message | None = None
        self._held = 0
        self._refused = False

    async def __call__(self, message: Message) -> None:
        if self._refused:
            return
        if message["type"] == "http.response.start":
            self._start = message
            return
        body, more = message.get("body", b""), message.get("more_body", False)
        if self._start is not None:
            if not more and len(body) > SMALL:
                try:
                    self._outgoing.hold(len(body))
                except FullError as error:
                    self._refused = True
                    await PlainTextResponse(f"{error}\n", 503, {"retry-after": "5"})(
                        *self._request, self._send
                    )
                    return
                self._held = len(body)
            start, self._start = self._start, None
            await self._send(start)
        await self._pieces(memoryview(body), more)

    async def _pieces(self, body: memoryview, more: bool) -> None:
        for begin in range(0, len(body), PIECE):
            piece = bytes(body[begin : begin + PIECE])
            last = begin + PIECE >= len(body) and not more
            await self._send(_body(piece, more=not last))
        if not body:
            await self._send(_body(b"", more=more))

    def close(self) -> None:
        self._outgoing.release(self._held)


def _body(piece: bytes, *, more: bool) -> dict[str, Any]:
    return {"type": "http.response.body", "body": piece, "more_body": more}
