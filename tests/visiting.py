"""Pages in a browser: how tests make them, open them and look at them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from invented import write_store

from kg.config import Config
from kg.export import Source
from kg.export.html import write
from kg.graph import build
from kg.store import Store

if TYPE_CHECKING:
    from pathlib import Path


def write_page(folder: Path, title: str = "Invented papers", **store: Any) -> Path:
    """Make a store in a folder and write its page beside it."""
    path = write_store(folder / "kg.sqlite", **store)
    with Store.open(path, readonly=True) as opened:
        write(Source(opened, build(opened), Config(title=title)), folder / "graph.html")
    return folder / "graph.html"


class Visit:
    """An open page, with all that it asked for and complained about."""

    def __init__(self, page: Any, path: Path, fragment: str) -> None:
        self.page = page
        self.asked: list[str] = []
        self.complaints: list[str] = []
        page.on("request", lambda request: self.asked.append(request.url))
        page.on("console", lambda message: self.complaints.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on(
            "dialog", lambda dialog: (self.complaints.append(f"dialog {dialog.message}"), dialog.dismiss())
        )
        page.set_default_timeout(12_000)
        page.goto(f"{path.as_uri()}{fragment}")
        page.wait_for_selector("body[data-ready]")

    def shown(self) -> set[str]:
        return set(self.page.evaluate("kgPage.shown()"))

    def links(self) -> set[tuple[str, str]]:
        return {(left, right) for left, right in self.page.evaluate("kgPage.links()")}

    def click_node(self, address: str) -> None:
        """Click where the picture has a node."""
        place = self.page.evaluate("address => kgPage.placeOf(address)", address)
        self.page.locator("#picture canvas").click(position=place)

    def details(self) -> str:
        return str(self.page.locator("#details").inner_text())

    def until(self, condition: str) -> None:
        """Wait until a JavaScript expression holds; playwright's own way would need the page's policy
        weakened.
        """
        for _ in range(100):
            if self.page.evaluate(condition):
                return
            self.page.wait_for_timeout(50)
        raise AssertionError(f"never so: {condition}")

    def search(self, words: str) -> None:
        self.page.keyboard.press("/")
        self.page.keyboard.type(words)
        self.page.locator("#found li").first.wait_for()
