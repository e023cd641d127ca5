"""Whether the client is still there, and its body, no larger and no slower than it may be."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from kg.web.settings import Settings

Found = TypeVar("Found")


async def while_connected(
    request: Request, work: Awaitable[Found], end: Callable[[], object] = lambda: None
) -> Found:
    """The result of the work. When the client goes away, the work is cancelled and `end` called."""
    task = asyncio.ensure_future(work)
    gone = asyncio.ensure_future(_disconnected(request))
    try:
        await asyncio.wait({task, gone}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        gone.cancel()
        if not task.done():
            task.cancel()
            end()
    await asyncio.wait({task})
    if task.cancelled():
        raise HTTPException(499, "the client went away")
    return task.result()


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


async def read_body(request: Request, settings: Settings) -> bytes:
    """The whole body. Raises HTTPException 413 for one that is too large, 408 for one that doesn't come."""
    announced = request.headers.get("content-length", "0")
    if not announced.isdecimal() or int(announced) > settings.body_bytes:
        raise HTTPException(413, f"a body may have {settings.body_bytes:,} bytes")
    try:
        return await asyncio.wait_for(_read(request, settings.body_bytes), settings.body_seconds)
    except TimeoutError:
        message = f"the body didn't come within {settings.body_seconds:g} s"
        raise HTTPException(408, message, {"connection": "close"}) from None
    except ClientDisconnect:
        raise HTTPException(400, "the client went away") from None


async def _read(request: Request, most: int) -> bytes:
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > most:
            raise HTTPException(413, f"a body may have {most:,} bytes", {"connection": "close"})
    return bytes(body)
