"""What a server is allowed to do, and how much of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """Limits and permissions.

    `seconds` a query may take, `rows` and `result_bytes` its result may have, `body_bytes` a request may have
    and `body_seconds` it may take to arrive; `workers` processes answer queries, `spare` more stand in for
    those that are at it longer than `patience` seconds, each with `megabytes` of memory. `readers` threads
    search and make documents, for `read_seconds` at most; `waiting` requests may wait for them, and as many
    for the processes. `waiting_bytes` of answers may wait to be sent, over all connections; a connection that
    takes none of them for `head_seconds` is ended, as is one that sends no whole head in that time. `hosts`
    are the names that a request may call the server by (empty: any), `origins` the web sites whose pages may
    ask (none unless said).
    """

    folder: Path
    title: str = "Papers"
    seconds: float = 30.0
    rows: int = 100_000
    result_bytes: int = 64 << 20
    body_bytes: int = 1 << 20
    body_seconds: float = 10.0
    head_seconds: float = 15.0
    workers: int = 2
    spare: int = 4
    patience: float = 1.0
    megabytes: int = 4096
    readers: int = 4
    read_seconds: float = 10.0
    waiting: int = 100
    waiting_bytes: int = 256 << 20
    hosts: tuple[str, ...] = ()
    origins: tuple[str, ...] = ()
    allow_service: bool = False
