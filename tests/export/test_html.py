"""The page as a file: what is in it, that it asks for nothing, that no text of a paper can leave its place."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import zlib
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from invented import TEXTS, write_store

from kg.config import Config
from kg.export import Source, html
from kg.export.page import blocks, texts
from kg.export.page.tables import rows, utf16
from kg.graph import build
from kg.store import Store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EVIL = "</script><script>alert(1)</script><!-- & \u2028"


@pytest.fixture
def source(tmp_path: Path) -> Iterator[Source]:
    yield from opened(tmp_path, title="Invented")


def opened(folder: Path, title: str, **store: Any) -> Iterator[Source]:
    with Store.open(write_store(folder / "kg.sqlite", **store), readonly=True) as store_:
        yield Source(store_, build(store_), Config(title=title))


class Parts(HTMLParser):
    """The scripts, styles and addresses of a page, as a browser finds them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.styles: list[str] = []
        self.addresses: list[str | None] = []
        self.policy = ""
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        self._inside = tag
        self.addresses += [held[name] for name in ("src", "href", "action", "data") if name in held]
        assert not [name for name in held if name.startswith("on") or name == "style"]
        if held.get("http-equiv") == "Content-Security-Policy":
            self.policy = held["content"] or ""
        if tag == "script":
            self.scripts.append((held, ""))

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            held, text = self.scripts[-1]
            self.scripts[-1] = (held, text + data)
        elif self._inside == "style":
            self.styles.append(data)

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def block(self, name: str) -> Any:
        return next(json.loads(text) for held, text in self.scripts if held.get("id") == name)


def hash_of(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_the_page_names_no_address(source: Source) -> None:
    assert Parts(html.page(source)).addresses == []


def test_only_scripts_with_the_policys_hashes_are_there(source: Source) -> None:
    parts = Parts(html.page(source))
    running = [text for held, text in parts.scripts if "type" not in held]
    assert len(running) == 2
    assert all(hash_of(text) in parts.policy for text in running)
    assert hash_of("".join(parts.styles)) in parts.policy
    assert parts.policy.startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in parts.policy


def test_texts_stand_in_data_and_cannot_end_it(tmp_path: Path) -> None:
    marked = {f"{EVIL} {n}": f"{EVIL} [uses|Model|{EVIL}|it]." for n in range(2)}
    for source in opened(tmp_path, title=EVIL, texts=marked, venue=EVIL, authors=(EVIL,)):
        page = html.page(source)
    assert "alert(1)</script>" not in page
    assert "<!--" not in re.sub(r"<script>.*?</script>", "", page, flags=re.S)
    parts = Parts(page)
    assert parts.block("tables")["papers"]["title"][0] == f"{EVIL} 0"
    assert parts.block("texts-0")[0]["abstract"].startswith(EVIL)


def test_pyvis_made_the_picture(source: Source) -> None:
    network = Parts(html.page(source)).block("start")["network"]
    assert len([n for n in network["nodes"] if n["id"].startswith("p")]) == len(TEXTS)
    assert {edge["kind"] for edge in network["edges"]} == {"shares", "together", "role"}
    assert network["options"]["physics"] == {"enabled": False}
    assert all({"x", "y", "shape"} <= node.keys() for node in network["nodes"])


def test_evidence_points_at_the_words(source: Source) -> None:
    parts = Parts(html.page(source))
    tables, packed = parts.block("tables"), parts.block("start")["packed"]
    texts_ = parts.block("texts-0")
    held = {paper: texts_[at] for at, paper in enumerate(packed[0])}
    paper = tables["papers"]["id"].index("paper-0")
    whole = f"{tables['papers']['title'][paper]}\n{held[paper]['abstract']}"
    begin, end = tables["edges"]["at"][paper : paper + 2]
    names = [tables["concepts"]["name"][c] for c in tables["edges"]["concept"][begin:end]]
    quotes = [whole[e[0][2] : e[0][3]] for e in held[paper]["evidence"]]
    assert sorted(names) == sorted(quotes)
    assert {whole[a:b] for a, b, _ in held[paper]["marks"]} == {
        "Heron",
        "Tidemark",
        "language model",
        "salt pruning",
    }


def test_offsets_are_counted_as_scripts_count() -> None:
    at = utf16("a\U0001f9a4b\U0001f9a4")
    assert [at(n) for n in range(5)] == [0, 1, 3, 4, 6]


def test_the_same_store_gives_the_same_bytes(source: Source, tmp_path: Path) -> None:
    html.write(source, tmp_path / "one.html")
    html.write(Source(source.store, build(source.store), source.config), tmp_path / "two.html")
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()


def test_long_blocks_are_compressed_and_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "LONG", 100)
    text = blocks.block("x", {"a": EVIL * 50})
    assert 'type="application/octet-stream"' in text
    packed = text.partition(">")[2].partition("<")[0]
    assert json.loads(zlib.decompress(base64.b64decode(packed))) == {"a": EVIL * 50}


def test_a_lone_surrogate_and_nothing_else_is_lost() -> None:
    assert json.loads(blocks.to_json("a\ud800b\u0001")) == "a?b\u0001"


def test_what_does_not_fit_is_left_out_and_counted(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "PACK", 2)
    whole = html.page(source)
    room = len(re.search(r'<script[^>]*id="tables".*?</script>\n', whole, re.S)[0])  # type: ignore[index]
    monkeypatch.setattr(html, "MOST", room + 1000)
    start = Parts(html.page(source)).block("start")
    assert 0 < sum(map(len, start["packed"])) < len(TEXTS)


def test_a_file_too_large_leaves_out_concepts_of_one_paper(
    source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = len(re.search(r'<script[^>]*id="tables".*?</script>\n', html.page(source), re.S)[0])
    monkeypatch.setattr(html, "MOST_TABLES", every - 1)
    monkeypatch.setattr(html, "LIMIT", 8)
    parts = Parts(html.page(source))
    kept = parts.block("tables")["concepts"]["name"]
    assert "Tidemark" in kept
    assert "tide forecasting" not in kept
    out = parts.block("start")["left_out"]
    assert out["concepts_used"] - out["concepts_in_file"] == len(rows(source.graph).concepts) - len(kept)


def test_an_empty_graph_has_a_page(tmp_path: Path) -> None:
    for source in opened(tmp_path, title="Nothing", texts={}):
        assert Parts(html.page(source)).block("start")["counts"]["papers"] == 0
