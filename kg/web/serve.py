"""The server process: uvicorn around the application, with time limits on connections."""

from __future__ import annotations

import asyncio
import socket
import struct
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from kg.web.app import create_app

if TYPE_CHECKING:
    from asyncio import TimerHandle, Transport
    from collections.abc import Callable

    from kg.web.outgoing import Outgoing
    from kg.web.settings import Settings

HEADERS: Final = 64 * 1024  # bytes of a request's head, address and query string included
MOMENT: Final = 6.0  # seconds that running queries get at the end
CLOSING: Final = 10  # seconds that connections get, to take what is there for them


class Patient(H11Protocol):
    """A connection that is closed when no whole request comes in time, and cut when nobody takes the answer.

    uvicorn writes no more while the connection holds over 64 kB that the client hasn't taken; that it holds
    them for all of `seconds` says that nobody is going to.
    """

    seconds = 15.0
    outgoing: Outgoing

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.outgoing.lines.add(transport)
        self._timer = self.loop.call_later(self.seconds, self._look)
        self._full: TimerHandle | None = None

    def connection_lost(self, exc: Exception | None) -> None:
        self.outgoing.lines.discard(self.transport)
        self._timer.cancel()
        self._taken()
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._full = self.loop.call_later(self.seconds, self._cut)

    def resume_writing(self) -> None:
        self._taken()
        super().resume_writing()

    def _cut(self) -> None:
        """End the connection, and have the system forget what it still holds for it."""
        now = struct.pack("ii", 1, 0)  # linger, but no second
        self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, now)
        self.transport.abort()

    def _taken(self) -> None:
        if self._full is not None:
            self._full.cancel()
            self._full = None

    def _look(self) -> None:
        """Close, unless a request is being answered: then look again later. What was closed and is still here
        waits for a client to take its last bytes.
        """
        if self.transport.is_closing():
            self._cut()
            return
        if self.cycle is None or self.cycle.response_complete:
            self.transport.close()
        self._timer = self.loop.call_later(self.seconds, self._look)


class Server(uvicorn.Server):
    """uvicorn's server, which says where it listens once it does."""

    def __init__(self, config: uvicorn.Config, listening: Callable[[str], object] = lambda _: None) -> None:
        super().__init__(config)
        self._listening = listening

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._listening(self.address)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Queries get a moment to end; what is searched or written meanwhile is ended at once."""
        app: Any = self.config.app
        app.state.end_reading()
        moment = asyncio.get_running_loop().call_later(MOMENT, app.state.end_queries)
        await super().shutdown(sockets)
        moment.cancel()

    @property
    def address(self) -> str:
        """The address of the first page, with the port that was really taken."""
        port = self.servers[0].sockets[0].getsockname()[1]
        host = f"[{self.config.host}]" if ":" in self.config.host else self.config.host
        return f"http://{host}:{port}/"


def run(settings: Settings, host: str, port: int, listening: Callable[[str], object]) -> None:
    """Serve until interrupted; then running requests are given a moment to end. `listening` is told the
    address once there is somebody there to answer.
    """
    raise_file_limit()
    with suppress(KeyboardInterrupt):
        Server(config(settings, host.strip("[]"), port), listening).run()


def config(settings: Settings, host: str, port: int, **options: Any) -> uvicorn.Config:
    """uvicorn's settings."""
    app = create_app(settings)
    limits = {"seconds": settings.head_seconds, "outgoing": app.state.outgoing}
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=type("Patient", (Patient,), limits),
        ws="none",
        lifespan="on",
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=CLOSING,
        h11_max_incomplete_event_size=HEADERS,
        **options,
    )


def raise_file_limit() -> None:
    """As many open connections as the system lets us have."""
    if sys.platform != "win32":
        import resource

        _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
