"""Chromium, and pages of the invented corpus opened in it as a person would, by their file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from visiting import Visit, write_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def graph_html(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of the invented corpus."""
    return write_page(tmp_path_factory.mktemp("page"))


@pytest.fixture
def visit(chromium: Any, graph_html: Path) -> Iterator[Callable[..., Visit]]:
    """Open a page (the invented corpus' by default) with no network; afterwards it must have asked for
    nothing but itself and complained of nothing.
    """
    contexts, visits = [], []

    def open_page(path: Path = graph_html, fragment: str = "", **options: Any) -> Visit:
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 800}, **options})
        context.set_offline(True)
        contexts.append(context)
        visits.append(Visit(context.new_page(), path, fragment))
        return visits[-1]

    yield open_page
    for context in contexts:
        context.close()
    for seen in visits:
        assert [url for url in seen.asked if not url.startswith(("file:", "blob:", "data:"))] == []
        assert sum(url.startswith("file:") for url in seen.asked) <= 2
        assert seen.complaints == []
