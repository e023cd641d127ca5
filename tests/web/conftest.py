"""A real server on a real port, over exports of the invented corpus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from exported import write_exports
from served import running

from kg.types import Concept
from kg.vocab import ConceptType

pytest.importorskip("starlette")
httpx = pytest.importorskip("httpx")
pytest.importorskip("uvicorn")

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SCRIPT = Concept(
    'topic-<script>alert(1)</script>/a"b',
    "<script>alert(1)</script>",
    ConceptType.TOPIC,
    see_also=('https://example.org/"><script>', "javascript:alert(2)"),
)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_exports(tmp_path_factory.mktemp("served"), names=["kg.nt", "void.ttl"], extra=[SCRIPT])


@pytest.fixture(scope="session")
def server(folder: Path) -> Iterator[str]:
    with running(folder) as address:
        yield address


@pytest.fixture
def client(server: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server, timeout=30) as client:
        yield client
