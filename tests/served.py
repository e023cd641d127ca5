"""A real server on a real port, in a thread, with small limits."""

from __future__ import annotations

import asyncio
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LIMITS = {
    "seconds": 4.0, "workers": 1, "spare": 1, "patience": 0.3, "rows": 500, "result_bytes": 100_000,
    "body_bytes": 20_000, "body_seconds": 0.5, "head_seconds": 1.0,
}  # fmt: skip


@contextmanager
def running(folder: Path, **limits: object) -> Iterator[str]:
    """The address of a server that runs in a thread of its own while the block does."""
    from kg.web.serve import Server, config
    from kg.web.settings import Settings

    server = Server(config(Settings(folder, **(LIMITS | limits)), "127.0.0.1", 0))
    server.install_signal_handlers = lambda: None
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()))
    thread.start()
    try:
        until = time.monotonic() + 30
        while not server.started and thread.is_alive() and time.monotonic() < until:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join(30)
    assert not thread.is_alive()
