"""A request's body, no larger and no slower than it may be."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

if TYPE_CHECKING:
    from starlette.requests import Request

    from kg.web.settings import Settings


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
